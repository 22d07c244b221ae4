"""The description of the REST contract is valid, and the service does what it says.

Schemathesis makes requests out of the description, right ones and wrong ones, and holds every
answer against it: statuses, media types, headers, schemas, and that what is wrong is refused.
"""

import asyncio
from typing import Any

import schemathesis
from openapi_spec_validator import OpenAPIV30SpecValidator
from starlette.applications import Starlette

from service.rest.contract import RESOURCES
from tests.api.resting import Held, rest_app, rest_client
from tests.api.sample import SampleStore, open_sample

_EXAMPLES = 12


def _app() -> Starlette:
    store = SampleStore()
    return rest_app(Held(store, asyncio.run(open_sample(store))))


# A box of numbers may lie outside its system, and a text be no moment: what OGC fixes as the
# schemas of these parameters says less than what is taken.
_SAYS_LESS = {"include-path": "/collections/{collectionId}/items"}
_CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {"max-examples": _EXAMPLES, "database": "none"},
        "seed": 1,
        "operations": [{**_SAYS_LESS, "checks": {"positive_data_acceptance": {"enabled": False}}}],
        # What reads well may be of another store: 404, or 410 for a cursor.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 404, 410]}},
    }
)
schema = schemathesis.openapi.from_asgi("/v1/openapi.json", _app(), config=_CONFIG)


@schema.parametrize()
def test_every_operation_answers_as_the_description_says(case: Any) -> None:
    case.call_and_validate()


async def test_the_description_is_valid_openapi() -> None:
    async with rest_client() as (client, _):
        described = (await client.get("/v1/openapi.json")).json()
    OpenAPIV30SpecValidator(described).validate()
    assert len(described["paths"]) > len(RESOURCES)
