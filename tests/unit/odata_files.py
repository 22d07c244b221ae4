"""Small answers in the publisher's shape, written to files as a fetch would leave them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from db.core.absence import Reason
from db.core.figures import Figures, Parsed
from db.sources.dataset import Dataset, Family, Payload

Row = dict[str, object]
Content = Sequence[Mapping[str, object]] | Mapping[str, object] | str | bytes
"""Rows of an entity set, a whole JSON document, or the file's text."""
Load = Callable[[Dataset, Payload], Parsed]


@dataclass(frozen=True, slots=True)
class Pages:
    """A part that was received in several files."""

    contents: Sequence[Content]


def payload(folder: Path, **parts: Content | Pages) -> Payload:
    """One file for each part, or for each of its pages."""
    files: dict[str, tuple[Path, ...]] = {}
    for role, content in parts.items():
        pages = content.contents if isinstance(content, Pages) else [content]
        files[role] = tuple(
            _write(folder / f"{role}_{number}.json", page) for number, page in enumerate(pages)
        )
    return Payload(files)


def page(*rows: Row, next_link: str | None = None) -> Mapping[str, object]:
    answer: Row = {"odata.metadata": "$metadata#TypedDataSet", "value": rows}
    return answer | ({"odata.nextLink": next_link} if next_link else {})


def dataset(load: Load, *, table: str | None = None, **options: str) -> Dataset:
    return Dataset(
        id="tiny",
        source="cbs",
        family=Family.KWB,
        vintage=2020,
        loader=load,
        table=table,
        options=options,
    )


def row_of(figures: Figures, code: str) -> list[tuple[float | None, Reason]]:
    """Value (None for NaN) and reason of each cell of an area's row."""
    at = figures.codes.index(code)
    return [
        (None if value != value else value, Reason(reason))
        for value, reason in zip(
            figures.values[at].tolist(), figures.reasons[at].tolist(), strict=True
        )
    ]


def _write(path: Path, content: object) -> Path:
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(raw if isinstance(raw, bytes) else orjson.dumps(raw))
    return path
