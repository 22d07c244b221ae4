"""All operations of the REST contract, as routes and as their description."""

from collections.abc import Iterator, Sequence

import orjson
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from service.rest import openapi, refusals
from service.rest.addresses import Addresses
from service.rest.common import ROOT
from service.rest.conditions import STARTED, changed_at
from service.rest.door import Door, Open
from service.rest.features.asking import CHOSEN
from service.rest.operation import Format, Operation
from service.rest.operator import Operator
from service.rest.record import ANY_OBJECT
from service.rest.resources import (
    area_files,
    areas,
    catalogue,
    changes,
    checksums,
    evidence,
    features,
    figures,
    groups,
    indicators,
    messages,
    observations,
    programmes,
    publications,
    sources,
    spread_evidence,
)
from service.rest.spoken import Spoken

_JSON = Format("json", "application/json", schema=ANY_OBJECT, spoken=True)
_OPENAPI = Format(
    "openapi", "application/vnd.oai.openapi+json;version=3.0", schema=ANY_OBJECT, spoken=True
)

_BEFORE: Sequence[Operation] = (
    *features.OPERATIONS,
    *areas.OPERATIONS,
    *area_files.OPERATIONS,
    *figures.OPERATIONS,
    *indicators.OPERATIONS,
    *observations.OPERATIONS,
    *sources.OPERATIONS,
    *programmes.OPERATIONS,
    *groups.OPERATIONS,
    *publications.OPERATIONS,
    *checksums.OPERATIONS,
)
_AFTER: Sequence[Operation] = (
    *changes.OPERATIONS,
    *evidence.OPERATIONS,
    *spread_evidence.OPERATIONS,
    *messages.OPERATIONS,
)


def _resources(operator: Operator) -> list[Operation]:
    return [*_BEFORE, catalogue.operation(operator), *_AFTER]


RESOURCES: Sequence[Operation] = _resources(Operator())


def routes(
    opened: Open,
    public_url: str,
    further: Sequence[Operation] = (),
    *,
    operator: Operator | None = None,
) -> list[BaseRoute]:
    """The addresses of the contract; `further` are operations with endpoints of their own."""
    description, operator = _description(), operator or Operator()
    operations = [*_resources(operator), *further, _described_by(description)]
    description.write = lambda language: orjson.dumps(
        openapi.document(operations, public_url, operator, language=language)
    )
    return [Addresses(list(_routes(opened, public_url, operations)))]


def described_operations(further: Sequence[Operation] = ()) -> list[Operation]:
    """Every operation that the description names, the description itself included."""
    return [*RESOURCES, *further, _described_by(_description())]


def _routes(opened: Open, public_url: str, operations: Sequence[Operation]) -> Iterator[Route]:
    for operation in operations:
        endpoint = operation.endpoint or Door(operation, opened, public_url)
        if operation.path == "/":
            # Clients of OGC API are given either; its own links have the slash.
            yield Route(ROOT, endpoint, name=f"{operation.id}-kort")
        yield Route(ROOT + operation.path, endpoint, name=operation.id)
    yield Route(ROOT + "/{rest:path}", Nothing(), name="nothing")


def _description() -> Spoken:
    # GDAL brings along what stood behind the address that it was given.
    return Spoken([_JSON, _OPENAPI], carried=CHOSEN, changed=changed_at(STARTED))


def _described_by(endpoint: Spoken) -> Operation:
    return Operation(
        path="/openapi.json",
        id="openapi",
        tag="Dienst",
        nl="De beschrijving van deze API (OpenAPI 3.0.3).",
        parameters=endpoint.parameters,
        formats=endpoint.formats,
        endpoint=endpoint,
        can_be_pinned=False,
    )


class Nothing:
    """Everything else under the version. A class, because Starlette calls functions otherwise."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = refusals.refuse(
            404,
            "NOT_FOUND",
            "there is nothing at this address; /v1/openapi.json describes what there is",
            "op dit adres is niets; /v1/openapi.json beschrijft wat er is",
        )
        await answer(scope, receive, send)
