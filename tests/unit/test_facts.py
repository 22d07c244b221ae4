"""The reference facts that the service ships, and how a wrong fact is refused."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from db.core.errors import InvalidReference
from db.core.programme import Certainty, Extent, Membership, Precision, Reference
from db.reference.facts import load_reference
from db.reference.indicators import load_indicators

FILES = ("sources.toml", "programmes.toml", "memberships.toml", "groups.toml")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reference files that a test may spoil."""
    for name in FILES:
        (tmp_path / name).write_text((files("db.reference") / name).read_text("utf-8"), "utf-8")
    return tmp_path


def spoil(folder: Path, file: str, old: str, new: str) -> str:
    """The refusal after one replacement in one file."""
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidReference) as refusal:
        load_reference(folder)
    return str(refusal.value)


def of(reference: Reference, focus_area: str) -> list[Membership]:
    return [one for one in reference.memberships if one.focus_area == focus_area]


def test_the_reference_facts_are_real(reference: Reference) -> None:
    assert not reference.fictional


def test_no_membership_is_official_because_no_list_of_codes_is_published(
    reference: Reference,
) -> None:
    found = {one.certainty for one in reference.memberships}
    assert found == {Certainty.NAME_MATCH, Certainty.CANDIDATE}


def test_overvecht_is_one_whole_wijk_of_2024(reference: Reference) -> None:
    (found,) = of(reference, "utrecht-overvecht")
    assert (found.code, found.vintage, found.extent, found.share) == (
        "WK034403",
        2024,
        Extent.WHOLE,
        1.0,
    )


def test_the_unknown_rest_of_breda_noord_is_a_candidate_without_a_code(
    reference: Reference,
) -> None:
    rest = of(reference, "breda-noord")[1]
    assert (rest.code, rest.vintage, rest.certainty) == (None, None, Certainty.CANDIDATE)


def test_a_part_without_a_published_share_has_none(reference: Reference) -> None:
    part = of(reference, "dordrecht-west")[3]
    assert (part.extent, part.share) == (Extent.PART, None)


def test_a_year_is_not_made_into_a_day(reference: Reference) -> None:
    programme = reference.programmes[0]
    assert (programme.valid_from, programme.valid_from_precision) == (
        date(2022, 1, 1),
        Precision.YEAR,
    )


def test_the_list_of_m50_is_known_to_the_month(reference: Reference) -> None:
    dated = reference.group_lists[0]
    assert (dated.as_of, dated.as_of_precision) == (date(2023, 4, 1), Precision.MONTH)


def test_group_members_stand_in_order_of_name(reference: Reference) -> None:
    names = [name for _, name in reference.group_lists[0].members]
    assert names == sorted(names)


def test_vollenhove_is_found_under_the_spelling_of_the_papers(reference: Reference) -> None:
    area = next(one for one in reference.focus_areas if one.name == "Vollenhove")
    assert area.aliases == ("Vollenhoven",)


def test_every_source_is_attributed_in_two_languages(reference: Reference) -> None:
    assert all(one.attribution_nl and one.attribution_en for one in reference.sources)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("sources.toml", 'licence = "CC-BY-4.0"\n', "", "source cbs-kwb: licence is missing"),
        ("sources.toml", 'slug = "m50"', 'slug = "nplv"', "nplv: the slug occurs twice"),
        ("sources.toml", 'slug = "m50"', 'slug = "M50 leden"', "M50 leden: a slug has small"),
        ("sources.toml", "note_nl", "noot_nl", "source cbs-kwb: unknown key noot_nl"),
        ("programmes.toml", "valid_from = 2022", "valid_from = true", "nplv: valid_from must be"),
        ("programmes.toml", "valid_from = 2022", 'valid_from = "2022-13"', "valid_from must be"),
        ("programmes.toml", "valid_from = 2022", "valid_from = 2022\nvalid_until = 2021-01-01",
         "nplv: valid_until is not after valid_from"),
        ("memberships.toml", '"WK0363FA"', '"BU0363FA"', "amsterdam-nieuw-west BU0363FA"),
        ("memberships.toml", '"WK0363FB"', '"WK0363FA"', "WK0363FA: the membership occurs twice"),
        ("memberships.toml", 'programme = "nplv"', 'programme = "npvl"', "no programme 'npvl'"),
        ("memberships.toml", 'certainty = "name_match"', 'certainty = "sure"', "expected one of"),
        ("memberships.toml", "valid_from = 2022", "valid_from = 2019", "before its programme"),
        ("memberships.toml", "published_population = 166_000", "published_population = 166.0",
         "published_population must be a whole number"),
        ("memberships.toml", "vintage = 2024\nextent", "extent", "vintage is missing"),
        ("memberships.toml", 'name = "Geuzenveld"', "share = 0.5",
         "WK0363FB: the whole unit belongs to it, so its share is 1"),
        ("memberships.toml", 'extent = "unknown", certainty', 'extent = "unknown", share = 0.5, c',
         "unknown key c"),
        ("groups.toml", 'code = "GM1959"', 'code = "WK195900"', "no code of a gemeente"),
        ("groups.toml", 'code = "GM0489"', 'code = "GM1959"', "m50 2023-04-01: GM1959 occurs"),
        ("groups.toml", "[[group]]", "[[group", "groups.toml, the file: is no TOML"),
    ],
)  # fmt: skip
def test_a_wrong_fact_is_refused_with_its_file_and_entry(
    folder: Path, file: str, old: str, new: str, words: str
) -> None:
    message = spoil(folder, file, old, new)
    assert message.startswith(file)
    assert words in message


def test_a_unit_without_a_code_cannot_be_a_member(folder: Path) -> None:
    message = spoil(folder, "memberships.toml", 'code = "WK0363FA", ', "")
    assert "a unit without a code must be a candidate" in message


def test_every_indicator_has_its_source_among_the_sources(reference: Reference) -> None:
    slugs = {source.slug for source in reference.sources}
    assert {indicator.source for indicator in load_indicators()} <= slugs
