"""Which of a publisher's columns are published, and what is said of those that are not."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.core.catalogue import Ambiguous, Catalogue, Known
from db.core.figures import Column
from db.ingest.cells import Chosen
from db.sources.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Columns:
    chosen: tuple[Chosen, ...]
    unknown: tuple[str, ...]
    """Keys that the catalogue does not know: reported, never dropped in silence."""
    ambiguous: tuple[str, ...]
    """Keys that could be two indicators: not guessed."""


def resolve(catalogue: Catalogue, dataset: Dataset, columns: Sequence[Column]) -> Columns:
    """Every column as the indicator it is, by the catalogue of its family and vintage."""
    resolved = catalogue.resolve_table(dataset.family.value, dataset.vintage, columns)
    chosen: list[Chosen] = []
    unknown: list[str] = []
    ambiguous: list[str] = []
    for place, (column, resolution) in enumerate(zip(columns, resolved.resolutions, strict=True)):
        match resolution:
            case Known(indicator, scale):
                chosen.append(Chosen(place, indicator.slug, scale))
            case Ambiguous(slugs):
                ambiguous.append(f"{column.key} ({', '.join(slugs)})")
            case _:
                unknown.append(column.key)
    return Columns(tuple(chosen), tuple(unknown), tuple(ambiguous))
