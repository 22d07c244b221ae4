"""Area codes in every spelling that publishers use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.codes import gemeente_code, level_of, parent_code, parse_code, with_prefix
from db.core.errors import MalformedCode
from db.core.levels import Level


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("WK168001  ", Level.WIJK, "WK168001"),
        ("WK0363FA", Level.WIJK, "WK0363FA"),
        ("BU0363AA01", Level.BUURT, "BU0363AA01"),
        ("GM1680    ", Level.GEMEENTE, "GM1680"),
        ("NL00      ", Level.LAND, "NL00"),
        ("NL01", Level.LAND, "NL00"),
    ],
)
def test_padding_letters_and_both_country_codes_are_understood(
    text: str, level: Level, code: str
) -> None:
    assert parse_code(text) == (level, code)


@pytest.mark.parametrize(
    "text", ["", "WK16800", "WK03 3FA", "wk168001", "GM168A", "PV20", "168001"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedCode):
        parse_code(text)


def test_a_code_that_lost_its_leading_zeros_is_refused_and_not_padded() -> None:
    assert with_prefix(Level.WIJK, "001400") == "WK001400"
    with pytest.raises(MalformedCode):
        with_prefix(Level.WIJK, "1400")


def test_parents_are_in_the_code() -> None:
    assert parent_code("BU0363AA01") == "WK0363AA"
    assert parent_code("WK0363AA") == "GM0363"
    assert parent_code("GM0363") == "NL00"
    assert parent_code("NL00") is None


def test_every_area_but_the_country_lies_in_a_gemeente() -> None:
    assert [gemeente_code(c) for c in ("BU0363AA01", "WK0363AA", "GM0363", "NL00")] == [
        "GM0363", "GM0363", "GM0363", None,
    ]  # fmt: skip


@given(st.text(max_size=14))
def test_any_text_is_a_code_or_none_and_a_code_reads_back_as_itself(text: str) -> None:
    if level_of(text) is not None:
        level, code = parse_code(text)
        assert parse_code(code) == (level, code)
