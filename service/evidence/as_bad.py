"""Evidence of which areas are at least as bad as a reference, and which cannot be judged."""

from typing import Any

from db.core.stacking_definition import StackingDefinition
from schema.as_bad_rows import Found, Row
from schema.context import Context
from schema.dominance import Standing
from service.evidence import codebook, method
from service.evidence.basis import basis_of
from service.evidence.kit import Cell, Kind, Kit, Shade
from service.evidence.shown import common, definition_shown, known

_SHADES = {
    Standing.REFERENCE: Shade("#4b2e83", "Waarmee vergeleken is", "What is compared with"),
    Standing.YES: Shade("#c51b1b", "Minstens even slecht", "At least as bad"),
    Standing.CANNOT_BE_SAID: Shade("#2b6cb0", "Niet te zeggen", "Cannot be said", True),
    Standing.NO: Shade("#f3e9c9", "Beter", "Better"),
    Standing.LEFT_OUT: Shade("#5fa8a0", "In het programma", "In the programme"),
    Standing.NOT_JUDGED: Shade("#9a9a9a", "Niet beoordeeld", "Not judged", True),
}
_PLACE = {standing: at for at, standing in enumerate(_SHADES)}


def kit_of(
    context: Context,
    found: Found,
    *,
    year: int | None,
    outside: str | None,
    carried: bool,
    address: str,
) -> Kit:
    """All that a bundle is made of."""
    definition, reference = found.definition, found.reference
    name_nl, name_en = _names(found)
    table = reference.table
    return Kit(
        name=f"minstens-even-slecht-als-{reference.name.lower()}-{table.vintage}",
        title_nl=f"Minstens even slecht als {name_nl}",
        title_en=f"At least as bad as {name_en}",
        address=address,
        question={
            "soort": "minstens-even-slecht",
            "referentie": reference.name,
            "eenheden": reference.units.name,
            "indeling": table.vintage,
            "definitie": definition.label,
            "vereist": found.required,
            "buitenProgramma": outside,
            "overgezet": carried,
            "jaar": year,
        },
        answer=_answer(found),
        definition=definition_shown(found.stacked),
        method_nl=method.as_bad_nl(definition, name_nl, found.required, carried=carried),
        method_en=method.as_bad_en(definition, name_en, found.required, carried=carried),
        table_nl=codebook.AS_BAD_NL,
        table_en=codebook.AS_BAD_EN,
        basis=basis_of(context, table, found.stacked),
        columns=_columns(definition),
        cells=lambda ordinal: _cells(Row(found, ordinal)),
        shades=list(_SHADES.values()),
        shade=lambda ordinal: _PLACE[Row(found, ordinal).standing],
        **common(context, table),
    )


def _names(found: Found) -> tuple[str, str]:
    """Of what is compared with, in Dutch and English."""
    reference = found.reference
    if reference.focus_area is not None:
        name = reference.focus_area.name
        return f"focusgebied {name}", f"focus area {name}"
    assert reference.area is not None
    both = f"{reference.area.name} ({reference.area.code})"
    return both, both


def _answer(found: Found) -> dict[str, Any]:
    reference, compared = found.reference, found.compared
    codes = reference.table.codes
    return {
        "vereist": found.required,
        "referentie": {
            "niveau": reference.table.level.value,
            "indeling": reference.table.vintage,
            "codes": [codes[row] for row in reference.rows],
            "inDelen": reference.in_part,
            "onzeker": reference.uncertain,
            "nietGeladen": reference.not_loaded,
            "overgezetVan": reference.carried_from,
            "nietHeelOvergezet": reference.not_carried,
            "domeinen": [
                {
                    "domein": each.domain,
                    "score": each.score,
                    "percentiel": each.percentile,
                    "bekend": each.known,
                }
                for each in found.profile
            ],
        },
        "totalen": {
            "beoordeeld": found.stacked.judged,
            "minstensEvenSlecht": compared.number(Standing.YES),
            "nietTeZeggen": compared.number(Standing.CANNOT_BE_SAID),
            "beter": compared.number(Standing.NO),
            "referentie": compared.number(Standing.REFERENCE),
            "inHetProgramma": compared.number(Standing.LEFT_OUT),
            "teWeinigInwoners": compared.few,
            "inwonersOnbekend": compared.unknown_inhabitants,
        },
        "minstensEvenSlecht": [codes[row] for row in compared.yes.tolist()],
        "nietTeZeggen": [codes[row] for row in compared.cannot.tolist()],
        "nietVermeld": found.not_stated,
    }


def _columns(definition: StackingDefinition) -> dict[str, Kind]:
    found: dict[str, Kind] = {
        "oordeel": str, "programma": str, "marge": float, "aantalMin": int, "aantalMax": int,
    }  # fmt: skip
    for each in definition.domains:
        found |= {f"percentiel_{each.slug}": float, f"oordeel_{each.slug}": str}
    return found


def _cells(row: Row) -> list[Cell]:
    belonging, domains = row.belonging, row.domains
    standings = [each.standing for each in domains]
    cells: list[Cell] = [
        row.standing.name,
        None if belonging is None else belonging.name,
        row.margin,
        standings.count(Standing.YES),
        len(standings) - standings.count(Standing.NO),
    ]
    for each, standing in zip(domains, standings, strict=True):
        percentile = each.percentile
        cells += [None if percentile is None else known(percentile), standing.name]
    return cells
