"""Distributions: measures worked out by hand, what they are set against, absences and refusals."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from db.core.block import Block, SeriesKey
from db.core.indicator import Indicator, Kind
from db.core.levels import Level
from db.core.programme import Certainty, Extent, Membership, MunicipalityGroupList
from db.snapshot.store import Head
from schema import burdens, distribution_measures
from schema.distribution_measures import thinned
from schema.facts import facts_of
from tests.api.asking import ask, data, refusal, shown
from tests.api.sample import INDICATORS, REFERENCE, SampleStore, open_sample

NAN = float("nan")
DISTRIBUTION = """query ($indicator: String!, $level: Level!, $year: Int, $vintage: Int,
    $within: String, $rankedBy: String, $quantiles: Int!, $programme: String!, $at: Date,
    $first: Int!, $language: Language) {
  distribution(indicator: $indicator, level: $level, year: $year, vintage: $vintage,
      within: $within, rankedBy: $rankedBy, quantiles: $quantiles) {
    indicator { slug } level vintage year within complete flow note(language: $language)
    weighedBy { indicator { slug } year own }
    verdict text(language: $language)
    areas without unweighed empty coverage noisy effectiveAreas loadLeftOut gini
    lorenz { curve { population load } length thinned }
    rest: dissimilarity { value against verdict text(language: $language) }
    all: dissimilarity(against: ALL) { value against verdict text(language: $language) }
    concentrationIndex { value rankedBy { slug } year areas without verdict text }
    quantileShares { rankedBy { slug } year shares verdict text }
    shareInFocusAreas(programme: $programme, at: $at) { programme { slug } at load population
      quotient lower upper areas unknown candidates focusAreasHere focusAreasWithoutUnits verdict
      text }
    locationQuotients(first: $first) { area { code } quotient } } }"""
GIVEN = {
    "indicator": "benefits", "level": "WIJK", "quantiles": 5, "programme": "kans", "first": 100,
    "language": "EN",
}  # fmt: skip
_WIJKEN = ("WK900101", "WK900102", "WK900103", "WK9002A1")
"""Those on land: three of one gemeente and one of another."""
_PEOPLE, _BENEFITS = (20.0, 30.0, 50.0, 100.0), (6.0, 3.0, 0.0, 11.0)
_BUURTEN = ("BU90010101", "BU90010102", "BU90010201")


def _indicator(slug: str, kind: Kind, unit: str = "persons", **changed: Any) -> Indicator:
    return replace(INDICATORS["thefts"], slug=slug, kind=kind, unit_en=unit, **changed)


_MORE = (
    _indicator("benefits", Kind.COUNT),
    _indicator("crime_total", Kind.COUNT, "offences"),
    _indicator("poor", Kind.SHARE, "% of households", denominator="households"),
    _indicator("households", Kind.COUNT, "households"),
    _indicator("death_rate", Kind.RATE, "per 1,000 inhabitants"),
    _indicator("cars_per_km2", Kind.RATE, "cars per km2", denominator="land_area"),
    _indicator("income", Kind.MEAN, "1,000 euro"),
    _indicator("score", Kind.INDEX, "score"),
    _indicator("wealth", Kind.MEDIAN, "1,000 euro"),
    _indicator("class", Kind.CLASS, "class"),
)


@dataclass
class DistributionStore(SampleStore):
    """The sample with more indicators, and with members as a test has them."""

    members: Sequence[Membership] = REFERENCE.memberships
    lists: Sequence[MunicipalityGroupList] = REFERENCE.group_lists
    indicators: dict[str, Indicator] = field(
        default_factory=lambda: {**INDICATORS, **{each.slug: each for each in _MORE}}
    )

    async def head(self, number: int | None) -> Head:
        head = await super().head(number)
        reference = replace(
            head.reference, memberships=tuple(self.members), group_lists=tuple(self.lists)
        )
        return replace(head, indicators=self.indicators, reference=reference)

    def put(
        self,
        slug: str,
        values: Sequence[float],
        *,
        year: int = 2024,
        level: Level = Level.WIJK,
        codes: Sequence[str] = _WIJKEN,
    ) -> "DistributionStore":
        """Values of a year on the boundaries of 2024, beside those of other years."""
        table = self.tables[level, 2024]
        column = np.full((len(table), 1), NAN)
        column[[table.ordinals[code] for code in codes], 0] = values
        key = SeriesKey(slug, level, 2024)
        old = self.blocks.get(key) if slug in {each.slug for each in _MORE} else None
        years, cells = ((), column[:, :0]) if old is None else (old.periods, old.values)
        kept = [at for at, each in enumerate(years) if each != year]
        cells = np.hstack([cells[:, kept], column])
        found = (*(years[at] for at in kept), year)
        order = np.argsort(found)
        self.blocks[key] = _block(key, tuple(sorted(found)), cells[:, order])
        return self


def _block(key: SeriesKey, years: tuple[int, ...], values: Any) -> Block:
    return Block(
        key=key,
        periods=years,
        values=values,
        reasons=np.zeros(values.shape, np.uint8),
        provisional=np.zeros(values.shape, np.bool_),
        loads=np.zeros(values.shape, np.uint8),
        load_ids=(1,),
        lower=None,
        upper=None,
    )


def country(
    benefits: Sequence[float] = _BENEFITS, people: Sequence[float] = _PEOPLE, **others: Any
) -> DistributionStore:
    store = DistributionStore().put("population", people).put("benefits", benefits)
    for slug, values in others.items():
        store.put(slug, values)
    return store


async def _found(store: SampleStore | None = None, **given: Any) -> Any:
    answer = await data(DISTRIBUTION, {**GIVEN, **given}, store=store or country())
    return answer["distribution"]


async def test_a_gemeente_worked_out_by_hand() -> None:
    found = await _found(within="GM9001")

    # 6, 3 and 0 of 20, 30 and 50 people: shares of 0.3, 0.1 and 0 against 0.09.
    quotients = {each["area"]["code"]: each["quotient"] for each in found["locationQuotients"]}
    assert list(quotients) == ["WK900101", "WK900102", "WK900103"]
    assert list(quotients.values()) == pytest.approx([0.3 / 0.09, 0.1 / 0.09, 0.0])
    assert found["rest"]["value"] == pytest.approx(50 / 91)
    assert found["all"]["value"] == pytest.approx(0.5)
    curve = [(each["population"], each["load"]) for each in found["lorenz"]["curve"]]
    assert curve == [(0, 0), (0.5, 0), (pytest.approx(0.8), pytest.approx(3 / 9)), (1, 1)]
    assert (found["lorenz"]["length"], found["lorenz"]["thinned"]) == (4, False)
    assert (found["within"], found["vintage"], found["year"]) == ("GM9001", 2024, 2024)
    assert (found["verdict"], found["text"]) == ("TOLD", "Computed.")


async def test_the_gini_of_the_country_is_the_mean_difference_of_all_pairs() -> None:
    found = await _found()

    shares = [a / b for a, b in zip(_BENEFITS, _PEOPLE, strict=True)]
    parts = [each / 200 for each in _PEOPLE]
    mean = sum(_BENEFITS) / 200
    pairs = sum(
        parts[i] * parts[k] * abs(shares[i] - shares[k]) for i, k in product(range(4), repeat=2)
    )
    assert found["gini"] == pytest.approx(pairs / (2 * mean))
    assert found["within"] is None


async def test_equal_quotients_stand_by_code_and_only_the_first_are_given() -> None:
    found = await _found(country([2, 3, 5, 10]), first=2)

    assert [each["area"]["code"] for each in found["locationQuotients"]] == list(_WIJKEN[:2])
    assert found["gini"] == pytest.approx(0.0, abs=1e-12)


async def test_every_area_on_land_is_counted_once() -> None:
    found = await _found(country([6, NAN, 3, 4], [500, 20, NAN, 0]))

    assert [found[name] for name in ("areas", "without", "unweighed", "empty")] == [1, 1, 1, 1]
    assert found["coverage"] == pytest.approx(500 / 520)
    assert found["loadLeftOut"] == pytest.approx(7 / 13)


async def test_an_area_without_a_value_is_left_out_and_not_zero() -> None:
    found = await _found(country([NAN, 3, 0, 11]))

    assert (found["areas"], found["without"]) == (3, 1)
    assert found["coverage"] == pytest.approx(0.9)
    codes = [each["area"]["code"] for each in found["locationQuotients"]]
    assert codes == ["WK9002A1", "WK900102", "WK900103"]


@pytest.mark.parametrize(
    ("benefits", "people", "verdict"),
    [
        ([6, 3, 0, NAN], _PEOPLE, "LOW_COVERAGE"),
        ([0, 0, 0, 0], _PEOPLE, "NO_PROBLEM"),
        ([6, 3, 0, -5], _PEOPLE, "NEGATIVE"),
        ([6, 3, 0, 11], [0, 0, 0, 0], "NO_POPULATION"),
        ([6, 3, 0, 11], [50, 0, 0, 0], "FEW_AREAS"),
    ],
)
async def test_what_cannot_be_told_is_null_and_says_why_in_both_languages(
    benefits: list[float], people: Sequence[float], verdict: str
) -> None:
    english = await _found(country(benefits, people))
    dutch = await _found(country(benefits, people), language="NL")

    assert english["verdict"] == verdict
    for name in ("gini", "lorenz", "locationQuotients"):
        assert english[name] is None
    for name in ("rest", "all"):
        assert (english[name]["value"], english[name]["verdict"]) == (None, verdict)
    assert english["quantileShares"]["shares"] is None
    assert english["shareInFocusAreas"]["load"] is None
    assert english["text"] == english["all"]["text"] != dutch["text"] == dutch["all"]["text"]


async def test_one_area_is_too_few_and_few_areas_are_noisy() -> None:
    found = await _found(within="GM9002")

    assert (found["verdict"], found["areas"], found["noisy"]) == ("FEW_AREAS", 1, True)


async def test_the_code_of_the_country_is_the_whole_country() -> None:
    assert await _found(within="NL00") == await _found()


async def test_counts_are_set_against_the_inhabitants_of_the_year_of_the_boundaries() -> None:
    found = await _found(country().put("benefits", [6, 6, 6, 6], year=2022), year=2022)

    assert found["year"] == 2022
    assert found["weighedBy"] == {"indicator": {"slug": "population"}, "year": 2024, "own": False}


async def test_a_share_is_set_against_its_own_denominator_of_the_year_of_the_share() -> None:
    store = country(poor=[30, 10, 0, 20], households=[10, 10, 10, 10])
    store.put("households", [5, 10, 15, 20], year=2022).put("poor", [40, 10, 0, 20], year=2022)

    found = await _found(store, indicator="poor", year=2022)

    assert found["weighedBy"] == {"indicator": {"slug": "households"}, "year": 2022, "own": True}
    # 2, 1, 0 and 4 of 5, 10, 15 and 20 households.
    quotients = [each["quotient"] for each in found["locationQuotients"]]
    assert quotients == pytest.approx([0.4 / 0.14, 0.2 / 0.14, 0.1 / 0.14, 0])
    assert found["rest"]["verdict"] == "TOLD"


async def test_without_its_denominator_a_share_is_set_against_inhabitants_and_says_so() -> None:
    found = await _found(country(poor=[30, 10, 0, 20]), indicator="poor")

    assert found["weighedBy"] == {"indicator": {"slug": "population"}, "year": 2024, "own": False}
    assert found["verdict"] == "TOLD"


async def test_a_rate_without_its_denominator_is_refused_and_not_set_against_others() -> None:
    store = country(cars_per_km2=[1, 2, 3, 4])
    told = await refusal(DISTRIBUTION, {**GIVEN, "indicator": "cars_per_km2"}, store=store)

    assert told["code"] == "NOT_AVAILABLE_IN_YEAR"
    assert told["message"].startswith("`indicator`: land_area ")


async def test_a_rate_is_spread_but_is_no_part_of_anybody() -> None:
    found = await _found(country(death_rate=[30, 10, 0, 20]), indicator="death_rate")

    # 30, 10, 0 and 20 for 20, 30, 50 and 100: 600, 300, 0 and 2000 of 2900.
    expected = (abs(600 / 2900 - 0.1) + abs(300 / 2900 - 0.15) + 0.25 + abs(2000 / 2900 - 0.5)) / 2
    assert found["all"]["value"] == pytest.approx(expected)
    assert (found["rest"]["value"], found["rest"]["verdict"]) == (None, "NOT_A_PART")


async def test_offences_are_no_part_of_inhabitants_and_the_text_says_so() -> None:
    store = country(crime_total=_BENEFITS)
    english = await _found(store, indicator="crime_total")
    dutch = await _found(store, indicator="crime_total", language="NL")

    assert (english["verdict"], english["rest"]["verdict"]) == ("TOLD", "NOT_A_PART")
    assert "not counted in the unit" in english["rest"]["text"]
    assert "niet geteld in de eenheid" in dutch["rest"]["text"]


async def test_an_excess_that_rounding_explains_is_no_reason_to_keep_silent() -> None:
    rounded = await _found(country([25, 3, 0, 11]))
    larger = await _found(country([26, 3, 0, 11]))

    # Of 20 inhabitants, rounded to fives.
    assert rounded["rest"]["verdict"] == "TOLD"
    assert larger["rest"]["verdict"] == "NOT_A_PART"
    assert (
        larger["rest"]["text"]
        == "In an area the number exceeds the population, so there is no rest."
    )


@pytest.mark.parametrize(
    ("slug", "flow"),
    [("benefits", False), ("crime_total", True), ("births", True), ("death_rate", True)],
)
async def test_a_stock_is_never_called_an_inflow(slug: str, flow: bool) -> None:
    store = country(**{slug: _BENEFITS})
    english = await _found(store, indicator=slug)
    dutch = await _found(store, indicator=slug, language="NL")

    assert english["flow"] is flow
    assert english["note"].startswith("A flow" if flow else "A stock")
    assert dutch["note"].startswith("Een stroom" if flow else "Een stand")


async def test_without_a_ranking_there_is_no_index_and_quantiles_are_by_the_share_itself() -> None:
    found = await _found(within="GM9001", quantiles=2)

    assert found["concentrationIndex"] is None
    assert found["quantileShares"]["rankedBy"] is None
    # Half of the people live where there are none.
    assert found["quantileShares"]["shares"] == pytest.approx([0.0, 1.0])


async def test_the_index_is_twice_the_covariance_with_the_rank_by_the_named_indicator() -> None:
    found = await _found(country(income=[20, 25, 30, 28]), rankedBy="income", quantiles=4)

    order = [0, 1, 3, 2]
    parts = [_PEOPLE[each] / 200 for each in order]
    shares = [_BENEFITS[each] / _PEOPLE[each] for each in order]
    ranks = [sum(parts[:at]) + parts[at] / 2 for at in range(4)]
    mean = sum(p * y for p, y in zip(parts, shares, strict=True))
    covariance = sum(
        p * (y - mean) * (r - 0.5) for p, y, r in zip(parts, shares, ranks, strict=True)
    )
    index = found["concentrationIndex"]
    assert index["value"] == pytest.approx(2 * covariance / mean)
    assert (index["rankedBy"]["slug"], index["year"]) == ("income", 2024)
    # Fifty people each: 9 cases; of the third wijk in order 5.5 twice; none.
    shares_of = found["quantileShares"]
    assert shares_of["shares"] == pytest.approx([9 / 20, 5.5 / 20, 5.5 / 20, 0.0])
    assert shares_of["rankedBy"]["slug"] == "income"


async def test_areas_without_a_ranking_value_are_left_out_of_the_index_alone() -> None:
    found = await _found(country(income=[NAN, 25, 30, 28]), rankedBy="income")

    index = found["concentrationIndex"]
    assert (index["areas"], index["without"], index["verdict"]) == (3, 1, "TOLD")
    assert (found["areas"], found["without"]) == (4, 0)


async def test_the_index_has_a_verdict_of_its_own() -> None:
    found = await _found(country(income=[20, 25, 30, NAN]), rankedBy="income")

    assert (found["verdict"], found["concentrationIndex"]["verdict"]) == ("TOLD", "LOW_COVERAGE")
    assert found["concentrationIndex"]["value"] is None
    assert found["quantileShares"]["shares"] is None


async def test_the_order_is_of_the_same_year_or_else_of_the_newest() -> None:
    store = country(income=[20, 25, 30, 28]).put("income", [1, 2, 3, 4], year=2022)
    store.put("benefits", _BENEFITS, year=2022).put("benefits", _BENEFITS, year=2020)

    years = {
        year: (await _found(store, rankedBy="income", year=year))["concentrationIndex"]["year"]
        for year in (2020, 2022, 2024)
    }

    assert years == {2020: 2024, 2022: 2022, 2024: 2024}


async def test_several_years_are_asked_under_aliases() -> None:
    store = country().put("benefits", [2, 3, 5, 10], year=2022)
    one = 'distribution(indicator: "benefits", level: WIJK, year: %d) { year gini }'

    found = await data(f"{{ a: {one % 2022} b: {one % 2024} }}", store=store)

    assert [found["a"]["year"], found["b"]["year"]] == [2022, 2024]
    assert found["a"]["gini"] == pytest.approx(0.0, abs=1e-12) != found["b"]["gini"]


# --- focus areas


def _member(code: str | None, **changed: Any) -> Membership:
    given = {"code": code, "certainty": Certainty.OFFICIAL, "focus_area": "elstad", **changed}
    return replace(REFERENCE.memberships[0], **given)


def _with(*members: Membership, store: DistributionStore | None = None) -> DistributionStore:
    found = store or country()
    found.members = members
    return found


async def test_counted_units_are_inside_and_candidates_are_not() -> None:
    found = (await _found(within="GM9001"))["shareInFocusAreas"]

    # The first and third wijk; the second is a candidate. 6 of 9 cases, 70 of 100 people.
    assert found["load"] == pytest.approx(6 / 9)
    assert found["population"] == pytest.approx(0.7)
    assert found["quotient"] == pytest.approx(6 / 9 / 0.7)
    assert found["lower"] == found["upper"] == pytest.approx(6 / 9)
    assert (found["areas"], found["unknown"], found["candidates"]) == (2, 0, 1)
    assert (found["focusAreasHere"], found["focusAreasWithoutUnits"]) == (1, 0)


async def test_a_wijk_that_is_whole_in_one_focus_area_and_partly_in_another_is_whole() -> None:
    found = (await _found())["shareInFocusAreas"]

    assert found["load"] == pytest.approx(17 / 20)
    assert (found["population"], found["focusAreasHere"]) == (0.85, 3)


async def test_a_unit_in_part_counts_for_its_share() -> None:
    part = _member("WK900101", extent=Extent.PART, share=0.5)
    found = (await _found(_with(part)))["shareInFocusAreas"]

    assert found["load"] == pytest.approx(3 / 20)
    assert found["population"] == pytest.approx(10 / 200)
    assert (found["focusAreasHere"], found["focusAreasWithoutUnits"]) == (1, 2)


@pytest.mark.parametrize(
    "members",
    [
        [_member("WK900101", extent=Extent.PART, share=None)],
        [_member("WK900101", extent=Extent.UNKNOWN, share=None)],
        [
            _member("WK900101", extent=Extent.PART, share=0.5),
            _member("WK900101", extent=Extent.PART, share=0.5, focus_area="elstad-deels"),
        ],
    ],
    ids=["unknown share", "unknown extent", "two parts that may overlap"],
)
async def test_an_area_that_is_in_to_an_unknown_extent_is_left_out_and_widens_the_bounds(
    members: list[Membership],
) -> None:
    found = (await _found(_with(*members, _member("WK900102"))))["shareInFocusAreas"]

    # Of the other 14 cases 3 lie in the second wijk; the 6 may be inside or not.
    assert found["load"] == pytest.approx(3 / 14)
    assert (found["lower"], found["upper"]) == (pytest.approx(3 / 20), pytest.approx(9 / 20))
    assert (found["areas"], found["unknown"]) == (1, 1)


async def test_an_unknown_value_widens_the_bounds_by_all_who_live_there() -> None:
    found = (await _found(country([NAN, 3, 0, 11])))["shareInFocusAreas"]

    # At most 20 more, and 5 for the rounding of the inhabitants.
    assert found["load"] == pytest.approx(11 / 14)
    assert (found["lower"], found["upper"]) == (pytest.approx(11 / 14), pytest.approx(36 / 39))


async def test_offences_have_bounds_only_where_nothing_is_unknown() -> None:
    known = await _found(country(crime_total=_BENEFITS), indicator="crime_total")
    lacking = await _found(country(crime_total=[NAN, 3, 0, 11]), indicator="crime_total")

    share = known["shareInFocusAreas"]
    assert share["lower"] == share["load"] == share["upper"] == pytest.approx(17 / 20)
    unsure = lacking["shareInFocusAreas"]
    assert unsure["load"] is not None
    assert (unsure["lower"], unsure["upper"]) == (None, None)


async def test_a_wijk_with_a_buurt_inside_is_partly_in_to_an_unknown_extent() -> None:
    buurt = _member("BU90010102", level=Level.BUURT)
    found = (await _found(_with(_member("WK900102"), buurt)))["shareInFocusAreas"]

    assert (found["areas"], found["unknown"]) == (1, 1)
    assert found["load"] == pytest.approx(3 / 14)


async def test_all_buurten_of_a_whole_wijk_are_inside_and_of_one_in_part_it_is_not_known() -> None:
    store = country()
    store.put("population", [100, 100, 100], level=Level.BUURT, codes=_BUURTEN)
    store.put("benefits", [5, 10, 20], level=Level.BUURT, codes=_BUURTEN)
    buurt = _member("BU90010201", level=Level.BUURT)
    whole = _with(_member("WK900101"), buurt, store=store)
    inside = (await _found(whole, level="BUURT"))["shareInFocusAreas"]
    part = _with(_member("WK900101", extent=Extent.PART, share=0.9), buurt, store=store)
    unsure = (await _found(part, level="BUURT"))["shareInFocusAreas"]

    assert (inside["areas"], inside["load"]) == (3, 1.0)
    assert (unsure["areas"], unsure["unknown"], unsure["load"]) == (1, 2, None)


async def test_members_of_another_vintage_are_never_joined_on_their_code() -> None:
    result = await ask(DISTRIBUTION, {**GIVEN, "programme": "toen"}, store=country())

    assert result.errors is not None
    (error,) = map(shown, result.errors)
    assert error["code"] == "NOT_STATED_FOR_VINTAGE"
    assert error["statedFor"] == [{"level": "WIJK", "vintage": 2023}]
    assert result.data is not None
    assert result.data["distribution"]["shareInFocusAreas"] is None
    assert result.data["distribution"]["gini"] is not None


async def test_what_has_ended_is_asked_for_by_date_and_else_refused_not_zero() -> None:
    older = {**GIVEN, "indicator": "lonely", "vintage": 2023, "programme": "toen"}
    told = await refusal(DISTRIBUTION, older)
    found = await data(DISTRIBUTION, {**older, "at": "2023-01-01"})

    assert (told["code"], told["argument"]) == ("BAD_USER_INPUT", "programme")
    share = found["distribution"]["shareInFocusAreas"]
    # 41 per cent of 45 people, of 39, 50 and 41 per cent of 995, 505 and 45.
    load = 0.41 * 45 / (0.39 * 995 + 0.5 * 505 + 0.41 * 45)
    assert (share["at"], share["load"]) == ("2023-01-01", pytest.approx(load))


# --- refusals


@pytest.mark.parametrize("slug", ["income", "score", "wealth", "class"])
async def test_means_scores_medians_and_classes_are_refused_with_what_is_allowed(slug: str) -> None:
    told = await refusal(DISTRIBUTION, {**GIVEN, "indicator": slug}, store=country())

    assert (told["code"], told["argument"]) == ("KIND_NOT_ALLOWED", "indicator")
    assert told["allowedKinds"] == ["COUNT", "SHARE", "RATE"]
    assert "alleen" in told["messageNl"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"indicator": "nothing"}, "UNKNOWN_SLUG"),
        ({"rankedBy": "nothing"}, "UNKNOWN_SLUG"),
        ({"quantiles": 1}, "LIMIT_OUT_OF_RANGE"),
        ({"quantiles": 101}, "LIMIT_OUT_OF_RANGE"),
        ({"within": "GM9999"}, "UNKNOWN_CODE"),
        ({"within": "WK900101"}, "CODE_OF_ANOTHER_LEVEL"),
        ({"vintage": 1999}, "VINTAGE_NOT_LOADED"),
        ({"year": 1999}, "NOT_AVAILABLE_IN_YEAR"),
        ({"level": "LAND"}, "NOT_AVAILABLE_AT_LEVEL"),
        ({"indicator": "school_advice"}, "KIND_NOT_ALLOWED"),
        ({"indicator": "population"}, "BAD_USER_INPUT"),
    ],
    ids=str,
)
async def test_what_cannot_be_spread_is_refused(given: dict[str, Any], code: str) -> None:
    store = country()
    store.indicators["school_advice"] = replace(INDICATORS["school_advice"], kind=Kind.INDEX)
    result = await ask(DISTRIBUTION, {**GIVEN, **given}, store=store)

    assert result.errors is not None
    assert [shown(each)["code"] for each in result.errors] == [code]
    assert result.data == {"distribution": None}


@pytest.mark.parametrize(
    ("given", "lost"),
    [
        ({"first": 0}, {"locationQuotients": "LIMIT_OUT_OF_RANGE"}),
        ({"first": 1001}, {"locationQuotients": "LIMIT_OUT_OF_RANGE"}),
        ({"programme": "nothing"}, {"shareInFocusAreas": "UNKNOWN_SLUG"}),
        (
            {"rankedBy": "births"},
            {
                "concentrationIndex": "NOT_AVAILABLE_AT_LEVEL",
                "quantileShares": "NOT_AVAILABLE_AT_LEVEL",
            },
        ),
    ],
    ids=str,
)
async def test_a_refusal_loses_only_its_own_field(
    given: dict[str, Any], lost: dict[str, str]
) -> None:
    result = await ask(DISTRIBUTION, {**GIVEN, **given}, store=country())

    assert result.errors is not None
    codes = {str((each.path or [""])[-1]): shown(each)["code"] for each in result.errors}
    assert codes == lost
    assert result.data is not None
    assert result.data["distribution"]["gini"] is not None
    assert all(result.data["distribution"][name] is None for name in lost)


async def test_without_inhabitants_on_these_boundaries_a_count_is_refused() -> None:
    store = country()
    del store.blocks[SeriesKey("population", Level.WIJK, 2024)]
    told = await refusal(DISTRIBUTION, GIVEN, store=store)

    assert told["code"] == "NOT_AVAILABLE_IN_YEAR"
    assert told["publishedOnVintages"] == [2023]


# --- bounds


async def test_a_long_curve_is_thinned_to_points_of_its_own_and_measures_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = await _found()
    monkeypatch.setattr(distribution_measures, "MOST_POINTS", 3)
    found = await _found()

    curve = found["lorenz"]["curve"]
    assert (len(curve), found["lorenz"]["length"], found["lorenz"]["thinned"]) == (3, 5, True)
    assert all(point in whole["lorenz"]["curve"] for point in curve)
    assert (curve[0], curve[-1]) == (whole["lorenz"]["curve"][0], whole["lorenz"]["curve"][-1])
    assert found["gini"] == whole["gini"]


@pytest.mark.parametrize("length", [2, 199, 200, 201, 14_000])
def test_thinning_keeps_both_ends_and_at_most_so_many_points(length: int) -> None:
    axis = np.sort(np.linspace(0, 1, length) ** 3)

    places = thinned(axis, 200)

    assert (places[0], places[-1]) == (0, length - 1)
    assert len(places) == length if length <= 200 else len(places) <= 200
    assert (np.diff(places) > 0).all()


_OF_GROUP = """query ($group: String = "network", $at: Date, $within: String) {
  distribution(indicator: "benefits", level: WIJK, municipalityGroup: $group, at: $at,
      within: $within) {
    within municipalityGroup listedOn areas without coverage gini
    locationQuotients { area { code } quotient } } }"""


async def test_over_a_group_are_the_areas_of_all_its_gemeenten_and_no_others() -> None:
    one = (await data(_OF_GROUP, {}, store=country()))["distribution"]
    both = country()
    listed = REFERENCE.group_lists[0]
    both.lists = (replace(listed, members=(("GM9002", "Beek"), ("GM9001", "Aadorp"))),)
    every = (await data(_OF_GROUP, {}, store=both))["distribution"]

    assert (one["within"], one["municipalityGroup"], one["listedOn"]) == (
        None, "network", "2024-01-01",
    )  # fmt: skip
    for found, whole in ((one, await _found(within="GM9001")), (every, await _found())):
        for name in ("areas", "without", "coverage", "gini", "locationQuotients"):
            assert found[name] == whole[name]
    assert one["areas"] < every["areas"]


@pytest.mark.parametrize(
    ("given", "code", "argument"),
    [
        ({"group": "netwerk"}, "UNKNOWN_SLUG", "municipalityGroup"),
        ({"within": "GM9001"}, "BAD_USER_INPUT", "within"),
        ({"group": None, "at": "2024-01-01"}, "BAD_USER_INPUT", "at"),
        ({"at": "2023-01-01"}, "NOT_STATED_FOR_VINTAGE", "municipalityGroup"),
        ({"at": "1999-01-01"}, "NO_LIST_ON_DATE", "at"),
    ],
)
async def test_a_group_that_cannot_be_asked_for_is_refused_by_its_argument(
    given: dict[str, Any], code: str, argument: str
) -> None:
    told = await refusal(_OF_GROUP, given, store=country())

    assert (told["code"], told["argument"]) == (code, argument)


async def test_more_than_a_request_may_have_worked_out_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(burdens, "_WORKINGS", replace(burdens._WORKINGS, most_asked=2))
    one = 'distribution(indicator: "benefits", level: WIJK%s) { gini }'
    aliases = [one % more for more in ("", ', within: "GM9001"', ', within: "GM9002"')]
    text = " ".join(f"a{at}: {each}" for at, each in enumerate([*aliases, aliases[0]]))

    result = await ask(f"{{ {text} }}", store=country())

    assert result.errors is not None
    assert {shown(each)["code"] for each in result.errors} == {"LIMIT_OUT_OF_RANGE"}
    assert result.data is not None
    assert [name for name, each in result.data.items() if each is None] == ["a2"]


@pytest.mark.parametrize("field_", ["rankedBy", "programme"])
async def test_orders_and_focus_areas_count_for_what_a_request_may_ask(
    monkeypatch: pytest.MonkeyPatch, field_: str
) -> None:
    monkeypatch.setattr(burdens, "_WORKINGS", replace(burdens._WORKINGS, most_asked=1))
    query = {
        "rankedBy": '{ distribution(indicator: "benefits", level: WIJK, rankedBy: "income")'
        " { gini concentrationIndex { value } } }",
        "programme": '{ distribution(indicator: "benefits", level: WIJK)'
        ' { gini shareInFocusAreas(programme: "kans") { load } } }',
    }[field_]

    told = await refusal(query, store=country(income=[20, 25, 30, 28]))

    assert told["code"] == "LIMIT_OUT_OF_RANGE"


async def test_what_is_kept_has_a_bound_in_bytes_and_is_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(burdens, "_WORKINGS", replace(burdens._WORKINGS, most_bytes=15_000))
    store = country(income=[20, 25, 30, 28])
    for year in range(2010, 2013):
        store.put("benefits", _BENEFITS, year=year)
    snapshot = await open_sample(store)
    answers = [
        await data(
            DISTRIBUTION,
            {**GIVEN, "year": year, "within": within, "rankedBy": "income"},
            snapshot=snapshot,
        )
        for year, within in product((2010, 2011, 2012, 2010), ("GM9001", None))
    ]

    kept = burdens._WORKINGS.held(facts_of(snapshot))

    assert 0 < kept.weight <= 15_000
    assert answers[:2] == answers[-2:]


async def test_a_distribution_is_worked_out_once_for_all_requests() -> None:
    snapshot = await open_sample(country())
    first = await data(DISTRIBUTION, GIVEN, snapshot=snapshot)
    kept = burdens._WORKINGS.held(facts_of(snapshot))
    before = dict(kept.held)

    assert await data(DISTRIBUTION, GIVEN, snapshot=snapshot) == first
    assert dict(kept.held) == before
