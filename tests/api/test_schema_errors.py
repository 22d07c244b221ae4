"""The table of errors: what a caller may read, and what is a fault of ours."""

import asyncpg
import pytest

from db.core.cursor import MalformedCursor
from db.core.errors import MalformedCode, UnknownPublication
from schema.errors import code_of
from schema.handle_errors import BadId
from schema.refusal import Refusal


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadId(), "BAD_ID"),
        (MalformedCode("x"), "MALFORMED_CODE"),
        (MalformedCursor(), "BAD_CURSOR"),
        (UnknownPublication(9), "UNKNOWN_PUBLICATION"),
        (ConnectionRefusedError(), "UNAVAILABLE"),
        (TimeoutError(), "UNAVAILABLE"),
        (asyncpg.InterfaceError("closed"), "UNAVAILABLE"),
        (asyncpg.CannotConnectNowError("starting"), "UNAVAILABLE"),
    ],
)
def test_an_error_that_may_be_shown_has_a_code_and_dutch_words(error: Exception, code: str) -> None:
    known = code_of(error)

    assert known is not None
    assert known[0] == code
    assert known[1]["messageNl"]


@pytest.mark.parametrize(
    "error", [KeyError("x"), AssertionError(), asyncpg.UndefinedTableError("observation")]
)
def test_a_fault_of_ours_has_no_code(error: Exception) -> None:
    assert code_of(error) is None


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in Refusal.__subclasses__()]

    assert len(codes) == len(set(codes)) > 10
    assert all(code == code.upper() for code in codes)
