"""The figures and facts of Voorbeeldland: rounded, withheld, late and disputed as real ones are."""

from collections import Counter

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.levels import Level, Terrain
from db.core.programme import Certainty, Extent, Precision
from db.demo.country import DemoCountry
from db.reference.consistency import check_reference
from db.reference.indicators import load_indicators
from tests.unit.voorbeeldland import VINTAGES, Book, demo_country


@pytest.fixture(scope="module")
def country() -> DemoCountry:
    return demo_country()


@pytest.fixture(scope="module")
def book(country: DemoCountry) -> Book:
    return Book(country)


def test_every_cell_without_a_value_has_a_reason_and_no_other(book: Book) -> None:
    for figures in book.tables():
        told = {reason: Reason(reason).status.has_value for reason in np.unique(figures.reasons)}
        there = [told[reason] for reason in figures.reasons.ravel()]
        assert (~np.isnan(figures.values.ravel()) == there).all()


def test_figures_are_about_land_areas_of_their_own_vintage(country: DemoCountry) -> None:
    book = Book(country)
    for dataset, parsed in country.parsed:
        for figures in parsed.figures:
            for code in set(figures.codes):
                assert book.terrain(code, dataset.vintage) is Terrain.LAND


def test_every_column_is_an_indicator_of_the_catalogue(book: Book) -> None:
    slugs = {indicator.slug for indicator in load_indicators()}
    keys = {column.key for figures in book.tables() for column in figures.columns}
    assert keys <= slugs
    assert len(keys) > 40


def test_counts_are_rounded_below_gemeente_only(book: Book) -> None:
    persons = book.by_code("population", 2022)
    small = [n for code, n in persons.items() if code[:2] in ("WK", "BU")]
    assert all(n % 5 == 0 for n in small)
    assert any(n % 5 for code, n in persons.items() if code.startswith("GM"))


def test_parts_do_not_add_up_to_the_whole(book: Book) -> None:
    persons = book.by_code("population", 2022)
    for code in (one for one in persons if one.startswith("GM")):
        parts = sum(n for wijk, n in persons.items() if wijk[:6] == "WK" + code[2:])
        assert parts != persons[code]
        assert parts == pytest.approx(persons[code], rel=0.01)


def test_incomes_of_few_people_are_withheld(book: Book) -> None:
    persons = book.by_code("population", 2022)
    reasons = book.column("income_per_inhabitant", 2022)[1]
    codes = book.table("kerncijfers", 2022).codes
    withheld = [code for code, reason in zip(codes, reasons, strict=True)
                if reason == Reason.CONFIDENTIAL]  # fmt: skip
    assert withheld
    assert all(0 < persons[code] <= 100 for code in withheld)


def test_where_nobody_lives_a_mean_cannot_occur(book: Book) -> None:
    persons, (_, reasons) = book.by_code("population", 2022), book.column("household_size", 2022)
    impossible = set(np.flatnonzero(reasons == Reason.IMPOSSIBLE).tolist())
    assert impossible == {row for row, n in enumerate(persons.values()) if n == 0}


def test_some_cells_are_a_dot(book: Book) -> None:
    assert all((book.column("woz_value", vintage)[1] == Reason.DOT).any() for vintage in VINTAGES)


def test_income_of_the_newest_year_is_not_published_yet(book: Book) -> None:
    reasons = book.column("income_per_inhabitant", 2024)[1]
    assert set(reasons.tolist()) == {Reason.NOT_YET_PUBLISHED}


def test_only_the_newest_year_is_provisional(book: Book) -> None:
    provisional = {}
    for vintage in VINTAGES:
        marks = book.table("kerncijfers", vintage).provisional
        assert marks is not None
        provisional[vintage] = set(marks.ravel().tolist())
    assert provisional == {year: {year == 2024} for year in VINTAGES}


def test_poverty_takes_the_place_of_low_income_in_2023(book: Book) -> None:
    keys = {v: {c.key for c in book.table("kerncijfers", v).columns} for v in VINTAGES}
    assert [v for v in VINTAGES if "low_income_households" in keys[v]] == [2020, 2021, 2022]
    assert [v for v in VINTAGES if "poverty_share" in keys[v]] == [2023, 2024]


def test_health_is_modelled_with_margins_over_three_years(book: Book) -> None:
    health = book.table("gezondheid", 2022)
    assert health.lower is not None
    assert health.upper is not None
    there = health.reasons == Reason.MODELLED
    assert set(health.periods.tolist()) == {2016, 2020, 2022}
    assert (health.lower[there] <= health.values[there]).all()
    assert (health.values[there] <= health.upper[there]).all()


def test_margins_are_wider_where_fewer_people_live(book: Book) -> None:
    health, persons = book.table("gezondheid", 2022), book.by_code("population", 2022)
    assert health.lower is not None
    assert health.upper is not None
    width = health.upper[:, 0] - health.lower[:, 0]
    rows = {code: row for row, code in enumerate(health.codes)}
    assert persons["WK900312"] < persons["WK900100"]
    assert width[rows["WK900312"]] > width[rows["WK900100"]]


def test_one_health_question_was_not_asked_in_2016(book: Book) -> None:
    health = book.table("gezondheid", 2022)
    column = [one.key for one in health.columns].index("psychological_complaints")
    unasked = health.reasons[:, column] == Reason.NOT_MEASURED
    assert set(health.periods[unasked].tolist()) == {2016}
    assert (health.periods == 2016).sum() == unasked.sum()


def test_the_health_model_speaks_of_a_wijk_without_inhabitants(book: Book) -> None:
    health, persons = book.table("gezondheid", 2022), book.by_code("population", 2022)
    reasons = health.reasons[health.codes.index("WK900209"), 0]
    assert (persons["WK900209"], reasons) == (0, Reason.MODELLED)


def test_crime_has_five_years_on_the_newest_boundaries(book: Book) -> None:
    years = book.table("misdrijven", 2024).periods
    assert set(years.tolist()) == set(VINTAGES)


def test_an_area_without_offences_has_no_row(book: Book) -> None:
    crime, persons = book.table("misdrijven", 2022), book.by_code("population", 2022)
    assert (crime.values > 0).all()
    assert "WK900209" in set(persons) - set(crime.codes)


def test_liveability_is_the_sum_of_its_parts(book: Book) -> None:
    scores = book.table("leefbaarheid", 2024).values
    assert scores[:, 5] == pytest.approx(scores[:, :5].sum(axis=1))
    assert scores[:, 6] - scores[:, 5] == pytest.approx(np.full(len(scores), 4.1))


def test_problems_pile_up_in_the_same_wijken(book: Book) -> None:
    income, persons = book.by_code("income_per_inhabitant", 2022), book.by_code("population", 2022)
    benefits = book.by_code("assistance_benefits", 2022)
    social = book.by_code("corporation_share", 2022)
    wijken = [code for code, n in persons.items() if code.startswith("WK") and n > 200]
    rates = [benefits[code] / persons[code] for code in wijken]
    incomes = [income[code] for code in wijken]
    assert np.corrcoef(incomes, rates)[0, 1] < -0.8
    assert np.corrcoef(incomes, [social[code] for code in wijken])[0, 1] < -0.8


def test_a_postcode_keeps_its_ground_when_buurten_are_redrawn(book: Book) -> None:
    where = {
        v: {a.key: a.code for a in book.parsed[f"voorbeeldland-adressen-{v}"].addresses}
        for v in (2021, 2022)
    }
    assert set(where[2021]) == set(where[2022])
    moved = {code[:6] for key, code in where[2022].items() if where[2021][key][:6] == "BU9006"}
    assert moved == {"BU9011"}


def test_addresses_add_up_to_the_dwellings_of_a_wijk(book: Book) -> None:
    counted = Counter[str]()
    for one in book.parsed["voorbeeldland-adressen-2024"].addresses:
        counted["WK" + one.code[2:8]] += one.addresses
    dwellings = book.by_code("dwelling_stock", 2024)
    assert counted["WK900300"] == pytest.approx(dwellings["WK900300"], abs=10)


def test_the_reference_facts_agree_with_each_other(country: DemoCountry) -> None:
    assert country.reference.fictional
    check_reference(country.reference)


def test_members_and_gemeenten_exist_in_the_vintage_they_name(country: DemoCountry) -> None:
    book, reference = Book(country), country.reference
    for one in reference.memberships:
        if one.code and one.vintage:
            assert book.name(one.code, one.vintage) == one.name
    for area in reference.focus_areas:
        assert area.gemeente_code in book.areas(Level.GEMEENTE, area.gemeente_vintage).codes
    for dated in reference.group_lists:
        for code, name in dated.members:
            assert book.name(code, dated.vintage) == name


def test_a_focus_area_has_about_the_inhabitants_that_its_programme_states(
    country: DemoCountry,
) -> None:
    persons = Book(country).by_code("population", 2024)
    stated = {a.slug: a.published_population for a in country.reference.focus_areas}
    counted = Counter[str]()
    for one in country.reference.memberships:
        if one.code and one.share and one.vintage == 2024 and one.version is None:
            counted[one.focus_area] += round(persons[one.code] * one.share)
    for slug in ("kwakelhaven-havenkant", "dobbermeer-oost"):
        assert counted[slug] == pytest.approx(stated[slug], rel=0.05)


def test_one_of_three_programmes_has_ended(country: DemoCountry) -> None:
    ends = [programme.valid_until for programme in country.reference.programmes]
    assert len(ends) == 3
    assert sum(end is not None for end in ends) == 1


def test_focus_areas_are_made_of_wijken_buurten_and_parts(country: DemoCountry) -> None:
    kinds = {(one.level, one.extent) for one in country.reference.memberships}
    wanted = {(Level.WIJK, Extent.WHOLE), (Level.BUURT, Extent.WHOLE), (Level.WIJK, Extent.PART),
              (Level.BUURT, Extent.PART)}  # fmt: skip
    assert wanted <= kinds


def test_memberships_have_every_certainty_and_precision(country: DemoCountry) -> None:
    memberships = country.reference.memberships
    assert {one.certainty for one in memberships} == set(Certainty)
    assert {one.valid_from_precision for one in memberships} == set(Precision)


def test_two_groups_have_two_dated_lists_each(country: DemoCountry) -> None:
    lists = Counter(dated.group for dated in country.reference.group_lists)
    assert sorted(lists.values()) == [2, 2]


def test_every_programme_group_and_source_says_that_it_is_fictional(country: DemoCountry) -> None:
    reference = country.reference
    names = [one.name for one in reference.programmes]
    names += [one.name_nl for one in reference.groups]
    names += [one.name_nl for one in reference.sources]
    assert all("fictief" in name for name in names)
    assert {dataset.source for dataset, _ in country.parsed} == {reference.sources[0].slug}
    assert reference.sources[0].licence == "CC0-1.0"
