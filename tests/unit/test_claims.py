"""Money, interventions, statements and other compositions that the service ships."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from db.core.document import FactCertainty, Precision
from db.core.errors import InvalidReference
from db.core.funding import AmountBound, FundingKind, FundingSplit
from db.core.programme import Reference
from db.core.record import plain, restore
from db.core.statement import HowTested
from db.reference.facts import load_reference
from db.reference.indicators import load_indicators

FILES = ("sources.toml", "programmes.toml", "memberships.toml", "groups.toml", "funding.toml",
         "interventions.toml", "statements.toml", "compositions.toml")  # fmt: skip
_DOCUMENTS = Path(__file__).resolve().parents[1] / "api" / "stories"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_text((files("db.reference") / name).read_text("utf-8"), "utf-8")
    return tmp_path


def test_the_four_announced_amounts_are_claims_for_the_country_only(reference: Reference) -> None:
    amounts = [each for stream in reference.funding for each in stream.amounts]
    claimed = [each for each in amounts if each.certainty is FactCertainty.CLAIMED and each.euros]
    assert sorted(each.euros or 0 for each in claimed) == [20e6, 61e6, 82e6, 600e6]
    assert {each.split for each in amounts} == {FundingSplit.NATIONAL_ONLY}


def test_two_documents_on_one_stream_stay_two_amounts(reference: Reference) -> None:
    (stream,) = [each for each in reference.funding if each.slug == "preventie-met-gezag"]
    assert [(each.euros, each.kind) for each in stream.amounts] == [
        (82e6, FundingKind.STRUCTURAL),
        (61e6, FundingKind.NOT_STATED),
    ]


def test_the_second_tranche_is_more_than_an_amount_and_ends_in_2028(reference: Reference) -> None:
    (stream,) = [each for each in reference.funding if each.slug == "kansrijke-wijk-2"]
    (amount,) = stream.amounts
    assert (amount.euros, amount.bound) == (400e6, AmountBound.MORE_THAN)
    assert (amount.period.ends, amount.period.ends_precision) == (
        date(2029, 1, 1),
        Precision.YEAR,
    )


def test_no_pilot_has_a_date_and_wilgensingel_is_no_unit(reference: Reference) -> None:
    done = {each.place: each for each in reference.interventions}
    assert set(done) == {"Vollenhove", "Wilgensingel", "Dommelbergen"}
    assert {each.period.begins for each in done.values()} == {None}
    assert done["Wilgensingel"].units == ()
    assert [each.code for each in done["Wilgensingel"].within] == ["WK017701"]


def test_what_a_statement_tests_with_is_there(reference: Reference) -> None:
    published = {path.stem for path in _DOCUMENTS.glob("*.graphql")}
    gaps = {each.slug for each in load_indicators() if each.gap}
    for said in reference.statements:
        assert said.test.document in published
        assert set(said.test.gaps) <= gaps
        if said.test.kind is HowTested.NO_OPEN_DATA:
            assert said.test.gaps


def test_every_claim_is_restored_as_it_was_stored(reference: Reference) -> None:
    for fact in (*reference.funding, *reference.interventions, *reference.statements,
                 *reference.versions):  # fmt: skip
        assert restore(type(fact), plain(fact)) == fact


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("funding.toml", 'programme = "nplv"', 'programme = "npvl"', "no programme 'npvl'"),
        ("funding.toml", "euros = 600_000_000\n", "", "one of the two"),
        ("funding.toml", "euros = 600_000_000", "euros = 0", "more than 0 euros"),
        ("funding.toml", 'split = "national_only"', 'split = "by_area"', "parts are stated"),
        ("funding.toml", 'domains = ["housing"]', 'domains = ["houses"]', "domains has 'houses'"),
        ("funding.toml", "ends = 2026", "ends = 2023", "ends is not after begins"),
        ("funding.toml", 'split = "national_only"', 'split = "by_area"\n'
         'parts = [{ focus_area = "zeist-vollenhove", euros = 1 }]', "no focus area of its prog"),
        ("funding.toml", 'split = "national_only"', 'split = "by_area"\n'
         'parts = [{ focus_area = "delft-west", euros = 600_000_001 }]', "more than the amount"),
        ("interventions.toml", '"BU03550205"', '"WK035502"', "'WK035502' is no code of a buurt"),
        ("interventions.toml", "within = [", "units = [{ level = \"wijk\", code = \"WK017701\", "
         "vintage = 2024 }]\nwithin = [", "stated as lying in one"),
        ("interventions.toml", "vintage = 2016", "vintage = 2014", "two units of one level"),
        ("statements.toml", 'group = "m50"\nlist_on', "list_on", "its test needs group"),
        ("statements.toml", 'gaps = ["inflow_vulnerable"]', "", "its test needs gaps"),
        ("statements.toml", "size_years = [2022, 2023]", "size_years = [true]", "whole numbers"),
        ("compositions.toml", '"arnhem-oost"', '"arnhem-west"', "no known focus area"),
        ("compositions.toml", '"breda-noord"', '"arnhem-oost"', "the version occurs twice"),
    ],
)  # fmt: skip
def test_a_wrong_claim_is_refused_with_its_file(
    folder: Path, file: str, old: str, new: str, words: str
) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidReference) as refusal:
        load_reference(folder)
    assert str(refusal.value).startswith(file)
    assert words in str(refusal.value)
