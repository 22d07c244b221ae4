"""Areas with their indicators as a typed table: what is absent is null, and says why beside it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from db.core.codes import gemeente_code
from db.core.levels import Level
from db.core.programme import Source
from schema.area_extract import AreaColumn, AreaExtract
from service.feeds.table import numbers, of_reasons, same, shared

if TYPE_CHECKING:
    import pyarrow as pa

BESIDE = ("jaar", "status", "reden", "voorlopig")
"""Columns beside the values of an indicator: `population_status`."""


def table(extract: AreaExtract) -> "pa.Table":
    """A row for each area in order of code."""
    import pyarrow as pa  # noqa: PLC0415

    columns = _who(extract)
    for each in extract.columns:
        columns |= _of_indicator(each)
    return pa.table(columns)


def metadata(extract: AreaExtract, public_url: str) -> dict[str, str]:
    """What a reader of the file must know of the whole, in words."""
    of, sources = extract.wanted.table, extract.sources
    found = {
        "publicatie": str(extract.publication),
        "niveau": of.level.value,
        "indeling": str(of.vintage),
        "volledig": "ja" if extract.wanted.complete else "nee: alleen een deel is geladen",
        "licentie": _each(sources, "licence"),
        "bronvermelding": _each(sources, "attribution_nl"),
        "attribution": _each(sources, "attribution_en"),
    }
    if extract.columns:
        units = [(each.of.indicator.slug, each.of.indicator.unit_nl) for each in extract.columns]
        found["eenheden"] = "; ".join(f"{slug}: {unit}" for slug, unit in units)
    found["adres"] = f"{public_url}/v1/publicaties/{extract.publication}"
    return found


def _each(sources: list[Source], name: str) -> str:
    return "; ".join(dict.fromkeys(getattr(source, name) for source in sources))


def _who(extract: AreaExtract) -> dict[str, Any]:
    import pyarrow as pa  # noqa: PLC0415

    of, ordinals = extract.wanted.table, extract.wanted.ordinals
    count, codes = len(ordinals), [of.codes[i] for i in ordinals]
    gemeenten = [None if of.level is Level.LAND else gemeente_code(code) for code in codes]
    return {
        "code": pa.array(codes, pa.string()),
        "naam": pa.array([of.names[i] for i in ordinals], pa.string()),
        "niveau": same(of.level.value, count),
        "indeling": pa.array(np.full(count, of.vintage, np.int16)),
        "terrein": pa.array([of.terrains[i].value for i in ordinals]).dictionary_encode(),
        "gemeenteCode": pa.array(gemeenten, pa.string()),
        "ouderCode": pa.array([of.parents[i] for i in ordinals], pa.string()),
        "publicatie": pa.array(np.full(count, extract.publication, np.int32)),
    }


def _of_indicator(column: AreaColumn) -> dict[str, Any]:
    import pyarrow as pa  # noqa: PLC0415

    count = len(column.values)
    status, reason = of_reasons(column.reasons)
    beside = (
        pa.array(np.full(count, column.of.year, np.int16)),
        shared(*status),
        shared(*reason),
        pa.array(column.provisional),
    )
    slug = column.of.indicator.slug
    names = (f"{slug}_{name}" for name in BESIDE)
    return {slug: numbers(column.values, count), **dict(zip(names, beside, strict=True))}
