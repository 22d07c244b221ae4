"""The stacking of focus areas: by what follows from their units, and bounds where it does not."""

from dataclasses import replace
from typing import Any

import pytest

from db.core.indicator import Direction
from db.core.programme import Certainty, Extent, Membership
from tests.api import benchmarked
from tests.api.asking import data, refusal
from tests.api.benchmarked import ONE, SECRET, TWO, Country
from tests.api.composed import country_of
from tests.api.sample import _member

_FIELDS = """level vintage eligible count countMin countMax judged
  definition { scope(language: EN) }
  sensitivity { threshold countMin countMax }
  parts { domain exceeded threshold percentileMin percentileMax indicators { indicator { slug }
    percentileMin percentileMax unknown unknownText(language: EN)
    aggregate { value lower upper year reason { code } blockedBy { area { code } } } } }"""
_QUERY = f"""query ($own: StackingDefinitionInput!, $vintage: Int) {{
  focusArea(slug: "elstad") {{ stacking(own: $own, vintage: $vintage) {{ {_FIELDS} }} }} }}"""
_POOR = {"WK900101": 10, "WK900102": 20, "WK900103": 30, "WK900104": 40, "WK900105": 50}
_POOR |= {"WK900201": 5, "WK900202": 15, "WK900203": 25, "WK900204": 35}
_SCORE = {code: 100 - value for code, value in _POOR.items()}
_INCOME = {code: 1000 + value for code, value in _POOR.items()}


@pytest.fixture(autouse=True)
def _judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indicators with a worse side, which those of this country have not."""
    for slug in ("poor", "jobs", "income", "score"):
        each = benchmarked._INDICATORS[slug]
        better = Direction.HIGHER_IS_BETTER if slug == "score" else Direction.LOWER_IS_BETTER
        monkeypatch.setitem(benchmarked._INDICATORS, slug, replace(each, direction=better))


def _own(*slugs: str, threshold: float = 51, minimum: int = 1) -> dict[str, Any]:
    domains = [{"slug": slug, "indicators": [{"slug": slug}]} for slug in slugs]
    return {"domains": domains, "threshold": threshold, "minimumInhabitants": minimum}


def _of(*members: Membership, **cells: Any) -> Country:
    given = {"poor": _POOR, "score": _SCORE, "income": _INCOME, **cells}
    return country_of(*members, **given)


async def _stacked(store: Country, **own: Any) -> Any:
    found = await data(_QUERY, {"own": own}, store=store)
    return found["focusArea"]["stacking"]


def _units(*codes: str) -> list[Membership]:
    return [_member("elstad", code, Certainty.OFFICIAL) for code in codes]


async def test_its_value_stands_where_it_would_among_all_wijken() -> None:
    """Two thirds of 20 and a third of 10 per cent is 16.7: above 10, 5 and 15, below all others."""
    found = await _stacked(_of(*_units(*ONE[:2])), **_own("poor"))

    (part,) = found["parts"]
    (indicator,) = part["indicators"]
    people = sum(benchmarked.PEOPLE[code] for code in (*ONE, *TWO))
    below = sum(benchmarked.PEOPLE[code] for code in (ONE[0], TWO[0], TWO[1]))
    assert indicator["aggregate"]["value"] == pytest.approx(50 / 3)
    assert indicator["percentileMin"] == pytest.approx(100 * below / people)
    assert indicator["percentileMin"] == indicator["percentileMax"]
    assert (found["level"], found["vintage"], found["judged"]) == ("WIJK", 2024, 9)
    assert (found["count"], part["exceeded"]) == (0, "NO")
    assert "same households" in found["definition"]["scope"]


async def test_one_whole_wijk_is_stacked_as_that_wijk_itself() -> None:
    store = _of(*_units(ONE[3]))
    own = _own("poor", "jobs", "income", "score")
    wijk = await data(
        """query ($own: StackingDefinitionInput!) { wijk(code: "WK900104") { stacking(own: $own) {
        count countMin countMax parts { percentile exceeded }
        sensitivity { threshold countMin countMax } } } }""",
        {"own": own},
        store=store,
    )
    itself = wijk["wijk"]["stacking"]

    found = await _stacked(store, **own)

    for name in ("count", "countMin", "countMax", "sensitivity"):
        assert found[name] == itself[name]
    assert [(p["percentileMin"], p["exceeded"]) for p in found["parts"]] == [
        (p["percentile"], p["exceeded"]) for p in itself["parts"]
    ]


async def test_a_count_or_a_median_of_several_wijken_is_unknown_and_says_why() -> None:
    found = await _stacked(_of(*_units(*ONE[2:5])), **_own("poor", "jobs", "income"))

    poor, jobs, income = (part["indicators"][0] for part in found["parts"])
    assert (poor["unknown"], poor["unknownText"]) == (None, None)
    assert (jobs["unknown"], jobs["percentileMin"]) == ("GROWS_WITH_SIZE", None)
    assert jobs["aggregate"]["value"] is not None
    assert (income["unknown"], income["aggregate"]["reason"]["code"]) == (
        "NO_VALUE",
        "NOT_ADDITIVE",
    )
    assert [part["exceeded"] for part in found["parts"]] == ["YES", "UNKNOWN", "UNKNOWN"]
    assert (found["count"], found["countMin"], found["countMax"]) == (None, 1, 3)


async def test_a_wijk_that_is_withheld_makes_its_domain_unknown_and_is_named() -> None:
    store = _of(*_units(*ONE[2:5]), poor={**_POOR, ONE[2]: SECRET})
    found = await _stacked(store, **_own("poor"))

    poor = found["parts"][0]["indicators"][0]
    assert (poor["unknown"], poor["aggregate"]["reason"]["code"]) == ("NO_VALUE", "PART_UNKNOWN")
    assert poor["aggregate"]["blockedBy"] == [{"area": {"code": ONE[2]}}]
    assert [part["exceeded"] for part in found["parts"]] == ["UNKNOWN"]
    assert (found["count"], found["countMin"], found["countMax"]) == (None, 0, 1)


async def test_a_wijk_in_part_gives_bounds_and_no_answer_that_depends_on_the_part() -> None:
    half = _member("elstad", ONE[3], Certainty.OFFICIAL, extent=Extent.PART, share=None)
    found = await _stacked(_of(*_units(ONE[0]), half), **_own("poor", threshold=51))

    (part,) = found["parts"]
    (indicator,) = part["indicators"]
    assert (indicator["aggregate"]["value"], indicator["unknown"]) == (None, None)
    assert indicator["percentileMin"] < 51 < indicator["percentileMax"]
    assert (part["exceeded"], found["count"]) == ("UNKNOWN", None)
    assert (found["countMin"], found["countMax"]) == (0, 1)


async def test_without_figures_or_inhabitants_enough_nothing_is_counted_as_not_exceeded() -> None:
    store = _of(*_units(*ONE[2:5]))
    few = await _stacked(store, **_own("poor", minimum=100_000))
    none = await _stacked(store, **_own("lonely"))

    assert (few["eligible"], few["countMin"], few["countMax"]) == (False, 0, 1)
    assert few["parts"][0]["indicators"][0]["unknown"] == "NOT_JUDGED"
    assert none["parts"][0]["indicators"][0] == {
        "indicator": {"slug": "lonely"},
        "percentileMin": None,
        "percentileMax": None,
        "unknown": "NO_FIGURES",
        "unknownText": "These boundaries have no figures of it.",
        "aggregate": None,
    }
    assert (none["count"], none["countMax"]) == (None, 1)


async def test_what_a_caller_puts_together_is_stacked_alike() -> None:
    store = _of(*_units(*ONE[:2]))
    query = f"""query ($own: StackingDefinitionInput!) {{ composedArea(codes: ["WK900101",
      "WK900102"]) {{ stacking(own: $own) {{ {_FIELDS} }} }} }}"""
    own = _own("poor", "jobs", "income", "score")

    found = await data(query, {"own": own}, store=store)

    assert found["composedArea"]["stacking"] == await _stacked(store, **own)


async def test_a_vintage_without_units_and_a_bad_definition_are_refused() -> None:
    store = _of(*_units(*ONE[:2]))

    other = await refusal(_QUERY, {"own": _own("poor"), "vintage": 2023}, store=store)
    bad = await refusal(_QUERY, {"own": {"domains": []}}, store=store)

    assert (other["code"], other["argument"]) == ("NOT_STATED_FOR_VINTAGE", "vintage")
    assert (bad["code"], bad["argument"]) == ("MALFORMED_DEFINITION", "own")
