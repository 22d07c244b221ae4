"""Figures explain their absences, and accounts balance."""

import numpy as np
import pytest

from db.core.absence import Reason, Status
from db.core.errors import Unbalanced
from db.core.figures import Account, Column, Figures, cells_by_reason, explain_empty_columns


def figures(*rows: list[Reason], first: str = "WK900100") -> Figures:
    reasons = np.array(rows, np.uint8)
    return Figures(
        codes=[first, *(f"WK90010{n}" for n in range(1, len(rows)))],
        periods=np.full(len(rows), 2024, np.int32),
        columns=[Column(f"c{n}") for n in range(reasons.shape[1])],
        values=np.where(reasons < 10, 1.0, np.nan),
        reasons=reasons,
    )


def test_a_wholly_empty_column_was_not_published() -> None:
    made = figures([Reason.OBSERVED, Reason.NO_FIGURE], [Reason.OBSERVED, Reason.NO_FIGURE])
    assert explain_empty_columns(made, Reason.NOT_YET_PUBLISHED) == 1
    assert made.reasons[:, 1].tolist() == [Reason.NOT_YET_PUBLISHED] * 2


def test_a_column_with_one_value_keeps_the_reasons_of_its_gaps() -> None:
    made = figures([Reason.OBSERVED], [Reason.NO_FIGURE])
    assert explain_empty_columns(made, Reason.NOT_YET_PUBLISHED) == 0
    assert made.reasons[:, 0].tolist() == [Reason.OBSERVED, Reason.NO_FIGURE]


@pytest.mark.parametrize("first", ["WK900100", "GM9001", "NL00"])
def test_a_column_that_its_publisher_explains_is_not_empty(first: str) -> None:
    made = figures([Reason.DOT], [Reason.CONFIDENTIAL], first=first)
    assert explain_empty_columns(made, Reason.NOT_YET_PUBLISHED) == 0


@pytest.mark.parametrize("first", ["GM9001", "NL00"])
def test_a_column_with_nothing_but_dots_was_not_published(first: str) -> None:
    made = figures(
        [Reason.DOT, Reason.DOT], [Reason.NO_FIGURE, Reason.OBSERVED], [Reason.DOT] * 2, first=first
    )
    assert explain_empty_columns(made, Reason.NOT_YET_PUBLISHED) == 1
    assert made.reasons[:, 0].tolist() == [Reason.NOT_YET_PUBLISHED] * 3
    assert made.reasons[:, 1].tolist() == [Reason.DOT, Reason.OBSERVED, Reason.DOT]


def test_dots_of_a_few_small_areas_may_all_be_secret() -> None:
    made = figures([Reason.DOT], [Reason.DOT])
    assert explain_empty_columns(made, Reason.NOT_YET_PUBLISHED) == 0


def test_cells_are_counted_by_reason() -> None:
    counted = cells_by_reason(figures([Reason.OBSERVED, Reason.DOT], [Reason.OBSERVED, Reason.DOT]))
    assert counted == {Reason.OBSERVED: 2, Reason.DOT: 2}


def test_an_account_balances_by_construction() -> None:
    account = Account()
    account.accept(3)
    account.reject("duplicate", "WK900100")
    account.check()
    assert (account.rows_read, account.examples) == (4, {"duplicate": ["WK900100"]})


def test_an_account_that_does_not_add_up_is_an_error() -> None:
    with pytest.raises(Unbalanced):
        Account(rows_read=2, rows_accepted=1).check()


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_status_and_a_text_in_both_languages(reason: Reason) -> None:
    assert reason.status.has_value == (reason < 10)
    assert reason.text("nl").endswith(".")
    assert reason.text("en").endswith(".")
    assert reason.text("nl") != reason.text("en")


def test_every_status_has_a_reason() -> None:
    assert {reason.status for reason in Reason} == set(Status)
