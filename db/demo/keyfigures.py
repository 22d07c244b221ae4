"""The key figures of a year as a statistical office would publish them: rounded, withheld, late."""

from dataclasses import dataclass

import numpy as np

from db.core.absence import Reason
from db.core.figures import Column, Figures, Floats
from db.core.levels import Level
from db.demo.addition import Rows
from db.demo.noise import noise
from db.demo.people import People

PROVISIONAL = 2024
_SECRET_BELOW = 100
"""Inhabitants below which incomes and benefits are withheld."""
_DOT_BELOW = 40
"""Dwellings below which figures on dwellings are not reliable enough."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How a column is made: a total, or a total divided by another."""

    slug: str
    part: str
    whole: str | None = None
    scale: float = 1.0
    decimals: int = 0
    rounding: int = 1
    """Counts below gemeente are rounded to a multiple of this."""
    secret: bool = False
    dotted: bool = False
    years: tuple[int, int] = (2020, 2024)
    late: bool = False
    """Not filled yet in the newest edition."""


COLUMNS = (
    Figure("population", "persons", rounding=5),
    Figure("population_0_15", "to_15", rounding=5),
    Figure("population_15_25", "from_15_to_25", rounding=5),
    Figure("population_65_plus", "from_65", rounding=5),
    Figure("population_15_75", "workers", rounding=5),
    Figure("population_density", "persons", "hectares", scale=100),
    Figure("land_area", "hectares"),
    Figure("households", "households", rounding=5),
    Figure("single_person_households", "singles", rounding=5),
    Figure("household_size", "persons", "households", decimals=1),
    Figure("dwelling_stock", "dwellings"),
    Figure("woz_value", "worth", "dwellings", dotted=True),
    Figure("owner_occupied_share", "owned", "dwellings", scale=100, dotted=True),
    Figure("rented_share", "rented", "dwellings", scale=100, dotted=True),
    Figure("corporation_share", "social", "dwellings", scale=100, dotted=True),
    Figure("multifamily_share", "flats", "dwellings", scale=100, dotted=True),
    Figure("vacant_dwellings", "vacant", "dwellings", scale=100, dotted=True),
    Figure("gas_use", "gas", "dwellings", rounding=10, dotted=True),
    Figure("income_per_inhabitant", "income", "persons", decimals=1, secret=True, late=True),
    Figure("median_wealth", "wealth", "households", decimals=1, secret=True, late=True),
    Figure("low_income_households", "low_income", "households", scale=100, decimals=1,
           secret=True, years=(2020, 2022)),
    Figure("poverty_share", "in_poverty", "persons", scale=100, decimals=1,
           secret=True, years=(2023, 2024), late=True),
    Figure("assistance_benefits", "assistance", rounding=10, secret=True),
    Figure("unemployment_benefits", "unemployed", rounding=10, secret=True),
    Figure("disability_benefits", "disabled", rounding=10, secret=True),
    Figure("net_participation", "at_work", "workers", scale=100, secret=True),
    Figure("education_low", "taught_low", rounding=10, secret=True, late=True),
    Figure("education_mid", "taught_mid", rounding=10, secret=True, late=True),
    Figure("education_high", "taught_high", rounding=10, secret=True, late=True),
    Figure("address_density", "addresses_near", "persons"),
    Figure("urbanity_class", "addresses_near", "persons"),
    Figure("distance_gp", "to_doctor", "persons", decimals=1),
    Figure("distance_supermarket", "to_shop", "persons", decimals=1),
    Figure("cars_per_household", "cars", "households", decimals=1),
)  # fmt: skip


def key_figures(rows: Rows, people: People) -> Figures:
    totals = rows.totals(people)
    figures = [one for one in COLUMNS if one.years[0] <= people.year <= one.years[1]]
    values = np.column_stack([_values(one, rows, totals) for one in figures])
    reasons = np.column_stack([_reasons(one, rows, totals, year=people.year) for one in figures])
    values[reasons >= Reason.CONFIDENTIAL] = np.nan
    return Figures(
        codes=rows.codes,
        periods=np.full(len(rows.codes), people.year, np.int32),
        columns=[Column(key=one.slug) for one in figures],
        values=values,
        reasons=reasons.astype(np.uint8),
        provisional=np.full(values.shape, people.year == PROVISIONAL),
    )


def _values(figure: Figure, rows: Rows, totals: dict[str, Floats]) -> Floats:
    if figure.whole is not None:
        with np.errstate(invalid="ignore"):
            shares = totals[figure.part] / totals[figure.whole] * figure.scale
        if figure.slug == "urbanity_class":
            return _urbanity(shares)
        return np.round(shares, figure.decimals)
    return _counts(figure, rows, totals[figure.part])


def _counts(figure: Figure, rows: Rows, exact: Floats) -> Floats:
    """Each level its own figure: some people are known to a gemeente but to no wijk in it."""
    unplaced = 1.0015 if figure.rounding > 1 else 1.0
    multiples = np.round(exact / figure.rounding) * figure.rounding
    counts = np.where(rows.small, multiples, np.round(exact * unplaced))
    country = rows.levels == Level.LAND
    counts[country] = counts[rows.levels == Level.GEMEENTE].sum()
    return counts


def _urbanity(addresses: Floats) -> Floats:
    """Five classes by addresses per square kilometre, 1 the most urban."""
    classes = 5.0 - np.searchsorted((500, 1000, 1500, 2500), addresses, side="right")
    return np.where(np.isnan(addresses), np.nan, classes)


def _reasons(figure: Figure, rows: Rows, totals: dict[str, Floats], *, year: int) -> Floats:
    """Why a cell is empty; what cannot occur goes before what is withheld."""
    reasons = np.full(len(rows.codes), float(Reason.OBSERVED))
    if figure.late and year == PROVISIONAL:
        return np.full(len(rows.codes), float(Reason.NOT_YET_PUBLISHED))
    if figure.dotted:
        reasons[rows.small & (totals["dwellings"] < _DOT_BELOW)] = Reason.DOT
        reasons[_unreliable(figure, rows, year)] = Reason.DOT
    if figure.secret:
        reasons[rows.small & (totals["persons"] < _SECRET_BELOW)] = Reason.CONFIDENTIAL
    if figure.whole is not None:
        reasons[totals[figure.whole] == 0] = Reason.IMPOSSIBLE
    return reasons


def _unreliable(figure: Figure, rows: Rows, year: int) -> list[bool]:
    """Now and then a buurt has a dot of which nobody can see the reason."""
    return [
        code.startswith("BU") and noise("dot", figure.slug, code, year) < 0.01
        for code in rows.codes
    ]
