"""The topics of a StatLine export: what a header says, and what its column is there for.

Flat exports write 'Group/Sub/Title (unit)', the matrix layout 'Group|Sub|Title' and the unit
beside it. A slash inside a title is not told apart from one between groups: only the whole
path is certain.
"""

import re
from enum import Enum

from db.core.figures import Column

_WITH_UNIT = re.compile(r"(?P<path>.+?)\s*\((?P<unit>[^()]*)\)", re.DOTALL)
_REGION_NAMES = {"wijken en buurten", "regio's", "gemeenten", "gemeenten, wijken en buurten"}
_TEXT_UNITS = {"naam", "omschrijving"}


class Role(Enum):
    """What a column is there for."""

    CODE = "code"
    LEVEL = "level"
    CHANGE = "change"
    NAME = "name"
    PERIOD = "period"
    DIMENSION = "dimension"
    TEXT = "text"
    FIGURE = "figure"


def flat_topic(header: str) -> Column:
    """The column of a header such as 'Wonen/Koopwoningen (%)'."""
    found = _WITH_UNIT.fullmatch(header.strip())
    if found is None:
        return _column(header, header.split("/"), None)
    return _column(header, found["path"].split("/"), found["unit"])


def matrix_topic(header: str, unit: str) -> Column:
    """The column of a row that begins with 'Horeca|Restaurants|Afstand' and 'km'."""
    return _column(header, header.split("|"), unit)


def role_of(column: Column) -> Role:
    title = (column.title or "").casefold()
    if column.unit is None:
        return _role_without_unit(column, title)
    if title == "codering" or title.startswith("regiocode"):
        return Role.CODE
    if title == "soort regio":
        return Role.LEVEL
    if title.startswith("indelingswijziging"):
        return Role.CHANGE
    return Role.TEXT if column.unit.casefold() in _TEXT_UNITS else Role.FIGURE


def _role_without_unit(column: Column, title: str) -> Role:
    if title == "perioden":
        return Role.PERIOD
    if title in _REGION_NAMES and not column.path:
        return Role.NAME
    return Role.FIGURE if column.path else Role.DIMENSION


def _column(header: str, parts: list[str], unit: str | None) -> Column:
    *path, title = (" ".join(part.split()) for part in parts)
    folded = " ".join(unit.split()) if unit else None
    return Column(key=header.strip(), title=title, path=tuple(path), unit=folded)


def is_end_mark(cells: list[str]) -> bool:
    """'Bron: CBS', the last line of a complete export."""
    return len(cells) == 1 and cells[0].strip().startswith(("Bron:", "©"))
