"""An extract as typed tables of some areas at a time: the columns of the CSV, in their types.

What is absent is null, never NaN. Texts that many rows share are dictionaries.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.figures import Bytes, Floats
from schema.export import Extract, Extracts

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 16_384
"""Of one table, about: some megabytes."""
_REASONS = sorted(Reason, key=int)
Dictionary = tuple[NDArray[np.int16], list[str]]


def schema(extracts: Extracts) -> "pa.Schema":
    """Names and types, and in the metadata what a reader must know of the whole."""
    return _typed().with_metadata(_metadata(extracts))


def _typed() -> "pa.Schema":
    # Loaded where a file is asked for: it takes a tenth of a second.
    import pyarrow as pa  # noqa: PLC0415

    shared = pa.dictionary(pa.int16(), pa.string())
    columns: list[tuple[str, Any]] = [
        ("publicatie", pa.int32()), ("indicator", shared), ("niveau", shared),
        ("indeling", pa.int16()), ("code", pa.string()), ("naam", pa.string()),
        ("jaar", pa.int16()), ("status", shared), ("reden", shared), ("voorlopig", pa.bool_()),
        ("bron", shared), ("licentie", shared), ("bronvermelding", shared),
        ("waarde", pa.float64()), ("ondergrens", pa.float64()), ("bovengrens", pa.float64()),
    ]  # fmt: skip
    return pa.schema(columns)


def tables(extracts: Iterable[Extract]) -> Iterator["pa.RecordBatch"]:
    """All rows: of each indicator the areas in order of code, for each the years ascending."""
    import pyarrow as pa  # noqa: PLC0415

    typed = _typed()
    for extract in extracts:
        step = max(1, ROWS // max(1, len(extract.years)))
        for start in range(0, len(extract.codes), step):
            yield pa.record_batch(_columns(extract, slice(start, start + step)), schema=typed)


def _columns(extract: Extract, areas: slice) -> list[Any]:
    import pyarrow as pa  # noqa: PLC0415

    codes, names = extract.codes[areas], extract.names[areas]
    years = np.array(extract.years, np.int16)
    count = len(codes) * len(years)
    reasons = extract.reasons[areas].ravel()
    loads = extract.loads[areas].ravel()
    sources = list(extract.sources.items())
    place = np.full(256, -1, np.int16)
    for row, (load, _) in enumerate(sources):
        place[load] = row
    of_load = place[loads]
    return [
        pa.array(np.full(count, extract.publication, np.int32)),
        same(extract.indicator.slug, count),
        same(extract.table.level.value, count),
        pa.array(np.full(count, extract.table.vintage, np.int16)),
        pa.array(np.repeat(np.array(codes, object), len(years)), pa.string()),
        pa.array(np.repeat(np.array(names, object), len(years)), pa.string()),
        pa.array(np.tile(years, len(codes))),
        *(shared(*each) for each in of_reasons(reasons)),
        pa.array(extract.provisional[areas].ravel()),
        shared(of_load, [source.slug for _, source in sources]),
        shared(of_load, [source.licence for _, source in sources]),
        shared(of_load, [source.attribution_nl for _, source in sources]),
        *(
            numbers(None if each is None else each[areas], count)
            for each in (extract.values, extract.lower, extract.upper)
        ),
    ]


_STATUSES = sorted({each.status.name for each in Reason})
_PLACE_OF = np.zeros(256, np.int16)
_STATUS_OF = np.zeros(256, np.int16)
for _row, _reason in enumerate(_REASONS):
    _PLACE_OF[int(_reason)] = _row
    _STATUS_OF[int(_reason)] = _STATUSES.index(_reason.status.name)


def of_reasons(reasons: Bytes) -> tuple[Dictionary, Dictionary]:
    """Statuses and reasons, each as places among its words."""
    names = [each.name for each in _REASONS]
    return (_STATUS_OF[reasons], _STATUSES), (_PLACE_OF[reasons], names)


def same(text: str, count: int) -> Any:
    """One text on every row."""
    return shared(np.zeros(count, np.int16), [text])


def shared(places: NDArray[np.int16], texts: list[str]) -> Any:
    """A dictionary; null where a place is negative."""
    import pyarrow as pa  # noqa: PLC0415

    absent = places < 0
    return pa.DictionaryArray.from_arrays(
        pa.array(np.where(absent, np.int16(0), places), mask=absent), pa.array(texts, pa.string())
    )


def numbers(values: Floats | None, count: int) -> Any:
    """Null for NaN."""
    import pyarrow as pa  # noqa: PLC0415

    if values is None:
        return pa.nulls(count, pa.float64())
    flat = values.ravel()
    return pa.array(flat, mask=np.isnan(flat))


def _metadata(extracts: Extracts) -> dict[str, str]:
    indicators, sources = extracts.wanted.indicators, extracts.sources
    return {
        "publicatie": str(extracts.publication),
        "rijen": str(extracts.rows),
        "indicator": "; ".join(each.slug for each in indicators),
        "eenheid": "; ".join(each.unit_nl for each in indicators),
        "licentie": "; ".join(dict.fromkeys(each.licence for each in sources)),
        "bronvermelding": "; ".join(dict.fromkeys(each.attribution_nl for each in sources)),
        "attribution": "; ".join(dict.fromkeys(each.attribution_en for each in sources)),
    }
