"""The description of the REST contract (OpenAPI 3.0.3), made from the operations themselves."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from service.headers import API_VERSION
from service.rest.common import LIMIT, ROOT
from service.rest.door import SERVICE, parameters_of
from service.rest.english.texts import in_english
from service.rest.operation import Format, Operation
from service.rest.operator import Operator
from service.rest.parameter import Parameter
from service.rest.record import TEXT, WHOLE, Record, Schema, list_of
from service.rest.refusals import MEDIA

TAGS = {
    "Gebieden": "Gemeenten, wijken en buurten, elk in één indeling.",
    "Cijfers": "Indicatoren en hun waarden.",
    "Kaarten": "Vectortegels en kaartlagen (OGC API).",
    "Programma's": "Programma's, hun focusgebieden en groepen van gemeenten.",
    "Publicaties": "Genummerde, onveranderlijke standen van alle gegevens, en wat er wijzigde.",
    "Dienst": "De dienst zelf.",
}
_DESCRIPTION = (
    "Open gegevens over de leefbaarheid van Nederlandse wijken en buurten: gebieden met hun "
    "grenzen, indicatoren door de jaren en de focusgebieden van programma's. Elk antwoord noemt de "
    "publicatie waaruit het komt. Een waarde die ontbreekt zegt waarom. Dezelfde gegevens zijn met "
    "GraphQL te bevragen op `/graphql`."
)
_FAULT: Schema = {
    "type": "object",
    "required": ["in", "name", "code", "detail", "detailNl"],
    "properties": {
        "in": {"type": "string", "enum": ["query", "path", "header"]},
        "name": TEXT,
        "code": TEXT,
        "detail": TEXT,
        "detailNl": TEXT,
        "allowed": list_of({}),
        "suggestions": list_of(TEXT),
    },
}
_PROBLEM: Schema = {
    "type": "object",
    "description": "Wat er mis is (RFC 9457); `errors` noemt alles wat er mis is met de invoer.",
    "required": ["status", "title", "detail"],
    "properties": {
        "status": WHOLE,
        "title": TEXT,
        "detail": {**TEXT, "description": "Wat er mis is en wat te veranderen, in het Engels."},
        "detailNl": {**TEXT, "description": "Hetzelfde in het Nederlands."},
        "code": {**TEXT, "description": "Wat er mis is, voor machines."},
        "errors": list_of({"$ref": "#/components/schemas/Fout"}),
    },
}
_PROBLEM_CONTENT = {MEDIA: {"schema": {"$ref": "#/components/schemas/Probleem"}}}
_HEADERS = {
    "API-Version": ("De volledige versie van deze API.", {**TEXT, "example": API_VERSION}),
    "access-control-allow-origin": ("Wie dit in een browser mag lezen: iedereen.", TEXT),
    "ETag": ("Het kenmerk van dit antwoord, voor If-None-Match.", TEXT),
    "Last-Modified": ("Sinds wanneer dit het antwoord is, voor If-Modified-Since.", TEXT),
    "Link": ("Waar het vandaan komt, onder welke licentie, en wat erbij hoort (RFC 8288).", TEXT),
    "Content-Language": ("De taal van het antwoord.", TEXT),
    "Content-Crs": ("Het coördinatenstelsel van het antwoord, als URI tussen punthaken.", TEXT),
    "Retry-After": ("Na hoeveel seconden het weer zin heeft.", WHOLE),
    "Allow": ("De methoden die dit adres neemt.", TEXT),
    "Content-Disposition": ("De naam van het bestand.", TEXT),
    "Repr-Digest": ("Het SHA-256 van het bestand (RFC 9530).", TEXT),
    "Accept-Ranges": ("Of een deel van het bestand gevraagd kan worden.", TEXT),
}
_ALWAYS = ("API-Version", "access-control-allow-origin")
_OUTCOMES = {
    304: "Wat u al had geldt nog.",
    400: "Iets aan het verzoek klopt niet; `errors` noemt alles.",
    404: "Op dit adres is niets.",
    405: "Deze methode neemt het adres niet.",
    406: "In geen van de gevraagde formaten te geven.",
    410: "De publicatie die u noemt is ingetrokken.",
    412: "Hier is iets anders dan If-Match of If-Unmodified-Since eist.",
    431: "Het adres en de kop van het verzoek zijn samen te groot.",
    500: "Er ging bij ons iets mis.",
    503: "Er is nu niets om uit te antwoorden; probeer het zo weer.",
}


def document(
    operations: Sequence[Operation],
    public_url: str,
    operator: Operator | None = None,
    *,
    language: str = "nl",
) -> dict[str, Any]:
    """The whole description, which stands alone; only its texts differ by language."""
    described = _document(operations, public_url, operator or Operator())
    found: dict[str, Any] = in_english(described) if language == "en" else described
    return found


def _document(operations: Sequence[Operation], public_url: str, by: Operator) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Leefbaarheid",
            "version": API_VERSION,
            "description": _DESCRIPTION,
            "contact": {
                "name": by.name,
                "url": public_url,
                "email": by.contact,
            },
            "license": {
                "name": "EUPL-1.2",
                "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12",
            },
        },
        "servers": [{"url": f"{public_url}{ROOT}", "description": "Deze dienst"}],
        "security": [],
        "tags": [{"name": name, "description": nl} for name, nl in TAGS.items()],
        "paths": {each.path: {"get": _operation(each)} for each in operations},
        "components": {
            "schemas": {"Probleem": _PROBLEM, "Fout": _FAULT, **_schemas(operations)},
            "parameters": {LIMIT.name: LIMIT.described},
            "headers": {
                name: {"description": nl, "schema": schema}
                for name, (nl, schema) in _HEADERS.items()
            },
            "responses": {str(status): _problem(status) for status in _OUTCOMES if status != 304},
        },
    }  # fmt: skip


def _operation(operation: Operation) -> dict[str, Any]:
    statuses = [400, 404] if operation.is_found or operation.can_be_pinned else [400]
    if (operation.can_be_pinned or operation.pinned_by) and 410 not in operation.statuses:
        statuses.append(410)
    moment = [] if operation.endpoint else ["Last-Modified"]
    licence = [] if operation.tag == SERVICE else ["Link"]
    spoken = ["Content-Language"] if operation.is_spoken else []
    statuses += [405, 406, 412, 431, 500, 503]
    return {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.nl,
        "description": operation.more_nl or operation.nl,
        "parameters": [_parameter(each) for each in parameters_of(operation)],
        "responses": {
            "200": {
                "description": operation.nl,
                "headers": _headers(
                    dict.fromkeys(
                        [*_ALWAYS, "ETag", *moment, *licence, *spoken, *operation.headers]
                    )
                ),
                "content": _content(operation.formats),
            },
            **{str(status): _further(status, nl) for status, nl in operation.statuses.items()},
            "304": {"description": _OUTCOMES[304], "headers": _headers([*_ALWAYS, "ETag"])},
            **{str(each): {"$ref": f"#/components/responses/{each}"} for each in statuses},
        },
    }


def _parameter(parameter: Parameter[Any]) -> dict[str, Any]:
    """Described where it is taken; `limit` once for all, where QGIS looks for it."""
    if parameter is LIMIT:
        return {"$ref": f"#/components/parameters/{LIMIT.name}"}
    return parameter.described


def _further(status: int, nl: str) -> dict[str, Any]:
    """An outcome that only some operations have."""
    if status < 400:
        return {"description": nl, "headers": _headers(["API-Version"])}
    return {"description": nl, "headers": _headers(["API-Version"]), "content": _PROBLEM_CONTENT}


def _content(formats: Iterable[Format]) -> dict[str, Any]:
    return {each.media: {"schema": each.schema} for each in formats}


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(status: int) -> dict[str, Any]:
    further = {503: ["Retry-After"], 405: ["Allow"]}.get(status, [])
    return {
        "description": f"{HTTPStatus(status).phrase}. {_OUTCOMES[status]}",
        "headers": _headers(["API-Version", *further]),
        "content": _PROBLEM_CONTENT,
    }


def _schemas(operations: Sequence[Operation]) -> dict[str, Schema]:
    found: dict[str, Schema] = {}

    def add(record: Record[Any]) -> None:
        if record.name not in found:
            found[record.name] = record.schema
            for used in record.uses:
                add(used)

    for operation in operations:
        for record in operation.records:
            add(record)
    return dict(sorted(found.items()))
