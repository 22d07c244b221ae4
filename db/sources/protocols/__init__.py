"""How publishers are asked: one file per protocol, named in one table."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from db.core.errors import BrokenLoad
from db.sources.dataset import Dataset, Payload
from db.sources.http import Client
from db.sources.protocols import file, odata3, odata4, ogc_features, wfs
from db.sources.protocols.reading import Progress

Fetch = Callable[[Dataset, Client, Path, Progress], Awaitable[Payload]]

PROTOCOLS: Mapping[str, Fetch] = {
    "odata3": odata3.fetch,
    "odata4": odata4.fetch,
    "ogc": ogc_features.fetch,
    "wfs": wfs.fetch,
    "file": file.fetch,
}

__all__ = ["PROTOCOLS", "Fetch", "Progress", "fetch"]


async def fetch(dataset: Dataset, client: Client, folder: Path, progress: Progress) -> Payload:
    """Fetch by the dataset's own protocol into a folder of its own below `folder`."""
    protocol = PROTOCOLS.get(dataset.protocol or "")
    if protocol is None:
        raise BrokenLoad(f"dataset {dataset.id}: no protocol {dataset.protocol!r} to fetch it by")
    return await protocol(dataset, client, folder, progress)
