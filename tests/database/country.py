"""A country of three wijken, small enough to reason about, published through the real ingest."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
import numpy as np
import shapely

from db.core.absence import Reason
from db.core.catalogue import Catalogue
from db.core.figures import Account, Areas, Column, Figures, Parsed
from db.core.indicator import (
    Aggregation,
    Direction,
    Domain,
    Indicator,
    Kind,
    Matcher,
    Nature,
)
from db.core.levels import Level, Terrain
from db.core.programme import Reference, Source
from db.ingest.run import Country, Result, run
from db.ingest.tasks import parsed_task
from db.repository.facts import bodies
from db.sources.dataset import Dataset, Family, Payload
from tests.quiet import Quiet

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
WIJKEN = ("WK900100", "WK900101", "WK900199")
Value = float | Reason


def indicator(slug: str, kind: Kind = Kind.COUNT) -> Indicator:
    return Indicator(
        slug=slug, name_nl=slug, name_en=slug, description_nl=slug, description_en=slug,
        domain=Domain.POPULATION, unit_nl="aantal", unit_en="number",
        direction=Direction.NEUTRAL, kind=kind, aggregation=Aggregation.SUM,
        nature=Nature.MEASURED, source="toy", matchers=(Matcher("kwb", short=slug),),
    )  # fmt: skip


INDICATORS = (indicator("population"), indicator("households"))
SOURCE = Source("toy", "Toy", "Speelgoed", "Toy", "https://example.org", "CC0-1.0", None, "", "")
REFERENCE = Reference((SOURCE,), (), (), (), (), ())


def never(dataset: Dataset, payload: Payload) -> Parsed:
    raise AssertionError("a parsed dataset is not loaded again")


def dataset(name: str = "toy-2024", *, vintage: int = 2024, rank: int = 50) -> Dataset:
    return Dataset(name, "toy", Family.KWB, vintage, never, rank=rank)


def parsed(
    cells: dict[str, dict[str, Value]],
    *,
    year: int = 2024,
    names: dict[str, str] | None = None,
    shapes: bool = False,
) -> Parsed:
    """`cells`: column -> code -> value or reason. Every code mentioned becomes an area."""
    codes = sorted({code for column in cells.values() for code in column} | set(names or {}))
    account = Account()
    account.accept(len(codes))
    grid: list[list[Value]] = [
        [column.get(code, Reason.NO_FIGURE) for column in cells.values()] for code in codes
    ]
    figures = Figures(
        codes=codes,
        periods=np.full(len(codes), year, np.int32),
        columns=[Column(key) for key in cells],
        values=np.array([[v if isinstance(v, float) else np.nan for v in r] for r in grid]),
        reasons=np.array(
            [[v if isinstance(v, Reason) else Reason.OBSERVED for v in r] for r in grid], np.uint8
        ),
    )
    return Parsed(account, areas=[_areas(codes, names or {}, shapes)], figures=[figures])


def _areas(codes: list[str], names: dict[str, str], shapes: bool) -> Areas:
    boxes = np.array(
        [shapely.box(150_000 + 1000 * i, 450_000, 151_000 + 1000 * i, 451_000)
         for i in range(len(codes))]
    )  # fmt: skip
    return Areas(
        level=Level.WIJK,
        codes=codes,
        names=[names.get(code, f"Wijk {code[-2:]}") for code in codes],
        terrains=[Terrain.WATER if code.endswith("99") else None for code in codes],
        parents=[None] * len(codes),
        shapes=boxes if shapes else None,
        crs=28992 if shapes else None,
    )


async def publish(
    connection: asyncpg.Connection,
    *given: tuple[Dataset, Parsed],
    indicators: Sequence[Indicator] = INDICATORS,
    fictional: bool = False,
    accept_loss: bool = False,
    reference: Reference = REFERENCE,
) -> Result:
    """Publish parsed datasets as one ingest would."""
    tasks = [
        parsed_task(d, p, hashlib.sha256(repr(p).encode()).hexdigest(), indicators, lambda: NOW)
        for d, p in given
    ]
    country = Country(
        bodies(reference, tuple(indicators)), Catalogue(indicators), fictional=fictional
    )
    return await run(
        connection, tasks, country, clock=lambda: NOW, reporter=Quiet(), accept_loss=accept_loss
    )
