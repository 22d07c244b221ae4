"""What the focus areas of a programme bear of a load, and what part of the people live there.

Only units stated for the very vintage count, and only those that count as members.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import strawberry

from db.core import programme as core
from db.core.area import AreaTable
from db.core.burden import Verdict
from db.core.distribution import SetShare, share_within
from db.core.figures import Floats
from schema.belonging import members_of
from schema.burdens import Asked, Distributed, kept, number, verdict_of
from schema.context import Context, Info
from schema.errors import BadArgument
from schema.fields import field
from schema.focus_areas import Programme
from schema.language import LanguageArgument, chosen
from schema.roster import Ordinals

_PART_BYTES = 8


class AskedShare(NamedTuple):
    """Whose part of what; equal for equal questions."""

    asked: Asked
    programme: str
    at: date | None


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """What part of each area of a table lies in the focus areas of a programme."""

    parts: Floats
    """0 to 1; NaN where an area is partly in and how far is not known."""
    focus_areas: frozenset[str]
    """Those with a counted unit among the areas that are looked at."""
    without: int
    """Focus areas of the programme without any counted unit on these boundaries."""
    candidates: int


@dataclass(frozen=True, slots=True, eq=False)
class FocusShare:
    """The source of a FocusAreaShare."""

    programme: core.Programme
    at: date | None
    inside: Inside
    share: SetShare
    part: bool

    @property
    def load(self) -> float | None:
        return number(self.share.problem)

    @property
    def population(self) -> float | None:
        return number(self.share.population)

    @property
    def quotient(self) -> float | None:
        return number(self.share.quotients)

    @property
    def lower(self) -> float | None:
        return self._bound(self.share.lower)

    @property
    def upper(self) -> float | None:
        return self._bound(self.share.upper)

    def _bound(self, bounds: Floats) -> float | None:
        if self.part:
            return number(bounds)
        # Nobody can say how large an unknown number of offences is, unless there is none unknown.
        basis = self.share.basis
        unknown = basis.unknown[0] + basis.unweighted[0] + basis.problem_left_out[0]
        return None if unknown else self.load

    @property
    def areas(self) -> int:
        return int(self.share.areas[0])

    @property
    def unknown(self) -> int:
        return int(self.share.unknown[0])

    @property
    def candidates(self) -> int:
        return self.inside.candidates

    @property
    def focus_areas_here(self) -> int:
        return len(self.inside.focus_areas)

    @property
    def focus_areas_without_units(self) -> int:
        return self.inside.without

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.share.basis.verdicts)


def focus_share(
    context: Context, table: AreaTable, spread: Distributed, slug: str, at: date | None
) -> FocusShare:
    """What the focus areas of a programme bear, kept or worked out now."""
    context.facts.require("programme", slug, "programme")

    def make() -> FocusShare:
        inside = _inside(context, table, spread.rows, slug, at)
        share = share_within(spread.burden, inside.parts)
        return FocusShare(context.facts.programmes[slug], at, inside, share, spread.part)

    return kept(context, AskedShare(spread.asked, slug, at), len(spread.rows) * _PART_BYTES, make)


def _inside(
    context: Context, table: AreaTable, rows: Ordinals, slug: str, at: date | None
) -> Inside:
    members = members_of(context, table, slug, at=at)
    if members is None or not members.units:
        raise _nobody(slug, table, at)
    looked_at = np.zeros(len(table), np.bool_)
    looked_at[rows] = True
    here = [area for area, units in members.units.items() if looked_at[units].any()]
    perhaps = members.candidates & looked_at & (members.parts == 0)
    return Inside(
        parts=members.parts[rows],
        focus_areas=frozenset(here),
        without=len(members.not_stated),
        candidates=int(np.count_nonzero(perhaps)),
    )


def _nobody(slug: str, table: AreaTable, at: date | None) -> BadArgument:
    day_en, day_nl = (f" on {at}", f" op {at}") if at else ("", "")
    return BadArgument(
        f"no unit of {slug} on the boundaries of {table.vintage} counts as a "
        f"member{day_en}; candidates do not, and of what has ended `at` asks",
        f"geen eenheid van {slug} op de grenzen van {table.vintage} telt als "
        f"lid{day_nl}; kandidaten tellen niet, en naar wat is beëindigd vraagt `at`",
        argument="at" if at else "programme",
    )


def share_text(
    source: strawberry.Parent[FocusShare], info: Info, language: LanguageArgument = None
) -> str:
    return source.verdict.text(chosen(info.context, language))


@strawberry.type(
    description="What the focus areas of a programme bear of a load. Within an area the load is "
    "taken to be evenly spread."
)
class FocusAreaShare:
    programme: Programme = field("The programme.")
    at: date | None = field("The date on which units belong to it; null: what has not ended.")
    load: float | None = field(
        "Part of the load in the focus areas, 0 to 1, over the areas with a value whose membership "
        "is known; null where that cannot be told: see `verdict`."
    )
    population: float | None = field(
        "Part of what the load is set against in the focus areas, 0 to 1, over the same areas."
    )
    quotient: float | None = field(
        "`load` divided by `population`: 1 where the focus areas bear what is their share, 2 where "
        "they bear twice that."
    )
    lower: float | None = field(
        "The part of the load is at least this, whatever the unknown values and shares are. Null "
        "where no bound is known, as where the load may exceed what it is set against."
    )
    upper: float | None = field("And at most this.")
    areas: int = field("Areas in the focus areas, wholly or partly, that have a value.")
    unknown: int = field("Areas in them, or perhaps partly in them, that are left out.")
    candidates: int = field("Areas that are only candidates: they count as outside.")
    focus_areas_here: int = field(
        "Focus areas of the programme with a counted unit among the areas of this distribution."
    )
    focus_areas_without_units: int = field(
        "Focus areas of the programme, in the whole country, without any counted unit on these "
        "boundaries: what they bear counts as outside, and is not within the bounds."
    )
    verdict: Verdict = field("Whether `load` can be told, or why not.")
    text: str = field("The verdict in a sentence.", share_text)
