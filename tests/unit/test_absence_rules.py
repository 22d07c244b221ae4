"""The rules for absence are one table, and the arithmetic does what the table says."""

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.absence_rules import RULES, Effect, Use, allows, blocking, rules_for
from db.core.harmonise import Published
from db.core.indicator import Kind
from db.core.ranking import rank
from db.core.trend import trends
from tests.unit.test_aggregate import COUNT, MEAN, of, parts, year


@pytest.mark.parametrize("reason", list(Reason))
def test_a_sum_and_a_mean_do_with_a_part_what_the_table_says(reason: Reason) -> None:
    cell: float | Reason = 20.0 if reason.status.has_value else reason
    values = year(10, cell)
    if reason.status.has_value:
        values = Published(values.values, np.array([[0], [reason]], np.uint8))
    summed = of(COUNT, parts(1, 1), values)[0]
    averaged = of(MEAN, parts(1, 1), values, denominators=year(1, 1))[0]

    expected: dict[Effect, tuple[float | None, float | None]] = {
        Effect.TAKES_PART: (30, 15),
        Effect.LEFT_OUT: (10, 10),
        Effect.BLOCKS: (None, None),
    }
    rule = RULES[reason]
    assert summed == expected[rule.sum][0]
    assert averaged == expected[rule.mean][1]


def test_nothing_absent_ever_takes_part() -> None:
    for reason, rule in RULES.items():
        for use in Use:
            assert (rule.effect(use) is Effect.TAKES_PART) <= reason.status.has_value


@pytest.mark.parametrize("kind", list(Kind))
def test_a_use_that_a_kind_has_not_is_allowed_for_no_reason(kind: Kind) -> None:
    for rule in rules_for(kind):
        for use in Use:
            assert (rule.effect(use) is Effect.NOT_ALLOWED) != allows(kind, use)


def test_blocking_is_read_off_the_table() -> None:
    every = np.array(list(Reason), np.uint8)

    for use in Use:
        expected = [RULES[reason].effect(use) is Effect.BLOCKS for reason in Reason]
        assert blocking(every, use).tolist() == expected


def test_every_effect_has_both_languages() -> None:
    for effect in Effect:
        assert effect.text("nl") != effect.text("en")


def test_what_is_absent_is_passed_over_by_ranks_and_trends() -> None:
    """As the table says: the others are told without it."""
    values = np.array([3.0, np.nan, 1.0, 2.0, 5.0, 4.0])

    assert rank(values).rows.tolist() == [4, 5, 0, 3, 2]
    years = np.arange(2015, 2021, dtype=np.int32)
    without = ~np.isnan(values)
    told = trends(years, values[None]).slope
    assert told == pytest.approx(trends(years[without], values[None, without]).slope)
    assert {RULES[Reason.CONFIDENTIAL].effect(use) for use in (Use.RANK, Use.TREND)} == {
        Effect.NOT_USED
    }
