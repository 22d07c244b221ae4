"""Pages: total order, keyset cursors that hold for one list of one publication, no clamping."""

from typing import Any

import pytest

from db.core.cursor import Cursor, read_cursor, write_cursor
from db.core.levels import Level
from tests.api.asking import data, refusal
from tests.api.sample import SampleStore, open_sample

_PAGE = """query ($first: Int, $after: String, $last: Int, $before: String, $filter: AreaFilter,
    $order: AreaOrder, $vintage: Int) {
  wijken(first: $first, after: $after, last: $last, before: $before, filter: $filter,
      orderBy: $order, vintage: $vintage) {
    vintage totalCount nodes { code name } edges { cursor node { code } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def _page(**variables: Any) -> Any:
    return (await data(_PAGE, variables))["wijken"]


def _codes(page: Any) -> list[str]:
    return [each["code"] for each in page["nodes"]]


async def test_areas_with_the_same_name_are_in_order_of_code() -> None:
    page = await _page(order={"field": "NAME"})

    assert [(each["name"], each["code"]) for each in page["nodes"]] == [
        ("Centrum", "WK900101"),
        ("Centrum", "WK9002A1"),
        ("Éénhoorn", "WK900103"),
        ("Noord", "WK900102"),
    ]


async def test_descending_is_exactly_the_other_way_round() -> None:
    up = await _page(order={"field": "NAME"})
    down = await _page(order={"field": "NAME", "direction": "DESC"})

    assert _codes(down) == _codes(up)[::-1]


async def test_a_page_says_which_vintage_it_is_of_and_how_much_there_is() -> None:
    page = await _page(vintage=2023, first=1)

    assert (page["vintage"], page["totalCount"], _codes(page)) == (2023, 3, ["WK900101"])


@pytest.mark.parametrize("order", [{"field": "CODE"}, {"field": "NAME", "direction": "DESC"}])
async def test_walking_forward_meets_every_area_once(order: dict[str, str]) -> None:
    whole, walked, after = await _page(order=order), [], None
    while True:
        page = await _page(order=order, first=1, after=after)
        walked += _codes(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert walked == _codes(whole)


async def test_walking_backward_meets_every_area_once() -> None:
    whole, walked, before = await _page(), [], None
    while True:
        page = await _page(last=1, before=before)
        walked += _codes(page)
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break

    assert walked == _codes(whole)[::-1]


async def test_a_page_in_the_middle_knows_what_is_on_both_sides() -> None:
    cursors = [edge["cursor"] for edge in (await _page())["edges"]]

    page = await _page(first=2, after=cursors[0])

    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": True,
        "startCursor": cursors[1],
        "endCursor": cursors[2],
    }


async def test_after_and_before_leave_what_lies_between_them() -> None:
    cursors = [edge["cursor"] for edge in (await _page())["edges"]]

    page = await _page(after=cursors[0], before=cursors[3])

    assert [edge["cursor"] for edge in page["edges"]] == cursors[1:3]


async def test_an_empty_page_has_no_cursors() -> None:
    page = await _page(filter={"name": "bestaat niet"})

    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize(("name", "given"), [("first", 0), ("first", 5001), ("last", -1)])
async def test_a_page_size_out_of_range_is_refused_and_names_the_range(
    name: str, given: int
) -> None:
    error = await refusal(_PAGE, {name: given})

    assert error["code"] == "LIMIT_OUT_OF_RANGE"
    assert (error["argument"], error["minimum"], error["maximum"]) == (name, 1, 5000)


async def test_first_and_last_together_are_refused() -> None:
    assert (await refusal(_PAGE, {"first": 1, "last": 1}))["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("text", ["", "x", "WK900101", "AAAAAAAA", "é", "=" * 20])
async def test_text_that_was_never_a_cursor_is_refused(text: str) -> None:
    error = await refusal(_PAGE, {"after": text})

    assert error["code"] == "BAD_CURSOR"
    assert "leave it out" in error["message"]


async def test_a_forged_cursor_of_an_area_that_is_not_there_is_refused() -> None:
    given = read_cursor((await _page())["pageInfo"]["endCursor"])

    forged = write_cursor(Cursor(given.publication, given.list, "WK900188"))

    assert (await refusal(_PAGE, {"after": forged}))["code"] == "BAD_CURSOR"


@pytest.mark.parametrize(
    "changed",
    [
        {"vintage": 2023},
        {"filter": {"name": "c"}},
        {"filter": {"terrain": None}},
        {"order": {"field": "NAME"}},
    ],
)
async def test_a_cursor_of_another_list_is_refused(changed: dict[str, Any]) -> None:
    cursor = (await _page())["pageInfo"]["startCursor"]

    error = await refusal(_PAGE, {"after": cursor, **changed})

    assert error["code"] == "CURSOR_OF_ANOTHER_LIST"


async def test_a_cursor_of_another_level_is_refused() -> None:
    cursor = (await _page())["pageInfo"]["startCursor"]

    error = await refusal(f'{{ buurten(after: "{cursor}") {{ totalCount }} }}')

    assert error["code"] == "CURSOR_OF_ANOTHER_LIST"


async def test_a_cursor_of_another_publication_is_refused_and_says_to_begin_again() -> None:
    cursor = (await _page())["pageInfo"]["startCursor"]

    error = await refusal(_PAGE, {"after": cursor}, snapshot=await open_sample(number=2))

    assert error["code"] == "CURSOR_OF_ANOTHER_PUBLICATION"
    assert (error["cursorPublication"], error["publication"]) == (3, 2)
    assert "begin again" in error["message"]


async def test_the_same_list_gives_the_same_cursors_in_any_request() -> None:
    filtered = {"codes": ["WK900102", "WK900101"]}
    other_way_round = {"codes": ["WK900101", "WK900102"]}

    assert (await _page(filter=filtered))["edges"] == (await _page(filter=other_way_round))["edges"]


async def test_the_other_levels_have_pages_too() -> None:
    answer = await data(
        """{ gemeenten { vintage nodes { __typename code } }
            buurten(first: 1) { totalCount nodes { __typename code } } }"""
    )

    assert answer == {
        "gemeenten": {
            "vintage": 2024,
            "nodes": [
                {"__typename": "Gemeente", "code": "GM9001"},
                {"__typename": "Gemeente", "code": "GM9002"},
            ],
        },
        "buurten": {"totalCount": 3, "nodes": [{"__typename": "Buurt", "code": "BU90010101"}]},
    }


@pytest.mark.parametrize(
    ("partial", "complete"),
    [(frozenset(), True), (frozenset({(Level.WIJK, 2024)}), False)],
)
async def test_a_list_and_children_say_whether_all_areas_of_the_vintage_are_loaded(
    partial: frozenset[tuple[Level, int]], complete: bool
) -> None:
    answer = await data(
        """{ wijken(vintage: 2024, filter: {codes: ["WK900101", "WK900104"]}) {
              complete totalCount missingCodes { message messageNl } }
            gemeente(code: "GM9001") { children { complete } }
            gemeenten { complete } }""",
        store=SampleStore(partial=partial),
    )

    (missing,) = answer["wijken"]["missingCodes"]
    assert (answer["wijken"]["complete"], answer["wijken"]["totalCount"]) == (complete, 1)
    assert answer["gemeente"]["children"] == {"complete": complete}
    assert answer["gemeenten"] == {"complete": True}
    assert ("only a part is loaded" in missing["message"]) is not complete
    assert ("maar een deel geladen" in missing["messageNl"]) is not complete
