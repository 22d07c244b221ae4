"""More harmonised series than one request may have: the first are answered, the others say why."""

from dataclasses import replace
from typing import Any

from schema.context import Context
from schema.harmonised import MOST_TABLES
from tests.api.asking import data
from tests.api.redrawn import MEANT, Figures, RedrawnStore, nullable, store_of
from tests.api.sample import open_sample
from tests.differential.asking import compare
from tests.differential.countries import subject
from tests.differential.documents import Request

_FIELDS = """... on HarmonisedSeries { indicator { slug } values }
  ... on IndicatorProblem { slug code message limit suggestions levels }"""
_QUERY = """query ($slugs: [String!]!, $again: [String!] = []) {
  wijk(code: "WK900110", vintage: 2021) {
    series(indicators: $slugs, harmonised: true) { FIELDS }
    again: series(indicators: $again, harmonised: true) { FIELDS } } }""".replace("FIELDS", _FIELDS)
_SLUGS = [f"people-{i:02}" for i in range(MOST_TABLES + 2)]
_PEOPLE: Figures = {"WK900101": [100], "WK900102": [300]}


def _store() -> RedrawnStore:
    meant = {slug: replace(MEANT["population"], slug=slug) for slug in _SLUGS}
    return store_of({(slug, 2020): ([2020], _PEOPLE) for slug in _SLUGS}, {**MEANT, **meant})


async def _asked(slugs: list[str], again: list[str], language: str = "en") -> tuple[Any, Any]:
    given = {"slugs": slugs, "again": again}
    found = (await data(_QUERY, given, store=_store(), language=language))["wijk"]
    return found["series"], found["again"]


async def test_the_thirteenth_indicator_is_refused_and_the_first_twelve_are_answered() -> None:
    series, _ = await _asked(["nope", *_SLUGS[:13]], [])

    assert [each.get("values") for each in series] == [None, *[[400]] * 12, None]
    assert series[0]["code"] == "UNKNOWN_INDICATOR"
    assert series[-1] == {
        "slug": "people-12",
        "code": "LIMIT_OUT_OF_RANGE",
        "message": series[-1]["message"],
        "limit": 12,
        "suggestions": [],
        "levels": [],
    }
    assert series[-1]["message"].startswith("`indicators`: 13 harmonised series of different ")
    assert series[-1]["message"].endswith("in one request; it must be from 0 to 12")


async def test_the_limit_is_of_the_request_and_what_was_asked_before_stays_answered() -> None:
    series, again = await _asked(_SLUGS[:11], [_SLUGS[12], _SLUGS[13], _SLUGS[3]], "nl")

    assert all(each["values"] == [400] for each in series)
    assert [each.get("values") for each in again] == [[400], None, [400]]
    assert again[1]["message"].endswith("het moet van 0 tot en met 12 zijn")


async def test_plans_answer_as_many_for_many_wijken_as_graphql_core() -> None:
    snapshot = await open_sample(_store())
    document = """query ($slugs: [String!]!) { wijken(vintage: 2021) { nodes { code
      series(indicators: $slugs, harmonised: true) { FIELDS } } } }""".replace("FIELDS", _FIELDS)
    request = Request(document, {"slugs": _SLUGS})
    engine = subject().engine(lambda: Context(snapshot))

    answer = await engine(request)

    await compare(subject(), request, answer, lambda: Context(snapshot), nullable())
    assert answer.data
