"""Benchmarks and what a source withholds: an attacker has every answer of every wijk and group."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.programme import Membership
from tests.api.asking import data
from tests.api.benchmarked import (
    ALL,
    CODES,
    DOT,
    JOBS,
    ONE,
    PEOPLE,
    POOR,
    QUERY,
    SECRET,
    TWO,
    Cell,
    Country,
    country,
    focus,
    found_for,
)


async def _answers(store: Country, *slugs: str) -> list[Any]:
    given = {"slugs": list(slugs), "against": ALL, "programme": None}
    nodes = (await data(QUERY, given, store=store))["wijken"]["nodes"]
    return [
        [each["code"], *[(one["value"], one["benchmarks"]) for one in each["observations"]]]
        for each in nodes
    ]


def _hidden(
    slug: str,
    truth: float,
    *,
    at: str = "WK900102",
    sign: Reason = SECRET,
    people: Mapping[str, Cell] = PEOPLE,
    also: Mapping[str, float] | None = None,
    members: tuple[Membership, ...] | None = None,
) -> Country:
    """A country where a value is withheld and the wholes are of the true values."""
    share = slug != "jobs"
    shown_cells = dict(POOR if share else JOBS)
    true = {c: float(v) for c, v in shown_cells.items()} | {at: truth, **(also or {})}
    shown_cells |= {at: sign} | dict.fromkeys(also or {}, sign)
    counted = {c: float(p) if not isinstance(p, Reason) else 0.0 for c, p in people.items()}

    def whole(codes: tuple[str, ...]) -> float:
        if not share:
            return sum(true[c] for c in codes)
        return sum(true[c] * counted[c] for c in codes) / sum(counted[c] for c in codes)

    parts = {slug: shown_cells, "population": people}
    if slug == "density":
        parts |= {"people": true, "hectares": people}
    return country(
        parts,
        {slug: (whole(ONE), whole(TWO))},
        {slug: whole(ONE + TWO)},
        members=focus() if members is None else members,
    )


_NOBODY = {**PEOPLE, "WK900102": 0}
_UNKNOWN = {**PEOPLE, "WK900102": SECRET}


@pytest.mark.parametrize("slug", ["jobs", "poor", "density"])
@pytest.mark.parametrize("sign", [SECRET, DOT, Reason.NO_FIGURE, Reason.MISSING_CODE])
@pytest.mark.parametrize("at", ["WK900102", "WK900101", "WK900202"])
@pytest.mark.parametrize("people", [PEOPLE, _UNKNOWN], ids=["inhabited", "unknown"])
async def test_no_answer_for_any_wijk_depends_on_the_one_value_that_is_withheld(
    slug: str, sign: Reason, at: str, people: Mapping[str, Cell]
) -> None:
    given: dict[str, Any] = {"at": at, "sign": sign, "people": people}
    one, other = [await _answers(_hidden(slug, truth, **given), slug) for truth in (17.0, 71.0)]

    # All answers are equal, so that nothing made of them can tell one truth from the other.
    assert one == other


@pytest.mark.parametrize("slug", ["jobs", "poor"])
async def test_nor_where_nobody_lives_and_the_source_withholds_it(slug: str) -> None:
    one, other = [
        await _answers(_hidden(slug, truth, people=_NOBODY), slug) for truth in (17.0, 71.0)
    ]

    assert one == other


async def test_a_gemeente_with_one_does_not_betray_it_by_the_country_where_another_has_two() -> (
    None
):
    also = {"WK900202": 2.0, "WK900203": 3.0}
    stores = [_hidden("jobs", truth, also=also) for truth in (17.0, 71.0)]

    one, other = [await _answers(store, "jobs") for store in stores]
    assert one == other
    found = await found_for(stores[0], "jobs", "GEMEENTE", "NATIONAL")
    assert found["WK900201"]["GEMEENTE"]["published"]["value"] == 10
    assert found["WK900201"]["NATIONAL"]["publishedWithheld"]
    assert found["WK900101"]["GEMEENTE"]["publishedWithheld"]


async def test_of_two_withheld_values_only_their_sum_can_be_found() -> None:
    store = _hidden("jobs", 17.0, also={"WK900104": 44.0})

    rows = []
    for code, answer in (await found_for(store, "jobs", *ALL)).items():
        rows += _equations(code, answer)
    known = np.array(rows)
    rank = np.linalg.matrix_rank(known)
    for code in ("WK900102", "WK900104"):
        wanted = np.array([[each == code for each in CODES[:-1]]], float)
        assert np.linalg.matrix_rank(np.vstack([known, wanted])) == rank + 1
    both = np.array([[each in ("WK900102", "WK900104") for each in CODES[:-1]]], float)
    assert np.linalg.matrix_rank(np.vstack([known, both])) == rank


def _equations(code: str, answer: dict[str, Any]) -> list[list[float]]:
    """Which sums of true values an attacker knows from the answers for one wijk."""
    gemeente = ONE if code in ONE else TWO
    members = {"WK900101", "WK900201"}
    groups = {
        "GEMEENTE": set(gemeente),
        "REST_OF_GEMEENTE": set(gemeente) - {code},
        "NATIONAL": set(CODES[:-1]),
        "FOCUS_AREAS": members,
        "OUTSIDE_FOCUS_AREAS": set(CODES[:-1]) - members - {"WK900202"},
    }
    known = []
    for group, each in answer.items():
        if each["aggregate"] is not None:
            known.append(groups[group])
        if each["difference"] is not None:
            # With the aggregate or median that it is to, it is the value itself.
            known.append({code})
        if each["published"] is not None:
            inside = group in ("GEMEENTE", "REST_OF_GEMEENTE")
            known.append(set(gemeente) if inside else set(CODES[:-1]))
    return [[float(one in those) for one in CODES[:-1]] for those in known]


async def test_the_attack_finds_a_value_where_the_whole_is_told() -> None:
    # The same arithmetic on a country that hides nothing: the attack itself works.
    store = country({"jobs": JOBS, "population": PEOPLE}, {"jobs": (150, 10)}, {"jobs": 160})
    rows = []
    for code, answer in (await found_for(store, "jobs", *ALL)).items():
        if code != "WK900102":
            rows += _equations(code, answer)

    known = np.array(rows)
    wanted = np.array([[each == "WK900102" for each in CODES[:-1]]], float)
    assert np.linalg.matrix_rank(np.vstack([known, wanted])) == np.linalg.matrix_rank(known)


async def test_the_rest_of_a_gemeente_is_not_summed_around_the_one_withheld_wijk() -> None:
    found = await found_for(_hidden("jobs", 17.0), "jobs", "GEMEENTE", "REST_OF_GEMEENTE")

    own = found["WK900102"]["REST_OF_GEMEENTE"]
    assert (own["aggregate"], own["refusal"], own["known"]) == (None, "WOULD_REVEAL", 4)
    assert found["WK900102"]["GEMEENTE"]["refusal"] == "LOW_COVERAGE"
    assert found["WK900103"]["REST_OF_GEMEENTE"]["refusal"] == "LOW_COVERAGE"


async def test_a_sum_waits_for_a_withheld_value_where_nobody_lives() -> None:
    found = await found_for(_hidden("jobs", 17.0, people=_NOBODY), "jobs", "GEMEENTE", "NATIONAL")

    assert {each["refusal"] for each in found["WK900101"].values()} == {"WOULD_REVEAL"}
    assert {each["aggregate"] for each in found["WK900101"].values()} == {None}


async def test_nor_is_a_sum_complete_that_lacks_two_withheld_values_where_nobody_lives() -> None:
    people = {**_NOBODY, "WK900104": 0}
    store = _hidden("jobs", 17.0, people=people, also={"WK900104": 44.0})

    found = (await found_for(store, "jobs", "GEMEENTE"))["WK900101"]["GEMEENTE"]
    assert (found["aggregate"], found["refusal"]) == (None, "WOULD_REVEAL")
    assert found["published"]["value"] == 10 + 17 + 30 + 44 + 50


async def test_an_unknown_value_where_nobody_lives_hides_nothing() -> None:
    store = _hidden("jobs", 0.0, sign=DOT, people=_NOBODY)

    found = (await found_for(store, "jobs", "GEMEENTE"))["WK900101"]["GEMEENTE"]
    assert (found["aggregate"], found["refusal"]) == (130, None)
    assert found["published"]["value"] == 130


async def test_of_medians_the_whole_is_told_because_it_says_nothing_of_one_part() -> None:
    income = {**POOR, "WK900102": SECRET}
    store = country({"income": income, "population": PEOPLE}, {"income": (33, 7)})

    found = (await found_for(store, "income", "GEMEENTE"))["WK900101"]["GEMEENTE"]
    assert (found["published"]["value"], found["publishedWithheld"]) == (33, False)


async def test_the_published_figures_themselves_may_tell_it_without_any_benchmark() -> None:
    # Not ours to undo: the source publishes both, and each can be asked for.
    found = await data(
        '{ gemeente(code: "GM9001") { observations(indicators: ["jobs"]) { ... on Observation {'
        ' value } } } wijken(filter: {gemeente: "GM9001"}) { nodes {'
        ' observations(indicators: ["jobs"]) { ... on Observation { value } } } } }',
        store=_hidden("jobs", 17.0),
    )

    whole = found["gemeente"]["observations"][0]["value"]
    parts = [each["observations"][0]["value"] or 0 for each in found["wijken"]["nodes"]]
    assert whole - sum(parts) == 17
