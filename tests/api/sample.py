"""A store in memory with a country of a few areas on two vintages, for tests of the schema.

Every difficulty once: water, letters in codes, equal names, diacritics, an area without a shape, a
code that only one vintage has, suppressed and provisional cells, years on other boundaries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.block import NO_LOAD, Block, SeriesKey
from db.core.change import Change, Place, PublicationChange, Told, Wanted, after
from db.core.completeness import Counted, count_statuses
from db.core.errors import UnknownPublication
from db.core.indicator import (
    Aggregation,
    Direction,
    Domain,
    Indicator,
    Kind,
    Nature,
    SeriesBreak,
)
from db.core.levels import Level, Terrain
from db.core.linked import Linked
from db.core.programme import (
    Certainty,
    Extent,
    FocusArea,
    Membership,
    MunicipalityGroup,
    MunicipalityGroupList,
    Precision,
    Programme,
    Reference,
    Source,
)
from db.core.publication import Attempt, Load, Publication, WithdrawnPublication
from db.core.simplify import Detail
from db.core.stacking_definition import StackingDefinition, StackingDomain, WeightedIndicator
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from db.snapshot.store import Head
from tests.api.sample_links import Links, paired

LAND, WATER = Terrain.LAND, Terrain.WATER
_Row = tuple[str, str, Terrain, bool]
"""Code, name, terrain, and whether it has a shape."""

_ROWS: dict[tuple[Level, int], list[_Row]] = {
    (Level.LAND, 2023): [("NL00", "Voorbeeldland", LAND, True)],
    (Level.LAND, 2024): [("NL00", "Voorbeeldland", LAND, True)],
    (Level.GEMEENTE, 2023): [
        ("GM9001", "Aadorp", LAND, True),
        ("GM9002", "Élstad", LAND, True),
        ("GM9003", "Oudeland", LAND, True),
    ],
    (Level.GEMEENTE, 2024): [
        ("GM9001", "Aadorp", LAND, True),
        ("GM9002", "Élstad", LAND, True),
    ],
    (Level.WIJK, 2023): [
        ("WK900101", "Centrum", LAND, True),
        ("WK900102", "Noord", LAND, True),
        ("WK900104", "Vroeger", LAND, True),
    ],
    (Level.WIJK, 2024): [
        ("WK9002A1", "Centrum", LAND, True),
        ("WK900101", "Centrum", LAND, True),
        ("WK900102", "Noord", LAND, True),
        ("WK900103", "Éénhoorn", LAND, False),
        ("WK900199", "Groot water", WATER, True),
    ],
    (Level.BUURT, 2024): [
        ("BU90010101", "Markt", LAND, True),
        ("BU90010102", "Haven", LAND, True),
        ("BU90010201", "Noordrand", LAND, True),
    ],
}
_ABOVE = {Level.GEMEENTE: ("NL00", 0), Level.WIJK: ("GM", 6), Level.BUURT: ("WK", 8)}


def _parent(level: Level, code: str) -> str | None:
    if level is Level.LAND:
        return None
    prefix, end = _ABOVE[level]
    return prefix if end == 0 else prefix + code[2:end]


def _table(level: Level, vintage: int, start: int) -> AreaTable:
    rows = _ROWS[level, vintage]
    west = 5.0 + 0.01 * np.arange(len(rows))
    bounds = np.column_stack([west, np.full_like(west, 52.0), west + 0.01, west * 0 + 52.01])
    bounds[[not row[3] for row in rows]] = np.nan
    return AreaTable(
        level=level,
        vintage=vintage,
        ids=np.arange(start, start + len(rows), dtype=np.int32),
        codes=tuple(row[0] for row in rows),
        names=tuple(row[1] for row in rows),
        terrains=tuple(row[2] for row in rows),
        parents=tuple(_parent(level, row[0]) for row in rows),
        bounds=bounds,
        centroids=np.column_stack([bounds[:, 0] + 0.005, bounds[:, 1] + 0.005]),
        changes=tuple([1] + [3] * (len(rows) - 1)),
        loads=tuple([1] * len(rows)),
        shape_loads=tuple([1] * len(rows)),
    )


def _tables() -> dict[tuple[Level, int], AreaTable]:
    tables, start = {}, 1
    for level, vintage in _ROWS:
        tables[level, vintage] = _table(level, vintage, start)
        start += 100
    return tables


def _indicator(slug: str, **changed: object) -> Indicator:
    given: dict[str, object] = {
        "slug": slug,
        "name_nl": f"{slug} (naam)",
        "name_en": f"{slug} (name)",
        "description_nl": f"Wat {slug} telt.",
        "description_en": f"What {slug} counts.",
        "domain": Domain.POPULATION,
        "unit_nl": "personen",
        "unit_en": "persons",
        "direction": Direction.NEUTRAL,
        "kind": Kind.COUNT,
        "aggregation": Aggregation.SUM,
        "nature": Nature.MEASURED,
        "source": "bureau",
    }
    return Indicator(**{**given, **changed})  # type: ignore[arg-type]


INDICATORS = {
    each.slug: each
    for each in (
        _indicator(
            "population",
            rounding=5,
            breaks=(SeriesBreak(2023, "Nieuwe telling.", "New way of counting."),),
        ),
        _indicator(
            "lonely",
            domain=Domain.HEALTH,
            kind=Kind.SHARE,
            aggregation=Aggregation.WEIGHTED_MEAN,
            nature=Nature.MODELLED,
            direction=Direction.LOWER_IS_BETTER,
            denominator="population",
            decimals=1,
        ),
        _indicator("thefts", domain=Domain.SAFETY),
        _indicator(
            "school_advice",
            domain=Domain.EDUCATION,
            gap=True,
            note_nl="Alleen per school.",
            note_en="By school only.",
        ),
        _indicator("births"),
    )
}


def _block(
    key: SeriesKey, years: tuple[int, ...], values: list[list[float | Reason]], load: int
) -> Block:
    """Rows of values; a Reason stands for an absent one."""
    reasons = [[v if isinstance(v, Reason) else Reason.OBSERVED for v in row] for row in values]
    numbers = [[np.nan if isinstance(v, Reason) else v for v in row] for row in values]
    shape = (len(values), len(years))
    lonely = key.indicator == "lonely"
    provisional = np.zeros(shape, np.bool_)
    provisional[:, -1] = key.indicator == "population" and key.vintage == 2024
    loads = np.zeros(shape, np.uint8)
    loads[[[r is Reason.NO_ROW for r in row] for row in reasons]] = NO_LOAD
    return Block(
        key=key,
        periods=years,
        values=np.array(numbers, np.float64),
        reasons=np.array(reasons, np.uint8),
        provisional=provisional,
        loads=loads,
        load_ids=(load,),
        lower=np.array(numbers, np.float64) - 1 if lonely else None,
        upper=np.array(numbers, np.float64) + 1 if lonely else None,
    )


_SECRET, _NO_ROW, _WATER = Reason.CONFIDENTIAL, Reason.NO_ROW, Reason.WATER_OR_ABROAD


def _blocks() -> dict[SeriesKey, Block]:
    cells: dict[tuple[str, Level, int], tuple[tuple[int, ...], list[list[float | Reason]]]] = {
        # Areas in the order of their rows above; the last one, water, has come later.
        ("population", Level.WIJK, 2024): (
            (2023, 2024),
            [[900, 905], [1000, 1010], [0, 0], [_NO_ROW, _SECRET], [_WATER, _WATER]],
        ),
        ("population", Level.WIJK, 2023): ((2022, 2023), [[990, 995], [500, 505], [40, 45]]),
        ("population", Level.GEMEENTE, 2024): ((2024,), [[1023], [905]]),
        ("lonely", Level.WIJK, 2024): ((2020,), [[40.5], [51.25], [_SECRET], [38.0]]),
        ("lonely", Level.WIJK, 2023): ((2016,), [[39.0], [50.0], [41.0]]),
        ("thefts", Level.GEMEENTE, 2024): ((2024,), [[12], [7]]),
    }
    made = {}
    for (slug, level, vintage), (years, values) in cells.items():
        key = SeriesKey(slug, level, vintage)
        made[key] = _block(key, years, values, 2 if slug == "lonely" else 1)
    return made


def _member(
    focus_area: str, code: str | None, certainty: Certainty, **changed: object
) -> Membership:
    given: dict[str, object] = {
        "focus_area": focus_area,
        "level": Level.WIJK,
        "code": code,
        "vintage": 2024,
        "name": "Naam in de bron",
        "extent": Extent.WHOLE,
        "share": 1.0,
        "valid_from": date(2022, 1, 1),
        "valid_from_precision": Precision.YEAR,
        "valid_until": None,
        "certainty": certainty,
        "legal_basis": None,
        "source_text_nl": "Brief van 2022",
        "source_text_en": "Letter of 2022",
    }
    return Membership(**{**given, **changed})  # type: ignore[arg-type]


def _programme(slug: str, until: date | None) -> Programme:
    return Programme(
        slug=slug,
        name=f"Programma {slug}",
        description_nl="Wat het is.",
        description_en="What it is.",
        valid_from=date(2022, 1, 1),
        valid_from_precision=Precision.YEAR,
        valid_until=until,
        legal_basis=None,
        source_text_nl="Staatscourant",
        source_text_en="Government Gazette",
    )


def _listed(as_of: date, vintage: int, *members: tuple[str, str]) -> MunicipalityGroupList:
    return MunicipalityGroupList(
        group="network",
        as_of=as_of,
        as_of_precision=Precision.MONTH,
        source_text_nl="Ledenlijst",
        source_text_en="List of members",
        certainty=Certainty.NAME_MATCH,
        members=members,
        vintage=vintage,
    )


REFERENCE = Reference(
    sources=(
        Source(
            slug="bureau",
            publisher="Bureau voor Voorbeelden",
            name_nl="Kerncijfers",
            name_en="Key figures",
            url="https://example.org/kerncijfers",
            licence="CC-BY-4.0",
            licence_url=None,
            attribution_nl="Bron: Bureau voor Voorbeelden",
            attribution_en="Source: Bureau voor Voorbeelden",
        ),
    ),
    programmes=(_programme("kans", None), _programme("toen", date(2023, 7, 1))),
    focus_areas=(
        FocusArea(
            "aadorp-centrum",
            "kans",
            "Aadorp Centrum",
            "GM9001",
            2024,
            ("Binnenstad",),
            1100,
            date(2025, 1, 1),
            "Met kandidaat.",
            "With a candidate.",
        ),
        FocusArea("elstad", "kans", "Élstad", "GM9002", 2024),
        FocusArea("elstad-deels", "kans", "Élstad deels", "GM9002", 2024),
        FocusArea("oudeland", "toen", "Oudeland", "GM9003", 2023),
    ),
    memberships=(
        _member("aadorp-centrum", "WK900101", Certainty.NAME_MATCH),
        _member("aadorp-centrum", "WK900103", Certainty.NAME_MATCH),
        _member(
            "aadorp-centrum",
            "WK900102",
            Certainty.CANDIDATE,
            share=None,
            note_nl="Niet zeker.",
            note_en="Not certain.",
        ),
        _member("elstad", "WK9002A1", Certainty.OFFICIAL),
        _member("elstad-deels", "WK9002A1", Certainty.OFFICIAL, extent=Extent.PART, share=0.4),
        _member(
            "oudeland",
            "WK900104",
            Certainty.OFFICIAL,
            vintage=2023,
            valid_until=date(2023, 7, 1),
        ),
    ),
    groups=(
        MunicipalityGroup(
            "network",
            "Netwerk",
            "Network",
            "Gemeenten samen.",
            "Gemeenten together.",
            "Website van het netwerk",
            "Website of the network",
        ),
    ),
    group_lists=(
        _listed(date(2024, 1, 1), 2024, ("GM9001", "Aadorp"), ("GM9009", "Verdwenen")),
        _listed(date(2022, 4, 1), 2023, ("GM9001", "Aadorp"), ("GM9003", "Oudeland")),
    ),
    fictional=True,
    stacking=(
        StackingDefinition(
            "alone",
            1,
            "Alleen",
            "Alone",
            (StackingDomain("alone", "Alleen", "Alone", (WeightedIndicator("lonely"),)),),
            minimum_inhabitants=1,
        ),
    ),
)


def _load(number: int, dataset: str) -> Load:
    return Load(
        id=number,
        publication=number,
        dataset=dataset,
        source="bureau",
        table="T1",
        title="Kerncijfers 2024",
        vintage=2024,
        location="https://example.org/kerncijfers/2024.csv",
        retrieved_at=datetime(2024, 5, 1, 12, tzinfo=UTC),
        modified="2024-04-30",
        checksum="ab" * 32,
        rank=1,
        note_nl="Alleen een deel.",
        note_en="A part only.",
        reconciliation={},
    )


def _publication(number: int) -> Publication:
    moment = datetime(2024, 6, number, 8, 30, tzinfo=UTC)
    return Publication(number, moment, True, None, {"cells_opened": 20 * number})


def _counted(block: Block) -> Counted:
    rows = len(block.values)
    return Counted(rows, tuple(count_statuses(block.reasons, np.ones(rows, np.bool_))))


@dataclass
class SampleStore:
    """Publications 1 to 3, of the same content; counts what is read."""

    tables: dict[tuple[Level, int], AreaTable] = field(default_factory=_tables)
    blocks: dict[SeriesKey, Block] = field(default_factory=_blocks)
    reads: list[tuple[object, ...]] = field(default_factory=list)
    indicators: dict[str, Indicator] = field(default_factory=lambda: INDICATORS)
    partial: frozenset[tuple[Level, int]] = frozenset()
    linked: Links = field(default_factory=dict)
    reference: Reference = REFERENCE

    tries: list[Attempt] = field(default_factory=list)
    gone: dict[int, WithdrawnPublication] = field(default_factory=dict)

    async def newest(self) -> int | None:
        return 3

    async def attempts(self) -> list[Attempt]:
        return self.tries

    async def withdrawn(self) -> dict[int, WithdrawnPublication]:
        return self.gone

    async def head(self, number: int | None) -> Head:
        chosen = 3 if number is None else number
        if not 1 <= chosen <= 3:
            raise UnknownPublication(chosen)
        listed = tuple(_publication(n) for n in range(chosen, 0, -1))
        vintages: dict[Level, tuple[int, ...]] = {}
        for level, vintage in sorted(self.tables, key=lambda each: each[1]):
            vintages[level] = (*vintages.get(level, ()), vintage)
        return Head(
            publication=listed[0],
            publications=listed,
            loads={1: _load(1, "kerncijfers-2024"), 2: _load(2, "gezondheid-2020")},
            indicators=self.indicators,
            reference=self.reference,
            vintages=vintages,
            series={key: block.periods for key, block in self.blocks.items()},
            partial=self.partial,
            linked=paired(self.linked),
            counted={key: _counted(block) for key, block in self.blocks.items()},
        )

    async def areas(self, number: int, level: Level, vintage: int) -> AreaTable:
        self.reads.append(("areas", level, vintage))
        return self.tables[level, vintage]

    async def block(self, number: int, key: SeriesKey) -> Block:
        self.reads.append(("block", key))
        return self.blocks[key]

    async def shapes(
        self, number: int, ids: Sequence[int], *, detail: Detail, epsg: int
    ) -> Mapping[int, bytes]:
        self.reads.append(("shapes", detail, epsg, tuple(sorted(ids))))
        return {i: _square(i, detail, epsg) for i in ids}

    async def links(self, number: int, level: Level, old: int, new: int) -> Linked:
        self.reads.append(("links", level, old, new))
        return self.linked[level, old, new]

    async def changes(self, start: Place, upto: int, wanted: Wanted, limit: int) -> Told:
        """Each publication is told and nothing else: they have the same content."""
        self.reads.append(("changes", start))
        first = start.publication + (1 if start.is_end else 0)
        numbers = range(first, min(first + limit, upto + 1))
        told = tuple(Change(after(n), PublicationChange(n)) for n in numbers)
        place = told[-1].place if told else start
        return Told(told, place, place.publication >= upto)


def _square(area_id: int, detail: Detail, epsg: int) -> bytes:
    side = {Detail.OVERVIEW: 1, Detail.MEDIUM: 2, Detail.FULL: 3}[detail]
    x, y = (5, 52) if epsg == 4326 else (155000, 463000)
    ring = [[x, y], [x + side, y], [x + side, y + area_id], [x, y]]
    text = str(ring).replace(" ", "")
    return f'{{"type":"Polygon","coordinates":[{text}]}}'.encode()


async def open_sample(store: SampleStore | None = None, number: int | None = None) -> Snapshot:
    """A snapshot of the sample country."""
    return await open_snapshot(store or SampleStore(), Memory(10_000_000), number)
