"""Tasks for an ingest: datasets from a mirror folder, from publishers, or already parsed."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from db.core.figures import Parsed
from db.core.indicator import Indicator
from db.ingest.dataset import Received
from db.ingest.drawing import Prepared, prepare
from db.ingest.parsing import Parser
from db.ingest.run import Obtained, Task
from db.sources.dataset import Dataset, Payload
from db.sources.folder import digest, payload_from_folder
from db.sources.http import Client
from db.sources.protocols import Progress, fetch

_LOADERS = "1"
"""Raise when a loader's reading of the same bytes changes: known input is then read again."""

Clock = Callable[[], datetime]


def recipe(dataset: Dataset, indicators: Sequence[Indicator]) -> str:
    """Digest of everything but the bytes that decides what a dataset becomes."""
    shaped = (
        _LOADERS, dataset.id, dataset.family.value, dataset.vintage, dataset.rank,
        sorted(dataset.options.items()), dataset.loader.__module__,
        [(i.slug, i.matchers) for i in indicators],
    )  # fmt: skip
    return hashlib.sha256(repr(shaped).encode()).hexdigest()


def in_folder(datasets: Iterable[Dataset], root: Path) -> list[Dataset]:
    """The datasets of which the folder has a file; one that lacks another file then fails."""
    return [
        dataset
        for dataset in datasets
        if any(any(root.glob(pattern)) for pattern in dataset.files.values())
    ]


def folder_task(
    dataset: Dataset, root: Path, parser: Parser, indicators: Sequence[Indicator], clock: Clock
) -> Task:
    """Read a dataset from a mirror; the location says which files, never where the folder is."""

    async def obtain() -> Obtained:
        payload = payload_from_folder(dataset, root)
        patterns = ", ".join(sorted(dataset.files.values()))
        return _obtained(dataset, payload, f"mirror: {patterns}", parser, clock)

    return Task(dataset, recipe(dataset, indicators), obtain)


def publisher_task(
    dataset: Dataset,
    client: Client,
    folder: Path,
    parser: Parser,
    *,
    indicators: Sequence[Indicator],
    clock: Clock,
    progress: Progress,
) -> Task:
    """Fetch a dataset from its publisher's address."""

    async def obtain() -> Obtained:
        payload = await fetch(dataset, client, folder, progress)
        return _obtained(dataset, payload, dataset.address or "", parser, clock)

    return Task(dataset, recipe(dataset, indicators), obtain)


def parsed_task(
    dataset: Dataset, parsed: Parsed, checksum: str, indicators: Sequence[Indicator], clock: Clock
) -> Task:
    """A dataset that was generated here."""

    async def obtain() -> Obtained:
        return Obtained(Received("generated", clock(), checksum), parse)

    async def parse() -> Prepared:
        return prepare(parsed)

    return Task(dataset, recipe(dataset, indicators), obtain)


def _obtained(
    dataset: Dataset, payload: Payload, location: str, parser: Parser, clock: Clock
) -> Obtained:
    received = Received(location, clock(), digest(payload))
    return Obtained(received, lambda: parser.parse(dataset, payload))
