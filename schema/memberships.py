"""Which units belong to which focus area: dated, sourced and with their certainty.

A membership is stated for one vintage. It is shown on the area of that vintage and on no other.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from db.core import programme
from db.core.levels import Level
from schema.batch import Batch, Linked, together
from schema.context import Context, Info
from schema.fields import argument, field
from schema.language import LanguageArgument, text_of
from schema.place import Place, Places, find_if_loaded
from schema.selection import counts, holds

if TYPE_CHECKING:
    from schema.areas import Area
    from schema.focus_areas import FocusArea

AreaItem = Annotated["Area", strawberry.lazy("schema.areas")]
FocusAreaItem = Annotated["FocusArea", strawberry.lazy("schema.focus_areas")]


class Members(Batch):
    """Memberships of a focus area, or of several."""

    type_name = "Membership"

    def __init__(self, items: Sequence[programme.Membership]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, row: Any) -> Any:
        return self.items[row]

    def __iter__(self) -> Iterator[programme.Membership]:
        return iter(self.items)

    @cached_property
    def units(self) -> dict[tuple[Level, int | None], list[str]]:
        """Codes of the units by level and vintage."""
        found: dict[tuple[Level, int | None], list[str]] = {}
        for each in self.items:
            found.setdefault((each.level, each.vintage), []).append(each.code or "")
        return found

    @classmethod
    def joined(cls, batches: Sequence[Batch]) -> "Members":
        parts = [each for each in batches if isinstance(each, Members)]
        made = Members([item for part in parts for item in part.items])
        kinds = {unit for part in parts for unit in part.units}
        if len(kinds) == 1:
            # Each part has worked it out before: what was kept of them is put together.
            codes = [code for part in parts for each in part.units.values() for code in each]
            made.units = {kinds.pop(): codes}
        return made


@together(Members, "area")
def _areas(members: Members, context: Context) -> Any:
    if len(members.units) != 1:
        return NotImplemented
    (((level, vintage), codes),) = members.units.items()
    if vintage not in context.vintages(level):
        return Linked([], [-1] * len(members))
    table = context.table(level, vintage)
    found = [table.ordinals.get(code, -1) for code in codes]
    if -1 not in found:
        return Linked(Places(table, found))
    ordinals = [ordinal for ordinal in found if ordinal >= 0]
    rows = iter(range(len(ordinals)))
    return Linked(Places(table, ordinals), [next(rows) if o >= 0 else -1 for o in found])


def member_area(source: strawberry.Parent[programme.Membership], info: Info) -> Any:
    return find_if_loaded(info.context, source.level, source.code, source.vintage)


def member_focus_area(source: strawberry.Parent[programme.Membership], info: Info) -> Any:
    return info.context.facts.focus_areas[source.focus_area]


def is_counted(source: strawberry.Parent[programme.Membership]) -> bool:
    return counts(source)


def member_source(
    source: strawberry.Parent[programme.Membership],
    info: Info,
    language: LanguageArgument = None,
) -> str:
    return str(text_of(source, "source_text", info.context, language))


def member_note(
    source: strawberry.Parent[programme.Membership],
    info: Info,
    language: LanguageArgument = None,
) -> Any:
    return text_of(source, "note", info.context, language)


@strawberry.type(
    description="That a wijk or buurt of one vintage belongs to a focus area in a period."
)
class Membership:
    focus_area: FocusAreaItem = field("The focus area.", member_focus_area)
    area: AreaItem | None = field(
        "The unit on its own vintage; null where it is not known which one it is, or where it is "
        "not loaded on that vintage.",
        member_area,
    )
    level: Level = field("Level of the unit.")
    code: str | None = field("Code of the unit; null where it is not known which one it is.")
    vintage: int | None = field("Year of the boundaries that the code is of.")
    name: str | None = field(
        "The unit's name as the source of the membership writes it.", name="unitName"
    )
    extent: programme.Extent = field("Whether the whole unit belongs to it.")
    share: float | None = field("Share of the unit's inhabitants inside, 0 to 1; null: not known.")
    valid_from: date | None = field("First day; null where no source says.")
    valid_from_precision: programme.Precision = field("How precisely the first day is known.")
    valid_until: date | None = field("First day on which it no longer holds; null: not ended.")
    certainty: programme.Certainty = field("How sure it is.")
    counts: bool = field("Whether it counts as a member: a CANDIDATE does not.", is_counted)
    legal_basis: str | None = field("Law or decision that it rests on.")
    source: str = field("Where it is stated.", member_source)
    note: str | None = field("What to know about it.", member_note)


def area_memberships(
    place: strawberry.Parent[Place],
    info: Info,
    at: Annotated[
        date | None, argument("Those that hold on this date. Null: all, ended ones too.")
    ] = None,
) -> list[programme.Membership] | None:
    facts = info.context.facts
    if place.vintage not in facts.stated_for(place.level):
        return None
    found = facts.memberships_of_area(place.level, place.vintage, place.code)
    return found if at is None else [each for each in found if holds(each, at)]


def memberships_known_for(place: strawberry.Parent[Place], info: Info) -> Any:
    return info.context.facts.stated_for(place.level)
