"""The area that others are compared with: one area, or the units that a focus area is made of.

Level and vintage follow from it. A focus area is what its counted, whole units of one vintage are;
nothing is joined from another vintage.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import strawberry

from db.core import programme
from db.core.area import AreaTable
from db.core.figures import Floats
from db.core.indicator import Direction
from db.core.levels import Level
from db.core.percentiles import percentiles
from db.core.programme import Extent, Membership
from schema.context import Context
from schema.errors import BadArgument, NotStatedForVintage
from schema.place import Place, find, read_code
from schema.selection import counts, holds
from schema.stacked import Stacked

_DECIMALS = 9
"""Scores are rounded to these in db.core.stacking, so that equal ones stay equal."""


@strawberry.input(description="An area to compare others with: `code` or `focusArea`, one of them.")
class AreaReferenceInput:
    code: str | None = strawberry.field(
        default=None, description="CBS code of a gemeente, wijk or buurt."
    )
    focus_area: str | None = strawberry.field(
        default=None,
        description="Slug of a focus area: its whole units that count as members and have not "
        "ended. Units in part and candidates are no part of its profile.",
    )
    vintage: int | None = strawberry.field(
        default=None,
        description="Year of the boundaries. Null: for a code the newest of which all areas are "
        "loaded, for a focus area the newest that is loaded and its units are stated for.",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What others are compared with, on the areas of one table."""

    table: AreaTable
    key: str
    """What it is, in a table; equal for equal references."""
    name: str
    rows: tuple[int, ...]
    """The areas that it is made of, in order of code."""
    area: Place | None = None
    focus_area: programme.FocusArea | None = None
    in_part: int = 0
    """Counted units that belong to it in part, or to an unknown extent."""
    uncertain: int = 0
    """Candidates, and parts of which it is not known which unit they are."""
    not_loaded: int = 0
    """Counted whole units that are not among the areas loaded."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A reference by domain: NaN where too little is known."""

    scores: Floats
    percentiles: Floats
    known: Floats
    """Share of its inhabitants, as far as these are known, that live where there is a score."""


def find_reference(context: Context, given: AreaReferenceInput) -> Reference:
    """What is meant, refused where it is not one thing or not stated for the vintage."""
    if (given.code is None) == (given.focus_area is None):
        raise BadArgument(
            "reference: give `code` or `focusArea`, and not both",
            "reference: geef `code` of `focusArea`, en niet beide",
            argument="reference",
        )
    if given.code is not None:
        level, code = read_code(given.code)
        place = find(context, level, code, given.vintage)
        return Reference(place.table, code, code, (place.ordinal,), area=place)
    return _focus_area(context, given.focus_area or "", given.vintage)


def _focus_area(context: Context, slug: str, vintage: int | None) -> Reference:
    context.facts.require("focus area", slug)
    known = [each for each in context.facts.memberships_of(slug) if holds(each, None)]
    table = _table(context, slug, known, vintage)
    here = [
        each
        for each in known
        if counts(each) and each.code and (each.level, each.vintage) == (table.level, table.vintage)
    ]
    whole = [each.code or "" for each in here if each.extent is Extent.WHOLE]
    found = [code for code in sorted(set(whole)) if code in table.ordinals]
    return Reference(
        table,
        f"focus area {slug}",
        slug,
        tuple(table.ordinals[code] for code in found),
        focus_area=context.facts.focus_areas[slug],
        in_part=sum(each.extent is not Extent.WHOLE for each in here),
        uncertain=sum(not counts(each) or each.code is None for each in known),
        not_loaded=len(set(whole)) - len(found),
    )


def _table(
    context: Context, slug: str, known: Sequence[Membership], vintage: int | None
) -> AreaTable:
    """The areas that the units of a focus area are among."""
    stated = {
        (each.level, each.vintage or 0)
        for each in known
        if counts(each) and each.code is not None and each.vintage is not None
    }
    loaded = [at for at in stated if at[1] in context.vintages(at[0])]
    wanted = max((at[1] for at in loaded), default=0) if vintage is None else vintage
    levels = [at[0] for at in loaded if at[1] == wanted]
    if not levels:
        listed = sorted(stated, key=lambda at: (at[0].value, at[1]))
        raise NotStatedForVintage(slug, listed[0][0] if listed else Level.WIJK, wanted, listed)
    if len(levels) > 1:
        raise BadArgument(
            f"reference: the units of {slug} are of several levels in vintage {wanted}, and one "
            "profile cannot be made of them; give the `code` of one of its areas",
            f"reference: de eenheden van {slug} zijn in indeling {wanted} van meer dan een niveau, "
            "en daarvan is geen profiel te maken; geef de `code` van een van de gebieden",
            argument="reference",
        )
    return context.table(levels[0], wanted)


def profile_of(stacked: Stacked, reference: Reference) -> Profile:
    """The scores of a reference and where they stand among those of all judged areas.

    Of several units a score is the mean weighted by inhabitants. It is known where units with at
    least the definition's minimum share of the inhabitants, and of the number of units, have one.
    A unit without inhabitants does not count; one that is not loaded has no score.
    """
    found, rows = stacked.found, np.array(reference.rows, np.int64)
    if reference.area is not None:
        (row,) = reference.rows
        places = found.percentiles[row]
        return Profile(found.scores[row], places, np.where(np.isnan(places), 0.0, 1.0))
    rows = rows[~(found.inhabitants[rows] == 0)]
    people, own = found.inhabitants[rows], found.scores[rows]
    # A unit has a score only where its inhabitants are known.
    there = ~np.isnan(own)
    living, total = np.where(there, people[:, None], 0.0).sum(axis=0), np.nansum(people)
    shares = living / total if total else np.zeros(len(living))
    units = len(rows) + reference.not_loaded
    least = stacked.definition.minimum_share * (1 - 1e-12)
    enough = there.any(axis=0) & (shares >= least) & (there.sum(axis=0) >= least * units)
    sums = np.where(there, own * people[:, None], 0.0).sum(axis=0)
    means = np.divide(sums, living, out=np.full(len(living), np.nan), where=enough)
    scores = np.round(means, _DECIMALS)
    return Profile(scores, _placed(stacked, scores), shares)


def _placed(stacked: Stacked, scores: Floats) -> Floats:
    """Percentiles of any scores among those of the judged areas, as db.core.stacking ranks them."""
    found, definition = stacked.found, stacked.definition
    placed = np.full(len(scores), np.nan)
    for at in np.flatnonzero(~np.isnan(scores)):
        among = percentiles(
            found.scores[:, at],
            found.inhabitants,
            direction=Direction.LOWER_IS_BETTER,
            weighting=definition.weighting,
            minimum=definition.minimum_inhabitants,
            reference=found.eligible,
        )
        placed[at] = among.reference.percentiles_of(scores[at : at + 1])[0]
    return placed
