"""The example of docs/own_indicators.md on Voorbeeldland: own figures take part in everything."""

import importlib.util
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from db.core.catalogue import Catalogue
from db.core.own import ABSENT, Problems
from db.ingest.run import Country, run
from db.ingest.tasks import parsed_task
from db.pool import connect
from db.reference.entries import Entry
from db.reference.indicators import load_indicators
from db.repository.facts import bodies
from db.sources.own_metadata import Decimal, Encoding, Separator, read_metadata
from service.loading import _by_slug, now
from service.own import load_own, withdraw
from tests.api.demonstration import served
from tests.databases import copied
from tests.quiet import Quiet
from tests.unit.voorbeeldland import demo_country

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_PAGE = (_DOCS / "own_indicators.md").read_text(encoding="utf-8")
_WANTED = {"voorbeeldland-kaart-2024", "voorbeeldland-kerncijfers-2024"}
Answer = dict[str, Any]


async def _voorbeeldland(connection: asyncpg.Connection) -> None:
    """Voorbeeldland as it was in 2024, without its shapes: they have no part in this."""
    made, indicators = demo_country(), load_indicators()
    given = [(dataset, parsed) for dataset, parsed in made.parsed if dataset.id in _WANTED]
    tasks = [
        parsed_task(
            dataset,
            replace(parsed, areas=[replace(each, shapes=None, crs=None) for each in parsed.areas]),
            "ab" * 32,
            indicators,
            now,
        )
        for dataset, parsed in given
    ]
    country = Country(bodies(made.reference, indicators), Catalogue(_by_slug(indicators)), True)
    await run(connection, tasks, country, clock=now, reporter=Quiet())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as a reader makes it: the metadata file, and the table that the script writes."""
    place = tmp_path_factory.mktemp("own")
    shutil.copy(_DOCS / "own" / "inflow.toml", place)
    spec = importlib.util.spec_from_file_location("make_inflow", _DOCS / "own" / "make_inflow.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.write(place)
    return place


@pytest.fixture(scope="module")
async def store(postgres: str, folder: Path) -> AsyncIterator[str]:
    async with copied(postgres, "own_inflow") as dsn:
        connection = await connect(dsn)
        await _voorbeeldland(connection)
        result = await load_own(connection, Quiet(), folder)
        assert result.publication == 2
        await connection.close()
        yield dsn


@pytest.fixture(scope="module")
async def client(
    store: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    async with served(store, tmp_path_factory.mktemp("served"), "{ __typename }") as opened:
        yield opened


async def _answer(client: httpx.AsyncClient, query: str) -> Answer:
    answer: Answer = (await client.post("/graphql", json={"query": query})).json()
    return answer


async def _data(client: httpx.AsyncClient, query: str) -> Answer:
    answer = await _answer(client, query)
    assert "errors" not in answer, answer["errors"]
    assert answer["extensions"]["fictional"]
    data: Answer = answer["data"]
    return data


async def test_the_page_asks_what_is_answered_and_says_whose_it_is(
    client: httpx.AsyncClient,
) -> None:
    (query,) = re.findall(r"^```graphql\n(.*?)^```", _PAGE, re.M | re.S)

    found = (await _data(client, query))["distribution"]

    assert found["indicator"]["origin"] == "OWN"
    assert found["indicator"]["source"]["publisher"] == "Woonstichting De Kwakel (fictief)"
    assert (found["flow"], found["indicator"]["measures"]) == (True, "FLOW")
    assert found["areas"] > 3
    assert 0 < found["gini"] < 1


async def test_a_stock_is_not_offered_as_inflow(client: httpx.AsyncClient) -> None:
    found = await _data(
        client,
        '{ distribution(indicator: "vulnerable_households", level: WIJK, vintage: 2024,'
        ' year: 2024, within: "GM9001") { flow note(language: EN) } }',
    )

    assert found["distribution"]["flow"] is False
    assert found["distribution"]["note"].startswith("A stock")


async def test_own_figures_have_a_place_bounds_a_trend_and_a_source(
    client: httpx.AsyncClient,
) -> None:
    found = await _data(
        client,
        """{ wijk(code: "WK9001AC", vintage: 2024) {
          observations(indicators: ["inflow_vulnerable"]) { ... on Observation {
            value year percentile { value rank } interval { lower upper }
            provenance { dataset source { licence origin } } } }
          series(indicators: ["inflow_vulnerable"]) { ... on Series {
            years trend { slope pointsUsed } } } } }""",
    )

    (observation,), (series,) = found["wijk"]["observations"], found["wijk"]["series"]
    assert (observation["year"], observation["value"]) == (2024, 6.6)
    assert observation["interval"] == {"lower": 6.4, "upper": 6.8}
    assert observation["percentile"]["value"] is not None
    assert observation["provenance"] == {
        "dataset": "own-kwakelhaven-inflow-wijk-2024",
        "source": {"licence": "CC0-1.0", "origin": "OWN"},
    }
    assert series["trend"]["slope"] == pytest.approx(0.6)


async def test_own_figures_of_one_gemeente_put_nobody_among_the_worst_of_the_country(
    client: httpx.AsyncClient,
) -> None:
    found = await _data(
        client,
        """{ wijken(vintage: 2024, filter: { gemeente: "GM9001" }) { nodes { code
          stacking(own: { minimumInhabitants: 1, domains: [
            { slug: "entry", indicators: [{ slug: "vulnerable_households" }] }] }) {
              countMin countMax } } } }""",
    )

    counts = {
        (each["stacking"]["countMin"], each["stacking"]["countMax"])
        for each in found["wijken"]["nodes"]
        if each["stacking"]
    }
    assert counts == {(0, 1)}


async def test_what_the_file_does_not_have_says_so_and_is_never_zero(
    client: httpx.AsyncClient,
) -> None:
    found = await _data(
        client,
        """{ here: wijk(code: "WK9001AC", vintage: 2024) { ...of }
          there: wijk(code: "WK900210", vintage: 2024) { ...of }
          elsewhere: wijk(code: "WK900301", vintage: 2024) { ...of } }
        fragment of on Wijk { observations(indicators: ["vulnerable_households"]) {
          ... on Observation { value status reasonText(language: EN) } } }""",
    )

    (hidden,), (absent,) = found["here"]["observations"], found["elsewhere"]["observations"]
    assert (hidden["value"], hidden["status"]) == (None, "SUPPRESSED")
    assert (absent["value"], absent["status"]) == (None, "NOT_PUBLISHED")
    assert absent["reasonText"] == "The source has no row for this area in this year."


async def test_at_another_level_own_figures_are_said_to_be_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    found = await _data(
        client,
        """{ gemeente(code: "GM9001", vintage: 2024) {
          observations(indicators: ["inflow_vulnerable"]) {
            ... on IndicatorProblem { code levels } } } }""",
    )

    assert found["gemeente"]["observations"] == [
        {"code": "NOT_AVAILABLE_AT_LEVEL", "levels": ["WIJK"]}
    ]


async def test_what_is_withdrawn_is_said_to_be_and_is_not_an_empty_answer(
    store: str, tmp_path: Path
) -> None:
    connection = await connect(store)
    await withdraw(connection, "vulnerable_households", "Verkeerd geteld.")
    await connection.close()
    async with served(store, tmp_path, "{ __typename }") as later:
        answer = await _answer(
            later,
            """{ wijk(code: "WK9001AC", vintage: 2024) {
              observations(indicators: ["vulnerable_households"]) {
                ... on IndicatorProblem { code message } } }
              indicator(slug: "vulnerable_households") { name } }""",
        )

    (problem,) = answer["data"]["wijk"]["observations"]
    assert problem["code"] == "WITHDRAWN"
    assert "van Woonstichting De Kwakel (fictief) is ingetrokken op" in problem["message"]
    assert '("Verkeerd geteld.")' in problem["message"]
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "WITHDRAWN"


def test_every_key_and_every_word_of_a_metadata_file_is_on_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: set[str] = set()
    present = Entry._present

    def noting(self: Entry, key: str) -> bool:
        asked.add(key)
        return present(self, key)

    monkeypatch.setattr(Entry, "_present", noting)
    text = (_DOCS / "own" / "inflow.toml").read_text(encoding="utf-8")
    breaks = 'decimals = 1\nbreaks = [{ year = 2020, text_nl = "a", text_en = "b" }]\nfactor = 2'
    read_metadata("inflow.toml", text.replace("decimals = 1", breaks, 1).encode(), Problems())

    documented = set(re.findall(r"`([^`\s]+)`", _PAGE))
    marks = {each.value.replace("\t", "\\t").replace("|", "\\|") for each in (*Separator, *Decimal)}
    words = {*ABSENT, *(each.value for each in Encoding), *marks}
    assert asked - {"source", "availability", "columns"} <= documented
    assert words <= documented
