"""Telling a decimal point from a decimal comma, or refusing to."""

import pytest

from db.core.errors import RefusedFile
from db.sources.decimal_mark import DecimalMark


@pytest.mark.parametrize(
    ("cells", "mark"),
    [(["1,0", "."], ","), ([" 1.0", "."], "."), (["12", "."], "."), (["-0.100"], ".")],
)
def test_the_mark_is_the_one_that_stands_before_a_digit(cells: list[str], mark: str) -> None:
    assert DecimalMark("f.csv").see(cells) == mark


def test_both_marks_in_one_file_are_refused_however_far_apart() -> None:
    mark = DecimalMark("f.csv")
    mark.see(["1.5"])

    with pytest.raises(RefusedFile, match="both occur"):
        mark.see(["2", "1,5"])


@pytest.mark.parametrize("cell", ["1.234", "12,345", "-123.456"])
def test_a_mark_that_may_separate_thousands_is_not_guessed(cell: str) -> None:
    mark = DecimalMark("f.csv")
    mark.see([cell, "."])

    with pytest.raises(RefusedFile, match="thousands"):
        mark.settle()


@pytest.mark.parametrize("proof", ["0.100", ".5", "1.25", "1234.567", "1.2345"])
def test_one_number_that_no_thousands_separator_could_make_settles_it(proof: str) -> None:
    mark = DecimalMark("f.csv")
    mark.see(["1.234", proof])

    mark.settle()

    assert mark.mark == "."


def test_a_mark_given_by_the_dataset_needs_no_proof() -> None:
    mark = DecimalMark("f.csv", ",")
    mark.see(["1,234"])

    mark.settle()

    assert mark.mark == ","
