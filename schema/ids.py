"""Opaque ids of everything that can be asked for by `node`; they survive publications.

Nothing in an id depends on a store's own numbering: an area is its level, vintage and code.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

import strawberry

from db.core.funding import FundingStream
from db.core.indicator import Indicator
from db.core.intervention import Intervention
from db.core.programme import FocusArea, MunicipalityGroup, Programme, Source
from db.core.publication import Publication
from db.core.statement import Statement
from schema.handle_errors import BadId
from schema.node_key import TYPE_NAMES, id_text
from schema.place import Place

_LONGEST = 200
_FORM = re.compile(r"(?P<kind>[A-Z][A-Za-z]{2,30}):(?P<key>[A-Za-z0-9_.:-]{1,120})")
_BY_SLUG: dict[type, str] = {
    Indicator: "Indicator",
    Programme: "Programme",
    FocusArea: "FocusArea",
    MunicipalityGroup: "MunicipalityGroup",
    Source: "Source",
    FundingStream: "FundingStream",
    Intervention: "Intervention",
    Statement: "Statement",
}


@dataclass(frozen=True, slots=True)
class NodeKey:
    """What an id says: a GraphQL type and the key of an object of it."""

    kind: str
    key: str


def type_name(value: object) -> str:
    """Name of the GraphQL type of an object that has an id."""
    if isinstance(value, Place):
        return TYPE_NAMES[value.level]
    return "Publication" if isinstance(value, Publication) else _BY_SLUG[type(value)]


def node_key(value: object) -> NodeKey:
    """What identifies an object among all that have an id."""
    if isinstance(value, Place):
        return NodeKey(type_name(value), f"{value.vintage}:{value.code}")
    if isinstance(value, Publication):
        return NodeKey("Publication", str(value.number))
    return NodeKey(type_name(value), str(getattr(value, "slug")))  # noqa: B009


def global_id(value: strawberry.Parent[object]) -> str:
    """The id of an object."""
    key = node_key(value)
    return id_text(key.kind, key.key)


def read_id(text: str) -> NodeKey:
    """What an id says; BadId for anything that `global_id` does not write."""
    try:
        raw = (
            b64decode(text.encode("ascii"), validate=True).decode() if len(text) < _LONGEST else ""
        )
    except (NotBase64, UnicodeError):
        raise BadId from None
    match = _FORM.fullmatch(raw)
    if match is None or b64encode(raw.encode()).decode() != text:
        raise BadId
    return NodeKey(match["kind"], match["key"])
