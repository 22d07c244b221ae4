"""One cell of text: a number, or the reason why there is none."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.errors import BrokenLoad
from db.sources.cells import SYMBOLS, numbers, parse_cell, parse_column

_PADDING = st.text(alphabet=" \t\u00a0", max_size=8)
_CELLISH = st.text(alphabet="0123456789.,-+ eExX\u00a0nainf", max_size=12) | st.text(max_size=12)


@pytest.mark.parametrize(
    ("text", "value"),
    [("    76.1", 76.1), ("1425", 1425.0), ("-0.4", -0.4), ("0", 0.0), ("-1", -1.0), (".5", 0.5)],
)
def test_a_padded_number_is_that_number(text: str, value: float) -> None:
    assert parse_cell(text) == (value, Reason.OBSERVED)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("       .", Reason.DOT),
        (".", Reason.DOT),
        ("", Reason.IMPOSSIBLE),
        ("        ", Reason.IMPOSSIBLE),
        ("x", Reason.CONFIDENTIAL),
        (None, Reason.NO_FIGURE),
        ("-99997", Reason.MISSING_CODE),
        ("-99990", Reason.MISSING_CODE),
        ("-99999999.0", Reason.MISSING_CODE),
    ],
)
def test_every_spelling_of_absence_keeps_its_own_reason(text: str | None, reason: Reason) -> None:
    value, found = parse_cell(text)
    assert (math.isnan(value), found) == (True, reason)


def test_a_decimal_comma_is_read_where_it_is_said_to_be_one() -> None:
    assert parse_cell(" 1,25", decimal=",") == (1.25, Reason.OBSERVED)


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-inf", "1e999", "1 000", "1_000", "0x1f", "-", "*", "Wijk", "1,5"]
)
def test_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BrokenLoad, match="neither a number"):
        parse_cell(text)
    with pytest.raises(BrokenLoad, match="neither a number"):
        parse_column(["1", text])


def test_a_dot_beside_a_decimal_comma_is_refused_as_ambiguous() -> None:
    with pytest.raises(BrokenLoad, match=r"1\.234,5"):
        parse_column(["1.234,5"], decimal=",")


def test_the_refusal_names_the_column_and_a_short_piece_of_the_text() -> None:
    with pytest.raises(BrokenLoad, match=r"^column Mannen_6: 'y{40}' is neither"):
        parse_column(["y" * 500], column="Mannen_6")


@given(st.sampled_from([".", "x", ""]), _PADDING, _PADDING, st.sampled_from([".", ","]))
def test_an_absent_cell_never_yields_a_number(
    symbol: str, left: str, right: str, decimal: str
) -> None:
    value, reason = parse_cell(left + symbol + right, decimal=decimal)
    assert math.isnan(value)
    assert reason is SYMBOLS[symbol]


@given(_CELLISH, st.sampled_from([".", ","]))
def test_any_text_is_a_finite_number_an_absence_or_a_broken_load(text: str, decimal: str) -> None:
    try:
        value, reason = parse_cell(text, decimal=decimal)
    except BrokenLoad:
        return
    assert math.isfinite(value) == reason.status.has_value
    assert math.isnan(value) or value > -99990


@given(st.lists(st.none() | _CELLISH, max_size=8), st.sampled_from([".", ","]))
def test_a_column_says_of_each_cell_what_the_cell_alone_would(
    texts: list[str | None], decimal: str
) -> None:
    try:
        expected = [parse_cell(text, decimal=decimal) for text in texts]
    except BrokenLoad:
        with pytest.raises(BrokenLoad):
            parse_column(texts, decimal=decimal)
        return
    values, reasons = parse_column(texts, decimal=decimal)
    np.testing.assert_array_equal(values, [value for value, _ in expected])
    assert reasons.tolist() == [reason for _, reason in expected]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-99989))
def test_a_number_survives_the_way_through_text(number: float) -> None:
    assert parse_cell(repr(number)) == (number, Reason.OBSERVED)


def test_a_column_may_come_in_chunks() -> None:
    chunks = pa.chunked_array([["1", " ."], ["", "2.5"]])
    values, reasons = parse_column(chunks)
    np.testing.assert_array_equal(values, [1, np.nan, np.nan, 2.5])
    assert reasons.tolist() == [Reason.OBSERVED, Reason.DOT, Reason.IMPOSSIBLE, Reason.OBSERVED]


def test_an_empty_column_is_empty() -> None:
    values, reasons = parse_column([])
    assert (values.size, reasons.size) == (0, 0)


def test_a_null_among_numbers_is_no_figure_and_a_sentinel_is_a_missing_code() -> None:
    values, reasons = numbers(np.array([1.0, np.nan, -99997.0, -1.0]))
    np.testing.assert_array_equal(values, [1, np.nan, np.nan, -1])
    assert reasons.tolist() == [
        Reason.OBSERVED,
        Reason.NO_FIGURE,
        Reason.MISSING_CODE,
        Reason.OBSERVED,
    ]


def test_infinity_among_numbers_is_refused() -> None:
    with pytest.raises(BrokenLoad, match="column Mannen_6"):
        numbers(np.array([np.inf]), column="Mannen_6")


def test_the_numbers_given_are_not_changed() -> None:
    given_values = np.array([-99999.0])
    numbers(given_values)
    assert given_values.tolist() == [-99999.0]
