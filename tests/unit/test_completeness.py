"""How complete a series is: counted when it is published, added to when areas join later."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from db.core.absence import Reason, Status
from db.core.completeness import STATUSES, Counted, completeness, count_statuses
from db.core.figures import Bytes

_REASONS = [int(reason) for reason in Reason]


def test_every_status_has_a_place_of_its_own() -> None:
    assert sorted(STATUSES, key=lambda each: each.name) == sorted(Status, key=lambda e: e.name)


def test_areas_are_counted_by_status_year_by_year() -> None:
    reasons = np.array(
        [
            [Reason.OBSERVED, Reason.MODELLED],
            [Reason.CONFIDENTIAL, Reason.DOT],
            [Reason.WATER_OR_ABROAD, Reason.WATER_OR_ABROAD],
        ],
        np.uint8,
    )
    counted = Counted(3, tuple(count_statuses(reasons, np.ones(3, np.bool_))))

    first, second = completeness((2023, 2024), counted)

    assert (first.year, first.areas, first.known, first.share) == (2023, 3, 1, 0.5)
    assert (first.by_status[Status.SUPPRESSED], second.by_status[Status.UNKNOWN]) == (1, 1)
    assert second.known == 1


def test_what_is_no_area_any_more_is_not_counted_and_what_joined_later_is() -> None:
    reasons = np.array([[Reason.OBSERVED], [Reason.NO_ROW]], np.uint8)
    counted = Counted(2, tuple(count_statuses(reasons, np.array([True, False]))))

    (found,) = completeness((2024,), counted, later_land=1, later_water=2)

    assert (found.areas, found.known, found.share) == (4, 1, 0.5)
    assert found.by_status[Status.NOT_APPLICABLE] == 2


def test_where_a_figure_can_exist_nowhere_there_is_no_share() -> None:
    reasons = np.array([[Reason.WATER_OR_ABROAD]], np.uint8)
    counted = Counted(1, tuple(count_statuses(reasons, np.array([True]))))

    assert completeness((2024,), counted)[0].share is None


@given(arrays(np.uint8, st.tuples(st.integers(0, 8), st.integers(1, 4)),
              elements=st.sampled_from(_REASONS)))  # fmt: skip
def test_the_counts_of_each_year_add_up_to_the_areas(reasons: Bytes) -> None:
    live = np.arange(len(reasons)) % 2 == 0
    counted = Counted(len(reasons), tuple(count_statuses(reasons, live)))

    for year in completeness(range(reasons.shape[1]), counted):
        assert year.areas == live.sum()
