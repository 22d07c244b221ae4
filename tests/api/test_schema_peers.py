"""Peers as a benchmark: who they are, what they say together, and that they betray nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from db.core.absence import Reason
from schema import likeness
from schema.peers import LABEL, PeersInput, definition_of
from tests.api.asking import ask, data, refusal, shown
from tests.api.benchmarked import DOT, JOBS, PEOPLE, POOR, SECRET, WATER, Cell, Country, country

_FIELDS = """group aggregate median comparedWith difference known unknown leftOut coverage
  weighedBy weightsIndicator refusal refusalText(language: EN) published { value }
  publishedWithheld peers { number definition { id label indicators count measure
    excludeOwnGemeente }
    compared { nearest { distance area { code } } used { indicator { slug } year }
      notUsed { indicator { slug } reason } problems { slug code } candidates notJudged
      excludedGemeente } }"""
_QUERY = f"""query ($slug: String!, $peers: PeersInput, $against: [BenchmarkGroup!]! = [PEERS]) {{
  wijken(filter: {{terrain: null}}, first: 20) {{ nodes {{ code observations(indicators: [$slug]) {{
    ... on Observation {{ value benchmarks(against: $against, peers: $peers) {{ {_FIELDS} }} }} }}
  }} }} }}"""
_WATERLESS = tuple(PEOPLE)
_NEAR = {"indicators": ["density", "score"]}
_DENSITY = dict(zip(_WATERLESS, (10, 11, 12, 30, 31, 32, 50, 51, 52), strict=True))
_SCORE = dict(zip(_WATERLESS, (1, 1, 1, 3, 3, 3, 5, 5, 5), strict=True))
_LARGE = {code: float(people) * 10 for code, people in PEOPLE.items() if code != WATER}


def _country(**figures: Mapping[str, Cell]) -> Country:
    """Three kinds of wijken by density and score; the third of each kind is far from the rest."""
    given: dict[str, Mapping[str, Cell]] = {
        "poor": POOR, "jobs": JOBS, "density": _DENSITY, "score": _SCORE, "population": _LARGE,
        "people": _LARGE, "hectares": _LARGE,
    }  # fmt: skip
    return country({**given, **figures})


async def _beside(
    store: Country, slug: str = "poor", peers: dict[str, Any] | None = None
) -> dict[str, Any]:
    given = {"slug": slug, "peers": {**_NEAR, "count": 2} if peers is None else peers}
    nodes = (await data(_QUERY, given, store=store))["wijken"]["nodes"]
    return {each["code"]: each["observations"][0]["benchmarks"][0] for each in nodes}


def _codes(benchmark: dict[str, Any]) -> list[str]:
    return [each["area"]["code"] for each in benchmark["peers"]["compared"]["nearest"]]


async def test_the_peers_are_the_nearest_in_context_and_never_the_area_itself() -> None:
    found = await _beside(_country())

    assert _codes(found["WK900101"]) == ["WK900102", "WK900103"]
    assert _codes(found["WK900202"]) == ["WK900203", "WK900204"]
    assert all(code not in _codes(each) for code, each in found.items() if each["peers"])


async def test_what_they_say_is_the_mean_of_their_published_values_by_inhabitants() -> None:
    found = (await _beside(_country()))["WK900101"]

    # 20 per cent of 2000 and 30 per cent of 3000 people, and 10 for the wijk itself.
    assert found["aggregate"] == pytest.approx((20 * 2000 + 30 * 3000) / 5000)
    assert found["difference"] == pytest.approx(10 - 26)
    assert (found["known"], found["unknown"], found["coverage"]) == (2, 0, 1.0)
    assert (found["weighedBy"], found["weightsIndicator"]) == ("INHABITANTS", "population")
    assert (found["published"], found["publishedWithheld"]) == (None, False)


async def test_a_peer_without_a_value_is_counted_and_never_zero() -> None:
    poor = {**POOR, "WK900103": Reason.DOT}
    found = (await _beside(_country(poor=poor), peers={**_NEAR, "count": 5}))["WK900101"]

    assert (found["known"], found["unknown"], found["peers"]["number"]) == (4, 1, 5)
    assert found["refusal"] == "LOW_COVERAGE"
    assert found["aggregate"] is None


async def test_own_gemeente_is_left_out_on_request() -> None:
    peers = {**_NEAR, "count": 2, "excludeOwnGemeente": True}
    found = (await _beside(_country(), peers=peers))["WK900101"]

    assert {code[:6] for code in _codes(found)} == {"WK9002"}
    assert found["peers"]["compared"]["excludedGemeente"] == "GM9001"


async def test_what_is_studied_is_no_context_of_itself() -> None:
    peers = {"indicators": ["density", "score", "poor"], "count": 2}
    found = (await _beside(_country(), "poor", peers))["WK900101"]
    other = (await _beside(_country(), "jobs", peers))["WK900101"]

    compared = found["peers"]["compared"]
    assert [each["indicator"]["slug"] for each in compared["used"]] == ["density", "score"]
    assert compared["notUsed"] == [{"indicator": {"slug": "poor"}, "reason": "STUDIED"}]
    assert other["peers"]["compared"]["notUsed"] == []


async def test_with_less_than_half_of_the_context_nobody_is_a_peer() -> None:
    peers = {"indicators": ["density", "score", "income", "class", "no_such"], "count": 3}
    found = (await _beside(_country(), peers=peers))["WK900101"]

    assert (found["refusal"], found["aggregate"], found["median"]) == ("PEERS_UNKNOWN", None, None)
    assert "`peers`" in found["refusalText"]
    problems = found["peers"]["compared"]["problems"]
    assert [each["slug"] for each in problems] == ["income", "class", "no_such"]


async def test_an_unknown_slug_loses_only_itself() -> None:
    peers = {"indicators": ["density", "score", "no_such"], "count": 2}
    found = (await _beside(_country(), peers=peers))["WK900101"]

    assert found["aggregate"] == pytest.approx(26)
    assert found["peers"]["compared"]["problems"] == [
        {"slug": "no_such", "code": "UNKNOWN_INDICATOR"}
    ]


async def test_a_sum_of_fewer_than_three_peers_is_not_told() -> None:
    two = await _beside(_country(), "jobs", {**_NEAR, "count": 2})
    three = await _beside(_country(), "jobs", {**_NEAR, "count": 3})

    assert two["WK900101"]["refusal"] == "TOO_FEW_AREAS"
    assert two["WK900101"]["median"] is None
    told = _codes(three["WK900101"])
    assert three["WK900101"]["aggregate"] == sum(float(JOBS[code]) for code in told)


@pytest.mark.parametrize("sign", [SECRET, DOT])
async def test_a_sum_with_a_withheld_peer_is_not_told(sign: Reason) -> None:
    store = _country(jobs={**JOBS, "WK900103": sign})
    found = (await _beside(store, "jobs", {**_NEAR, "count": 4}))["WK900101"]

    assert "WK900103" in _codes(found)
    assert found["aggregate"] is None
    assert found["refusal"] in ("LOW_COVERAGE", "WOULD_REVEAL")


@pytest.mark.parametrize("slug", ["poor", "jobs", "density"])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 8])
async def test_no_answer_of_peers_depends_on_a_value_that_is_withheld(
    slug: str, count: int
) -> None:
    """The whole is of the true value; whatever peers are asked for, it does not show."""
    context = ["score", "population", slug]
    answers = []
    for truth in (17.0, 71.0):
        cells = {"poor": POOR, "jobs": JOBS, "density": _DENSITY}[slug]
        whole = sum(float(v) for c, v in cells.items() if c != "WK900102") + truth
        parts: dict[str, Mapping[str, Cell]] = {
            slug: {**cells, "WK900102": SECRET}, "score": _SCORE, "population": _LARGE,
        }  # fmt: skip
        if slug == "density":
            parts |= {"people": {**_LARGE, "WK900102": truth}, "hectares": _LARGE}
        store = country(parts, {slug: (whole, 1.0)}, {slug: whole})
        answers.append(await _beside(store, slug, {"indicators": context, "count": count}))

    assert answers[0] == answers[1]


async def test_water_has_no_peers() -> None:
    found = (await _beside(_country()))[WATER]

    assert (found["refusal"], found["peers"]) == ("NOT_LAND", None)


async def test_equal_definitions_have_equal_ids_and_others_do_not() -> None:
    one = definition_of(PeersInput(indicators=["a", "b", "a"], count=5))
    same = definition_of(PeersInput(indicators=["b", "a"], count=5))
    others = [
        definition_of(PeersInput(indicators=["a", "b"], count=6)),
        definition_of(PeersInput(indicators=["a", "c"], count=5)),
        definition_of(PeersInput(indicators=["a", "b"], count=5, exclude_own_gemeente=True)),
    ]

    assert one.id == same.id
    assert len({one.id, *(each.id for each in others)}) == 4
    assert (one.label, definition_of(None).label) == (None, LABEL)


@pytest.mark.parametrize(
    ("peers", "code"),
    [
        ({"count": 0}, "LIMIT_OUT_OF_RANGE"),
        ({"count": 101}, "LIMIT_OUT_OF_RANGE"),
        ({"indicators": ["density"]}, "LIMIT_OUT_OF_RANGE"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name(peers: dict[str, Any], code: str) -> None:
    query = """query ($peers: PeersInput) { wijk(code: "WK900101") { code
      observations(indicators: ["poor"]) { ... on Observation {
        benchmarks(against: [PEERS], peers: $peers) { aggregate } } } } }"""
    found = await refusal(query, {"peers": peers}, store=_country())

    assert found["code"] == code


async def test_one_request_has_peers_of_so_many_areas_and_the_others_lose_only_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(likeness, "MOST_AREAS", 3)
    given = {"slug": "poor", "peers": {**_NEAR, "count": 2}}
    result = await ask(_QUERY, given, store=_country())

    assert result.data is not None
    nodes = result.data["wijken"]["nodes"]
    told = [each["observations"][0]["benchmarks"] for each in nodes]
    assert [bool(each) for each in told].count(True) == 4, "three wijken, and water has none"
    assert result.errors is not None
    assert {shown(each)["code"] for each in result.errors} == {"LIMIT_OUT_OF_RANGE"}
