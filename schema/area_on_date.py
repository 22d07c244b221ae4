"""A code on a date: which area it was, or why there was none; and all areas it has ever been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry

from db.core.area import AreaTable
from db.core.levels import Level
from schema.area_links import AreaLink, Link, predecessors_of, successors_of
from schema.context import Context, Info
from schema.enums import described
from schema.fields import CodeArgument, argument, field
from schema.language import LanguageArgument, said
from schema.passages import lineages, weigh
from schema.place import Place, near, read_code
from schema.references import AreaItem


class CodeStanding(Enum):
    """What a code was on a date; the value is the text for people, Dutch and English."""

    VALID = (
        "De code was op die dag van dit gebied.",
        "The code was that of this area on that day.",
    )
    VALID_AROUND = (
        "De indeling van dat jaar is niet geladen; in de geladen indelingen ervoor en erna heeft "
        "de code dezelfde grens.",
        "The indeling of that year is not loaded; in those loaded before and after it the code has "
        "the same border.",
    )
    UNCERTAIN = (
        "De indeling van dat jaar is niet geladen; de dichtstbijzijnde heeft de code, maar niet is "
        "gebleken dat zij die dag al of nog gold.",
        "The indeling of that year is not loaded; the nearest one has the code, but nothing shows "
        "that it held on that day already or still.",
    )
    NOT_VALID_ON_DATE = (
        "Op die dag was er geen gebied met deze code; zie waarvan de code wel was.",
        "There was no area with this code on that day; see what it was the code of.",
    )
    NOT_IN_NEAREST = (
        "De indeling van dat jaar is niet geladen en de dichtstbijzijnde heeft de code niet; of "
        "zij die dag gold is niet gebleken.",
        "The indeling of that year is not loaded and the nearest has no such code; whether it held "
        "on that day, nothing shows.",
    )
    NOT_AMONG_LOADED = (
        "Van de indeling is maar een deel geladen, en daarin is deze code niet: of zij gold is "
        "niet te zeggen.",
        "Only a part of the indeling is loaded, and this code is not in it: whether it held cannot "
        "be said.",
    )
    UNKNOWN_CODE = (
        "Geen geladen indeling kent deze code.",
        "No loaded indeling has this code.",
    )


described(
    CodeStanding,
    "What a code was on a date.",
    VALID="The code of `area`: the indeling of that year is loaded and has it.",
    VALID_AROUND="The indeling of that year is not loaded; the nearest before and after it both "
    "have this code, with the same border.",
    UNCERTAIN="The indeling of that year is not loaded; the nearest has this code, but nothing "
    "shows that it held on that day.",
    NOT_VALID_ON_DATE="There was no area with this code; `uses` says when there was, what became "
    "of it, and what it was.",
    NOT_IN_NEAREST="The indeling of that year is not loaded; the nearest has no such code, and "
    "nothing shows whether it held on that day. `uses` says when it did.",
    NOT_AMONG_LOADED="Only a part of the indeling is loaded and the code is not in that part.",
    UNKNOWN_CODE="No loaded vintage of its level has this code.",
)


@dataclass(frozen=True, slots=True)
class Use:
    """The source of a CodeUse: one border under a code."""

    lineage: str
    vintages: tuple[int, ...]
    area: Place
    was: list[Link] | None
    became: list[Link] | None
    share_of_previous: float | None
    on_date: bool


@dataclass(frozen=True, slots=True)
class OnDate:
    """The source of an AreaOnDate."""

    code: str
    level: Level
    at: date
    vintage: int | None
    standing: CodeStanding
    area: Place | None
    uses: list[Use]
    suggestions: list[str]

    @property
    def years_apart(self) -> int | None:
        return None if self.vintage is None else self.at.year - self.vintage


def standing_text(
    source: strawberry.Parent[OnDate], info: Info, language: LanguageArgument = None
) -> str:
    return said(source.standing.value, info.context, language)


@strawberry.type(
    description="One border that a code stood for. A code that was used again for other ground has "
    "two, and so has an area whose border moved."
)
class CodeUse:
    lineage: str = field("Id of the border, which survives recodings.")
    vintages: list[int] = field("The loaded vintages in which the code had this border, ascending.")
    on_date: bool = field("Whether this is the use on the date asked for.")
    area: AreaItem = field("The area, in the last of these vintages.")
    was: list[AreaLink] | None = field(
        "What it was in the vintage before the first; null where no earlier one is linked."
    )
    became: list[AreaLink] | None = field(
        "What it became in the vintage after the last; null where no later one is linked."
    )
    share_of_previous: float | None = field(
        "Part of the area of the use before this one that lies in this area, 0 to 1. 0: the code "
        "was used again for other ground. Null for the first use, and where no links tell."
    )


@strawberry.type(
    description="A code on a date, read in the indeling of 1 January of that year. Where that is "
    "not loaded, in the nearest that is: `yearsApart` says how far it is."
)
class AreaOnDate:
    code: str = field("The code.")
    level: Level = field("The level that codes of this form are of.")
    at: date = field("The date asked for.")
    vintage: int | None = field("The vintage in which it was read; null where none is loaded.")
    years_apart: int | None = field(
        "Years from that vintage to the year of the date: 0 where it is the indeling of that year, "
        "below 0 where it is a later one."
    )
    standing: CodeStanding = field("What the code was on that date.")
    text: str = field("What the code was on that date, in a sentence.", standing_text)
    area: AreaItem | None = field("The area; null where there was none.")
    uses: list[CodeUse] = field("Every border that the code stood for, in order of time.")
    suggestions: list[str] = field("Codes that resemble one that no vintage has.")


def area_on_date(
    info: Info,
    code: CodeArgument,
    at: Annotated[date, argument("The day.")],
) -> Any:
    context = info.context
    level, found = read_code(code)
    tables = context.tables(level)
    uses = _uses(context, level, found, tables)
    table = _nearest(tables, at.year)
    if table is None:
        return OnDate(found, level, at, None, CodeStanding.UNKNOWN_CODE, None, [], [])
    ordinal = table.ordinals.get(found)
    area = None if ordinal is None else Place(table, ordinal)
    standing = _standing(context, level, at.year, table, area, uses)
    none = standing is CodeStanding.UNKNOWN_CODE
    near_codes = [str(each["code"]) for each in near(tables[-1], found)] if none else []
    marked = [_marked(use, table.vintage, area) for use in uses]
    return OnDate(found, level, at, table.vintage, standing, area, marked, near_codes)


def _nearest(tables: Sequence[AreaTable], year: int) -> AreaTable | None:
    """The vintage of the year, or the nearest; of two equally near the earlier one."""
    return min(tables, key=lambda each: (abs(each.vintage - year), each.vintage), default=None)


def _standing(
    context: Context,
    level: Level,
    year: int,
    table: AreaTable,
    area: Place | None,
    uses: Sequence[Use],
) -> CodeStanding:
    if not uses:
        return CodeStanding.UNKNOWN_CODE
    if area is None and table.vintage != year:
        return CodeStanding.NOT_IN_NEAREST
    if area is None:
        complete = context.facts.is_complete(level, table.vintage)
        return CodeStanding.NOT_VALID_ON_DATE if complete else CodeStanding.NOT_AMONG_LOADED
    if table.vintage == year:
        return CodeStanding.VALID
    around = [use for use in uses if min(use.vintages) < year < max(use.vintages)]
    loaded = context.vintages(level)
    sides = {max((v for v in loaded if v < year), default=None)}
    sides.add(min((v for v in loaded if v > year), default=None))
    certain = any(sides <= set(use.vintages) for use in around)
    return CodeStanding.VALID_AROUND if certain else CodeStanding.UNCERTAIN


def _marked(use: Use, vintage: int, area: Place | None) -> Use:
    if area is None or vintage not in use.vintages:
        return use
    return Use(
        use.lineage, use.vintages, use.area, use.was, use.became, use.share_of_previous, True
    )


def _uses(context: Context, level: Level, code: str, tables: Sequence[AreaTable]) -> list[Use]:
    named = lineages(context, level)
    found: dict[str, list[Place]] = {}
    for table in tables:
        ordinal = table.ordinals.get(code)
        if ordinal is not None:
            place = Place(table, ordinal)
            found.setdefault(named[table.vintage][ordinal], []).append(place)
    uses: list[Use] = []
    for lineage, places in found.items():
        first, last = places[0], places[-1]
        uses.append(
            Use(
                lineage=lineage,
                vintages=tuple(each.vintage for each in places),
                area=last,
                was=predecessors_of(context, first),
                became=successors_of(context, last),
                share_of_previous=_shared(context, uses[-1].area, first) if uses else None,
                on_date=False,
            )
        )
    return uses


def _shared(context: Context, old: Place, new: Place) -> float | None:
    """Part of one area that lies in another of a later vintage; None where no links tell."""
    found = weigh(context, old.level, old.vintage, new.vintage)
    if found is None or found.weights.unknown.item(new.ordinal):
        return None
    by = found.weights
    return float(by.of_old[(by.old == old.ordinal) & (by.new == new.ordinal)].sum())
