"""A country with two gemeenten for tests of benchmarks, and what they ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.block import SeriesKey
from db.core.indicator import Aggregation, Domain, Indicator, Kind
from db.core.levels import Level, Terrain
from db.core.programme import Certainty, Extent, Membership
from db.snapshot.store import Head
from tests.api.asking import data
from tests.api.sample import SampleStore, _block, _indicator, _member

_FIELDS = """group programme aggregate lowerQuartile median upperQuartile lowest highest
  comparedWith difference ratio known unknown leftOut partialMembers coverage weighedBy
  weightsIndicator weightsYear refusal refusalText quartileRefusal quartileRefusalText complete
  publishedWithheld published { value year area { code vintage } }"""
QUERY = f"""query ($slugs: [String!]!, $against: [BenchmarkGroup!]!, $programme: String) {{
  wijken(filter: {{terrain: null}}) {{ nodes {{ code observations(indicators: $slugs) {{
    ... on Observation {{ value benchmarks(against: $against, programme: $programme) {{
      {_FIELDS} }} }} }} }} }} }}"""
ALL = ["GEMEENTE", "REST_OF_GEMEENTE", "NATIONAL", "FOCUS_AREAS", "OUTSIDE_FOCUS_AREAS"]

ONE = ("WK900101", "WK900102", "WK900103", "WK900104", "WK900105")
TWO = ("WK900201", "WK900202", "WK900203", "WK900204")
WATER = "WK900199"
CODES = (*ONE, *TWO, WATER)
PEOPLE = dict(zip(CODES, (1000, 2000, 3000, 4000, 500, 100, 200, 300, 400), strict=False))
SECRET, DOT = Reason.CONFIDENTIAL, Reason.DOT

Cell = float | Reason
Cells = Mapping[str, Cell]
_KINDS: tuple[tuple[str, Kind, Aggregation, dict[str, Any]], ...] = (
    ("jobs", Kind.COUNT, Aggregation.SUM, {}),
    ("poor", Kind.SHARE, Aggregation.WEIGHTED_MEAN, {"denominator": "households"}),
    ("households", Kind.COUNT, Aggregation.SUM, {}),
    ("hectares", Kind.COUNT, Aggregation.SUM, {}),
    ("density", Kind.RATE, Aggregation.RECOMPUTE, {"numerator": "people", "denominator": "hectares",
                                                  "factor": 100.0}),
    ("people", Kind.COUNT, Aggregation.SUM, {}),
    ("income", Kind.MEDIAN, Aggregation.NONE, {}),
    ("score", Kind.INDEX, Aggregation.WEIGHTED_MEAN, {"denominator": "population"}),
    ("class", Kind.CLASS, Aggregation.NONE, {}),
    ("population", Kind.COUNT, Aggregation.SUM, {}),
)  # fmt: skip
_INDICATORS: dict[str, Indicator] = {
    slug: _indicator(slug, domain=Domain.WORK, kind=kind, aggregation=rule, **more)
    for slug, kind, rule, more in _KINDS
}


def _table() -> AreaTable:
    count = len(CODES)
    water = [code == WATER for code in CODES]
    return AreaTable(
        level=Level.WIJK,
        vintage=2024,
        ids=np.arange(900, 900 + count, dtype=np.int32),
        codes=CODES,
        names=CODES,
        terrains=tuple(Terrain.WATER if each else Terrain.LAND for each in water),
        parents=tuple("GM" + code[2:6] for code in CODES),
        bounds=np.full((count, 4), np.nan),
        centroids=np.full((count, 2), np.nan),
    )


@dataclass
class Country(SampleStore):
    """Two gemeenten with wijken and water of 2024, and what is published for each level."""

    members: tuple[Membership, ...] = field(default_factory=tuple)

    async def head(self, number: int | None) -> Head:
        head = await super().head(number)
        reference = replace(head.reference, memberships=self.members)
        return replace(head, indicators={**head.indicators, **_INDICATORS}, reference=reference)


def country(
    wijken: Mapping[str, Cells],
    gemeenten: Mapping[str, tuple[Cell, Cell]] | None = None,
    land: Mapping[str, Cell] | None = None,
    *,
    years: Mapping[str, int] | None = None,
    members: tuple[Membership, ...] = (),
) -> Country:
    store = Country(members=members)
    store.tables[Level.WIJK, 2024] = _table()
    store.blocks = {}
    levels: list[tuple[Level, Mapping[str, list[Cell]]]] = [
        (Level.WIJK, {s: [v.get(code, Reason.WATER_OR_ABROAD) for code in CODES]
                      for s, v in wijken.items()}),
        (Level.GEMEENTE, {s: list(v) for s, v in (gemeenten or {}).items()}),
        (Level.LAND, {s: [v] for s, v in (land or {}).items()}),
    ]  # fmt: skip
    for level, columns in levels:
        for slug, cells in columns.items():
            key = SeriesKey(slug, level, 2024)
            year = (years or {}).get(slug, 2024)
            store.blocks[key] = _block(key, (year,), [[cell] for cell in cells], 1)
    return store


def cells_of(*values: Cell) -> Cells:
    return dict(zip(CODES, values, strict=False))


async def found_for(
    store: Country, slug: str, *groups: str, programme: str | None = None, language: str = "nl"
) -> dict[str, Any]:
    """By code the answers for these groups, by group."""
    given = {"slugs": [slug], "against": list(groups), "programme": programme}
    nodes = (await data(QUERY, given, store=store, language=language))["wijken"]["nodes"]
    return {
        each["code"]: {one["group"]: one for one in each["observations"][0]["benchmarks"]}
        for each in nodes
    }


def focus() -> tuple[Membership, ...]:
    return (
        _member("aadorp-centrum", "WK900101", Certainty.NAME_MATCH),
        _member("aadorp-centrum", "WK900103", Certainty.CANDIDATE),
        _member("elstad", "WK900201", Certainty.OFFICIAL),
        _member("elstad-deels", "WK900201", Certainty.OFFICIAL, extent=Extent.PART, share=0.4),
        _member("elstad-deels", "WK900202", Certainty.OFFICIAL, extent=Extent.PART, share=0.4),
        _member("elstad-deels", "WK900203", Certainty.OFFICIAL, vintage=2023),
    )


POOR = cells_of(10, 20, 30, 40, 50, 5, 6, 7, 8)
JOBS = cells_of(10, 20, 30, 40, 50, 1, 2, 3, 4)
