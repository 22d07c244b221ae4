"""The catalogue that is shipped, and what its reader refuses."""

from pathlib import Path

import pytest

from db.core.catalogue import Ambiguous, Catalogue, Known
from db.core.errors import InvalidReference
from db.core.figures import Column
from db.core.indicator import Aggregation, Indicator, Kind
from db.reference.facts import load_reference
from db.reference.indicators import NOT_AS_PUBLISHED, load_indicators

SHIPPED = load_indicators()
CATALOGUE = Catalogue(SHIPPED)

DEFAULTS = """
[defaults]
domain = "housing"
source = "cbs-kwb"
unit_nl = "woningen"
unit_en = "dwellings"
direction = "neutral"
kind = "count"
aggregation = "sum"
nature = "measured"
rounding = 5
"""
DWELLINGS = """
[dwellings]
name_nl = "Woningen"
name_en = "Dwellings"
description_nl = "Aantal woningen."
description_en = "Number of dwellings."
columns = [{ families = ["kwb"], stems = ["Woningen"], shorts = ["a_won", "WON"], unit = "aantal" }]
"""
RENTED = DWELLINGS.replace("dwellings", "rented", 1).split("columns")[0]
SHARE = 'kind = "share"\naggregation = "weighted_mean"\n'


def _load(folder: Path, *texts: str) -> dict[str, Indicator]:
    for number, text in enumerate(texts):
        (folder / f"part{number}.toml").write_text(text, encoding="utf-8")
    return {indicator.slug: indicator for indicator in load_indicators(folder)}


def _refused(folder: Path, *texts: str) -> str:
    with pytest.raises(InvalidReference) as refused:
        _load(folder, *texts)
    return str(refused.value)


def test_one_line_of_columns_gives_a_matcher_for_each_name(tmp_path: Path) -> None:
    found = _load(tmp_path, DEFAULTS + DWELLINGS)["dwellings"].matchers

    assert [(m.stem, m.short, m.unit) for m in found] == [
        ("Woningen", None, "aantal"),
        (None, "a_won", "aantal"),
        (None, "WON", "aantal"),
    ]


def test_defaults_hold_unless_the_indicator_says_otherwise(tmp_path: Path) -> None:
    share = RENTED + SHARE + 'denominator = "dwellings"\nunit_nl = "%"\nunit_en = "%"\n'

    found = _load(tmp_path, DEFAULTS + DWELLINGS + share)

    assert (found["dwellings"].kind, found["dwellings"].rounding) == (Kind.COUNT, 5)
    assert (found["rented"].kind, found["rented"].rounding) == (Kind.SHARE, None)


def test_a_slug_in_two_files_is_refused(tmp_path: Path) -> None:
    message = _refused(tmp_path, DEFAULTS + DWELLINGS, DEFAULTS + DWELLINGS)

    assert "part1.toml" in message
    assert "dwellings" in message
    assert "part0.toml already" in message


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('name_en = "Dwellings"', ""), "name_en is missing"),
        (('name_en = "Dwellings"', 'name_en = " "'), "name_en is empty"),
        (('name_en = "Dwellings"', 'name_en = "A"\nnaem = "x"'), "unknown key naem"),
        (('shorts = ["a_won", "WON"]', 'shortz = ["a_won"]'), "unknown key shortz"),
        (('stems = ["Woningen"], shorts = ["a_won", "WON"], ', ""), "needs families and"),
        (("columns", 'note_nl = "Let op."\ncolumns'), "in Dutch and in English"),
        (("columns", "factor = 100\ncolumns"), "a factor is for a rate, or aggregation recompute"),
        (("columns", 'kind = "median"\ncolumns'), "median cannot be aggregated by sum"),
        (("columns", 'kind = "number"\ncolumns'), "expected one of count, share"),
        (("columns", 'denominator = "dwellings"\ncolumns'), "sum and denominator do not go"),
        (("columns", 'availability = "gap"\ncolumns'), "a gap has no columns"),
        (('unit = "aantal"', "from_vintage = 2020, until_vintage = 2019"), "is after"),
    ],
)
def test_a_mistake_is_refused_with_its_file_and_slug(
    tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    message = _refused(tmp_path, DEFAULTS + DWELLINGS.replace(*change))

    assert "part0.toml" in message
    assert "dwellings" in message
    assert problem in message


@pytest.mark.parametrize(
    ("addition", "problem"),
    [
        (SHARE, "weighted_mean and denominator do not go together"),
        (SHARE + 'denominator = "houses"\n', "houses is no indicator"),
        (SHARE + 'denominator = "rented"\n', "rented is no count"),
        ('kind = "median"\naggregation = "weighted_mean"\n', "median cannot be aggregated"),
        (SHARE + 'denominator = "dwellings"\nrounding = 5\n', "only a count is rounded"),
    ],
)
def test_an_aggregation_without_what_it_needs_is_refused(
    tmp_path: Path, addition: str, problem: str
) -> None:
    message = _refused(tmp_path, DEFAULTS + DWELLINGS + RENTED + addition)

    assert "rented" in message
    assert problem in message


def test_text_that_is_no_toml_is_refused_with_its_file(tmp_path: Path) -> None:
    assert "part0.toml" in _refused(tmp_path, "[dwellings")


def test_a_slug_is_written_in_snake_case(tmp_path: Path) -> None:
    assert "Dwellings" in _refused(tmp_path, DEFAULTS + DWELLINGS.replace("dwellings", "Dwellings"))


def test_the_shipped_catalogue_covers_every_domain_of_the_programme() -> None:
    domains = {indicator.domain.value for indicator in SHIPPED}

    assert {"education", "poverty", "health", "work", "housing", "safety"} <= domains
    assert len(SHIPPED) > 300


def test_only_two_indicators_are_gaps() -> None:
    assert {i.slug for i in SHIPPED if i.gap} == {"low_school_advice", "inflow_vulnerable"}


def test_every_indicator_names_a_source_that_is_described() -> None:
    described = {source.slug for source in load_reference().sources}

    assert {indicator.source for indicator in SHIPPED} - described == set()


def test_names_are_unique_in_both_languages() -> None:
    assert len({i.name_nl for i in SHIPPED}) == len(SHIPPED)
    assert len({i.name_en for i in SHIPPED}) == len(SHIPPED)


def test_every_description_is_one_sentence_that_ends_in_a_full_stop() -> None:
    texts = [text for i in SHIPPED for text in (i.description_nl, i.description_en)]

    assert [text for text in texts if not text.endswith(".")] == []


def test_medians_and_classes_are_never_averaged() -> None:
    found = {i.aggregation for i in SHIPPED if i.kind in (Kind.MEDIAN, Kind.CLASS)}

    assert found == {Aggregation.NONE}


def test_a_density_per_square_kilometre_is_recomputed_from_hectares() -> None:
    density = CATALOGUE["population_density"]

    assert (density.numerator, density.denominator) == ("population", "land_area")
    assert CATALOGUE["land_area"].unit_en == "hectares"
    assert density.factor == 100.0


def test_what_was_joined_to_the_gemeente_maps_is_matched_by_nothing() -> None:
    shorts = {m.short for i in SHIPPED for m in i.matchers if m.short}

    assert [name for name in shorts if name.startswith(NOT_AS_PUBLISHED)] == []


@pytest.mark.parametrize(
    ("key", "slug"),
    [
        ("gemiddeldeWoningwaarde", "woz_value"),
        ("g_wozbag", "woz_value"),
        ("bevolkingsdichtheid_inwoners_per_km2", "population_density"),
        ("percentagePersonen0Tot15Jaar", "population_0_15_share"),
        ("groteSupermarktGemiddeldAantalBinnen3Km", "supermarkets_within_3km"),
        ("AV10ZIEK_E", "hospitals_excl_outpatient_within_10km"),
        ("stedelijkheid_adressen_per_km2", "urbanity_class"),
        ("percentageHuishoudensMetLaagInkomen", "households_lowest_40"),
        ("p_hh_lkk", "low_income_households"),
    ],
)
def test_names_of_map_services_and_downloads_are_known(key: str, slug: str) -> None:
    found = CATALOGUE.resolve("boundaries", 2023, Column(key))

    assert isinstance(found, Known)
    assert found.indicator.slug == slug


def test_origin_without_its_topic_group_is_not_guessed() -> None:
    answer = CATALOGUE.resolve(
        "kwb", 2024, Column("BuitenEuropa_19", "Buiten Europa ", (), "aantal")
    )

    assert isinstance(answer, Ambiguous)
    assert "origin_outside_europe" in answer.slugs


def test_an_offence_is_known_by_its_padded_key() -> None:
    found = CATALOGUE.resolve("police", 2024, Column("1.1.1 ", measure="1.1.1 "))

    assert isinstance(found, Known)
    assert found.indicator.slug == "crime_burglary"
