"""Which units belong to which focus area: dated, sourced and with their certainty.

A membership is stated for one vintage. It is shown on the area of that vintage and on no other.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain
from math import nan
from operator import attrgetter
from typing import Annotated, Any

import orjson
import strawberry

from db.core import programme
from db.core.bounded import Bounded
from db.core.levels import Level
from db.snapshot.keys import TableKey
from schema.batch import Batch, Linked, together
from schema.column_texts import number_texts
from schema.context import Context, Info
from schema.fields import argument, field
from schema.ground import Elsewhere, Kept, Listed, reads
from schema.language import bilingual
from schema.place import Place, Places, find_if_loaded
from schema.references import AreaItem, FocusAreaItem
from schema.roster import Roster
from schema.selection import counts, holds

_BOUND_BYTES = 1024 * 1024


class Roll(Kept):
    """All memberships of a publication."""

    type_name = "Membership"

    def __init__(self, items: Sequence[programme.Membership]) -> None:
        self.items = items
        self.bound = Bounded(_BOUND_BYTES)
        self._rows = {id(each): row for row, each in enumerate(items)}

    def members(self, chosen: Iterable[programme.Membership]) -> "Members":
        return Members(self, [self._rows[id(each)] for each in chosen])


class Members(Batch):
    """Memberships of a focus area, or of several."""

    type_name = "Membership"

    def __init__(self, roll: Roll, ordinals: Sequence[int]) -> None:
        self.roll = roll
        self.ordinals = ordinals

    def ground(self, context: Context) -> Roll:
        return self.roll

    def __len__(self) -> int:
        return len(self.ordinals)

    def __getitem__(self, row: Any) -> Any:
        return self.roll.items[self.ordinals[row]]

    @classmethod
    def joined(cls, batches: Sequence[Batch]) -> "Members":
        parts = [each for each in batches if isinstance(each, Members)]
        return Members(parts[0].roll, list(chain.from_iterable([each.ordinals for each in parts])))


def roll_of(context: Context) -> Roll:
    """The roll of the publication that answers."""
    facts = context.facts
    return facts.remember("the roll of memberships", lambda: Roll(facts.head.reference.memberships))


def _areas(context: Context, members: Iterable[programme.Membership]) -> Elsewhere:
    """The units, each a row of the table of its own level and vintage."""
    grounds: dict[TableKey, Roster] = {}
    at: list[int] = []
    which: list[int] = []
    for each in members:
        ordinal = -1
        if each.vintage is not None and each.vintage in context.vintages(each.level):
            key = TableKey(each.level, each.vintage)
            if key not in grounds:
                grounds[key] = context.roster(context.table(*key))
            ordinal = grounds[key].table.ordinals.get(each.code or "", -1)
        at.append(ordinal)
        which.append(-1 if ordinal < 0 else list(grounds).index(key))
    alike = len(grounds) == 1 and -1 not in which
    return Elsewhere(list(grounds.values()), at, None if alike else which)


@reads(Roll, "area")
def _areas_of_rows(roll: Roll, context: Context) -> Elsewhere:
    return _areas(context, roll.items)


@together(Members, "area")
def _areas_together(members: Members, context: Context) -> Any:
    found = _areas(context, members)
    if found.which is not None or found.at is None:
        return NotImplemented
    (roster,) = found.grounds
    assert isinstance(roster, Roster)
    return Linked(Places(roster.table, found.at))


@reads(Roll, "share")
def _shares_of_rows(roll: Roll, _: Context) -> list[Listed]:
    return [Listed(number_texts([nan if m.share is None else m.share for m in roll.items]))]


def _named(field: str, read: Callable[[programme.Membership], Any]) -> None:
    """A field whose JSON text is easily made of each membership."""

    @reads(Roll, field)
    def _(roll: Roll, _: Context) -> list[Listed]:
        return [Listed([orjson.dumps(read(each)).decode() for each in roll.items])]


_named("level", lambda member: member.level.name)
_named("code", attrgetter("code"))
_named("vintage", attrgetter("vintage"))
_named("name", attrgetter("name"))
_named("extent", lambda member: member.extent.name)
_named("valid_from", attrgetter("valid_from"))
_named("valid_until", attrgetter("valid_until"))
_named("certainty", lambda member: member.certainty.name)
_named("counts", counts)
_named("legal_basis", attrgetter("legal_basis"))
_named("version", attrgetter("version"))


def member_area(source: strawberry.Parent[programme.Membership], info: Info) -> Any:
    return find_if_loaded(info.context, source.level, source.code, source.vintage)


def member_focus_area(source: strawberry.Parent[programme.Membership], info: Info) -> Any:
    return info.context.facts.focus_areas[source.focus_area]


def is_counted(source: strawberry.Parent[programme.Membership]) -> bool:
    return counts(source)


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
    version: str | None = field(
        "The other composition of the focus area that it is of (see `compositions`), in which "
        "alone it counts; null for the composition that counts everywhere."
    )
    legal_basis: str | None = field("Law or decision that it rests on.")
    source: str = field("Where it is stated.", bilingual("source_text"))
    note: str | None = field("What to know about it.", bilingual("note"))


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
