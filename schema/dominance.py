"""Which areas are at least as bad as a reference on every domain: worked out once and kept.

An unknown domain decides nothing: what it leaves open is listed apart.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from db.core.dominance import TooMuchUnknown, Verdict, at_least_as_bad, margins
from db.core.figures import Floats
from db.core.levels import Level
from db.core.ranking import Rows
from schema.belonging import Belonging, Codes, Members
from schema.context import Context
from schema.errors import ReferenceUnknown
from schema.reference_area import Reference
from schema.reference_profile import Profile, profile_of
from schema.stacked import Stacked
from schema.whole_table import on_land
from schema.workings import Workings

_ENTRY_BYTES = 4000
_DECIMALS = 9


class Standing(Enum):
    """What is said of an area beside a reference; the first three are those of Verdict."""

    NO = int(Verdict.NO)
    CANNOT_BE_SAID = int(Verdict.CANNOT_BE_SAID)
    YES = int(Verdict.YES)
    REFERENCE = 3
    LEFT_OUT = 4
    NOT_JUDGED = 5


class Asked(NamedTuple):
    """What is compared with what; equal for equal questions."""

    definition: str
    level: Level
    vintage: int
    year: int | None
    reference: str
    required: int
    outside: str | None
    carried_from: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """All areas of a table beside a reference, the same for all requests of a publication."""

    profile: Profile
    standings: Codes
    """A Standing for each area."""
    margins: Floats
    """Mean difference in percentile points, one an area: above 0 is worse; NaN where none."""
    yes: Rows
    """Worst first by margin, then by code."""
    cannot: Rows
    few: int
    """Areas on land with too few inhabitants, or none."""
    unknown_inhabitants: int

    def number(self, standing: Standing) -> int:
        return int((self.standings == standing.value).sum())

    @property
    def nbytes(self) -> int:
        arrays = (self.standings, self.margins, self.yes, self.cannot)
        return sum(each.nbytes for each in arrays)


_WORKINGS: Workings[Asked, Compared] = Workings(
    "areas as bad",
    ("different references in one request", "verschillende referenties in een verzoek"),
    "reference",
    # With the definitions and conditions under which they are compared.
    most_asked=20,
    # Some thirty references for all buurten.
    most_bytes=8 * 1024 * 1024,
)


def compared(
    context: Context,
    stacked: Stacked,
    reference: Reference,
    *,
    year: int | None,
    required: int,
    outside: Members | None,
) -> Compared:
    """All areas beside the reference, kept or worked out now."""
    table = reference.table
    asked = Asked(
        stacked.definition.id, table.level, table.vintage, year, reference.key, required,
        None if outside is None else outside.programme,
        () if outside is None else tuple(sorted(outside.carried_from.items())),
    )  # fmt: skip
    return _WORKINGS.take(
        context,
        asked,
        lambda: _worked_out(context, stacked, reference, required, outside),
        lambda made: made.nbytes + _ENTRY_BYTES,
    )


def _worked_out(
    context: Context,
    stacked: Stacked,
    reference: Reference,
    required: int,
    outside: Members | None,
) -> Compared:
    found, table = stacked.found, reference.table
    profile = profile_of(stacked, reference)
    standings = np.where(found.eligible, Standing.NO.value, Standing.NOT_JUDGED.value)
    if outside is not None:
        left_out = outside.codes >= Belonging.MEMBER_IN_PART.value
        standings[found.eligible & left_out] = Standing.LEFT_OUT.value
    own = np.zeros(len(table), np.bool_)
    own[list(reference.rows)] = True
    standings[own & found.eligible] = Standing.REFERENCE.value
    judged = at_least_as_bad(
        found.percentiles,
        profile.percentiles,
        candidates=standings == Standing.NO.value,
        required=required,
    )
    if isinstance(judged, TooMuchUnknown):
        slugs = [stacked.definition.domains[at].slug for at in judged.unknown]
        raise ReferenceUnknown(reference.name, slugs, judged.tested, len(reference.rows))
    standings[judged.rows] = judged.verdicts
    mean = margins(found.percentiles, profile.percentiles, np.ones(len(profile.percentiles))).mean
    rounded = np.round(mean, _DECIMALS)
    rank = context.roster(table).by_code.rank
    small = on_land(context, table) & ~found.eligible
    unknown = small & ~(np.isfinite(found.inhabitants) & (found.inhabitants >= 0))
    return Compared(
        profile=profile,
        standings=standings.astype(np.int8),
        margins=rounded,
        yes=_worst_first(judged.having(Verdict.YES), rounded, rank),
        cannot=_worst_first(judged.having(Verdict.CANNOT_BE_SAID), rounded, rank),
        few=int((small & ~unknown).sum()),
        unknown_inhabitants=int(unknown.sum()),
    )


def _worst_first(rows: Rows, margin: Floats, rank: Rows) -> Rows:
    """By margin, the worst first and unknown ones last, then by code."""
    return rows[np.lexsort((rank[rows], -margin[rows]))]
