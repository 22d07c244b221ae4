"""Areas in time: what an area was and became, how long it held, and any code on any date."""

from typing import Any

import pytest

from db.core.levels import Level
from schema.context import Context
from tests.api.asking import data, refusal
from tests.api.redrawn import CODES, RedrawnStore, linked, nullable, store_of
from tests.api.sample import open_sample
from tests.differential.asking import compare
from tests.differential.countries import subject
from tests.differential.documents import Request

_LINK = "area { code vintage } shareOfOld shareOfNew kind method methodOfNew fromVintage toVintage"
_AREA = """query ($code: String!, $vintage: Int) { wijk(code: $code, vintage: $vintage) {
  lineage validity { vintages first last absentBefore absentFrom }
  predecessors { LINK } successors { LINK } } }""".replace("LINK", _LINK)
_ON_DATE = """query ($code: String!, $at: Date!) { areaOnDate(code: $code, at: $at) {
  code level at vintage yearsApart standing text area { code vintage } suggestions
  uses { lineage vintages onDate shareOfPrevious area { code vintage }
    was { area { code } kind } became { area { code } kind } } } }"""


async def _area(code: str, vintage: int, store: RedrawnStore | None = None) -> Any:
    given = {"code": code, "vintage": vintage}
    return (await data(_AREA, given, store=store or store_of({})))["wijk"]


async def _on(code: str, at: str, store: RedrawnStore | None = None, language: str = "en") -> Any:
    given = {"code": code, "at": at}
    found = await data(_ON_DATE, given, store=store or store_of({}), language=language)
    return found["areaOnDate"]


def _short(links: list[Any]) -> list[Any]:
    return [
        (each["area"] and each["area"]["code"], each["kind"], each["shareOfOld"], each["method"])
        for each in links
    ]


# What an area was and became


async def test_a_merged_wijk_names_what_it_was_made_of_the_largest_part_first() -> None:
    found = await _area("WK900110", 2021)

    assert _short(found["predecessors"]) == [
        ("WK900102", "MERGED", 1, "SURFACE"),
        ("WK900101", "MERGED", 1, "SURFACE"),
    ]
    assert [each["shareOfNew"] for each in found["predecessors"]] == pytest.approx([7 / 12, 5 / 12])
    assert {(each["fromVintage"], each["toVintage"]) for each in found["predecessors"]} == {
        (2020, 2021)
    }
    assert _short(found["successors"]) == [("WK900110", "SAME", 1, "SURFACE")]


async def test_a_split_wijk_names_who_got_what() -> None:
    found = await _area("WK900104", 2020)

    assert _short(found["successors"]) == [
        ("WK900130", "SPLIT", 0.75, "SURFACE"),
        ("WK900131", "SPLIT", 0.25, "SURFACE"),
    ]


async def test_no_linked_vintage_is_null_and_not_an_empty_list() -> None:
    oldest, newest = await _area("WK900105", 2020), await _area("WK900105", 2022)

    assert oldest["predecessors"] is None
    assert newest["successors"] is None


async def test_new_land_was_nothing_and_says_so() -> None:
    found = await _area("WK900101", 2022)

    (link,) = found["predecessors"]
    assert (link["area"], link["kind"], link["shareOfOld"], link["method"]) == (
        None,
        "NEW",
        None,
        None,
    )


# How long a border held


async def test_a_lineage_survives_recoding_and_a_code_used_again_has_another() -> None:
    recoded = [(await _area(*each))["lineage"] for each in [("WK900103", 2020), ("WK900120", 2022)]]
    again = [(await _area("WK900101", vintage))["lineage"] for vintage in (2020, 2022)]

    assert recoded == ["WK900103@2020"] * 2
    assert again == ["WK900101@2020", "WK900101@2022"]


async def test_validity_is_of_this_border_under_this_code() -> None:
    found = [
        (await _area(*each))["validity"]
        for each in [("WK900110", 2022), ("WK900103", 2020), ("WK900105", 2021)]
    ]

    assert [(each["vintages"], each["absentBefore"], each["absentFrom"]) for each in found] == [
        ([2021, 2022], 2020, None),
        ([2020], 2018, 2021),
        # Nothing links 2018, so that nothing shows that the border was the same.
        ([2020, 2021, 2022], 2018, None),
    ]
    assert (found[0]["first"], found[0]["last"]) == (2021, 2022)


# A code on a date


async def test_a_code_on_a_day_of_its_vintage_is_that_area() -> None:
    found = await _on("WK900110", "2021-12-31")

    assert (found["standing"], found["vintage"], found["yearsApart"]) == ("VALID", 2021, 0)
    assert found["area"] == {"code": "WK900110", "vintage": 2021}
    assert [each["onDate"] for each in found["uses"]] == [True]
    assert (found["level"], found["at"]) == ("WIJK", "2021-12-31")


async def test_a_code_before_its_time_says_what_it_was() -> None:
    found = await _on("WK900110", "2020-12-31")

    assert (found["standing"], found["area"], found["vintage"]) == ("NOT_VALID_ON_DATE", None, 2020)
    (use,) = found["uses"]
    assert (use["vintages"], use["onDate"]) == ([2021, 2022], False)
    assert [each["area"]["code"] for each in use["was"]] == ["WK900102", "WK900101"]
    assert found["text"].startswith("There was no area with this code on that day")


async def test_of_a_year_that_is_not_loaded_nobody_says_that_a_code_was_not_valid() -> None:
    before, after = await _on("WK900110", "1990-05-05"), await _on("WK900104", "2050-05-05")

    for found in (before, after):
        assert (found["standing"], found["area"]) == ("NOT_IN_NEAREST", None)
        assert found["yearsApart"] != 0
        assert "nothing shows" in found["text"]
        assert found["uses"]


async def test_a_code_after_its_time_says_what_became_of_it() -> None:
    found = await _on("WK900104", "2022-06-01")

    assert found["standing"] == "NOT_VALID_ON_DATE"
    (use,) = found["uses"]
    assert [(each["area"]["code"], each["kind"]) for each in use["became"]] == [
        ("WK900130", "SPLIT"),
        ("WK900131", "SPLIT"),
    ]


async def test_a_code_that_was_used_again_is_two_areas() -> None:
    found = {at: await _on("WK900101", at) for at in ("2020-05-05", "2021-05-05", "2022-05-05")}

    uses = found["2021-05-05"]["uses"]
    assert [(each["lineage"], each["vintages"]) for each in uses] == [
        ("WK900101@2020", [2020]),
        ("WK900101@2022", [2022]),
    ]
    assert [each["shareOfPrevious"] for each in uses] == [None, 0]
    assert [each["standing"] for each in found.values()] == ["VALID", "NOT_VALID_ON_DATE", "VALID"]
    on = [[use["onDate"] for use in each["uses"]] for each in found.values()]
    assert on == [[True, False], [False, False], [False, True]]


async def test_a_border_that_moved_under_one_code_shares_ground_with_its_former_self() -> None:
    store = store_of({})
    moved = {(code, code): 3.0 for code in CODES[2021]} | {("WK900120", "WK900105"): 1.0}
    store.linked = {**store.linked, (Level.WIJK, 2021, 2022): linked(2021, 2022, moved)}

    uses = (await _on("WK900120", "2022-05-05", store))["uses"]

    assert [each["vintages"] for each in uses] == [[2021], [2022]]
    assert uses[1]["shareOfPrevious"] == pytest.approx(0.75)


async def test_a_year_between_two_vintages_with_the_same_border_is_read_in_the_nearest() -> None:
    store = store_of({})
    del store.tables[Level.WIJK, 2021]
    store.linked = {
        (Level.WIJK, 2020, 2022): linked(2020, 2022, {("WK900105", "WK900105"): 3.0}),
    }

    around = await _on("WK900105", "2021-05-05", store)
    gone = await _on("WK900103", "2021-05-05", store)

    assert (around["standing"], around["vintage"], around["yearsApart"]) == (
        "VALID_AROUND",
        2020,
        1,
    )
    assert gone["standing"] == "UNCERTAIN"
    assert gone["area"] == {"code": "WK900103", "vintage": 2020}


@pytest.mark.parametrize(
    ("at", "vintage", "apart"), [("1999-01-01", 2018, -19), ("2030-07-01", 2022, 8)]
)
async def test_outside_all_vintages_how_far_the_nearest_is_is_said(
    at: str, vintage: int, apart: int
) -> None:
    found = await _on("WK900105", at)

    assert (found["standing"], found["vintage"], found["yearsApart"]) == (
        "UNCERTAIN",
        vintage,
        apart,
    )


async def test_a_code_outside_the_part_of_a_vintage_that_is_loaded_is_not_called_invalid() -> None:
    store = store_of({})
    store.partial = frozenset({(Level.WIJK, 2021)})

    assert (await _on("WK900101", "2021-05-05", store))["standing"] == "NOT_AMONG_LOADED"


async def test_a_code_that_never_was_comes_with_those_that_resemble_it() -> None:
    found = await _on("WK900139", "2021-05-05", language="nl")

    assert (found["standing"], found["area"], found["uses"]) == ("UNKNOWN_CODE", None, [])
    assert "WK900130" in found["suggestions"]
    assert found["text"] == "Geen geladen indeling kent deze code."


async def test_a_level_without_any_vintage_knows_no_code() -> None:
    store = store_of({})
    store.tables = {key: each for key, each in store.tables.items() if key[0] is not Level.BUURT}

    found = await _on("BU90010101", "2021-05-05", store)

    assert (found["standing"], found["vintage"], found["yearsApart"]) == (
        "UNKNOWN_CODE",
        None,
        None,
    )


async def test_text_that_is_no_code_is_refused() -> None:
    error = await refusal(_ON_DATE, {"code": "Aadorp", "at": "2021-01-01"}, store=store_of({}))

    assert error["code"] == "MALFORMED_CODE"


async def test_plans_say_what_graphql_core_says() -> None:
    snapshot = await open_sample(store_of({}))
    engine = subject().engine(lambda: Context(snapshot))
    fields = (
        "{ nodes { code lineage validity { vintages } predecessors { LINK } successors { LINK } } }"
    )
    for vintage in (2021, 2022, 2021):
        request = Request(f"{{ wijken(vintage: {vintage}) {fields.replace('LINK', _LINK)} }}")
        answer = await engine(request)
        await compare(subject(), request, answer, lambda: Context(snapshot), nullable())
