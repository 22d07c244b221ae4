"""/catalogus: what there is to find here, for catalogues of open data (DCAT-AP-NL 3)."""

from functools import partial
from typing import Any

import orjson

from schema.workshop import Work
from service.rest.dcat import catalogue
from service.rest.dcat_listed import listed
from service.rest.operation import Answer, Asked, Format, Operation
from service.rest.operator import Operator
from service.rest.record import ANY_OBJECT, TEXT


def _catalogue(operator: Operator, asked: Asked) -> Answer:
    facts = asked.context.facts
    head = facts.head
    found = listed(head.publications, head.loads.values(), facts.sources)
    made = catalogue(asked.public_url, found, operator)
    if asked.format.name == "jsonld":
        return Answer(orjson.dumps(made))
    work = Work(("catalogue as Turtle", asked.public_url), partial(_turtle, made), lambda _: None)
    return Answer(asked.context.made(work))


def _turtle(made: dict[str, Any]) -> bytes:
    """Imported where somebody asks for it: rdflib takes a tenth of a second of every start."""
    from service.rest.turtle import turtle  # noqa: PLC0415

    return turtle(made)


def operation(operator: Operator) -> Operation:
    """The catalogue of whoever runs the service."""
    return Operation(
        path="/catalogus",
        id="catalogus",
        tag="Publicaties",
        nl="De catalogus volgens DCAT-AP-NL 3: publicaties, hun reeks en de diensten.",
        formats=(
            Format("jsonld", "application/ld+json", "application/ld+json", ANY_OBJECT),
            Format("ttl", "text/turtle", "text/turtle; charset=utf-8", TEXT),
        ),
        answer=partial(_catalogue, operator),
        follows=repr(operator),
    )
