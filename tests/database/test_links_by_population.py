"""A gemeente is divided by the inhabitants of its wijken where nothing counts addresses."""

from dataclasses import replace

import asyncpg
import numpy as np
import pytest
import shapely

from db.core.absence import Reason
from db.core.area_links import Method
from db.core.figures import Areas, Parsed
from db.core.levels import Level
from db.ingest import links as ingested
from db.repository.links import read_links, read_pairs
from tests.database.country import dataset, parsed, publish

GEMEENTE = Level.GEMEENTE


def gemeenten(codes: list[str], bounds: list[tuple[float, float]]) -> Areas:
    """Gemeenten side by side; bounds from west to east in km."""
    return Areas(
        level=GEMEENTE,
        codes=codes,
        names=list(codes),
        terrains=[None] * len(codes),
        parents=[None] * len(codes),
        shapes=np.array(
            [shapely.box(150_000 + 1000 * w, 450_000, 150_000 + 1000 * e, 451_000)
             for w, e in bounds]
        ),
        crs=28992,
    )  # fmt: skip


def before() -> Parsed:
    made = parsed({}, names={"WK900100": "Wijk"})
    return replace(made, areas=[gemeenten(["GM9001"], [(0, 2)])], figures=[])


def after(east: float | Reason) -> Parsed:
    """Half of the ground in either gemeente, and of the inhabitants as many as are said."""
    made = parsed({"population": {"WK900100": 30.0, "WK900200": east}}, year=2022, shapes=True)
    return replace(made, areas=[gemeenten(["GM9001", "GM9002"], [(0, 1), (1, 2)]), *made.areas])


async def shares(connection: asyncpg.Connection, publication: int) -> tuple[list[float], set[int]]:
    found = await read_links(connection, GEMEENTE, 2019, 2022, publication)
    assert found is not None
    return found.links.of_old.round(6).tolist(), set(found.links.methods.tolist())


@pytest.mark.parametrize("small", [0, 1_000_000])
async def test_a_division_is_by_the_inhabitants_of_the_wijken_that_went(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(ingested, "_SMALL", small)
    given = (dataset("2019", vintage=2019), before()), (dataset("2022", vintage=2022), after(70.0))

    await publish(connection, *given)

    assert await shares(connection, 1) == ([0.3, 0.7], {Method.POPULATION})


async def test_a_correction_of_inhabitants_is_one_of_the_shares(
    connection: asyncpg.Connection,
) -> None:
    await publish(
        connection,
        (dataset("2019", vintage=2019), before()),
        (dataset("2022", vintage=2022), after(70.0)),
    )

    result = await publish(connection, (dataset("2022", vintage=2022), after(20.0)))

    assert result.counts["links_opened"] == 2
    assert await shares(connection, 1) == ([0.3, 0.7], {Method.POPULATION})
    assert await shares(connection, 2) == ([0.6, 0.4], {Method.POPULATION})


async def test_inhabitants_that_are_kept_secret_leave_the_shares_of_surface(
    connection: asyncpg.Connection,
) -> None:
    await publish(
        connection,
        (dataset("2019", vintage=2019), before()),
        (dataset("2022", vintage=2022), after(Reason.CONFIDENTIAL)),
    )

    assert await shares(connection, 1) == ([0.5, 0.5], {Method.SURFACE})
    assert [each.pair.new for each in (await read_pairs(connection, 1))[GEMEENTE]] == [2022]
