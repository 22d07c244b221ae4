"""Areas by their code: what they are, and what is said when a code is not what was asked for."""

import pytest

from db.core.levels import Level
from tests.api.asking import ask, data, refusal, shown
from tests.api.sample import SampleStore

_WHO = "{ __typename code name vintage }"


async def test_a_wijk_says_all_that_identifies_it() -> None:
    answer = await data(
        """{ wijk(code: "WK900101", vintage: 2024) {
            __typename id code name level vintage terrain validFrom validUntil parentCode
            gemeenteCode gemeente { code vintage } parent { __typename code vintage }
            boundaryChange { code kind text(language: EN) } } }"""
    )

    assert answer["wijk"] == {
        "__typename": "Wijk",
        "id": "V2lqazoyMDI0OldLOTAwMTAx",
        "code": "WK900101",
        "name": "Centrum",
        "level": "WIJK",
        "vintage": 2024,
        "terrain": "LAND",
        "validFrom": "2024-01-01",
        "validUntil": "2025-01-01",
        "parentCode": "GM9001",
        "gemeenteCode": "GM9001",
        "gemeente": {"code": "GM9001", "vintage": 2024},
        "parent": {"__typename": "Gemeente", "code": "GM9001", "vintage": 2024},
        "boundaryChange": {
            "code": 3,
            "kind": "BORDER_MOVED",
            "text": "Another border than the year before: not comparable with it.",
        },
    }


async def test_the_four_levels_are_asked_for_by_name() -> None:
    answer = await data(
        f"""{{ land {_WHO} gemeente(code: "GM9002") {_WHO}
            wijk(code: "WK9002A1") {_WHO} buurt(code: "BU90010101") {_WHO} }}"""
    )

    assert {field: (a["__typename"], a["name"]) for field, a in answer.items()} == {
        "land": ("Land", "Voorbeeldland"),
        "gemeente": ("Gemeente", "Élstad"),
        "wijk": ("Wijk", "Centrum"),
        "buurt": ("Buurt", "Markt"),
    }


async def test_without_a_vintage_the_newest_of_the_level_is_taken_and_named() -> None:
    answer = await data('{ newest: wijk(code: "WK900101") { vintage } }')

    assert answer == {"newest": {"vintage": 2024}}


_PARTIAL_2024 = frozenset({(Level.WIJK, 2024), (Level.LAND, 2024)})


@pytest.mark.parametrize(
    "query",
    [
        '{ found: wijk(code: "WK900101") { vintage } }',
        '{ found: area(code: "WK900101") { vintage } }',
        "{ found: wijken { vintage } }",
        "{ found: land { vintage } }",
    ],
)
async def test_a_vintage_loaded_in_part_is_not_taken_where_another_is_whole(query: str) -> None:
    answer = await data(query, store=SampleStore(partial=_PARTIAL_2024))

    assert answer == {"found": {"vintage": 2023}}


async def test_a_vintage_loaded_in_part_is_given_where_it_is_asked_for() -> None:
    answer = await data(
        """{ wijk(code: "WK900101", vintage: 2024) { vintage }
            area(code: "WK900101", at: "2024-05-01") { vintage } }""",
        store=SampleStore(partial=_PARTIAL_2024),
    )

    assert answer == {"wijk": {"vintage": 2024}, "area": {"vintage": 2024}}


async def test_the_newest_of_vintages_that_are_all_loaded_in_part_is_taken() -> None:
    store = SampleStore(partial=frozenset({(Level.WIJK, 2023), (Level.WIJK, 2024)}))

    answer = await data("{ wijken { vintage } }", store=store)

    assert answer == {"wijken": {"vintage": 2024}}


async def test_an_area_on_a_date_is_of_the_vintage_of_its_year() -> None:
    answer = await data(
        f"""{{ then: area(code: "GM9003", at: "2023-12-31") {_WHO}
            now: area(code: "BU90010101") {_WHO} }}"""
    )

    assert answer == {
        "then": {"__typename": "Gemeente", "code": "GM9003", "name": "Oudeland", "vintage": 2023},
        "now": {"__typename": "Buurt", "code": "BU90010101", "name": "Markt", "vintage": 2024},
    }


async def test_a_parent_of_a_vintage_that_is_not_loaded_is_null_and_its_code_is_given() -> None:
    store = SampleStore()
    del store.tables[Level.GEMEENTE, 2024]

    answer = await data(
        '{ wijk(code: "WK900101") { parentCode parent { code } gemeente { code } } }', store=store
    )

    assert answer["wijk"] == {"parentCode": "GM9001", "parent": None, "gemeente": None}


async def test_a_level_of_which_nothing_is_loaded_says_so() -> None:
    store = SampleStore()
    del store.tables[Level.BUURT, 2024]

    error = await refusal("{ buurten { totalCount } }", store=store)

    assert (error["code"], error["loadedVintages"]) == ("VINTAGE_NOT_LOADED", [])


async def test_the_country_has_no_parent_and_gemeenten_as_children() -> None:
    answer = await data("{ land { parentCode parent { code } children { nodes { code } } } }")

    assert answer["land"] == {
        "parentCode": None,
        "parent": None,
        "children": {"nodes": [{"code": "GM9001"}, {"code": "GM9002"}]},
    }


async def test_children_leave_out_water_unless_asked_for() -> None:
    answer = await data(
        """{ gemeente(code: "GM9001") {
            children(orderBy: {field: NAME}) { totalCount vintage nodes { __typename name } }
            all: children(terrain: null) { totalCount }
            water: children(terrain: WATER) { nodes { code terrain } } } }"""
    )

    assert answer["gemeente"] == {
        "children": {
            "totalCount": 3,
            "vintage": 2024,
            "nodes": [
                {"__typename": "Wijk", "name": "Centrum"},
                {"__typename": "Wijk", "name": "Éénhoorn"},
                {"__typename": "Wijk", "name": "Noord"},
            ],
        },
        "all": {"totalCount": 4},
        "water": {"nodes": [{"code": "WK900199", "terrain": "WATER"}]},
    }


async def test_a_buurt_has_no_children_and_loses_nothing_else() -> None:
    result = await ask('{ buurt(code: "BU90010101") { name children { totalCount } } }')

    assert result.data == {"buurt": {"name": "Markt", "children": None}}
    assert shown((result.errors or [])[0])["code"] == "BAD_USER_INPUT"


async def test_an_unknown_code_suggests_the_nearest_with_their_names() -> None:
    error = await refusal('{ wijk(code: "WK900105") { name } }')

    assert error["code"] == "UNKNOWN_CODE"
    assert error["suggestions"][:2] == [
        {"code": "WK900101", "name": "Centrum", "vintage": 2024},
        {"code": "WK900102", "name": "Noord", "vintage": 2024},
    ]
    assert "WK900101 Centrum" in error["message"]
    assert error["messageNl"].startswith("`code`: geen geladen indeling kent een gebied WK900105")


async def test_a_code_of_another_level_names_the_field_to_use() -> None:
    error = await refusal('{ gemeente(code: "WK900101") { name } }')

    assert error == {
        "message": "`code`: WK900101 is the code of a wijk, not of a gemeente; ask for it as "
        "`wijk`",
        "messageNl": "`code`: WK900101 is de code van een wijk, niet van een gemeente; vraag het "
        "op als `wijk`",
        "code": "CODE_OF_ANOTHER_LEVEL",
        "argument": "code",
        "level": "WIJK",
        "expected": "GEMEENTE",
        "field": "wijk",
    }


@pytest.mark.parametrize(
    "query",
    [
        '{ gemeente(code: "GM9003", vintage: 2024) { name } }',
        '{ area(code: "GM9003", at: "2024-06-01") { name } }',
    ],
)
async def test_a_code_of_another_vintage_lists_the_vintages_that_have_it(query: str) -> None:
    error = await refusal(query)

    assert error["code"] == "CODE_NOT_VALID_IN_VINTAGE"
    assert (error["vintages"], error["oldestVintage"], error["newestVintage"]) == (
        [2023],
        2023,
        2023,
    )


@pytest.mark.parametrize(
    "query",
    [
        '{ wijk(code: "WK900104", vintage: 2024) { name } }',
        '{ area(code: "WK900104", at: "2024-06-01") { name } }',
    ],
)
async def test_a_code_outside_the_part_that_is_loaded_is_not_called_no_area(query: str) -> None:
    error = await refusal(query, store=SampleStore(partial=_PARTIAL_2024))

    assert error == {
        "message": "`code`: WK900104 is not among the areas loaded for vintage 2024, of which "
        "only a part is loaded; the loaded vintages that have this code are 2023, and it may name "
        "another area there",
        "messageNl": "`code`: WK900104 is niet een van de gebieden die voor de indeling van 2024 "
        "geladen zijn; daarvan is maar een deel geladen; de geladen indelingen met deze code zijn "
        "2023, en daar kan het een ander gebied zijn",
        "code": "CODE_NOT_VALID_IN_VINTAGE",
        "argument": "code",
        "complete": False,
        "vintages": [2023],
        "oldestVintage": 2023,
        "newestVintage": 2023,
    }


async def test_a_code_that_a_whole_vintage_does_not_have_is_no_area_of_it() -> None:
    error = await refusal('{ wijk(code: "WK900104", vintage: 2024) { name } }')

    assert error["message"].startswith("`code`: WK900104 is no area of vintage 2024; ")
    assert error["messageNl"].startswith(
        "`code`: WK900104 is geen gebied in de indeling van 2024; "
    )
    assert error["complete"] is True


async def test_a_vintage_that_is_not_loaded_lists_the_loaded_ones() -> None:
    error = await refusal(
        '{ area(code: "WK900101", at: "1999-01-01") { name } }',
        store=SampleStore(partial=_PARTIAL_2024),
    )

    assert (error["code"], error["argument"]) == ("VINTAGE_NOT_LOADED", "at")
    assert (error["loadedVintages"], error["partialVintages"]) == ([2023, 2024], [2024])
    assert error["message"].endswith("loaded: 2023, 2024 (in part)")
    assert error["messageNl"].endswith("geladen: 2023, 2024 (deels)")


@pytest.mark.parametrize("code", ["Aadorp", "", "GM12", "WK90010", "wk900101", "0344"])
async def test_text_that_is_no_code_is_refused(code: str) -> None:
    error = await refusal("query ($code: String!) { wijk(code: $code) { name } }", {"code": code})

    assert error["code"] == "MALFORMED_CODE"


async def test_a_code_that_lost_a_zero_or_its_capitals_is_suggested_whole() -> None:
    error = await refusal('{ wijk(code: "wk900101") { name } }')

    assert error["suggestions"] == [{"code": "WK900101"}]


async def test_an_error_in_one_root_field_loses_no_other() -> None:
    result = await ask('{ wijk(code: "nee") { name } land { name } sources { slug } }')

    assert result.data == {
        "wijk": None,
        "land": {"name": "Voorbeeldland"},
        "sources": [{"slug": "bureau"}],
    }
    assert len(result.errors or []) == 1
