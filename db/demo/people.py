"""Who lives where in Voorbeeldland, cell by cell and year by year; every figure is a sum of these.

Hardship clusters in places and pulls income, work, health, housing and safety the same way, so that
problems pile up as they do in life. Nothing here is rounded or withheld: publishing does that.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from db.core.codes import COUNTRY
from db.core.figures import Floats
from db.core.levels import Level
from db.demo.division import Division
from db.demo.lattice import Cell, apart, shape
from db.demo.noise import noise, swing
from db.demo.settlement import density
from db.demo.towns import EMPTY_WIJKEN, HARDSHIP, TOWNS, Town

_START = 2020


@dataclass(frozen=True, slots=True)
class Ground:
    """What does not change: for every cell of land, in order."""

    cells: tuple[Cell, ...]
    inhabitants: Floats
    urban: Floats
    """0 in the fields, near 1 in the middle of a city."""
    centre: Floats
    """1 where shops and nightlife draw visitors, else 0."""
    hardship: Floats
    hectares: Floats
    elderly: Floats
    drift: Floats
    """How hardship changes in a year."""
    growth: Floats


@dataclass(frozen=True, slots=True)
class People:
    """Totals of one year by cell: add them up for any area, divide for a share or a mean."""

    year: int
    totals: dict[str, Floats]


def make_ground(first: Division) -> Ground:
    towns = {town.code: town for town in TOWNS}
    wijk_of = {cell: code for code, unit in first.wijken.items() for cell in unit.cells}
    cells = tuple(sorted(first.units(Level.LAND)[COUNTRY].cells))
    homes = [towns["GM" + wijk_of[cell][2:6]] for cell in cells]
    close = np.array([density(town, cell) for town, cell in zip(homes, cells, strict=True)])
    wijken = [wijk_of[cell] for cell in cells]
    return Ground(
        cells=cells,
        inhabitants=_inhabitants(first, cells, homes=homes, close=close),
        urban=close / (close + 0.35),
        centre=(close > 0.85).astype(np.float64),
        hardship=np.array([_hardship(cell) for cell in cells]),
        hectares=np.array([shape(frozenset([cell])).area / 10_000 for cell in cells]),
        elderly=np.array([0.18 + 0.09 * swing("elderly", wijk) for wijk in wijken]),
        drift=np.array([0.05 * swing("drift", wijk) for wijk in wijken]),
        growth=np.array([0.008 + 0.012 * swing("growth", wijk) for wijk in wijken]),
    )


def _inhabitants(
    first: Division, cells: tuple[Cell, ...], *, homes: list[Town], close: Floats
) -> Floats:
    """The people of a town over its cells, none where nobody lives."""
    empty = _empty(first)
    lived = [0.0 if c in empty else 0.8 + 0.4 * noise("lived", *c) for c in cells]
    weights: Floats = close * np.array(lived)
    codes = np.array([town.code for town in homes])
    for town in TOWNS:
        own = codes == town.code
        weights[own] *= town.inhabitants / float(np.cumsum(weights[own])[-1])
    return weights


def _empty(first: Division) -> frozenset[Cell]:
    wijken = [unit.cells for unit in first.wijken.values() if unit.name in EMPTY_WIJKEN]
    buurten = [
        unit.cells
        for code, unit in first.buurten.items()
        if code[8:] != "00" and noise("empty", code) < 0.05
    ]
    return frozenset().union(*wijken, *buurten)


def _hardship(cell: Cell) -> float:
    found = 0.4 * swing("hardship", *cell) - 0.6
    for place, reach, weight in HARDSHIP:
        away = apart(cell, place) / reach
        found += 1.5 * weight / (1 + away * away)
    return found


@dataclass(frozen=True, slots=True)
class _Year:
    """What the figures of one year are drawn from."""

    ground: Ground
    year: int
    hardship: Floats

    @property
    def passed(self) -> int:
        return self.year - _START

    def varied(self, name: str, values: Floats, bounds: tuple[float, float]) -> Floats:
        """Each cell its own, and a little different each year; never outside the bounds."""
        passing = np.array([swing(name, *cell, self.year) for cell in self.ground.cells])
        factor = 1 + 0.1 * _own(name, self.ground.cells) + 0.03 * passing
        return np.clip(values * factor, *bounds)


def people(ground: Ground, year: int) -> People:
    of = _Year(ground, year, ground.hardship + ground.drift * (year - _START))
    totals = _persons(ground, year) | {"hectares": ground.hectares}
    persons = totals["persons"]
    totals["households"] = persons / of.varied("size", 2.5 - 0.5 * ground.urban, (1.4, 3.2))
    totals |= _homes(of, totals["households"])
    totals |= _money(of, totals)
    totals |= _work(of, totals)
    totals |= _surroundings(of, totals)
    return People(year, totals)


def _homes(of: _Year, households: Floats) -> dict[str, Floats]:
    hardship, urban = of.hardship, of.ground.urban
    vacant = of.varied("vacant", 0.025 + 0.008 * hardship, (0.005, 0.12))
    dwellings = households * (1 + vacant)
    owned = of.varied("owned", 0.63 - 0.16 * hardship - 0.08 * urban, (0.06, 0.93))
    social = of.varied("social", 0.5 + 0.14 * hardship, (0.04, 0.92)) * (1 - owned)
    worth = (330 - 70 * hardship) * (1 + 0.06 * of.passed)
    gas = (1400 - 400 * urban) * (1 - 0.04 * of.passed)
    return {
        "singles": households * of.varied("single", 0.22 + 0.25 * urban, (0.05, 0.75)),
        "dwellings": dwellings,
        "vacant": dwellings * vacant,
        "owned": dwellings * owned,
        "rented": dwellings * (1 - owned),
        "social": dwellings * social,
        "flats": dwellings * of.varied("flats", 0.06 + 0.55 * urban, (0.01, 0.97)),
        "worth": dwellings * of.varied("worth", worth, (110, 1500)),
        "gas": dwellings * of.varied("gas", gas, (300, 2600)),
    }


def _money(of: _Year, totals: dict[str, Floats]) -> dict[str, Floats]:
    hardship, persons, households = of.hardship, totals["persons"], totals["households"]
    income = (28.5 - 3.8 * hardship) * (1 + 0.035 * of.passed)
    poor = 0.06 + 0.04 * hardship
    return {
        "income": persons * of.varied("income", income, (13, 70)),
        "wealth": households * of.varied("wealth", 150 - 65 * hardship, (1, 700)),
        "low_income": households * of.varied("poor", poor, (0.008, 0.4)),
        "in_poverty": persons * of.varied("poor", 0.7 * poor, (0.005, 0.3)),
    }


def _work(of: _Year, totals: dict[str, Floats]) -> dict[str, Floats]:
    hardship, persons = of.hardship, totals["persons"]
    workers = persons - totals["to_15"] - 0.5 * totals["from_65"]
    low = of.varied("low", 0.24 + 0.08 * hardship, (0.05, 0.6))
    high = of.varied("high", 0.34 - 0.09 * hardship, (0.06, 0.65)) * (1 - low)
    assisted = (0.022 + 0.024 * hardship) * (1 - 0.03 * of.passed)
    unemployed = 0.013 + 0.004 * hardship
    return {
        "assistance": persons * of.varied("assistance", assisted, (0.001, 0.2)),
        "unemployed": persons * of.varied("unemployed", unemployed, (0.002, 0.06)),
        "disabled": persons * of.varied("disabled", 0.045 + 0.014 * hardship, (0.01, 0.15)),
        "workers": workers,
        "at_work": workers * of.varied("at_work", 0.73 - 0.05 * hardship, (0.35, 0.86)),
        "taught_low": workers * low,
        "taught_high": workers * high,
        "taught_mid": workers * (1 - low - high),
    }


def _surroundings(of: _Year, totals: dict[str, Floats]) -> dict[str, Floats]:
    hardship, persons, urban = of.hardship, totals["persons"], of.ground.urban
    rural = (1 - urban) * (1 - urban)
    offences = 0.035 + 0.016 * hardship + 0.05 * of.ground.centre
    cars = 1.2 - 0.45 * urban - 0.1 * hardship
    return {
        "offences": persons * of.varied("offences", offences, (0.004, 0.4)),
        "cars": totals["households"] * of.varied("cars", cars, (0.2, 1.9)),
        "to_doctor": persons * of.varied("doctor", 0.5 + 3 * rural, (0.2, 9)),
        "to_shop": persons * of.varied("shop", 0.4 + 2.5 * rural, (0.2, 8)),
        "addresses_near": persons * totals["dwellings"] / of.ground.hectares * 100,
        "hardship": persons * hardship,
        "urban": persons * urban,
    }


@cache
def _own(name: str, cells: tuple[Cell, ...]) -> Floats:
    """What sets each cell apart in this respect, the same in all years."""
    return np.array([swing(name, *cell) for cell in cells])


def _persons(ground: Ground, year: int) -> dict[str, Floats]:
    persons = ground.inhabitants * (1 + ground.growth * (year - _START))
    elderly = np.clip(ground.elderly + 0.003 * (year - _START), 0.04, 0.5)
    children = np.clip(0.24 - 0.45 * elderly, 0.05, 0.25)
    return {
        "persons": persons,
        "to_15": persons * children,
        "from_15_to_25": persons * (0.09 + 0.05 * ground.urban),
        "from_65": persons * elderly,
    }
