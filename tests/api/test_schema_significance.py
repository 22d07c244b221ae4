"""Worse by more than chance: benchmarks with a test, ranks with limits, sentences that say so."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.block import SeriesKey
from db.core.indicator import Aggregation, Direction, Kind, Nature
from db.core.levels import Level
from db.snapshot.store import Head
from schema.sentences import number
from tests.api.asking import data, refusal
from tests.api.profiles import NAN, ProfileStore, block, indicator, store_of

_CODES = ("WK900101", "WK900102", "WK900103", "WK900104", "WK900201", "WK900202")
_PEOPLE = [1000.0, 2000, 1000, 500, 1500, 3000]
_ILL = [10.0, 14, 11, 30, 10, 20]
_YEARS = (2019, 2020, 2021, 2022, 2023, 2024)
_QUERY = """query ($slug: String!, $level: Float! = 0.95, $against: BenchmarkGroup! = NATIONAL) {
  wijken { nodes { code observations(indicators: [$slug]) { ... on Observation { value
    benchmarks(against: [$against]) { aggregate median difference significance(level: $level) {
      significantlyWorse ground basis lower upper level text(language: EN) method(language: EN) } }
    percentile { value rank limits(level: $level) { lower upper rankFrom rankTo basis level } }
    english: sentence(against: $against, language: EN)
    dutch: sentence(against: $against, language: NL) } } } } }"""


class _Store(ProfileStore):
    """Some indicators mean something else here."""

    changed: dict[str, dict[str, Any]]

    async def head(self, number: int | None) -> Head:
        found = await super().head(number)
        others = {slug: indicator(slug, **given) for slug, given in self.changed.items()}
        return replace(found, indicators={**found.indicators, **others})


def _store(
    values: list[float],
    *,
    margins: list[float] | None = None,
    slopes: list[float] | None = None,
    slug: str = "ill",
    **changed: Any,
) -> _Store:
    """One indicator in six years; before the last each value is its slope less."""
    made = store_of(_CODES, {"population": _PEOPLE})
    store = _Store(**{name: getattr(made, name) for name in made.__dataclass_fields__})
    store.changed = {slug: {"nature": Nature.MEASURED, **changed}}
    filled = block(slug, values, _YEARS)
    back = np.array(slopes or [0.0] * len(values))[:, None] * (np.array(_YEARS) - 2024)
    cells = filled.values + back
    half = np.array(margins or [NAN] * len(values))[:, None]
    lower, upper = (None, None) if margins is None else (cells - half, cells + half)
    known = np.where(np.isnan(cells), Reason.NO_FIGURE, Reason.OBSERVED).astype(np.uint8)
    store.blocks[filled.key] = replace(
        filled, values=cells, lower=lower, upper=upper, reasons=known
    )
    return store


async def _asked(store: _Store, slug: str = "ill", **given: Any) -> dict[str, Any]:
    nodes = (await data(_QUERY, {"slug": slug, **given}, store=store))["wijken"]["nodes"]
    return {each["code"]: each["observations"][0] for each in nodes}


def _significance(observation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = observation["benchmarks"][0]["significance"]
    return found


# Beside a benchmark.


@pytest.mark.parametrize(
    ("direction", "low", "high"),
    [
        (Direction.LOWER_IS_BETTER, ("NO", "BETTER"), ("YES", "WORSE")),
        (Direction.HIGHER_IS_BETTER, ("YES", "WORSE"), ("NO", "BETTER")),
        (Direction.NEUTRAL, ("CANNOT_BE_SAID", "NEUTRAL"), ("CANNOT_BE_SAID", "NEUTRAL")),
    ],
)
async def test_worse_is_limits_wholly_on_the_worse_side(
    direction: Direction, low: tuple[str, str], high: tuple[str, str]
) -> None:
    found = await _asked(_store(_ILL, margins=[1.0] * 6, direction=direction))

    said = {code: _significance(each) for code, each in found.items()}
    assert (said["WK900101"]["significantlyWorse"], said["WK900101"]["ground"]) == low
    assert (said["WK900104"]["significantlyWorse"], said["WK900104"]["ground"]) == high


async def test_a_benchmark_within_the_limits_decides_nothing() -> None:
    found = await _asked(_store(_ILL, margins=[8.0] * 6))

    national = found["WK900102"]["benchmarks"][0]["aggregate"]
    assert 14 - 8 < national < 14 + 8
    said = _significance(found["WK900102"])
    assert (said["significantlyWorse"], said["ground"]) == ("CANNOT_BE_SAID", "WITHIN_LIMITS")
    assert (said["lower"], said["upper"], said["basis"]) == (6, 22, "PUBLISHER")
    assert said["text"] == "The difference may be chance."


async def test_without_limits_nothing_is_said() -> None:
    found = await _asked(_store(_ILL, nature=Nature.MODELLED))

    said = _significance(found["WK900104"])
    assert (said["significantlyWorse"], said["ground"]) == ("CANNOT_BE_SAID", "NO_LIMITS")
    assert (said["method"], said["lower"], said["basis"]) == (None, None, "NONE")


async def test_an_absent_value_and_a_sum_are_not_tested() -> None:
    absent = await _asked(_store([NAN, *_ILL[1:]], margins=[1.0] * 6))
    summed = await _asked(
        _store(_ILL, kind=Kind.COUNT, aggregation=Aggregation.SUM, denominator=None)
    )

    assert _significance(absent["WK900101"])["ground"] == "NO_VALUE"
    assert {_significance(each)["ground"] for each in summed.values()} == {"NOT_ALIKE"}


async def test_a_share_is_tested_by_wilson_to_four_decimals() -> None:
    """81 of 263 gives 0.2553 to 0.3662 (Newcombe 1998, table I, method 3)."""
    store = _store([10.0, 14, 11, 100 * 81 / 263, 10, 20], denominator="population", decimals=9)
    key = SeriesKey("population", Level.WIJK, 2024)
    people = np.array([[1000.0], [2000], [1000], [263], [1500], [3000]])
    store.blocks[key] = replace(store.blocks[key], values=people)
    said = _significance((await _asked(store))["WK900104"])

    assert said["lower"] / 100 == pytest.approx(0.2553, abs=5e-5)
    assert said["upper"] / 100 == pytest.approx(0.3662, abs=5e-5)
    assert (said["basis"], said["significantlyWorse"]) == ("BINOMIAL", "YES")
    assert "Wilson's interval of 95 per cent" in said["method"]
    assert "taken as exact" in said["method"]


async def test_a_rate_is_tested_by_byar_to_four_decimals() -> None:
    """30 per thousand of 500 people are 15 events; the rate is whole, so 14.75 to 15.25 of them."""
    store = _store(
        _ILL, kind=Kind.RATE, factor=1000.0, denominator="population", decimals=0,
        aggregation=Aggregation.WEIGHTED_MEAN,
    )  # fmt: skip
    said = _significance((await _asked(store))["WK900104"])

    z = 1.959963984540054
    low, high = 14.75, 15.25 + 1
    lower = low * (1 - 1 / (9 * low) - z / (3 * low**0.5)) ** 3
    upper = high * (1 - 1 / (9 * high) + z / (3 * high**0.5)) ** 3
    assert (said["lower"], said["upper"]) == pytest.approx((2 * lower, 2 * upper), abs=5e-5)
    assert said["basis"] == "POISSON"
    assert said["significantlyWorse"] == ("YES" if 2 * lower > _mean() else "CANNOT_BE_SAID")


def _mean() -> float:
    return float(np.average(_ILL, weights=_PEOPLE))


async def test_a_rate_of_which_the_scale_is_not_stated_has_no_limits() -> None:
    store = _store(_ILL, kind=Kind.RATE, denominator="population", decimals=0)

    assert _significance((await _asked(store))["WK900104"])["ground"] == "NO_LIMITS"


@pytest.mark.parametrize(
    "field", ["benchmarks(against: [NATIONAL]) { significance(level: 1.2) { ground } }",
              "percentile { limits(level: 0) { basis } }"],
)  # fmt: skip
async def test_a_level_that_is_no_probability_is_refused(field: str) -> None:
    query = '{ wijk(code: "WK900101") { observations(indicators: ["ill"]) { ... on Observation { '
    found = await refusal(query + field + " } } } }", store=_store(_ILL))

    assert found["code"] == "BAD_USER_INPUT"


# Ranks.


async def test_a_rank_has_limits_among_the_same_others() -> None:
    found = await _asked(_store(_ILL, margins=[0.5, 6.5, 0.5, 0.5, 0.5, 0.5]))

    # 14 may be 7.5 to 20.5: below all of 10, 10 and 11, or above 20.
    place = found["WK900102"]["percentile"]
    assert (place["rank"], place["limits"]["rankFrom"], place["limits"]["rankTo"]) == (3, 2, 6)
    assert place["limits"]["lower"] <= place["value"] <= place["limits"]["upper"]
    assert place["limits"]["basis"] == "PUBLISHER"


async def test_where_more_is_better_the_limits_of_a_rank_turn_round() -> None:
    margins = [0.5, 6.5, 0.5, 0.5, 0.5, 0.5]
    found = await _asked(_store(_ILL, margins=margins, direction=Direction.HIGHER_IS_BETTER))

    place = found["WK900102"]["percentile"]
    assert (place["rank"], place["limits"]["rankFrom"], place["limits"]["rankTo"]) == (4, 1, 5)


async def test_a_rank_of_a_value_of_which_nothing_is_known_is_not_certain() -> None:
    found = await _asked(_store(_ILL, nature=Nature.MODELLED))

    limits = found["WK900102"]["percentile"]["limits"]
    assert limits["basis"] == "NONE"
    assert {limits[key] for key in ("lower", "upper", "rankFrom", "rankTo")} == {None}


async def test_an_area_that_is_not_ranked_has_no_limits() -> None:
    found = await _asked(_store([NAN, *_ILL[1:]], margins=[1.0] * 6))

    assert found["WK900101"]["percentile"]["limits"] is None


# Sentences.


async def test_a_sentence_says_how_much_beside_what_and_since_when() -> None:
    store = _store(_ILL, margins=[1.0] * 6, slopes=[0.0, 0, 0, 1.5, 0, 0], decimals=1,
                   name_nl="Ziek", name_en="Ill", unit_nl="%", unit_en="%")  # fmt: skip
    found = (await _asked(store))["WK900104"]

    assert found["english"] == (
        "Ill (2024): 30.0 %. Higher than the mean of all areas in the country (15.44). "
        "Significantly worse (the source's own margins). "
        "2019-2024: a trend for the worse (Mann-Kendall, p = 0.009, 6 values)."
    )
    assert found["dutch"] == (
        "Ziek (2024): 30,0 %. Hoger dan het gemiddelde van alle gebieden in het land (15,44). "
        "Significant slechter (de eigen marges van de bron). "
        "2019-2024: een trend naar slechter (Mann-Kendall, p = 0,009, 6 waarden)."
    )


async def test_of_an_absent_value_the_sentence_says_why() -> None:
    found = (await _asked(_store([NAN, *_ILL[1:]])))["WK900101"]

    assert "(2024): " in found["english"]
    assert found["english"] != found["dutch"]
    assert "igher" not in found["english"]


@pytest.mark.parametrize("direction", Direction)
async def test_a_sum_is_put_beside_nothing(direction: Direction) -> None:
    """Least of all beside the total of the country, as if that were its mean."""
    store = _store(
        _ILL, kind=Kind.COUNT, aggregation=Aggregation.SUM, denominator=None, direction=direction
    )
    found = (await _asked(store))["WK900104"]

    for text in found["english"], found["dutch"]:
        assert not re.search(r"higher|lower|mean|hoger|lager|gemiddelde", text, re.IGNORECASE)


_WORSE = re.compile(r"\b(worse|slechter)\b", re.IGNORECASE)
_BETTER = re.compile(r"\b(better|beter)\b", re.IGNORECASE)


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.integers(5, 60), min_size=6, max_size=6),
    margin=st.one_of(st.none(), st.floats(0.1, 30)),
    slope=st.sampled_from([-1.0, -0.1, 0.0, 0.1, 1.0]),
    wobble=st.lists(st.integers(-4, 4), min_size=6, max_size=6),
    direction=st.sampled_from(list(Direction)),
    kind=st.sampled_from([Kind.SHARE, Kind.INDEX, Kind.MEDIAN, Kind.RATE]),
    group=st.sampled_from(["NATIONAL", "GEMEENTE", "REST_OF_GEMEENTE", "PEERS"]),
)
def test_worse_is_said_exactly_where_a_test_says_so(
    values: list[int],
    margin: float | None,
    slope: float,
    wobble: list[int],
    direction: Direction,
    kind: Kind,
    group: str,
) -> None:
    store = _store(
        [float(each) for each in values],
        margins=None if margin is None else [margin] * 6,
        slopes=[slope] * 6,
        kind=kind,
        direction=direction,
        denominator="population",
        aggregation=Aggregation.NONE if kind is Kind.MEDIAN else Aggregation.WEIGHTED_MEAN,
    )
    key = SeriesKey("ill", Level.WIJK, 2024)
    shaken = store.blocks[key].values + np.array(wobble)[None, :]
    store.blocks[key] = replace(store.blocks[key], values=shaken)

    for observation, trend in asyncio.run(_with_trends(store, group)):
        ground = _significance(observation)["ground"]
        for text in (observation["english"], observation["dutch"]):
            worse = (ground == "WORSE") + (trend == "WORSENING")
            better = (ground == "BETTER") + (trend == "IMPROVING")
            assert len(_WORSE.findall(text)) == worse
            assert len(_BETTER.findall(text)) == better


async def _with_trends(store: _Store, group: str) -> list[tuple[dict[str, Any], str]]:
    """The observations of all wijken, each with the change of its trend."""
    found = await _asked(store, against=group)
    query = """{ wijken { nodes { code series(indicators: ["ill"]) { ... on Series {
      trend { change } } } } } }"""
    nodes = (await data(query, store=store))["wijken"]["nodes"]
    return [(found[each["code"]], each["series"][0]["trend"]["change"]) for each in nodes]


@pytest.mark.parametrize(
    ("value", "decimals", "english", "shown"),
    [
        (12345.678, 1, True, "12,345.7"),
        (12345.678, 1, False, "12.345,7"),
        (-0.5, 2, False, "-0,50"),
        (7.0, 0, True, "7"),
    ],
)
def test_numbers_are_written_as_people_of_each_language_do(
    value: float, decimals: int, english: bool, shown: str
) -> None:
    assert number(value, decimals, english) == shown
