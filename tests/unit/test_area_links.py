"""Links follow the ground, and the addresses on it where they are known; never the code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.area_links import (
    AreaLinks,
    Disagreement,
    LinkKind,
    Method,
    Vintage,
    disagreements,
    link,
    weighted,
)
from db.core.levels import Level
from db.core.overlay import Overlap, overlay, tally
from tests.unit.voorbeeldland import VINTAGES, Book, demo_country

SAME, RECODED, MERGED, SPLIT = LinkKind.SAME, LinkKind.RECODED, LinkKind.MERGED, LinkKind.SPLIT
REDRAWN, NEW, GONE, UNPLACED = LinkKind.REDRAWN, LinkKind.NEW, LinkKind.GONE, LinkKind.UNPLACED


def vintage(codes: str, year: int = 2016) -> Vintage:
    """Areas with codes of a letter each; the name is the letter and the year."""
    return Vintage(year, tuple(codes), tuple(f"{code} {year}" for code in codes))


def ground(
    pairs: dict[tuple[int, int], float],
    olds: int,
    news: int,
    *,
    old_outside: dict[int, float] | None = None,
    new_outside: dict[int, float] | None = None,
) -> Overlap:
    """An overlap from (old row, new row): hectares."""
    places = sorted(pairs)
    outside = np.zeros(olds), np.zeros(news)
    for side, given_ in zip(outside, (old_outside, new_outside), strict=True):
        for row, amount in (given_ or {}).items():
            side[row] = amount
    return Overlap(
        np.array([old for old, _ in places], np.int32),
        np.array([new for _, new in places], np.int32),
        np.array([pairs[place] for place in places], np.float64),
        *outside,
    )


def linked(pairs: dict[tuple[int, int], float], old: str, new: str) -> AreaLinks:
    return link(ground(pairs, len(old), len(new)), vintage(old), vintage(new, 2017))


def kinds(links: AreaLinks) -> list[tuple[int, int, LinkKind]]:
    columns = (links.old.tolist(), links.new.tolist(), map(LinkKind, links.kinds.tolist()))
    return list(zip(*columns, strict=True))


def test_the_same_border_is_the_same_area_or_a_recoded_one() -> None:
    links = linked({(0, 0): 5, (1, 1): 7}, "AB", "AC")

    assert kinds(links) == [(0, 0, SAME), (1, 1, RECODED)]
    assert links.of_old.tolist() == links.of_new.tolist() == [1, 1]


def test_whole_areas_that_make_up_one_are_merged() -> None:
    links = linked({(0, 0): 6, (1, 0): 2}, "AB", "A")

    assert kinds(links) == [(0, 0, MERGED), (1, 0, MERGED)]
    assert (links.of_old.tolist(), links.of_new.tolist()) == ([1, 1], [0.75, 0.25])


def test_an_area_made_up_of_whole_new_ones_was_split() -> None:
    links = linked({(0, 0): 6, (0, 1): 2}, "A", "AB")

    assert kinds(links) == [(0, 0, SPLIT), (0, 1, SPLIT)]
    assert (links.of_old.tolist(), links.of_new.tolist()) == ([0.75, 0.25], [1, 1])


def test_a_piece_that_goes_to_a_neighbour_leaves_both_redrawn() -> None:
    links = linked({(0, 0): 6, (0, 1): 2, (1, 1): 8}, "AB", "AB")

    assert kinds(links) == [(0, 0, REDRAWN), (0, 1, REDRAWN), (1, 1, REDRAWN)]
    assert (links.of_old.tolist(), links.of_new.tolist()) == ([0.75, 0.25, 1], [1, 0.2, 0.8])


def test_an_area_without_a_counterpart_is_new_or_gone() -> None:
    links = linked({(0, 0): 5}, "AB", "AC")

    assert kinds(links) == [(0, 0, SAME), (1, -1, GONE), (-1, 1, NEW)]
    assert np.isnan(links.of_old).tolist() == [False, True, True]


def test_of_an_area_without_a_shape_nothing_is_said_on_either_map() -> None:
    table = ground({(0, 0): 5}, 2, 2, old_outside={1: np.nan}, new_outside={1: 7})

    links = link(table, vintage("AB"), vintage("AB", 2017))

    assert kinds(links) == [(0, 0, SAME), (1, -1, UNPLACED), (-1, 1, UNPLACED)]
    assert links.reused.tolist() == []


def test_a_border_that_grew_into_the_sea_is_redrawn_but_carries_everybody() -> None:
    table = ground({(0, 0): 50, (1, 1): 50}, 2, 2, new_outside={0: 2, 1: 40})

    links = link(table, vintage("AB"), vintage("AB", 2017))

    assert kinds(links) == [(0, 0, SAME), (1, 1, REDRAWN)]
    assert links.of_old.tolist() == [1, 1]


def test_an_area_of_which_most_lies_nowhere_does_not_move_to_what_is_left() -> None:
    table = ground({(0, 0): 10, (1, 0): 90}, 2, 1, old_outside={0: 90})

    links = link(table, vintage("AB"), vintage("B", 2017))

    assert links.of_old.tolist() == [0.1, 1]
    assert kinds(links) == [(0, 0, REDRAWN), (1, 0, REDRAWN)]


def test_stray_addresses_are_left_out_and_the_others_are_everybody() -> None:
    table = tally(
        np.array([0, 0, 1], np.int32), np.array([0, 1, 1], np.int32), np.array([997.0, 3, 500]),
        olds=2, news=2,
    )  # fmt: skip

    links = link(table, vintage("AB"), vintage("AB", 2017), method=Method.ADDRESSES, least=0.01)

    assert kinds(links) == [(0, 0, SAME), (1, 1, SAME)]
    assert links.of_old.tolist() == [1, 1]
    assert links.methods.tolist() == [Method.ADDRESSES] * 2


def test_one_code_on_hardly_overlapping_ground_is_two_areas() -> None:
    """As WK008020: Transvaalwijk & Rengerspark in 2016, Oud-Oost in 2022."""
    links = linked({(0, 1): 95, (1, 0): 90, (0, 0): 5}, "AB", "AB")

    assert links.reused.tolist() == [0, 1]


def test_a_code_that_keeps_part_of_its_ground_is_not_used_again() -> None:
    assert linked({(0, 0): 60, (0, 1): 40}, "A", "AB").reused.tolist() == []


# Haaren, 1 January 2021: by surface 45 % to Vught and 28 % to Oisterwijk, by inhabitants 34 % and
# 41 %. What is left went to Boxtel and Tilburg, here together.
SURFACE = {(0, 0): 45.0, (0, 1): 28.0, (0, 2): 27.0, (1, 0): 55.0}
PEOPLE = {(0, 0): 34.0, (0, 1): 41.0, (0, 2): 25.0, (1, 0): 186.0}


def test_addresses_and_surface_disagree_about_haaren_and_each_says_which_it_is() -> None:
    by_surface = linked(SURFACE, "HV", "VOT")
    by_people = weighted(by_surface, ground(PEOPLE, 2, 3), Method.POPULATION)

    assert by_surface.of_old.tolist() == pytest.approx([0.45, 0.28, 0.27, 1])
    assert by_people.of_old.tolist() == pytest.approx([0.34, 0.41, 0.25, 1])
    assert by_people.of_new.tolist() == pytest.approx([34 / 220, 1, 1, 186 / 220])
    assert by_surface.methods.tolist() == [Method.SURFACE] * 4
    assert by_people.methods.tolist() == [*[Method.POPULATION] * 3, Method.SURFACE]
    assert kinds(by_people) == kinds(by_surface)


def test_an_area_without_addresses_keeps_its_shares_of_surface() -> None:
    links = weighted(linked(SURFACE, "HV", "VOT"), ground({}, 2, 3), Method.ADDRESSES)

    assert links.of_old.tolist() == pytest.approx([0.45, 0.28, 0.27, 1])
    assert links.methods.tolist() == [Method.SURFACE] * 4


def test_a_whole_area_stays_whole_whatever_stray_addresses_say() -> None:
    merged = linked({(0, 0): 6, (1, 0): 2, (2, 1): 5}, "ABC", "AC")
    addresses = ground({(0, 0): 30, (0, 1): 1, (1, 0): 70}, 3, 2)

    links = weighted(merged, addresses, Method.ADDRESSES)

    assert links.of_old.tolist() == [1, 1, 1]
    assert links.of_new.tolist() == [0.3, 0.7, 1]


def test_areas_without_a_link_stay_without_a_share() -> None:
    links = weighted(linked({(0, 0): 5}, "AB", "AC"), ground({(0, 0): 9}, 2, 2), Method.ADDRESSES)

    assert np.isnan(links.of_old).tolist() == [False, True, True]


def test_disagreements_with_cbs_name_what_the_map_shows_instead() -> None:
    old, new = vintage("ABCD"), vintage("AXCD", 2017)
    links = link(ground({(0, 0): 5, (1, 1): 7, (2, 2): 6, (3, 2): 2, (3, 3): 4}, 4, 4), old, new)

    assert disagreements(links, old, new, [1, 2, 3, 3]) == []
    assert disagreements(links, old, new, [2, 1, 1, None]) == [
        Disagreement("A", "A 2017", 2, 1, SAME, ("A",)),
        Disagreement("X", "X 2017", 1, 2, RECODED, ("B",)),
        Disagreement("C", "C 2017", 1, 3, REDRAWN, ("C", "D")),
    ]


def test_an_area_that_is_new_on_the_map_is_not_unchanged() -> None:
    old, new = vintage("A"), vintage("AB", 2017)

    found = disagreements(link(ground({(0, 0): 5}, 1, 2), old, new), old, new, [1, 1])

    assert found == [Disagreement("B", "B 2017", 1, 3, NEW, ())]


@pytest.mark.parametrize("level", [Level.GEMEENTE, Level.WIJK, Level.BUURT])
@pytest.mark.parametrize("year", VINTAGES[1:])
def test_the_maps_of_voorbeeldland_show_what_its_publisher_says_of_them(
    level: Level, year: int
) -> None:
    book = Book(demo_country())
    before, after = book.areas(level, year - 1), book.areas(level, year)
    assert before.shapes is not None
    assert after.shapes is not None
    old, new = (
        Vintage(when, tuple(areas.codes), tuple(name or "" for name in areas.names))
        for when, areas in ((year - 1, before), (year, after))
    )

    links = link(overlay(before.shapes, after.shapes).overlap, old, new)

    assert disagreements(links, old, new, after.changes or []) == []
    assert {change for change in after.changes or [] if change} >= {1}


@pytest.mark.parametrize(("old", "new"), [("", ""), ("A", ""), ("", "A")])
def test_an_empty_vintage_has_no_links(old: str, new: str) -> None:
    links = linked({}, old, new)

    assert kinds(links) == [(0, -1, GONE)] * len(old) + [(-1, 0, NEW)] * len(new)


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9).map(float), max_size=12
)
CODES = st.permutations("ABCDEFG").map(lambda letters: "".join(letters[:5]))


def slow_kind(pairs: dict[tuple[int, int], float], old: int, new: int, same: bool) -> LinkKind:
    """The definitions, one by one."""
    into = {o for o, n in pairs if n == new}
    out_of = {n for o, n in pairs if o == old}
    if into == {old} and out_of == {new}:
        return SAME if same else RECODED
    if all({n for o, n in pairs if o == part} == {new} for part in into):
        return MERGED
    if all({o for o, n in pairs if n == part} == {old} for part in out_of):
        return SPLIT
    return REDRAWN


@given(PAIRS, CODES, CODES)
def test_kinds_are_what_their_definitions_say(
    pairs: dict[tuple[int, int], float], old: str, new: str
) -> None:
    links = linked(pairs, old, new)

    for before, after, kind in kinds(links):
        if before < 0 or after < 0:
            assert kind == (GONE if after < 0 else NEW)
        else:
            assert kind == slow_kind(pairs, before, after, old[before] == new[after])


@given(PAIRS, PAIRS)
def test_shares_of_an_area_add_up_to_one_by_any_method(
    surface: dict[tuple[int, int], float], people: dict[tuple[int, int], float]
) -> None:
    links = linked(surface, "ABCDE", "ABCDE")
    for each in (links, weighted(links, ground(people, 5, 5), Method.ADDRESSES)):
        there = each.old[each.new >= 0], each.of_old[each.new >= 0]
        some = there[0] >= 0
        sums = np.bincount(there[0][some], there[1][some], 5)
        assert sums[np.unique(there[0][some])] == pytest.approx(1)


@given(PAIRS)
def test_every_area_is_in_a_link_or_named_as_without_one(
    pairs: dict[tuple[int, int], float],
) -> None:
    links = linked(pairs, "ABCDE", "FGHIJ")

    assert set(links.old.tolist()) | {-1} == {-1, 0, 1, 2, 3, 4}
    assert set(links.new.tolist()) | {-1} == {-1, 0, 1, 2, 3, 4}
