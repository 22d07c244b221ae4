"""One source vintage for each year: own, exact, estimated; nearest; never what is withheld."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.harmonise import Published, Weights, carry_counts
from db.core.harmonised import (
    MIXED,
    NO_SOURCE,
    Harmonised,
    Source,
    carried_source,
    harmonised,
    own_source,
)
from tests.unit.ground import Pairs
from tests.unit.test_harmonise import MERGE, SPLIT, UNCHANGED, by

NAN = np.nan
OBSERVED, SECRET, NO_ROW = Reason.OBSERVED, Reason.CONFIDENTIAL, Reason.NO_ROW
RECODED, ESTIMATED = Reason.RECODED, Reason.ESTIMATED
ONE: Pairs = {(0, 0): 5, (1, 0): 7}
"""Two old areas, one new."""
HALVES: Pairs = {(0, 0): 5, (0, 1): 5}


def cells(rows: list[list[float | Reason]]) -> Published:
    """Rows of areas, columns of years; a Reason stands for an absent value."""
    values = [[NAN if isinstance(each, Reason) else each for each in row] for row in rows]
    reasons = [[each if isinstance(each, Reason) else OBSERVED for each in row] for row in rows]
    return Published(np.array(values, np.float64), np.array(reasons, np.uint8))


def own(vintage: int, years: tuple[int, ...], rows: list[list[float | Reason]]) -> Source:
    given_ = cells(rows)
    return own_source(vintage, years, given_, np.zeros(given_.values.shape, np.uint8))


def other(
    vintage: int,
    years: tuple[int, ...],
    rows: list[list[float | Reason]],
    weights: Weights,
    origins: list[int] | None = None,
) -> Source:
    given_ = cells(rows)
    numbers = np.array(origins or [0] * len(rows), np.uint8)[:, None].repeat(len(years), axis=1)
    hidden = np.array([[each is SECRET for each in row] for row in rows])
    made = carry_counts(given_, weights)
    return carried_source(vintage, years, made, weights, hidden, numbers)


def row(found: Harmonised, area: int = 0) -> list[tuple[int | None, float, Reason]]:
    """Source vintage, value (-1 for none) and reason by year."""
    sources = found.sources[area].tolist()
    return [
        (
            None if source == NO_SOURCE else found.vintages[source],
            -1 if value != value else value,
            Reason(reason),
        )
        for source, value, reason in zip(
            sources, found.values[area].tolist(), found.reasons[area].tolist(), strict=True
        )
    ]


def test_a_merged_area_has_the_sum_of_years_before_and_its_own_after() -> None:
    found = harmonised(
        2021,
        (2020, 2021),
        1,
        own(2021, (2021,), [[43]]),
        [other(2020, (2020,), [[12], [30]], by(ONE, 2, 1))],
    )

    assert row(found) == [(2020, 42, RECODED), (2021, 43, OBSERVED)]
    assert found.bounds.places.tolist() == []


def test_an_estimate_has_its_bounds_at_its_place() -> None:
    found = harmonised(2021, (2020,), 2, None, [other(2020, (2020,), [[100]], by(HALVES, 1, 2))])

    assert row(found, 1) == [(2020, 50, ESTIMATED)]
    assert found.bounds.at(1) == (0, 100)
    assert found.bounds.at(7) is None


def test_an_own_value_goes_before_what_is_carried() -> None:
    found = harmonised(
        2021,
        (2020,),
        1,
        own(2021, (2020,), [[40]]),
        [other(2020, (2020,), [[12], [30]], by(ONE, 2, 1))],
    )

    assert row(found) == [(2021, 40, OBSERVED)]


@pytest.mark.parametrize("reason", [SECRET, Reason.DOT, Reason.NO_FIGURE, Reason.IMPOSSIBLE])
def test_what_the_own_vintage_says_is_absent_is_not_filled_from_another(reason: Reason) -> None:
    found = harmonised(
        2021,
        (2020,),
        1,
        own(2021, (2020,), [[reason]]),
        [other(2020, (2020,), [[12], [30]], by(ONE, 2, 1))],
    )

    assert row(found) == [(2021, -1, reason)]


@pytest.mark.parametrize("reason", [NO_ROW, Reason.NOT_YET_PUBLISHED, Reason.NOT_LOADED])
def test_where_the_own_vintage_states_nothing_another_may(reason: Reason) -> None:
    found = harmonised(
        2021,
        (2020,),
        1,
        own(2021, (2020,), [[reason]]),
        [other(2020, (2020,), [[12], [30]], by(ONE, 2, 1))],
    )

    assert row(found) == [(2020, 42, RECODED)]


def test_the_nearest_goes_first_and_of_two_equally_near_the_later() -> None:
    same = by(UNCHANGED, 2, 2, recoded=True)
    sources = {
        vintage: other(vintage, (2020,), [[vintage], [1]], same)
        for vintage in (2016, 2019, 2021, 2022)
    }

    found = [
        row(harmonised(2020, (2020,), 2, None, [sources[each] for each in chosen]))[0][0]
        for chosen in ([2016, 2022], [2019, 2022], [2019, 2021], [2021, 2019, 2016])
    ]

    assert found == [2022, 2019, 2021, 2021]


def test_exact_goes_before_estimated_however_far() -> None:
    far = other(2012, (2020,), [[7], [8]], by(UNCHANGED, 2, 2, recoded=True))
    near = other(2019, (2020,), [[100]], by(HALVES, 1, 2))

    assert row(harmonised(2020, (2020,), 2, None, [near, far])) == [(2012, 7, RECODED)]


def test_nothing_is_put_together_from_two_vintages() -> None:
    """Each lacks one of the parts: the sum of what both have is not given."""
    one = other(2019, (2020,), [[7], [NO_ROW]], by(ONE, 2, 1))
    two = other(2018, (2020,), [[NO_ROW], [8]], by(ONE, 2, 1))

    found = harmonised(2020, (2020,), 1, None, [one, two])

    assert row(found) == [(2019, -1, Reason.PART_UNKNOWN)]
    assert found.blocking(0, 0) == [1]
    assert found.coverage.item(0, 0) == pytest.approx(5 / 12)


def test_a_year_of_a_vintage_without_links_says_so() -> None:
    found = harmonised(2020, (2019, 2020), 1, own(2020, (2020,), [[3]]), [])

    assert row(found) == [(None, -1, Reason.NO_LINKS), (2020, 3, OBSERVED)]
    assert found.blocking(0, 0) == []


def test_a_whole_is_not_given_where_another_vintage_withholds_one_of_its_parts() -> None:
    """a + b = c: with a and c given, b would follow."""
    parts = other(2020, (2020,), [[12], [SECRET]], by(ONE, 2, 1))
    whole = other(2021, (2020,), [[42]], by({(0, 0): 1}, 1, 1, recoded=True))

    found = harmonised(2022, (2020,), 1, None, [parts, whole])

    assert row(found) == [(2021, -1, Reason.WITHHELD_ELSEWHERE)]


def test_nor_is_a_part_estimated_from_a_whole_where_it_is_withheld_itself() -> None:
    parts = other(2020, (2020,), [[12], [SECRET]], by(UNCHANGED, 2, 2, recoded=True))
    whole = other(2021, (2020,), [[42]], by(HALVES, 1, 2))

    found = harmonised(2019, (2020,), 2, None, [parts, whole])

    assert row(found, 0) == [(2020, 12, RECODED)]
    assert row(found, 1) == [(2021, -1, Reason.WITHHELD_ELSEWHERE)]
    assert found.bounds.places.tolist() == []


def test_what_the_own_vintage_publishes_is_given_whatever_others_withhold() -> None:
    parts = other(2020, (2020,), [[12], [SECRET]], by(ONE, 2, 1))

    found = harmonised(2021, (2020,), 1, own(2021, (2020,), [[42]]), [parts])

    assert row(found) == [(2021, 42, OBSERVED)]


def test_the_source_of_a_sum_is_that_of_its_parts_or_mixed() -> None:
    origins = [
        harmonised(2021, (2020,), 1, None, [other(2020, (2020,), [[1], [2]], by(ONE, 2, 1), each)])
        for each in ([3, 3], [3, 4])
    ]

    assert [each.origins.item(0, 0) for each in origins] == [3, MIXED]


def test_every_blocking_part_is_found_at_its_place_and_nowhere_else() -> None:
    years = (2018, 2019, 2020)
    source = other(
        2020, years, [[1, SECRET, 3], [SECRET, SECRET, 3], [1, 2, SECRET]], by(MERGE, 3, 2)
    )

    found = harmonised(2021, years, 2, None, [source])

    blocking = [[found.blocking(area, column) for column in range(3)] for area in range(2)]
    assert blocking == [[[1], [0, 1], []], [[], [], [2]]]


_COUNTS = st.lists(st.integers(0, 50) | st.none(), min_size=2, max_size=2)


@settings(max_examples=60)
@given(_COUNTS, _COUNTS, st.integers(0, 1))
def test_no_value_is_given_that_no_source_has(
    first: list[int | None], second: list[int | None], mine: int
) -> None:
    """Whatever is chosen is exactly what one of the sources says, and absent where all lack it."""

    def given_(counts: list[int | None]) -> list[list[float | Reason]]:
        return [[NO_ROW if each is None else float(each)] for each in counts]

    near = other(2019, (2020,), given_(first), by(UNCHANGED, 2, 2, recoded=True))
    far = other(2010, (2020,), given_(second), by(UNCHANGED, 2, 2, recoded=True))

    found = row(harmonised(2020, (2020,), 2, None, [near, far]), mine)[0]

    expected = next((each for each in (first[mine], second[mine]) if each is not None), None)
    assert found[1] == (-1 if expected is None else expected)


def test_a_split_and_what_became_of_it_keep_the_total() -> None:
    found = harmonised(
        2021, (2020,), 3, None, [other(2020, (2020,), [[100], [8]], by(SPLIT, 2, 3))]
    )

    assert found.values.sum() == 108
