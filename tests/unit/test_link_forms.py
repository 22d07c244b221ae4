"""Statements link what is unchanged and nothing else; links can be read the other way round."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from db.core.area_links import AreaLinks, LinkKind, Method, Vintage, link, weighted
from db.core.harmonise import weights
from db.core.link_forms import doubted, reverse, stated
from tests.unit.ground import Pairs, ground

SAME, UNPLACED = LinkKind.SAME, LinkKind.UNPLACED


def vintage(codes: str, year: int) -> Vintage:
    return Vintage(year, tuple(codes), tuple(codes))


def mapped(pairs: Pairs, old: str, new: str) -> AreaLinks:
    sides = vintage(old, 2016), vintage(new, 2017)
    return link(ground(pairs, len(old), len(new)), *sides)


def told(links: AreaLinks) -> list[tuple[int, int, LinkKind]]:
    return [
        (old, new, LinkKind(kind))
        for old, new, kind in zip(
            links.old.tolist(), links.new.tolist(), links.kinds.tolist(), strict=True
        )
    ]


def test_what_is_stated_unchanged_is_the_same_and_nothing_is_said_of_the_rest() -> None:
    links = stated(vintage("ABC", 2019), vintage("BADE", 2020), [1, 3, 2, None])

    assert told(links) == [
        (1, 0, SAME), (0, -1, UNPLACED), (2, -1, UNPLACED),
        (-1, 1, UNPLACED), (-1, 2, UNPLACED), (-1, 3, UNPLACED),
    ]  # fmt: skip
    assert (links.of_old[0], links.of_new[0]) == (1, 1)
    assert set(links.methods.tolist()) == {Method.STATED}
    assert weights(links).unknown.tolist() == [False, True, True, True]


def test_a_code_that_is_stated_unchanged_but_was_not_there_has_no_link() -> None:
    assert told(stated(vintage("A", 2019), vintage("B", 2020), [1])) == [
        (0, -1, UNPLACED),
        (-1, 0, UNPLACED),
    ]


def test_an_area_is_not_gone_where_the_other_map_lacks_a_shape() -> None:
    links = mapped({(0, 0): 5}, "AB", "AC")

    sure = doubted(links, old_lacks=False, new_lacks=False)
    unsure = doubted(links, old_lacks=False, new_lacks=True)

    assert told(sure) == [(0, 0, SAME), (1, -1, LinkKind.GONE), (-1, 1, LinkKind.NEW)]
    assert told(unsure) == [(0, 0, SAME), (1, -1, UNPLACED), (-1, 1, LinkKind.NEW)]


def test_a_merger_read_backward_is_a_split_by_the_shares_of_the_new_area() -> None:
    merged = mapped({(0, 0): 6, (1, 0): 2, (2, 1): 5}, "ABC", "AC")
    counted = weighted(merged, ground({(0, 0): 30, (1, 0): 70}, 3, 2), Method.ADDRESSES)

    back = weights(reverse(counted))

    assert told(reverse(counted)) == [
        (0, 0, LinkKind.SPLIT), (0, 1, LinkKind.SPLIT), (1, 2, SAME),
    ]  # fmt: skip
    assert back.of_old.tolist() == [0.3, 0.7, 1]
    addresses, surface = 1 << Method.ADDRESSES, 1 << Method.SURFACE
    assert back.methods.tolist() == [addresses, addresses, surface]


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9).map(float), max_size=12
)


@given(PAIRS)
def test_reading_links_back_twice_gives_them_as_they_were(pairs: Pairs) -> None:
    links = mapped(pairs, "ABCDE", "CDEFG")

    again = reverse(reverse(links))

    assert told(again) == told(links)
    assert np.array_equal(again.of_old, links.of_old, equal_nan=True)
    assert np.array_equal(again.of_new, links.of_new, equal_nan=True)


@given(PAIRS)
def test_links_of_two_maps_read_backward_are_the_links_of_the_new_map_to_the_old(
    pairs: Pairs,
) -> None:
    turned = {(new, old): amount for (old, new), amount in pairs.items()}

    assert told(reverse(mapped(pairs, "ABCDE", "CDEFG"))) == told(mapped(turned, "CDEFG", "ABCDE"))
