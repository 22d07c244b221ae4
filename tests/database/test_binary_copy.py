"""Binary COPY made with numpy arrives in Postgres as the values it was made of."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from db.ingest import binary_copy

_numbers = st.one_of(st.just(float("nan")), st.floats(allow_nan=False, allow_infinity=False))


@given(
    st.lists(st.tuples(st.integers(0, 2**31 - 1), _numbers, _numbers, st.booleans()), max_size=40)
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_what_is_copied_is_what_is_read(
    connection: asyncpg.Connection, rows: list[tuple[int, float, float, bool]]
) -> None:
    await connection.execute("DROP TABLE IF EXISTS t")
    await connection.execute("CREATE TABLE t (a integer, v float8, w float8, b boolean)")
    await connection.copy_to_table("t", source=_stream(rows), format="binary")
    found = await connection.fetch("SELECT a, v, w, b FROM t")
    assert sorted(map(repr, map(tuple, found))) == sorted(
        repr((a, None if v != v else v, None if w != w else w, b)) for a, v, w, b in rows
    )


async def _stream(rows: list[tuple[int, float, float, bool]]) -> AsyncIterator[bytes]:
    yield binary_copy.HEADER
    columns: dict[str, tuple[str, NDArray[Any]]] = {
        "a": (">i4", np.array([r[0] for r in rows], np.int32)),
        "v": (">f8", np.array([r[1] for r in rows], np.float64)),
        "w": (">f8", np.array([r[2] for r in rows], np.float64)),
        "b": ("?", np.array([r[3] for r in rows], np.bool_)),
    }
    for chunk in binary_copy.rows(columns):
        yield chunk
    yield binary_copy.TRAILER
