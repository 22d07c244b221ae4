"""Evidence of how a load is spread over areas, and what focus areas bear of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.burden import Verdict
from db.core.concentration import concentration, quantile_shares
from db.core.distribution import Against, dissimilarity
from db.core.levels import Level
from schema.area_extract import AreaExtract
from schema.burdens import Distributed, is_flow, number
from schema.context import Context
from schema.focus_loads import FocusShare
from schema.place import find
from schema.roster import Ordinals
from service.evidence import codebook
from service.evidence import spread_method as method
from service.evidence.kit import Cell, Kind, Kit, Shade
from service.evidence.shown import common, known

_LIMITS = (0.5, 0.8, 1.25, 2.0)
"""Between the classes of the map: twice, a quarter more, and the same the other way."""
_SHADES = (
    Shade("#5e3c99", "Minder dan de helft van zijn deel", "Less than half its part"),
    Shade("#b2abd2", "Minder dan zijn deel (vanaf 0,5)", "Less than its part (from 0.5)"),
    Shade("#f7f7f7", "Ongeveer zijn deel (0,8 tot 1,25)", "About its part (0.8 to 1.25)"),
    Shade("#fdb863", "Meer dan zijn deel (tot 2)", "More than its part (up to 2)"),
    Shade("#b35806", "Twee keer zijn deel of meer", "Twice its part or more"),
    Shade("#2b6cb0", "Niet te zeggen", "Cannot be said", hatched=True),
    Shade(
        "#9a9a9a",
        "Doet niet mee: water of buitenland",
        "Takes no part: water or abroad",
        hatched=True,
    ),
)
_UNKNOWN, _OUTSIDE = len(_SHADES) - 2, len(_SHADES) - 1
_QUANTILES = 5
_MANY = {Level.GEMEENTE: "gemeenten", Level.WIJK: "wijken", Level.BUURT: "buurten"}


@dataclass(frozen=True, slots=True)
class Year:
    """A load in one year, and what the focus areas bear of it."""

    spread: Distributed
    share: FocusShare | None


@dataclass(frozen=True, eq=False)
class Spread:
    """All areas of a table, or of a gemeente, under a load."""

    table: AreaTable
    within: Ordinals | None
    gemeente: str | None
    asked: Year
    years: tuple[Year, ...]
    """Every year with figures on these boundaries, ascending; the asked one too."""
    extract: AreaExtract

    @cached_property
    def quotients(self) -> Mapping[int, float]:
        """By ordinal, of areas that take part; none where no measure can be told."""
        rows, values = self.asked.spread.quotients
        return dict(zip(rows.tolist(), values.tolist(), strict=True))

    @cached_property
    def place(self) -> Mapping[int, int]:
        """Where an area stands in the arrays of the load, by ordinal."""
        return {row: at for at, row in enumerate(self.asked.spread.rows.tolist())}

    @cached_property
    def cell(self) -> Mapping[int, int]:
        """Where an area stands in the extract, by ordinal."""
        return {row: at for at, row in enumerate(self.extract.wanted.ordinals)}


def kit_of(context: Context, found: Spread, address: str) -> Kit:
    """All that a bundle is made of."""
    spread, table = found.asked.spread, found.table
    indicator, level = spread.indicator, table.level.value
    where = ""
    if found.gemeente is not None:
        name = find(context, Level.GEMEENTE, found.gemeente, table.vintage).name
        where = f" in {name} ({found.gemeente})"
    programme = found.asked.share.programme if found.asked.share else None
    return Kit(
        name=f"verdeling-{indicator.slug}-{level}-{table.vintage}-{spread.asked.year}",
        title_nl=f"Verdeling over {_MANY[table.level]}{where} (indeling {table.vintage}): "
        f"{indicator.name_nl}, {spread.asked.year}",
        title_en=f"Distribution over {_MANY[table.level]}{where} (boundaries of {table.vintage}): "
        f"{indicator.name_en}, {spread.asked.year}",
        address=address,
        question={
            "soort": "verdeling",
            "indicator": indicator.slug,
            "niveau": level,
            "indeling": table.vintage,
            "gemeente": found.gemeente,
            "jaar": spread.asked.year,
            "programma": None if programme is None else programme.slug,
        },
        answer={
            **_measures(found.asked),
            "gebiedenPerKlasse": _classes(found),
            "jaren": [_measures(each) for each in found.years],
        },
        definition=_definition(spread),
        method_nl=method.nl(spread, programme),
        method_en=method.en(spread, programme),
        table_nl=codebook.SPREAD_NL,
        table_en=codebook.SPREAD_EN,
        columns=_columns(found),
        cells=lambda ordinal: _cells(found, ordinal),
        shades=_SHADES,
        shade=lambda ordinal: _shade(found, ordinal),
        **common(context, table, found.within),
    )


def _measures(year: Year) -> dict[str, Any]:
    """What is told of one year, each with why it is not told."""
    spread, basis = year.spread, year.spread.burden.basis
    told = spread.verdict is Verdict.TOLD
    return {
        "jaar": spread.asked.year,
        "oordeel": spread.verdict.name,
        "uitleg": spread.verdict.text("nl"),
        "explanation": spread.verdict.text("en"),
        "gebieden": int(basis.areas[0]),
        "zonderWaarde": int(basis.unknown[0]),
        "zonderGewicht": int(basis.unweighted[0]),
        "leeg": int(basis.empty[0]),
        "dekking": number(basis.coverage),
        "weinigGebieden": bool(basis.few()[0]),
        "gini": number(concentration(spread.curves).values),
        "ongelijkheidTegenoverRest": _apart(spread, Against.REST) if spread.part else None,
        "ongelijkheidTegenoverAllen": _apart(spread, Against.ALL),
        "vijfden": quantile_shares(spread.curves, _QUANTILES).values[0].tolist() if told else None,
        "programma": None if year.share is None else _programme(year.share),
    }


def _apart(spread: Distributed, against: Against) -> float | None:
    return number(dissimilarity(spread.burden, against).values)


def _programme(share: FocusShare) -> dict[str, Any]:
    return {
        "slug": share.programme.slug,
        "oordeel": share.verdict.name,
        "uitleg": share.verdict.text("nl"),
        "explanation": share.verdict.text("en"),
        "deelVanDeLast": share.load,
        "deelVanWaartegen": share.population,
        "quotient": share.quotient,
        "minstens": share.lower,
        "hoogstens": share.upper,
        "gebieden": share.areas,
        "onbekend": share.unknown,
        "kandidaten": share.candidates,
        "focusgebiedenHier": share.focus_areas_here,
        "focusgebiedenZonderEenheden": share.focus_areas_without_units,
    }


def _definition(spread: Distributed) -> dict[str, Any]:
    indicator, weight = spread.indicator, spread.weight
    return {
        "indicator": {
            "slug": indicator.slug,
            "naam": indicator.name_nl,
            "name": indicator.name_en,
            "eenheid": indicator.unit_nl,
            "unit": indicator.unit_en,
            "soort": indicator.kind.name,
            "stroom": is_flow(indicator),
            "jaar": spread.asked.year,
            "bron": indicator.source,
        },
        "afgezetTegen": {
            "slug": weight.indicator.slug,
            "naam": weight.indicator.name_nl,
            "name": weight.indicator.name_en,
            "jaar": weight.year,
            "doorIndicatorGenoemd": weight.own,
        },
        "klassen": list(_LIMITS),
    }


def _columns(found: Spread) -> dict[str, Kind]:
    columns: dict[str, Kind] = {
        "waarde": float, "status": str, "reden": str, "afgezetTegen": float, "quotient": float,
    }  # fmt: skip
    return columns | ({"deelInProgramma": float} if found.asked.share else {})


def _cells(found: Spread, ordinal: int) -> list[Cell]:
    (column,), at = found.extract.columns, found.cell[ordinal]
    reason, place = Reason(int(column.reasons[at])), found.place.get(ordinal)
    population = found.asked.spread.burden.population
    cells: list[Cell] = [
        known(column.values[at]),
        reason.status.name,
        reason.name,
        None if place is None else known(population[place]),
        found.quotients.get(ordinal),
    ]
    if found.asked.share is not None:
        cells.append(None if place is None else known(found.asked.share.inside.parts[place]))
    return cells


def _shade(found: Spread, ordinal: int) -> int:
    if ordinal not in found.place:
        return _OUTSIDE
    quotient = found.quotients.get(ordinal)
    return _UNKNOWN if quotient is None else sum(quotient >= limit for limit in _LIMITS)


def _classes(found: Spread) -> list[dict[str, Any]]:
    numbers = [_shade(found, row) for row in found.extract.wanted.ordinals]
    return [
        {"klasse": each.nl, "class": each.en, "gebieden": numbers.count(at)}
        for at, each in enumerate(_SHADES)
    ]
