"""Evidence of stacking: in how many domains every area of a level is among the worst."""

from dataclasses import dataclass
from typing import Any

from db.core.area import AreaTable
from db.core.stacking_definition import StackingDefinition
from schema.context import Context
from schema.stacked import WORDS, Stacked
from service.evidence import codebook, method
from service.evidence.basis import basis_of
from service.evidence.kit import Cell, Kind, Kit, Shade
from service.evidence.shown import common, definition_shown, known

_COLOURS = ("#fbf8ef", "#fee08b", "#fdae49", "#ec7014", "#b84a00", "#7f2704", "#3b0f04")
_MOST = len(_COLOURS) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """All areas of a table under a definition."""

    stacked: Stacked
    table: AreaTable
    year: int | None


def kit_of(context: Context, found: Counted, address: str) -> Kit:
    """All that a bundle is made of."""
    definition, table = found.stacked.definition, found.table
    level = table.level.value
    return Kit(
        name=f"stapeling-{level}-{table.vintage}",
        title_nl=f"Stapeling per {level}, indeling {table.vintage}: {definition.name_nl}",
        title_en=f"Stacking by {level}, boundaries of {table.vintage}: {definition.name_en}",
        address=address,
        question={
            "soort": "stapeling",
            "definitie": definition.label,
            "niveau": level,
            "indeling": table.vintage,
            "jaar": found.year,
        },
        answer=_answer(found),
        definition=definition_shown(found.stacked),
        method_nl=method.counts_nl(definition),
        method_en=method.counts_en(definition),
        table_nl=codebook.STACKING_NL,
        table_en=codebook.STACKING_EN,
        basis=basis_of(context, table, found.stacked),
        columns=_columns(definition),
        cells=lambda ordinal: _cells(found.stacked, ordinal),
        shades=_shades(definition),
        shade=lambda ordinal: _shade(found.stacked, ordinal),
        **common(context, table),
    )


def _answer(found: Counted) -> dict[str, Any]:
    stacking = found.stacked.found
    judged = stacking.eligible
    certain = stacking.certain & judged
    domains = len(found.stacked.definition.domains)
    return {
        "beoordeeld": found.stacked.judged,
        "nietBeoordeeld": len(found.table) - found.stacked.judged,
        "aantalOnzeker": int((judged & ~stacking.certain).sum()),
        "gebiedenPerAantal": [
            {"aantal": number, "gebieden": int((stacking.count[certain] == number).sum())}
            for number in range(domains + 1)
        ],
    }


def _columns(definition: StackingDefinition) -> dict[str, Kind]:
    found: dict[str, Kind] = {"beoordeeld": str, "aantal": int, "aantalMin": int, "aantalMax": int}
    for each in definition.domains:
        found |= {f"percentiel_{each.slug}": float, f"overschreden_{each.slug}": str}
    return found


def _cells(stacked: Stacked, ordinal: int) -> list[Cell]:
    found = stacked.found
    least, most = int(found.count_min[ordinal]), int(found.count_max[ordinal])
    eligible = bool(found.eligible[ordinal])
    cells: list[Cell] = ["ja" if eligible else "nee", least if least == most else None, least, most]
    for at in range(len(stacked.definition.domains)):
        cells.append(known(found.percentiles[ordinal, at]))
        cells.append(WORDS[int(found.exceeded[ordinal, at])].name)
    return cells


def _shades(definition: StackingDefinition) -> list[Shade]:
    most = min(_MOST, len(definition.domains))
    counts = [
        Shade(_COLOURS[at], f"{at}{_more(at, most, definition)} domeinen",
              f"{at}{_more(at, most, definition)} domains")
        for at in range(most + 1)
    ]  # fmt: skip
    open_ = Shade("#2b6cb0", "Hangt af van wat onbekend is", "Depends on what is unknown", True)
    nobody = Shade("#9a9a9a", "Niet beoordeeld", "Not judged", True)
    return [*counts, open_, nobody]


def _more(at: int, most: int, definition: StackingDefinition) -> str:
    return "+" if at == most < len(definition.domains) else ""


def _shade(stacked: Stacked, ordinal: int) -> int:
    most = min(_MOST, len(stacked.definition.domains))
    found = stacked.found
    if not found.eligible[ordinal]:
        return most + 2
    least = min(most, int(found.count_min[ordinal]))
    return least if least == min(most, int(found.count_max[ordinal])) else most + 1
