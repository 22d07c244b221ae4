"""Claims of papers put to the test: by list, by size, by what is stated, or not at all."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.block import SeriesKey
from db.core.document import Document
from db.core.levels import Level
from db.core.programme import FocusArea
from db.core.statement import HowTested, Statement, StatementTest
from tests.api.asking import data, refusal
from tests.api.claimed import claimed
from tests.api.sample import REFERENCE, SampleStore

_FINDINGS = """{ statement(slug: "claim") { status test { kind gaps { slug } document }
  findings { basis on onPrecision count outOf claimed agrees names unknown
    focusAreas { slug } absence
    absenceText } } }"""
_IN_GROUP = StatementTest(
    HowTested.FOCUS_AREAS_IN_GROUP, "claims_of_papers", "kans", "network", date(2024, 1, 1),
    900, 1000, (2024,), (2023, 2024), 1,
)  # fmt: skip
_GEMEENTEN = SeriesKey("population", Level.GEMEENTE, 2024)


def _store(test: StatementTest, **changed: Any) -> SampleStore:
    said = Statement("claim", "Tekst", "Text", "Bond", "League", Document("Stuk", "Paper"), test)
    return claimed(statements=(said,), **changed)


async def _asked(test: StatementTest, store: SampleStore | None = None) -> Any:
    answer = await data(_FINDINGS, store=store or _store(test), language="en")
    return answer["statement"]


async def test_by_list_and_by_size_are_two_findings_each_with_its_day() -> None:
    """Aadorp (1,023) is on the list; Élstad (905) has the size, and two focus areas."""
    found = await _asked(_IN_GROUP)

    by_list, by_size = found["findings"]
    assert found["status"] == "ANSWERED"
    assert (by_list["basis"], by_list["on"], by_list["onPrecision"]) == (
        "LIST", "2024-01-01", "MONTH",
    )  # fmt: skip
    assert (by_list["count"], by_list["outOf"], by_list["agrees"]) == (1, 3, True)
    assert (by_list["names"], by_list["focusAreas"]) == (["Aadorp"], [{"slug": "aadorp-centrum"}])
    assert (by_size["basis"], by_size["on"]) == ("SIZE", "2024-01-01")
    assert (by_size["count"], by_size["agrees"], by_size["names"]) == (2, False, ["Élstad"])
    assert [each["slug"] for each in by_size["focusAreas"]] == ["elstad", "elstad-deels"]


@pytest.mark.parametrize(
    ("smallest", "largest", "count"), [(905, 1022, 2), (906, 1023, 1), (905, 905, 2), (1, 904, 0)]
)
async def test_both_bounds_of_a_size_are_included(smallest: int, largest: int, count: int) -> None:
    found = await _asked(replace(_IN_GROUP, smallest=smallest, largest=largest))
    assert found["findings"][1]["count"] == count


async def test_inhabitants_that_are_not_loaded_leave_the_size_absent_and_the_list_answered() -> (
    None
):
    store = _store(_IN_GROUP)
    del store.blocks[_GEMEENTEN]

    found = await _asked(_IN_GROUP, store)

    by_list, by_size = found["findings"]
    assert found["status"] == "PARTLY_ANSWERED"
    assert (by_list["count"], by_list["absence"]) == (1, None)
    assert (by_size["count"], by_size["agrees"], by_size["absence"]) == (None, None, "NOT_LOADED")
    assert by_size["absenceText"] == "No inhabitants of gemeenten in that year are loaded."


async def test_a_gemeente_without_a_number_is_not_outside_the_size() -> None:
    store = _store(_IN_GROUP)
    block = store.blocks[_GEMEENTEN]
    store.blocks[_GEMEENTEN] = replace(
        block,
        values=np.array([[1023.0], [np.nan]]),
        reasons=np.array([[Reason.OBSERVED], [Reason.CONFIDENTIAL]], np.uint8),
    )

    by_size = (await _asked(_IN_GROUP, store))["findings"][1]

    assert (by_size["count"], by_size["absence"]) == (None, "NO_VALUE")
    assert (by_size["unknown"], by_size["focusAreas"]) == (["GM9002"], [])


async def test_codes_of_another_year_are_not_joined_unless_they_are_stated_to_be_the_same() -> None:
    early = replace(_IN_GROUP, list_on=date(2022, 12, 31), size_years=(2023,))
    by_list, by_size = (await _asked(replace(early, same_codes=(2024,))))["findings"]
    assert (by_list["absence"], by_size["absence"]) == ("OTHER_CODES", "OTHER_CODES")

    by_list, by_size = (await _asked(early))["findings"]
    assert (by_list["on"], by_list["count"]) == ("2022-04-01", 1)
    assert by_size["absence"] == "NOT_LOADED"


async def test_a_code_that_had_another_name_then_is_not_taken_for_the_same_gemeente() -> None:
    store = _store(replace(_IN_GROUP, size_years=(2023,)))
    table = store.tables[Level.GEMEENTE, 2023]
    store.tables[Level.GEMEENTE, 2023] = replace(table, names=("Aadorp", "Elders", "Oudeland"))
    block = store.blocks[_GEMEENTEN]
    key = SeriesKey("population", Level.GEMEENTE, 2023)
    store.blocks[key] = replace(block, key=key, periods=(2023,))

    assert (await _asked(_IN_GROUP, store))["findings"][1]["absence"] == "NAMES_DIFFER"


async def test_a_day_before_the_first_list_has_no_list() -> None:
    found = await _asked(replace(_IN_GROUP, list_on=date(2020, 1, 1), size_years=(2019,),
                                 same_codes=(2019, 2024)))  # fmt: skip
    assert [each["absence"] for each in found["findings"]] == ["NO_LIST", "NOT_LOADED"]
    assert found["status"] == "NOT_ANSWERED"


async def test_areas_gemeenten_and_published_inhabitants_are_counted() -> None:
    totals = StatementTest(
        HowTested.PROGRAMME_TOTALS, None, "kans", claimed=3, claimed_gemeenten=3,
        claimed_inhabitants=1000,
    )  # fmt: skip

    areas, gemeenten, people = (await _asked(totals))["findings"]

    assert (areas["count"], areas["agrees"]) == (3, True)
    assert (gemeenten["count"], gemeenten["agrees"]) == (2, False)
    assert (people["count"], people["agrees"], people["absence"]) == (1100, None, "NOT_STATED")
    assert people["unknown"] == ["Élstad", "Élstad deels"]
    assert people["on"] == "2025-01-01"


async def test_ends_are_counted_by_the_day_that_documents_name() -> None:
    ends = StatementTest(HowTested.FUNDING_ENDS, None, "kans")

    found = await _asked(ends)
    none = await _asked(ends, _store(ends, funding=()))

    assert [(each["on"], each["count"], each["outOf"]) for each in found["findings"]] == [
        ("2024-01-01", 1, 5),
        ("2026-01-01", 2, 5),
    ]
    assert (none["findings"][0]["absence"], none["status"]) == ("NOT_STATED", "NOT_ANSWERED")


async def test_what_no_open_table_has_is_not_tested_and_names_the_gap() -> None:
    gap = StatementTest(HowTested.NO_OPEN_DATA, "spread_within_a_gemeente", gaps=("school_advice",))
    other = StatementTest(HowTested.OTHER_QUERY, "as_bad_outside_the_programme")

    found, elsewhere = await _asked(gap), await _asked(other)

    assert (found["status"], found["findings"]) == ("NO_OPEN_DATA", [])
    assert found["test"]["gaps"] == [{"slug": "school_advice"}]
    assert (elsewhere["status"], elsewhere["findings"]) == ("OTHER_QUERY", [])
    assert elsewhere["test"]["document"] == "as_bad_outside_the_programme"


async def test_an_area_that_another_programme_chose_is_not_counted() -> None:
    more = (*REFERENCE.focus_areas, FocusArea("anders", "toen", "Anders", "GM9001", 2024))
    found = await _asked(_IN_GROUP, _store(_IN_GROUP, focus_areas=more))
    assert found["findings"][0]["outOf"] == 3


async def test_an_unknown_statement_is_refused_and_one_is_found_by_its_id() -> None:
    error = await refusal('{ statement(slug: "clam") { slug } }', store=_store(_IN_GROUP))
    assert (error["code"], error["suggestions"]) == ("UNKNOWN_SLUG", [{"slug": "claim"}])

    made = await data("{ statements { id } }", store=_store(_IN_GROUP))
    found = await data(
        "query ($id: ID!) { node(id: $id) { ... on Statement { text who document { title } } } }",
        {"id": made["statements"][0]["id"]},
        store=_store(_IN_GROUP),
    )
    assert found["node"] == {"text": "Tekst", "who": "Bond", "document": {"title": "Stuk"}}
