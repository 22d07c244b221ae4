"""Stacking as properties of OGC features and in filters: the counts that GraphQL gives."""

from typing import Any

import httpx
import pytest

from tests.api.asking import data
from tests.api.lonely import WIJKEN, lonely_store
from tests.api.resting import rest_client
from tests.api.sample import SampleStore

NAN = float("nan")
ITEMS = "/v1/collections/wijken-2024/items"
NAMES = ("stapeling", "stapeling_min", "stapeling_max", "stapeling_status")


def _store() -> SampleStore:
    """Four wijken: the third has no figure, the last, which is small, is the worst."""
    return lonely_store([10, 20, NAN, 90], [1000, 1000, 1000, 100])


async def _features(client: httpx.AsyncClient, address: str, **more: str) -> list[Any]:
    answer = await client.get(address, params={"stapeling": "alone@1", **more})
    assert answer.status_code == 200, answer.text
    features: list[Any] = answer.json()["features"]
    return features


async def _found(text: str) -> list[str]:
    async with rest_client(_store()) as (client, _):
        return [each["id"] for each in await _features(client, ITEMS, filter=text)]


async def test_each_area_says_in_how_many_domains_it_is_among_the_worst_and_how_sure() -> None:
    async with rest_client(_store()) as (client, _):
        by_id = {each["id"]: each["properties"] for each in await _features(client, ITEMS)}
    told = {id_: tuple(each[name] for name in NAMES) for id_, each in by_id.items()}
    assert told["WK900101"] == (0, 0, 0, "COUNTED")
    assert told["WK9002A1"] == (1, 1, 1, "COUNTED")
    assert told["WK900103"] == (None, 0, 1, "PARTLY_UNKNOWN")
    assert told["WK900199"] == (None, None, None, "NOT_JUDGED"), "it is water"
    assert {each["stapeling_definitie"] for each in by_id.values()} == {"alone@1"}


async def test_graphql_and_features_count_the_same() -> None:
    store = _store()
    query = (
        '{ wijken(filter: {terrain: null}) { nodes { code stacking(definition: "alone@1") '
        "{ eligible count countMin countMax } } } }"
    )
    nodes = (await data(query, store=store))["wijken"]["nodes"]
    expected = {
        each["code"]: tuple(each["stacking"][name] for name in ("count", "countMin", "countMax"))
        for each in nodes
        if each["stacking"]["eligible"]
    }
    async with rest_client(store) as (client, _):
        shown = await _features(client, ITEMS)
    found = {
        each["id"]: tuple(each["properties"][name] for name in NAMES[:3])
        for each in shown
        if each["properties"]["stapeling_status"] != "NOT_JUDGED"
    }
    assert found == expected
    assert len(found) == len(WIJKEN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stapeling >= 1", ["WK9002A1"]),
        ("NOT stapeling >= 1", ["WK900101", "WK900102"]),
        ("stapeling_max >= 1", ["WK900103", "WK9002A1"]),
        ("stapeling_min = 0 AND naam = 'Centrum'", ["WK900101"]),
        ("stapeling IS NULL", ["WK900103", "WK900199"]),
        ("stapeling_status = 'NOT_JUDGED'", ["WK900199"]),
    ],
)
async def test_a_filter_compares_counts_and_never_takes_an_unknown_one_for_a_number(
    text: str, expected: list[str]
) -> None:
    assert await _found(text) == expected


async def test_indicators_and_an_item_alone_have_the_counts_too() -> None:
    async with rest_client(_store()) as (client, _):
        listed = (await _features(client, ITEMS, indicatoren="population"))[0]
        query = "stapeling=alone&indicatoren=population"
        alone = (await client.get(f"{ITEMS}/{listed['id']}?{query}")).json()
    assert alone["properties"] == listed["properties"]
    assert list(listed["properties"])[-5:-4] == ["population"]


async def test_a_year_without_figures_leaves_every_count_open() -> None:
    async with rest_client(_store()) as (client, _):
        shown = await _features(client, ITEMS, jaar="1999")
    states = {each["properties"]["stapeling_status"] for each in shown}
    assert states == {"PARTLY_UNKNOWN", "NOT_JUDGED"}


async def test_focus_areas_are_not_judged_and_say_so() -> None:
    async with rest_client(_store()) as (client, _):
        shown = await _features(client, "/v1/collections/focusgebieden-2024/items")
    assert {tuple(each["properties"][name] for name in NAMES) for each in shown} == {
        (None, None, None, "NOT_JUDGED")
    }


async def test_an_unknown_definition_is_404_and_names_those_there_are() -> None:
    async with rest_client(_store()) as (client, _):
        for address in (ITEMS, "/v1/collections/wijken-2024/queryables"):
            answer = await client.get(f"{address}?stapeling=aloone@1")
            assert answer.status_code == 404
            (fault,) = answer.json()["errors"]
            assert (fault["name"], fault["code"]) == ("stapeling", "UNKNOWN_DEFINITION")
            assert fault["allowed"] == ["alone@1"]


async def test_a_filter_on_stacking_without_a_definition_says_which_parameter_is_missing() -> None:
    async with rest_client(_store()) as (client, _):
        answer = await client.get(ITEMS, params={"filter": "stapeling > 1"})
        (fault,) = answer.json()["errors"]
        plain = (await client.get("/v1/collections/wijken-2024/queryables")).json()
        chosen = (await client.get("/v1/collections/wijken-2024/queryables?stapeling=alone")).json()
    assert (answer.status_code, fault["code"]) == (400, "NOTHING_CHOSEN")
    assert "stapeling" in fault["detail"]
    assert set(chosen["properties"]) - set(plain["properties"]) == set(NAMES)
