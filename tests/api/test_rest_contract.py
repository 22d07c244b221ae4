"""The description of the REST contract is valid, and the service does what it says.

Schemathesis makes requests out of the description, right ones and wrong ones, and holds every
answer against it with every check at every operation: statuses, media types, headers, schemas,
that what is right is answered and that what is wrong is refused. What is right and no schema can
say is arranged by `tests.api.arranged`; nothing is switched off.
"""

import asyncio
from typing import Any

import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV30SpecValidator
from starlette.applications import Starlette

from service.rest.contract import RESOURCES
from tests.api import arranged
from tests.api.drawn_filters import drawn_filter
from tests.api.resting import Held, described, rest_app, rest_client
from tests.api.sample import SampleStore, open_sample

_EXAMPLES = 12


def _app() -> Starlette:
    store = SampleStore()
    return rest_app(Held(store, asyncio.run(open_sample(store))))


_CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {"max-examples": _EXAMPLES, "database": "none"},
        "seed": 1,
        # What is right is answered: it is of what there is, so that 404 would be a fault.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx"]}},
    }
)
arranged.register()
schema = schemathesis.openapi.from_asgi("/v1/openapi.json", _app(), config=_CONFIG)
_PINNED = [
    path
    for path, item in described()["paths"].items()
    if any(each["name"] == "publicatie" for each in item["get"]["parameters"])
]


@schema.parametrize()
def test_every_operation_answers_as_the_description_says(case: Any) -> None:
    case.call_and_validate()


@pytest.mark.parametrize("path", _PINNED)
def test_what_is_not_there_is_told_as_the_description_says(path: str) -> None:
    parameters = [each.definition for each in schema[path]["GET"].iter_parameters()]
    examples = {each["name"]: each.get("example", "nergens") for each in parameters}
    named = {each["name"]: examples[each["name"]] for each in parameters if each["in"] == "path"}
    required = {
        each["name"]: each["schema"].get("enum", [examples[each["name"]]])[0]
        for each in parameters
        if each["in"] == "query" and each.get("required")
    }
    case = schema[path]["GET"].Case(path_parameters=named, query={**required, "publicatie": 99})
    assert case.call_and_validate().status_code == 404


def test_every_filter_of_the_documented_grammar_is_taken_in_either_language() -> None:
    operation = schema["/collections/{collectionId}/items"]["GET"]
    for seed in range(150):
        drawn, as_json = drawn_filter(seed), bool(seed % 2)
        query = {
            "filter": drawn.json if as_json else drawn.text,
            "filter-lang": "cql2-json" if as_json else "cql2-text",
            "stapeling": "alone@1",
            **({"filter-crs": arranged.RD} if drawn.in_metres else {}),
        }
        case = operation.Case(path_parameters={"collectionId": "wijken-2024"}, query=query)
        answer = case.call_and_validate()
        assert answer.status_code == 200, (query["filter"], answer.text)


async def test_the_description_is_valid_openapi() -> None:
    async with rest_client() as (client, _):
        described = (await client.get("/v1/openapi.json")).json()
    OpenAPIV30SpecValidator(described).validate()
    assert len(described["paths"]) > len(RESOURCES)
