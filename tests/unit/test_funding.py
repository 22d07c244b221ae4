"""Money that adds up, money that does not, and which of it ends."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.document import Document, FactCertainty, Period
from db.core.funding import (
    AmountBound,
    Ending,
    FundingAmount,
    FundingKind,
    FundingPart,
    FundingSplit,
    FundingStream,
    NotAdded,
    add_up,
    ending,
    part_of,
)

YEARS = Period(date(2023, 1, 1), ends=date(2026, 1, 1))


def amount(euros: float | None = 10.0, **changed: object) -> FundingAmount:
    made = FundingAmount(
        FundingKind.ONE_OFF,
        euros,
        AmountBound.EXACT,
        None if euros is not None else "geen",
        None if euros is not None else "none",
        YEARS,
        FundingSplit.NATIONAL_ONLY,
        (),
        Document("Stuk", "Paper"),
        FactCertainty.CLAIMED,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def stream(slug: str, *amounts: FundingAmount) -> FundingStream:
    return FundingStream(slug, "p", slug, slug, "doel", "aim", (), (), amounts)


def split(**parts: float) -> FundingAmount:
    return amount(
        split=FundingSplit.BY_AREA, parts=tuple(FundingPart(*each) for each in parts.items())
    )


def test_amounts_of_one_kind_and_period_are_a_sum() -> None:
    found = add_up([stream("a", amount(10.0)), stream("b", amount(2.5))])
    assert (found.euros, found.refusals, found.left_out) == (12.5, (), ())


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (amount(kind=FundingKind.STRUCTURAL), NotAdded.KINDS),
        (amount(kind=FundingKind.NOT_STATED), NotAdded.KINDS),
        (amount(period=Period(date(2023, 1, 1))), NotAdded.PERIODS),
        (amount(period=Period(date(2024, 1, 1), ends=YEARS.ends)), NotAdded.PERIODS),
    ],
)
def test_amounts_of_another_kind_or_period_are_no_sum(other: FundingAmount, why: NotAdded) -> None:
    found = add_up([stream("a", amount()), stream("b", other)])
    assert (found.euros, found.refusals, found.added) == (None, (why,), ())
    assert found.concerns == ("a", "b")


def test_documents_that_disagree_about_one_stream_are_no_sum() -> None:
    found = add_up([stream("a", amount(82.0), amount(61.0)), stream("b", amount())])
    assert (found.euros, found.refusals, found.concerns) == (None, (NotAdded.DISAGREE,), ("a",))


def test_an_absent_amount_is_left_out_and_named_and_is_never_zero() -> None:
    missing = stream("b", amount(None))
    found = add_up([stream("a", amount()), missing])
    assert (found.euros, [each.slug for each, _ in found.left_out]) == (10.0, ["b"])
    assert add_up([missing]).refusals == (NotAdded.ALL_ABSENT,)
    assert add_up([missing]).euros is None


def test_an_amount_of_the_country_is_no_amount_of_an_area() -> None:
    found = add_up([stream("a", split(west=4.0)), stream("b", amount())], "west")
    assert (found.euros, found.refusals, found.concerns) == (None, (NotAdded.NOT_SPLIT,), ("b",))


def test_parts_of_an_area_are_a_sum_where_all_are_published() -> None:
    streams = [stream("a", split(west=4.0, east=5.0)), stream("b", split(west=1.5))]
    assert add_up(streams, "west").euros == 5.5
    east = add_up(streams, "east")
    assert (east.euros, [each.slug for each, _ in east.left_out]) == (5.0, ["b"])
    assert part_of(streams[1].amounts[0], "east") is None


def test_a_sum_is_as_vague_as_its_vaguest_amount() -> None:
    more = add_up([stream("a", amount()), stream("b", amount(bound=AmountBound.MORE_THAN))])
    assert (more.euros, more.bound) == (20.0, AmountBound.MORE_THAN)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_the_order_of_the_streams_does_not_matter(euros: list[int]) -> None:
    streams = [stream(f"s{at}", amount(float(each))) for at, each in enumerate(euros)]
    turned = streams[::-1]
    assert add_up(streams).euros == add_up(turned).euros == sum(euros)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"period": YEARS}, Ending.ENDS_BEFORE),
        ({"period": Period(ends=date(2026, 1, 2))}, Ending.CONTINUES),
        ({"period": Period(date(2023, 1, 1))}, Ending.NOT_STATED),
        ({"period": Period(), "kind": FundingKind.STRUCTURAL}, Ending.CONTINUES),
        ({"period": YEARS, "kind": FundingKind.STRUCTURAL}, Ending.ENDS_BEFORE),
    ],
)
def test_money_ends_continues_or_nobody_says(changed: dict[str, Any], where: Ending) -> None:
    assert ending(amount(**changed), date(2026, 1, 1)) is where
