"""What a document would cost, in rows and in fields of answer, before anything is read. Pure.

A row is an object in a list, a value of an observation or a year of a series; a shape weighs by
its detail. A field is one key of the answer, six microseconds of graphql-core in which nobody else
is answered. Pages multiply down the nesting by what they ask for; lists without a page size count
by the length they are expected to have.
"""

from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode

from schema.cost_formula import Arguments, Around, Formula
from schema.cost_formula import Price as Price

MOST_ROWS = 100_000
"""Rows that one request may ask for; more is what the bulk files are for."""

MOST_FIELDS = 200_000
"""Keys of the answer that one request may ask for: a little over a second."""

_YEARS = 20
_PAGE = 100
_PAGES = frozenset(
    {
        "gemeenten", "wijken", "buurten", "children", "publications", "ranking", "deliveries",
        "locationQuotients", "moves", "listed",
    }
)  # fmt: skip
_SHAPE = {"OVERVIEW": 1, "MEDIUM": 4, "FULL": 20}
# Lists without a page size: about as long as they are for the Netherlands.
_LENGTHS = {
    "benchmarks": 2, "compared": 20,
    "availability": 30, "breaks": 2, "changes": 10, "completeness": 5,
    "focusAreas": 25, "indicators": 400, "lists": 3,
    "loads": 60, "members": 100, "memberships": 2, "missingCodes": 1,
    "missingIndicators": 100, "municipalityGroups": 5,
    "parts": 6, "parts.indicators": 4, "points": _YEARS, "programmes": 5, "sensitivity": 3,
    "sources": 15,
    "stackingDefinitions": 5,
    "fundingStreams": 10, "amounts": 2, "statements": 10, "findings": 3, "interventions": 5,
    "matched": 30, "bySize": 4, "within": 1, "gaps": 2, "matchedOn": 5,
    "compositions": 2, "added": 10, "absent": 10,
    "ending": 10, "continuing": 10, "endNotStated": 10,
    "asBad": 1, "differences": 20, "domains": 6, "eachUnit": 5, "nearest": 1,
    "notJudgedAreas": 2, "notUsed": 1, "problems": 1, "profile": 1, "used": 1,
    "was": 2, "became": 2, "uses": 3, "predecessors": 2, "successors": 2,
    "blockedBy": 1, "provenances": 2, "membersCarried": 20, "lacking": 3, "membersCarriedFrom": 2,
    "absenceRules": 25, "comparison": 2, "notDrawn": 2, "omitted": 2,
    "units": 10,
    "curve": 200, "cannotBeSaid": 1, "no": 1, "yes": 1,
}  # fmt: skip
# Thirds of the areas of the country and of a large gemeente, by level.
_COUNTRY = {"GEMEENTE": 115, "WIJK": 1150, "BUURT": 4900}
_GEMEENTE = {"WIJK": 15, "BUURT": 70}
# What is below these is answered at most so often as their `first` says, or as without it.
_FIRST = {"areasAsBadAs": 100, "comparable": 10}


def formula(document: DocumentNode, operation: OperationDefinitionNode) -> Formula:
    """How many rows and fields the operation's answer may have, by its variables."""
    return Formula(document, operation, _size, _AROUND)


def price(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Price:
    """The same for one request."""
    return formula(document, operation)(variables)


def _units(field: str, argument: Arguments) -> int | None:
    return _length(argument("codes")) if field == "composedArea" else None


_AROUND = Around(
    _units,
    frozenset({"blockedBy", "notDrawn", "omitted", "units"}),
    frozenset({"parts.indicators"}),
)
"""Any unit of a composed area may be in each of these."""


def _size(field: str, argument: Arguments, units: int | None) -> tuple[int, int]:
    """How often what is below a field is answered, and the rows of the field itself each time."""
    if units is not None and field in _AROUND.per_unit:
        return units, 1
    if field in _PAGES or field == "availability":
        asked = argument("first") if argument("first") is not None else argument("last")
        usual = _LENGTHS.get(field, _PAGE)
        return max(asked if isinstance(asked, int) else usual, 1), 1
    if field in _FIRST:
        asked = argument("first")
        return max(asked if isinstance(asked, int) else _FIRST[field], 1), 1
    if field == "observations":
        return _length(argument("indicators")), 1
    if field == "series":
        return _length(argument("indicators")), _YEARS
    if field == "againstMatched":
        return _length(argument("indicators")), 1
    if field == "benchmarks":
        return _length(argument("against") or ["GEMEENTE", "NATIONAL"]), 1
    if field == "worseAndWorsening":
        return _length(argument("indicators")) * _judged(argument), 1
    if field == "nodes" and argument("ids") is not None:
        return _length(argument("ids")), 1
    if field == "search":
        asked = argument("limit")
        return max(asked if isinstance(asked, int) else 20, 1), 1
    if field == "locate":
        return _length(argument("points")), 1
    if field == "composedArea":
        return 1, _length(argument("codes"))
    if field == "geometry":
        return 1, _SHAPE.get(str(argument("detail") or "OVERVIEW"), 1)
    if field in _LENGTHS:
        return _LENGTHS[field], 1 if field != "points" else 0
    return 1, 0


def _judged(argument: Arguments) -> int:
    """A third of the areas: each of them is in one of three lists."""
    country = str(argument("within")).strip().startswith("NL")
    areas = _COUNTRY if country else _GEMEENTE
    return areas.get(str(argument("level")), 1)


def _length(items: Any) -> int:
    return max(len(items), 1) if isinstance(items, list) else 1
