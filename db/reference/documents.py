"""Parts that several sorts of facts have in common: the document, the period, lists of choices."""

from enum import Enum
from typing import TypeVar

from db.core.document import Document, Period
from db.core.intervention import PlaceUnit
from db.core.levels import Level
from db.reference.entries import Entry

_Choice = TypeVar("_Choice", bound=Enum)


def document(entry: Entry) -> Document:
    """`document_nl`, `document_en`, and its date and address where it has them."""
    title_nl, title_en = entry.both("document")
    dated, precision = entry.moment_or_none("document_date")
    return Document(title_nl, title_en, dated, precision, entry.text_or_none("document_url"))


def period(entry: Entry) -> Period:
    begins, begins_precision = entry.moment_or_none("begins")
    ends, ends_precision = entry.moment_or_none("ends")
    return Period(begins, begins_precision, ends, ends_precision)


def choices(entry: Entry, key: str, options: type[_Choice]) -> tuple[_Choice, ...]:
    """A list of values of an enum."""
    allowed = {str(each.value): each for each in options}
    stated = entry.texts(key)
    if unknown := [each for each in stated if each not in allowed]:
        raise entry.wrong(f"{key} has {unknown[0]!r}; expected of {', '.join(allowed)}")
    return tuple(allowed[each] for each in stated)


def units(entry: Entry, key: str) -> tuple[PlaceUnit, ...]:
    """Units of the CBS, each with its year, oldest first."""
    if not entry.has(key):
        return ()
    found = []
    for each in entry.entries(key, "code"):
        level, code = each.choice("level", Level), each.text("code")
        found.append(PlaceUnit(level, code, each.number("vintage")))
        each.close()
    return tuple(sorted(found, key=lambda unit: unit.vintage))
