"""Inhabitants of the counted units of a focus area, added up only where that is exact enough.

Refuses to add up parts of units, units of several vintages, and years of other boundaries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import strawberry

from db.core.block import Block, SeriesKey
from db.core.levels import Level
from db.core.programme import Extent, Membership
from schema.context import Context, Info
from schema.fields import field
from schema.language import LanguageArgument, said
from schema.provenance import Provenance, provenance_of
from schema.selection import counts
from schema.whole_table import POPULATION


@dataclass(frozen=True, slots=True)
class Sum:
    """The source of a MembersPopulation."""

    note_en: str
    note_nl: str
    value: int | None = None
    year: int | None = None
    vintage: int | None = None
    units: int = 0
    unknown: int = 0
    provisional: bool = False
    load: int | None = None


def note(source: strawberry.Parent[Sum], info: Info, language: LanguageArgument = None) -> str:
    return said((source.note_nl, source.note_en), info.context, language)


def sum_provenance(source: strawberry.Parent[Sum], info: Info) -> Provenance | None:
    return provenance_of(info.context, source.load)  # type: ignore[return-value]


@strawberry.type(description="Inhabitants of the counted units of a focus area, added up.")
class MembersPopulation:
    value: int | None = field("The sum over the units with a figure; null where not added up.")
    year: int | None = field("Year of the figures.")
    vintage: int | None = field("Year of the boundaries of the units.")
    units: int = field("Counted units.")
    unknown: int = field("Counted units without a figure: they are not in the sum.")
    provisional: bool = field("Whether the source calls any of the figures provisional.")
    note: str = field("How it was added up, or why it was not.", note)
    provenance: Provenance | None = field("Where the figures come from.", sum_provenance)


def members_population(context: Context, members: Sequence[Membership]) -> Sum:
    """The inhabitants of the counted members, or why they are not added up."""
    counted = [m for m in members if counts(m) and m.code is not None and m.vintage is not None]
    refusal = _refusal(counted)
    if refusal is not None:
        return refusal
    level, vintage = counted[0].level, counted[0].vintage or 0
    key = SeriesKey(POPULATION, level, vintage)
    if vintage not in context.vintages(level) or key not in context.snapshot.head.series:
        return Sum(
            f"no inhabitants are loaded for {level.value} vintage {vintage}",
            f"voor {level.value} indeling {vintage} zijn geen inwoners geladen",
            units=len(counted),
        )
    (block,) = context.blocks([key])
    table = context.table(level, vintage)
    return _added(block, [table.ordinals.get(m.code or "") for m in counted], level)


def _refusal(counted: Sequence[Membership]) -> Sum | None:
    if not counted:
        return Sum("no unit counts as a member", "geen eenheid telt als lid")
    if any(each.extent is not Extent.WHOLE for each in counted):
        return Sum(
            "not added up: some units belong to it in part, or to an unknown extent",
            "niet opgeteld: sommige eenheden horen er voor een deel bij, of in onbekende mate",
            units=len(counted),
        )
    if len({(each.level, each.vintage) for each in counted}) > 1:
        return Sum(
            "not added up: the units are of several levels or vintages and may overlap",
            "niet opgeteld: de eenheden zijn van verschillende niveaus of indelingen en kunnen "
            "overlappen",
            units=len(counted),
        )
    return None


def _added(block: Block, ordinals: Sequence[int | None], level: Level) -> Sum:
    year = block.periods[-1]
    cells = [None if o is None else block.cell(o, year) for o in ordinals]
    values = [cell.value for cell in cells if cell is not None and cell.value is not None]
    unknown = len(cells) - len(values)
    if not values:
        return Sum(
            f"none of the units has a figure for {year}",
            f"geen van de eenheden heeft een cijfer voor {year}",
            units=len(cells),
            unknown=unknown,
        )
    loads = {cell.load for cell in cells if cell is not None and cell.value is not None}
    known_en, known_nl = f"{len(values)} of {len(cells)}", f"{len(values)} van {len(cells)}"
    return Sum(
        f"sum over {known_en} whole units; rounded parts do not add up exactly to the whole",
        f"som over {known_nl} hele eenheden; afgeronde delen tellen niet precies op tot het geheel",
        value=round(sum(values)),
        year=year,
        vintage=block.key.vintage,
        units=len(cells),
        unknown=unknown,
        provisional=any(cell.provisional for cell in cells if cell is not None),
        load=next(iter(loads)) if len(loads) == 1 else None,
    )


__all__ = ["MembersPopulation", "Sum", "members_population"]
