"""One dataset into the open publication: areas, shapes, figures, addresses and its account."""

from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from db.core.catalogue import Catalogue
from db.core.crs import transformation_name
from db.core.errors import ShrunkLoad
from db.core.figures import Figures, Parsed
from db.ingest import columns, reconciliation
from db.ingest.addresses import put_addresses
from db.ingest.areas import put_areas
from db.ingest.cells import put_cells
from db.ingest.drawing import Prepared
from db.ingest.publishing import Publishing
from db.ingest.shapes import put_shapes
from db.sources.dataset import Dataset
from db.sql import queries

_LOADS = queries("loads")
_LOSS = 0.01
"""Share of its cells that a dataset may lose unasked: on one vintage areas do not come and go."""


class Received(NamedTuple):
    """Where and when the bytes of a dataset came from."""

    location: str
    retrieved_at: datetime
    checksum: str


async def put_dataset(
    publishing: Publishing,
    dataset: Dataset,
    prepared: Prepared,
    *,
    received: Received,
    catalogue: Catalogue,
) -> dict[str, Any]:
    """Merge a parsed dataset; returns its account. A load that changes nothing leaves no row."""
    parsed = prepared.parsed
    before = publishing.writes
    load = await _open_load(publishing, dataset, parsed, received)
    for areas in parsed.areas:
        await put_areas(publishing, dataset, areas, load)
    account = reconciliation.account_of_rows(parsed)
    shapes = [
        dict(await put_shapes(publishing, dataset, areas, drawn, load))
        for areas, drawn in zip(parsed.areas, prepared.drawn, strict=True)
        if drawn is not None
    ]
    if shapes:
        account["shapes"] = reconciliation.combined(shapes)
        account["transformation"] = transformation_name()
    cells = [
        await _put_figures(publishing, dataset, figures, load, catalogue)
        for figures in parsed.figures
    ]
    if cells:
        account["cells"] = reconciliation.combined(cells)
        _check_loss(publishing, account["cells"])
    if parsed.addresses:
        account["addresses"] = await put_addresses(publishing, dataset, parsed.addresses, load)
    await _close_load(publishing, load, account, changed=publishing.writes != before)
    return account


def _check_loss(publishing: Publishing, cells: dict[str, Any]) -> None:
    """Refuse an edition without much of what stood: a cut file must not empty the store."""
    if cells["vanished"] > cells["own"] * _LOSS and not publishing.accept_loss:
        raise ShrunkLoad(cells["own"], cells["vanished"])


async def _open_load(
    publishing: Publishing, dataset: Dataset, parsed: Parsed, received: Received
) -> int:
    connection = publishing.connection
    load: int = await connection.fetchval(_LOADS["next_id"])
    account = parsed.account
    await connection.execute(
        _LOADS["insert"],
        load, publishing.number, dataset.id, dataset.source, dataset.table, parsed.title,
        dataset.vintage, received.location, received.retrieved_at, parsed.modified,
        received.checksum, dataset.rank, dataset.lists_all_areas, dataset.note_nl,
        dataset.note_en, account.rows_read, account.rows_accepted, account.rejected.total(), {},
    )  # fmt: skip
    publishing.ranks[load] = (dataset.rank, dataset.id)
    return load


async def _close_load(
    publishing: Publishing, load: int, account: dict[str, Any], *, changed: bool
) -> None:
    connection: asyncpg.Connection = publishing.connection
    if changed:
        await connection.execute(_LOADS["set_reconciliation"], load, account)
    else:
        await connection.execute(_LOADS["forget"], load)
        del publishing.ranks[load]


async def _put_figures(
    publishing: Publishing, dataset: Dataset, figures: Figures, load: int, catalogue: Catalogue
) -> dict[str, Any]:
    found = columns.resolve(catalogue, dataset, figures.columns)
    tally = await put_cells(publishing, dataset, figures, load=load, chosen=found.chosen)
    return reconciliation.account_of_cells(
        int(figures.reasons.size),
        tally,
        unpublished={"unknown": list(found.unknown), "ambiguous": list(found.ambiguous)},
        rows=len(figures.codes),
    )
