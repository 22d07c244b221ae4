"""/catalogus: what there is to find here, for catalogues of open data (DCAT-AP-NL 3)."""

import orjson

from service.rest.dcat import catalogue
from service.rest.operation import Answer, Asked, Format, Operation
from service.rest.record import ANY_OBJECT, TEXT
from service.rest.resources.publications import sources_of


def _catalogue(asked: Asked) -> Answer:
    listed = sorted(asked.context.facts.head.publications, key=lambda each: -each.number)
    made = catalogue(asked.public_url, listed, sources_of(asked.context))
    # Loaded where somebody asks for Turtle: rdflib takes a tenth of a second of every start.
    from service.rest.turtle import turtle  # noqa: PLC0415

    return Answer(orjson.dumps(made) if asked.format.name == "jsonld" else turtle(made))


OPERATIONS = (
    Operation(
        path="/catalogus",
        id="catalogus",
        tag="Publicaties",
        nl="De catalogus volgens DCAT-AP-NL 3: publicaties, hun reeks en de diensten.",
        formats=(
            Format("jsonld", "application/ld+json", "application/ld+json", ANY_OBJECT),
            Format("ttl", "text/turtle", "text/turtle; charset=utf-8", TEXT),
        ),
        answer=_catalogue,
    ),
)
