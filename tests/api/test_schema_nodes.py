"""Ids: opaque, the same in every publication, and good for asking again."""

from base64 import b64encode

import pytest

from tests.api.asking import ask, data, refusal, shown
from tests.api.sample import open_sample

_IDS = """{ land { id } gemeente(code: "GM9001") { id }
    wijk(code: "WK900101", vintage: 2023) { id }
    buurt(code: "BU90010101") { id } indicator(slug: "population") { id }
    programme(slug: "kans") { id } focusArea(slug: "elstad") { id }
    municipalityGroup(slug: "network") { id } publication { id } source: sources { id } }"""


async def _ids() -> dict[str, str]:
    answer = await data(_IDS)
    answer["source"] = answer["source"][0]
    return {name: found["id"] for name, found in answer.items()}


async def test_everything_with_an_id_is_found_again_by_it() -> None:
    ids = await _ids()

    answer = await data(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": list(ids.values())}
    )

    assert answer["nodes"] == [
        {"__typename": name[0].upper() + name[1:], "id": given} for name, given in ids.items()
    ]


async def test_one_id_is_found_with_the_fields_of_its_type() -> None:
    ids = await _ids()

    answer = await data(
        """query ($id: ID!) { node(id: $id) { ... on Area { code vintage }
            ... on Wijk { gemeenteCode } } }""",
        {"id": ids["wijk"]},
    )

    assert answer["node"] == {"code": "WK900101", "vintage": 2023, "gemeenteCode": "GM9001"}


async def test_ids_are_the_same_in_another_publication() -> None:
    snapshot = await open_sample(number=2)
    query = '{ wijk(code: "WK900101") { id } }'

    assert await data(query) == await data(query, snapshot=snapshot)


def _id(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    ["Wijk:2024:WK900188", "Wijk:1900:WK900101", "Indicator:nee", "Publication:9", "Source:nee"],
)
async def test_what_this_publication_does_not_have_is_null(text: str) -> None:
    assert await data(f'{{ node(id: "{_id(text)}") {{ id }} }}') == {"node": None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WK900101",
        "é",
        _id("Wijk"),
        _id("Wijk:2024"),
        _id("Wijk:x:WK900101"),
        _id("Load:1"),
        _id("Publication:x"),
        _id("Wijk:2024:WK900101").rstrip("=") + "=",
        _id("Wijk:2024:" + "A" * 300),
    ],
)
async def test_what_was_never_an_id_is_an_error(text: str) -> None:
    error = await refusal("query ($id: ID!) { node(id: $id) { id } }", {"id": text})

    assert error["code"] == "BAD_ID"


async def test_a_bad_id_among_others_loses_only_itself() -> None:
    good = _id("Indicator:population")

    result = await ask(f'{{ nodes(ids: ["{good}", "nee"]) {{ id }} }}')

    assert result.data == {"nodes": [{"id": good}, None]}
    (error,) = result.errors or []
    assert (shown(error)["code"], error.path) == ("BAD_ID", ["nodes", 1])


async def test_more_than_a_hundred_ids_are_refused() -> None:
    error = await refusal(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [_id("Source:bureau")] * 101}
    )

    assert error["code"] == "LIMIT_OUT_OF_RANGE"
