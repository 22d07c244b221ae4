"""Features that are written column by column are those that are written one by one."""

from typing import Any

import orjson
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from service.feeds.features import features

_TYPES = pa.schema({
    "code": pa.string(), "naam": pa.string(), 'de "stand"': pa.dictionary(pa.int16(), pa.string()),
    "jaar": pa.int16(), "publicatie": pa.int32(), "waarde": pa.float64(), "voorlopig": pa.bool_(),
})  # fmt: skip
_ROWS = st.lists(
    st.tuples(
        st.text(max_size=4),
        st.none() | st.text(max_size=4),
        st.none() | st.sampled_from(["OBSERVED", 'a,"b"', ""]),
        st.none() | st.integers(-(2**15), 2**15 - 1),
        st.integers(-(2**31), 2**31 - 1),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.booleans(),
        st.sampled_from([None, '{"type":"Point","coordinates":[5.25,52]}']),
    ),
    min_size=1,
    max_size=6,
)


def _one_by_one(rows: list[dict[str, Any]], shapes: list[str | None]) -> bytes:
    return b",\n".join(
        orjson.dumps(
            {
                "type": "Feature",
                "id": row["code"],
                "geometry": None if shape is None else orjson.Fragment(shape),
                "properties": row,
            }
        )
        for row, shape in zip(rows, shapes, strict=True)
    )


@settings(max_examples=60, deadline=None)
@given(_ROWS, st.integers(0, 3))
def test_columns_give_the_same_features_as_rows_also_from_the_middle_of_a_table(
    rows: list[tuple[Any, ...]], start: int
) -> None:
    listed = [dict(zip(_TYPES.names, row, strict=False)) for row in rows]
    shapes: list[str | None] = [row[-1] for row in rows]
    start = min(start, len(rows) - 1)
    table = pa.Table.from_pylist(listed, schema=_TYPES).slice(start)
    assert features(table, shapes[start:]) == _one_by_one(listed[start:], shapes[start:])
