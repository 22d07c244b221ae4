"""Shapes made ready to be stored: simplified as a coverage, and what was found on the way.

Simplifying takes 100 bytes a vertex, so that it is done in a process with room for a country.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from db.core.crs import RD, in_rd
from db.core.figures import Parsed
from db.core.geometry import Shapes
from db.core.simplify import CoverageReport, Detail, coverage_report, details


@dataclass(frozen=True, slots=True)
class Drawn:
    """The coarser details of a list of areas, in RD; the full one is in the areas themselves."""

    simplified: dict[Detail, Shapes]
    report: CoverageReport


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a loader made of a dataset, with its areas drawn (None where they have no shapes)."""

    parsed: Parsed
    drawn: Sequence[Drawn | None]


def prepare(parsed: Parsed) -> Prepared:
    """Draw what was parsed in this very process: for countries small enough."""
    parsed.account.check()
    return Prepared(
        parsed,
        [
            None if areas.shapes is None or areas.crs is None else draw(areas.shapes, areas.crs)
            for areas in parsed.areas
        ],
    )


def draw(shapes: Shapes, crs: int) -> Drawn:
    """Medium and overview of the shapes of one level and vintage."""
    made = details(in_rd(shapes, crs).shapes if crs != RD else shapes)
    report = coverage_report(made.pop(Detail.FULL))
    return Drawn(made, report)
