"""An invented country as large as the Netherlands, the same at every run, for measuring.

342 gemeenten, 3,400 wijken with borders, 60 indicators of the real catalogue in 20 years and 20
focus areas. No value of it is real; its one publication is marked fictional.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely

from db.core.absence import Reason
from db.core.figures import Account, Areas, Column, Figures, Parsed
from db.core.indicator import Indicator, Kind, Matcher
from db.core.levels import Level, Terrain
from db.core.programme import Reference
from db.reference.indicators import load_indicators
from db.sources.dataset import Dataset, Family, Payload
from tests.load.borders import BOX, Floats, Ints, Shapes, coverage
from tests.load.programmes import build_reference

VINTAGE = 2024
SOURCE = "cbs-kwb"
FIRST = (
    "population",
    "households",
    "total_area",
    "population_density",
    "urbanity_class",
    "youth_care_clients",
)
"""The indicators that the questions ask for come first, so that peers know them by number."""
CARRIED = (
    "population",
    "households",
    "cars_per_household",
    "single_person_households_share",
    "business_units",
)
"""Those that a told nation has of years before its boundaries too: counts, a share and a mean."""
_ABSENT = {Reason.CONFIDENTIAL: 0.015, Reason.NO_FIGURE: 0.01, Reason.NOT_MEASURED: 0.005}
_SYLLABLES = [
    "oud",
    "nieuw",
    "zand",
    "veld",
    "dorp",
    "poort",
    "kerk",
    "molen",
    "berg",
    "dal",
    "haven",
    "park",
    "meer",
    "sluis",
    "gaard",
]


@dataclass(frozen=True, slots=True)
class Size:
    gemeenten: int = 342
    wijken: int = 3_400
    indicators: int = 60
    years: tuple[int, ...] = tuple(range(VINTAGE - 19, VINTAGE + 1))
    focus_areas: int = 20
    members: int = 25
    """Wijken in each focus area."""
    buurten: int = 0
    """In each wijk; they have the same figures and no borders."""
    told: bool = False
    """Also what only questions that nobody else answers need: money, claims and pilots, inhabitants
    of gemeenten, and the boundaries of the year before with figures of years before these."""


NATIONAL = Size()
FINE = Size(buurten=4)
SMALL = Size(gemeenten=12, wijken=240, indicators=8, focus_areas=3, members=5)
SIZES = {"national": NATIONAL, "fine": FINE, "small": SMALL}


@dataclass(frozen=True, slots=True)
class Nation:
    indicators: tuple[Indicator, ...]
    """The whole catalogue; the first `size.indicators` have values."""
    reference: Reference
    loads: tuple[tuple[Dataset, Parsed], ...]


def build_nation(size: Size) -> Nation:
    random = np.random.default_rng(7)
    places = _places(size, random)
    indicators = build_indicators()
    wijken = _wijken(places, random)
    figures = [_figures(wijken.codes, indicators[: size.indicators], size.years, random)]
    areas = [_land(places), _gemeenten(places, size, random), wijken]
    if size.buurten:
        buurten = _buurten(wijken, size)
        apart = np.random.default_rng(8)
        areas.append(buurten)
        figures.append(_figures(buurten.codes, indicators[: size.indicators], size.years, apart))
    if size.told:
        figures.append(_inhabitants_of_gemeenten(wijken, figures[0]))
    loads = [_load(VINTAGE, areas, figures)]
    if size.told:
        loads.append(_earlier(places, wijken, indicators))
    reference = build_reference(wijken.codes, size.focus_areas, size.members, random, size.told)
    return Nation(indicators, reference, tuple(loads))


def _load(vintage: int, areas: list[Areas], figures: list[Figures]) -> tuple[Dataset, Parsed]:
    account = Account()
    account.accept(sum(len(each.codes) for each in figures))
    parsed = Parsed(account, areas=areas, figures=figures, title="Kerncijfers (fictief)")
    name = "kerncijfers-fictief" if vintage == VINTAGE else f"kerncijfers-fictief-{vintage}"
    return Dataset(name, SOURCE, Family.KWB, vintage, _never), parsed


def _never(dataset: Dataset, payload: Payload) -> Parsed:
    raise AssertionError("made here, not loaded")


@dataclass(frozen=True, slots=True)
class _Places:
    shapes: Shapes
    gemeente: Ints
    """Of each wijk, the number of its gemeente; wijken are in order of it."""


def _places(size: Size, random: np.random.Generator) -> _Places:
    """Wijken crowd around towns; a gemeente is what lies nearest to one of them."""
    low, high = np.array(BOX[:2]), np.array(BOX[2:])
    towns = random.uniform(low, high, (max(2, size.gemeenten // 8), 2))
    crowded = int(size.wijken * 0.4)
    near = towns[random.integers(0, len(towns), crowded)]
    points = np.concatenate(
        [
            random.uniform(low, high, (size.wijken - crowded, 2)),
            near + random.normal(0, 5_000, (crowded, 2)),
        ]
    )
    points = np.clip(points, low + 500, high - 500)
    centres = points[random.choice(size.wijken, size.gemeenten, replace=False)]
    gemeente = shapely.STRtree(shapely.points(centres)).nearest(shapely.points(points))
    order = np.argsort(gemeente, kind="stable")
    return _Places(coverage(points[order], random), gemeente[order])


def _land(places: _Places) -> Areas:
    shape = np.array([shapely.coverage_union_all(places.shapes)])
    return _areas(Level.LAND, ["NL00"], ["Verzonnen land"], [None], shape)


def _gemeenten(places: _Places, size: Size, random: np.random.Generator) -> Areas:
    codes = [f"GM{number + 1:04d}" for number in range(size.gemeenten)]
    shapes = np.array(
        [
            shapely.coverage_union_all(places.shapes[places.gemeente == number])
            for number in range(size.gemeenten)
        ]
    )
    return _areas(Level.GEMEENTE, codes, _names(len(codes), random), ["NL00"] * len(codes), shapes)


def _wijken(places: _Places, random: np.random.Generator) -> Areas:
    first = np.searchsorted(places.gemeente, places.gemeente)
    within = np.arange(len(places.gemeente)) - first
    parents: list[str | None] = [f"GM{number + 1:04d}" for number in places.gemeente]
    codes = [
        f"WK{number + 1:04d}{place:02d}"
        for number, place in zip(places.gemeente, within, strict=True)
    ]
    return _areas(Level.WIJK, codes, _names(len(codes), random), parents, places.shapes)


def _buurten(wijken: Areas, size: Size) -> Areas:
    pairs = [(wijk, number) for wijk in wijken.codes for number in range(size.buurten)]
    codes = [f"BU{wijk[2:]}{number:02d}" for wijk, number in pairs]
    names: list[str | None] = [f"Buurt {number + 1}" for _, number in pairs]
    return _areas(Level.BUURT, codes, names, [wijk for wijk, _ in pairs], None)


def _areas(
    level: Level,
    codes: list[str],
    names: list[str | None],
    parents: list[str | None],
    shapes: Shapes | None,
) -> Areas:
    return Areas(
        level=level, codes=codes, names=names, terrains=[Terrain.LAND] * len(codes),
        parents=parents, shapes=shapes, crs=28992,
    )  # fmt: skip


def _names(count: int, random: np.random.Generator) -> list[str | None]:
    drawn = random.integers(0, len(_SYLLABLES), (count, 3))
    return [
        f"{_SYLLABLES[a]}{_SYLLABLES[b]} {_SYLLABLES[c].capitalize()}".capitalize()
        for a, b, c in drawn
    ]


def build_indicators() -> tuple[Indicator, ...]:
    """The real catalogue; each indicator is recognised by a column that is called as it is."""
    every = {indicator.slug: indicator for indicator in load_indicators()}
    rest = [i for i in every.values() if i.slug not in FIRST and i.source == SOURCE and not i.gap]
    others = [i for i in every.values() if i.slug not in FIRST and i not in rest]
    ordered = [every[slug] for slug in FIRST] + rest + others
    return tuple(replace(i, matchers=(Matcher("kwb", short=i.slug),)) for i in ordered)


def _figures(
    codes: list[str],
    indicators: tuple[Indicator, ...],
    years: tuple[int, ...],
    random: np.random.Generator,
) -> Figures:
    """Values that drift through the years, absent here and there for a reason."""
    shape = len(years), len(codes)
    values = np.column_stack([_values(i, shape, random).ravel() for i in indicators])
    reasons = np.full(values.shape, Reason.OBSERVED, np.uint8)
    dice, floor = random.random(values.shape), 0.0
    for reason, share in _ABSENT.items():
        reasons[(dice >= floor) & (dice < floor + share)] = reason
        floor += share
    values[reasons != Reason.OBSERVED] = np.nan
    return Figures(
        codes=list(codes) * len(years),
        periods=np.repeat(np.array(years, np.int32), len(codes)),
        columns=[Column(indicator.slug) for indicator in indicators],
        values=values,
        reasons=reasons,
    )


def _values(indicator: Indicator, shape: tuple[int, int], random: np.random.Generator) -> Floats:
    drift = random.normal(1, 0.03, shape).cumprod(axis=0)
    if indicator.kind is Kind.CLASS:
        return random.integers(1, 6, shape).astype(np.float64)
    if indicator.kind is Kind.SHARE:
        shares: Floats = np.clip(random.beta(2, 5, shape[1]) * 100 * drift, 0, 100)
        return shares.round(1)
    amounts: Floats = random.lognormal(7, 1, shape[1]) * drift
    return amounts.round(indicator.decimals)


def _inhabitants_of_gemeenten(wijken: Areas, figures: Figures) -> Figures:
    """Those of their wijken in the newest year added up, absent ones left out: it is invented."""
    rows = slice(len(figures.codes) - len(wijken.codes), None)
    gemeenten, owner = np.unique(np.array(wijken.parents, dtype=str), return_inverse=True)
    sums = np.bincount(owner, np.nan_to_num(figures.values[rows, 0])).astype(np.float64)
    return Figures(
        codes=[str(code) for code in gemeenten],
        periods=np.full(len(gemeenten), VINTAGE, np.int32),
        columns=[Column(FIRST[0])],
        values=sums[:, None],
        reasons=np.full((len(gemeenten), 1), Reason.OBSERVED, np.uint8),
    )


def _earlier(
    places: _Places, wijken: Areas, indicators: tuple[Indicator, ...]
) -> tuple[Dataset, Parsed]:
    """The year before: in every third gemeente two wijken that follow each other were one."""
    apart = np.random.default_rng(9)
    _, first = np.unique(places.gemeente, return_index=True)
    within = np.arange(len(places.gemeente)) - first[places.gemeente]
    joined = (places.gemeente % 3 == 0) & (within % 2 == 1)
    unit = np.cumsum(~joined) - 1
    shapes = np.array(
        [shapely.coverage_union_all(places.shapes[unit == one]) for one in range(unit[-1] + 1)]
    )
    before = _wijken(_Places(shapes, places.gemeente[~joined]), apart)
    carried = tuple(each for each in indicators if each.slug in CARRIED)
    years = tuple(range(VINTAGE - 24, VINTAGE - 19))
    return _load(VINTAGE - 1, [before], [_figures(before.codes, carried, years, apart)])
