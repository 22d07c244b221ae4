"""Links follow the maps, statements and addresses of their publication; earlier ones stay."""

from collections.abc import Mapping

import asyncpg
import numpy as np
import pytest
import shapely

from db.core.area_links import LinkKind, Method
from db.core.figures import Account, AddressCount, Parsed
from db.core.levels import Level
from db.core.linked import Linked, LinkedPair
from db.repository.areas import read_areas
from db.repository.links import read_links, read_pairs
from tests.database.country import dataset, parsed, publish

WIJK = Level.WIJK
SAME, SPLIT, UNPLACED = LinkKind.SAME, LinkKind.SPLIT, LinkKind.UNPLACED
HALVES = {"WK900100": (0, 1), "WK900101": (1, 2)}
WHOLE = {"WK900100": (0, 2)}

Share = tuple[str, str, LinkKind, float, float, Method]
Bounds = Mapping[str, tuple[float, float]]


def drawn(bounds: Bounds, changes: dict[str, int] | None = None) -> Parsed:
    """Wijken side by side, from west to east in km; and how each changed."""
    made = parsed({}, names=dict.fromkeys(bounds, "Wijk"))
    areas = made.areas[0]
    areas.shapes = np.array(
        [shapely.box(150_000 + 1000 * w, 450_000, 150_000 + 1000 * e, 451_000)
         for _, (w, e) in sorted(bounds.items())]
    )  # fmt: skip
    areas.crs = 28992
    areas.changes = None if changes is None else [changes.get(code) for code in areas.codes]
    return made


def listed(*codes: str, changes: dict[str, int] | None = None) -> Parsed:
    """Wijken without a map."""
    made = parsed({}, names=dict.fromkeys(codes, "Wijk"))
    areas = made.areas[0]
    areas.changes = None if changes is None else [changes.get(code) for code in areas.codes]
    return made


def counted(counts: dict[tuple[str, str], int]) -> Parsed:
    """Addresses by postcode and buurt."""
    account = Account()
    account.accept(len(counts))
    rows = [AddressCount(postcode, code, number) for (postcode, code), number in counts.items()]
    return Parsed(account, addresses=rows)


async def pair(
    connection: asyncpg.Connection, old: int, new: int, publication: int
) -> tuple[LinkedPair, Linked]:
    pairs = (await read_pairs(connection, publication))[WIJK]
    found = await read_links(connection, WIJK, old, new, publication)
    assert found is not None
    return next(each for each in pairs if (each.pair.old, each.pair.new) == (old, new)), found


async def shares(
    connection: asyncpg.Connection, old: int, new: int, publication: int
) -> list[Share]:
    """Codes, kind, shares and method of each link; -1 for a share of nothing."""
    found = await read_links(connection, WIJK, old, new, publication)
    assert found is not None
    tables = [await read_areas(connection, WIJK, year, publication) for year in (old, new)]
    before, after = ((*table.codes, "-") for table in tables)
    links = found.links
    return [
        (before[o][-3:], after[n][-3:], LinkKind(kind), round(x, 6), round(y, 6), Method(method))
        for o, n, kind, x, y, method in zip(
            links.old.tolist(), links.new.tolist(), links.kinds.tolist(),
            np.nan_to_num(links.of_old, nan=-1).tolist(),
            np.nan_to_num(links.of_new, nan=-1).tolist(), links.methods.tolist(), strict=True,
        )
    ]  # fmt: skip


async def test_two_maps_are_published_with_their_links(connection: asyncpg.Connection) -> None:
    first, second = drawn(WHOLE), drawn(HALVES)

    result = await publish(
        connection, (dataset("one", vintage=2016), first), (dataset("two", vintage=2022), second)
    )

    assert result.counts["links_opened"] == 2
    assert await shares(connection, 2016, 2022, 1) == [
        ("100", "100", SPLIT, 0.5, 1.0, Method.SURFACE),
        ("100", "101", SPLIT, 0.5, 1.0, Method.SURFACE),
    ]
    said, _ = await pair(connection, 2016, 2022, 1)
    assert (said.slivers, said.without_shape, said.compared) == (0, (0, 0), 0)
    assert said.tolerance == pytest.approx(200 / 3)
