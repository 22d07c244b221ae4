"""How a column is recognised, and when that is refused."""

from dataclasses import replace

import pytest

from db.core.catalogue import Ambiguous, Catalogue, Known, Unknown, fold, fold_short
from db.core.errors import InvalidCatalogue
from db.core.figures import Column
from db.core.indicator import (
    Aggregation,
    Direction,
    Domain,
    Indicator,
    Kind,
    Matcher,
    Nature,
)


def _indicator(slug: str, *matchers: Matcher) -> Indicator:
    return Indicator(
        slug=slug,
        name_nl=slug,
        name_en=slug,
        description_nl="-",
        description_en="-",
        domain=Domain.HOUSING,
        unit_nl="-",
        unit_en="-",
        direction=Direction.NEUTRAL,
        kind=Kind.COUNT,
        aggregation=Aggregation.SUM,
        nature=Nature.MEASURED,
        source="s",
        matchers=matchers,
    )


def _slug(answer: object) -> str:
    assert isinstance(answer, Known)
    return answer.indicator.slug


FLAT = "Appartement"
ENERGY = Catalogue(
    [
        _indicator(
            "power_flat",
            Matcher("kwb", stem=FLAT, unit="kWh"),
            Matcher("kwb", stem=FLAT, group="Stroom"),
        ),
        _indicator(
            "gas_flat",
            Matcher("kwb", stem=FLAT, unit="m³"),
            Matcher("kwb", stem=FLAT, group="Gas"),
        ),
    ]
)
POPULATION = Catalogue(
    [
        _indicator(
            "population",
            Matcher("kwb", stem="AantalInwoners"),
            Matcher("kwb", title="Aantal inwoners", unit="aantal"),
            Matcher("kwb", measure="T001036"),
            Matcher("kwb", short="AANT_INW"),
            Matcher("kwb", short="aantal_inwoners"),
        ),
        _indicator("share_0_15", Matcher("kwb", short="0_15")),
        _indicator("total_area", Matcher("kwb", short="area", scale=100.0, vintages=(2022, 2022))),
    ]
)


@pytest.mark.parametrize("key", ["AantalInwoners_5", "AantalInwoners_34", "aantalinwoners_5"])
def test_the_number_at_the_end_of_a_key_plays_no_part(key: str) -> None:
    assert _slug(POPULATION.resolve("kwb", 2020, Column(key))) == "population"


def test_two_keys_that_differ_in_their_number_only_are_told_apart_by_unit() -> None:
    power = ENERGY.resolve("kwb", 2020, Column("Appartement_48", unit="kWh"))
    gas = ENERGY.resolve("kwb", 2020, Column("Appartement_56", unit="m3"))

    assert (_slug(power), _slug(gas)) == ("power_flat", "gas_flat")


def test_a_topic_group_tells_them_apart_where_the_unit_is_not_given() -> None:
    column = Column("Appartement_56", path=("Energie", "Gas", "Naar type"))

    assert _slug(ENERGY.resolve("kwb", 2020, column)) == "gas_flat"


def test_without_group_and_unit_a_shared_stem_is_ambiguous() -> None:
    answer = ENERGY.resolve("kwb", 2020, Column("Appartement_48"))

    assert answer == Ambiguous(("power_flat", "gas_flat"))


def test_a_name_that_needs_its_group_is_not_guessed_even_with_one_candidate() -> None:
    catalogue = Catalogue([_indicator("parks", Matcher("p", title="Binnen 1 km", group="Parken"))])

    assert catalogue.resolve("p", 2021, Column("x", "Binnen 1 km")) == Ambiguous(("parks",))
    assert catalogue.resolve("p", 2021, Column("x", "Binnen 1 km", ("Musea",))) == Unknown()
    assert _slug(catalogue.resolve("p", 2021, Column("x", "Binnen 1 km", ("Parken",)))) == "parks"


def test_a_known_title_in_another_unit_is_unknown() -> None:
    column = Column("x", "Aantal inwoners", unit="%")

    assert POPULATION.resolve("kwb", 2020, column) == Unknown()


def test_a_known_title_without_any_unit_is_taken_where_nothing_else_has_it() -> None:
    assert _slug(POPULATION.resolve("kwb", 2020, Column("x", "Aantal inwoners"))) == "population"


@pytest.mark.parametrize("title", ["Aantal inwoners\u00a0", " aantal  inwoners", "AANTAL INWONERS"])
def test_titles_are_compared_without_case_and_kinds_of_space(title: str) -> None:
    assert _slug(POPULATION.resolve("kwb", 2020, Column("x", title))) == "population"


def test_folding_keeps_diacritics_and_lowers_superscripts() -> None:
    assert fold("Cliënten  per km²") == "cliënten per km2"
    assert fold("Clienten") != fold("Cliënten")


@pytest.mark.parametrize("key", ["AANT_INW", "aant_inw", "aantalInwoners", "aantal_inwoners"])
def test_short_names_are_one_in_every_style_of_writing(key: str) -> None:
    assert _slug(POPULATION.resolve("kwb", 2020, Column(key))) == "population"


def test_an_underscore_between_digits_is_part_of_a_short_name() -> None:
    assert fold_short("percentage_personen_0_tot_15_jaar") == fold_short(
        "percentagePersonen0Tot15Jaar"
    )
    assert _slug(POPULATION.resolve("kwb", 2020, Column("0_15"))) == "share_0_15"
    assert POPULATION.resolve("kwb", 2020, Column("015")) == Unknown()


def test_a_measure_code_is_believed_before_the_title() -> None:
    column = Column("x", "Iets anders", measure="T001036 ")

    assert _slug(POPULATION.resolve("kwb", 2020, column)) == "population"


def test_an_unknown_measure_code_falls_back_on_the_title() -> None:
    column = Column("M9", "Aantal inwoners", unit="aantal", measure="M9")

    assert _slug(POPULATION.resolve("kwb", 2020, column)) == "population"


def test_a_path_is_recognised_however_a_slash_in_the_title_was_split() -> None:
    catalogue = Catalogue([_indicator("theft", Matcher("kwb", path="Misdaad/Woning/schuur"))])
    whole = Column("a", "Woning/schuur", ("Misdaad",))
    cut = Column("b", "schuur", ("Misdaad", "Woning"))

    assert _slug(catalogue.resolve("kwb", 2019, whole)) == "theft"
    assert _slug(catalogue.resolve("kwb", 2019, cut)) == "theft"


def test_a_match_holds_in_its_vintages_only_and_carries_its_scale() -> None:
    found = POPULATION.resolve("kwb", 2022, Column("area"))

    assert isinstance(found, Known)
    assert found.scale == 100.0
    assert POPULATION.resolve("kwb", 2023, Column("area")) == Unknown()


def test_another_family_of_tables_does_not_share_the_match() -> None:
    assert POPULATION.resolve("lbm", 2020, Column("AantalInwoners_5")) == Unknown()


def test_two_columns_that_claim_one_indicator_both_lose_it() -> None:
    columns = [Column("AantalInwoners_5"), Column("0_15"), Column("a", measure="T001036")]

    table = POPULATION.resolve_table("kwb", 2020, columns)

    lost = Ambiguous(("population",))
    assert table.collisions == (("population", ("AantalInwoners_5", "a")),)
    assert (table.resolutions[0], table.resolutions[2]) == (lost, lost)
    assert _slug(table.resolutions[1]) == "share_0_15"


def test_a_table_keeps_the_order_of_its_columns() -> None:
    columns = [Column("nonsense"), Column("0_15")]

    table = POPULATION.resolve_table("kwb", 2020, columns)

    assert table.columns == tuple(columns)
    assert table.resolutions[0] == Unknown()


def test_two_indicators_with_the_same_claim_are_refused() -> None:
    claim = Matcher("kwb", stem="Koopwoningen", unit="%")

    with pytest.raises(InvalidCatalogue, match="owned and bought both claim"):
        Catalogue([_indicator("owned", claim), _indicator("bought", claim)])


def test_the_same_claim_in_other_years_is_allowed() -> None:
    claim = Matcher("kwb", stem="Koopwoningen", vintages=(2013, 2020))
    later = replace(claim, vintages=(2021, 2030))

    catalogue = Catalogue([_indicator("owned", claim), _indicator("bought", later)])

    assert _slug(catalogue.resolve("kwb", 2020, Column("Koopwoningen_40"))) == "owned"
    assert _slug(catalogue.resolve("kwb", 2021, Column("Koopwoningen_47"))) == "bought"


@pytest.mark.parametrize("matcher", [Matcher("kwb"), Matcher("kwb", stem="A", title="A")])
def test_a_matcher_with_no_name_or_two_is_refused(matcher: Matcher) -> None:
    with pytest.raises(InvalidCatalogue, match="exactly one of"):
        Catalogue([_indicator("a", matcher)])


def test_one_slug_twice_is_refused() -> None:
    with pytest.raises(InvalidCatalogue, match="same slug"):
        Catalogue([_indicator("a"), _indicator("a")])


def test_indicators_are_found_by_slug() -> None:
    assert POPULATION["population"].slug == "population"
    assert "population" in POPULATION
    assert POPULATION.get("nonsense") is None
