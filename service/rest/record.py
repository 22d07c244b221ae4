"""Objects of the REST contract: written, and described in OpenAPI, from the same members."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from schema.context import Context

S = TypeVar("S")
Schema: TypeAlias = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TRUTH: Schema = {"type": "boolean"}
DATE: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
ANY_OBJECT: Schema = {"type": "object"}
GEOMETRY: Schema = {
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": ["Polygon", "MultiPolygon"]},
        "coordinates": {"type": "array", "items": {}},
    },
}
"""A border as GeoJSON (RFC 7946)."""


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if "$ref" in schema:
        return {"nullable": True, "allOf": [schema]}
    if "enum" in schema:
        schema = {**schema, "enum": [*schema["enum"], None]}
    return {**schema, "nullable": True}


def list_of(schema: "Schema | Record[Any]") -> Schema:
    """A list of such values."""
    return {"type": "array", "items": schema.ref if isinstance(schema, Record) else schema}


def chosen_from(*names: str) -> Schema:
    """One of a few words."""
    return {"type": "string", "enum": list(names)}


class Both:
    """A value that is a text in two languages; the answer has that of its reader.

    No dataclass, which orjson would write as an object of its own accord.
    """

    __slots__ = ("en", "nl")

    def __init__(self, nl: str | None, en: str | None) -> None:
        self.nl = nl
        self.en = en


@dataclass(frozen=True, slots=True)
class Member(Generic[S]):
    """One member of an object."""

    name: str
    type: Schema
    nl: str
    """What it means."""
    read: Callable[[S, Context], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Record(Generic[S]):
    """An object with a name in OpenAPI's components; every member is always there."""

    name: str
    nl: str
    members: Sequence[Member[S]]
    uses: Sequence["Record[Any]"] = ()
    """Records that its members refer to."""

    @property
    def ref(self) -> Schema:
        return {"$ref": f"#/components/schemas/{self.name}"}

    @property
    def schema(self) -> Schema:
        return {
            "type": "object",
            "description": self.nl,
            "required": [each.name for each in self.members],
            "properties": {each.name: _described(each) for each in self.members},
        }

    def write(self, source: S, context: Context) -> dict[str, Any]:
        """The object as JSON has it."""
        return {each.name: each.read(source, context) for each in self.members}


def _described(member: Member[Any]) -> Schema:
    if "$ref" in member.type:
        return {"description": member.nl, "allOf": [member.type]}
    return {**member.type, "description": member.nl}
