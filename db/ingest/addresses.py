"""Address counts by postcode and area, replaced as a whole when a newer table comes."""

from collections import Counter
from collections.abc import Sequence

from db.core.figures import AddressCount
from db.ingest.publishing import Publishing
from db.sources.dataset import Dataset
from db.sql import queries

_ADDRESSES = queries("addresses")


async def put_addresses(
    publishing: Publishing, dataset: Dataset, counted: Sequence[AddressCount], load: int
) -> dict[str, int]:
    """Make the open counts of the dataset's vintage and level equal to `counted`."""
    connection, number = publishing.connection, publishing.number
    prefix = counted[0].code[:2]
    wanted: Counter[tuple[str, str]] = Counter()
    for count in counted:
        wanted[count.code, count.key] += count.addresses
    rows = await connection.fetch(_ADDRESSES["open"], dataset.vintage, f"{prefix}%")
    standing = {(row["area_code"], row["postcode"]): row["addresses"] for row in rows}
    closing = [key for key in standing if wanted.get(key) != standing[key]]
    await connection.execute(
        _ADDRESSES["close"],
        dataset.vintage, [c for c, _ in closing], [p for _, p in closing], number,
    )  # fmt: skip
    opening = [(key, n) for key, n in wanted.items() if standing.get(key) != n]
    await connection.copy_records_to_table(
        "address_count",
        records=[(load, dataset.vintage, p, c, n, number) for (c, p), n in opening],
        columns=["load_id", "vintage", "postcode", "area_code", "addresses", "from_publication"],
    )
    publishing.opened("address_counts", len(opening))
    publishing.counts["address_counts_closed"] += len(closing)
    return {"addresses": wanted.total(), "pairs": len(wanted)}
