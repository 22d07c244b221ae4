"""Search: names, aliases, former names and codes lead to areas; none is chosen, no text is told."""

import asyncio
from dataclasses import dataclass, replace
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from db.core.bounded import Bounded
from db.core.levels import Level
from db.core.programme import Alias
from db.snapshot.store import Head
from schema import name_index, search
from schema.context import Context
from schema.facts import facts_of
from schema.name_index import search_index
from tests.api.asking import ask, data, refusal, shown
from tests.api.sample import SampleStore, open_sample

QUERY = """query ($text: String!, $levels: [Level!], $limit: Int! = 20, $language: Language) {
  search(text: $text, levels: $levels, limit: $limit) {
    how kind matchedText vintage vintages level code inContext score
    note(language: $language) source(language: $language)
    area { code name vintage } focusArea { slug } } }"""


@dataclass
class _Called(SampleStore):
    """The sample with aliases, and with the names that some wijken had in 2023."""

    aliases: tuple[Alias, ...] = ()

    async def head(self, number: int | None) -> Head:
        head = await super().head(number)
        return replace(head, reference=replace(head.reference, aliases=self.aliases))

    def called_in_2023(self, **names: str) -> "_Called":
        table = self.tables[Level.WIJK, 2023]
        listed = zip(table.codes, table.names, strict=True)
        changed = tuple(names.get(code, name) for code, name in listed)
        self.tables[Level.WIJK, 2023] = replace(table, names=changed)
        return self


def _alias(name: str, code: str, vintage: int, level: Level = Level.WIJK) -> Alias:
    return Alias(level, code, vintage, name, "Een krant", "A paper", "Let op.", "Mind this.")


async def _found(text: str, **given: Any) -> list[dict[str, Any]]:
    store = given.pop("store", None)
    found: list[dict[str, Any]] = (await data(QUERY, {"text": text, **given}, store=store))[
        "search"
    ]
    return found


def _leads(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["code"] or each["focusArea"]["slug"], each["how"]) for each in found]


async def test_areas_of_one_name_are_all_given_and_none_is_chosen() -> None:
    found = await _found("CENTRUM")

    assert _leads(found)[:2] == [("WK900101", "EXACT"), ("WK9002A1", "EXACT")]
    assert [each["score"] for each in found[:2]] == [1.05, 1.05]
    assert found[0]["area"] == {"code": "WK900101", "name": "Centrum", "vintage": 2024}
    assert (found[0]["level"], found[0]["kind"], found[0]["vintage"]) == ("WIJK", "NAME", 2024)
    assert (found[0]["note"], found[0]["source"], found[0]["focusArea"]) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("centrum elstad", ("WK9002A1", "EXACT")),
        ("noor", ("WK900102", "PREFIX")),
        ("water", ("WK900199", "WORD")),
        ("entru", ("WK900101", "CONTAINS")),
        ("centurm", ("WK900101", "TYPING_ERROR")),
        ("wk 900103", ("WK900103", "CODE")),
        ("eenhoorn", ("WK900103", "EXACT")),
    ],
)
async def test_every_way_to_type_leads_to_the_wijk(text: str, first: tuple[str, str]) -> None:
    found = await _found(text, levels=["WIJK"])

    assert _leads(found)[0] == first
    assert found[0]["inContext"] is (text == "centrum elstad")


async def test_a_focus_area_is_found_by_name_and_by_alias_whatever_the_levels() -> None:
    by_alias = await _found("binnenstad", levels=["GEMEENTE"])
    (by_name,) = [each for each in await _found("aadorp centrum") if each["focusArea"]]

    assert _leads(by_alias) == [("aadorp-centrum", "ALIAS")]
    assert (by_alias[0]["area"], by_alias[0]["level"], by_alias[0]["vintage"]) == (None,) * 3
    assert (by_name["matchedText"], by_name["how"]) == ("Aadorp Centrum", "EXACT")


async def test_an_alias_says_where_it_is_stated_and_what_to_know_in_both_languages() -> None:
    store = _Called(aliases=(_alias("De Kern", "WK900101", 2024),))

    (dutch,) = await _found("de kern", store=store)
    (english,) = await _found("de kern", store=store, language="EN")

    assert (dutch["code"], dutch["how"], dutch["kind"]) == ("WK900101", "ALIAS", "ALIAS")
    assert (dutch["note"], dutch["source"]) == ("Let op.", "Een krant")
    assert (english["note"], english["source"]) == ("Mind this.", "A paper")
    assert dutch["area"]["vintage"] == dutch["vintage"] == 2024


async def test_an_alias_of_an_older_vintage_leads_to_the_area_of_that_vintage() -> None:
    store = _Called(aliases=(_alias("De Kern", "WK900101", 2023),))

    (found,) = await _found("de kern", store=store)

    assert found["area"] == {"code": "WK900101", "name": "Centrum", "vintage": 2023}


async def test_of_an_alias_of_several_vintages_the_one_searched_is_taken() -> None:
    stated = [_alias("De Kern", "WK900101", year) for year in (2025, 2024, 2023)]

    (found,) = await _found("de kern", store=_Called(aliases=tuple(stated)))

    assert found["area"]["vintage"] == 2024


async def test_an_alias_of_a_vintage_that_is_not_loaded_has_no_area_and_keeps_its_code() -> None:
    store = _Called(aliases=(_alias("De Kern", "WK900101", 2014),))

    (found,) = await _found("de kern", store=store)

    assert (found["area"], found["code"], found["vintage"]) == (None, "WK900101", 2014)


async def test_an_alias_of_another_level_than_those_asked_for_is_not_found() -> None:
    store = _Called(aliases=(_alias("De Kern", "WK900101", 2024),))

    assert await _found("de kern", store=store, levels=["GEMEENTE"]) == []


async def test_a_former_name_has_its_vintage_and_claims_nothing() -> None:
    store = _Called().called_in_2023(WK900101="Oude Markt")

    (dutch,) = await _found("oude markt", store=store)
    (english,) = await _found("oude markt", store=store, language="EN")

    assert (dutch["code"], dutch["how"], dutch["kind"]) == (
        "WK900101", "FORMER_NAME", "FORMER_NAME",
    )  # fmt: skip
    assert (dutch["matchedText"], dutch["vintage"]) == ("Oude Markt", 2023)
    assert dutch["area"]["vintage"] == 2024
    assert "of het hetzelfde gebied was, zegt dat niet" in dutch["note"]
    assert "whether it was the same area" in english["note"]


async def test_a_part_of_a_former_name_is_still_marked_as_one() -> None:
    store = _Called().called_in_2023(WK900101="Oude Markt")

    (found,) = await _found("oude m", store=store, levels=["WIJK"])

    assert (found["how"], found["kind"]) == ("PREFIX", "FORMER_NAME")


async def test_a_name_in_another_gemeente_is_no_former_name() -> None:
    store = _Called().called_in_2023(WK900101="Oude Markt")
    table = store.tables[Level.WIJK, 2023]
    store.tables[Level.WIJK, 2023] = replace(table, parents=("GM9003", *table.parents[1:]))

    assert await _found("oude markt", store=store, levels=["WIJK"]) == []


async def test_a_name_with_only_another_number_before_it_is_no_former_name() -> None:
    store = _Called().called_in_2023(WK900101="Wijk 01 Centrum")

    found = await _found("wijk 01 centrum", store=store, levels=["WIJK"])

    assert {each["kind"] for each in found} == {"NAME"}


async def test_an_area_that_is_no_more_is_found_by_its_name_and_said_to_be_of_its_year() -> None:
    (dutch,) = await _found("Vroeger", levels=["WIJK"])
    (english,) = await _found("vroegr", levels=["WIJK"], language="EN")

    assert (dutch["how"], dutch["kind"]) == ("FORMER_NAME", "FORMER_NAME")
    assert dutch["area"] == {"code": "WK900104", "name": "Vroeger", "vintage": 2023}
    assert (dutch["vintage"], dutch["vintages"]) == (2023, [2023])
    assert "heeft geen gebied met deze code" in dutch["note"]
    assert (english["how"], english["area"]) == ("TYPING_ERROR", dutch["area"])
    assert "has no area with this code" in english["note"]


async def test_of_a_recoded_area_only_the_area_of_now_is_found_by_its_name() -> None:
    store = _Called()
    before = store.tables[Level.WIJK, 2023]
    names = tuple("Centrum" if each == "Vroeger" else each for each in before.names)
    store.tables[Level.WIJK, 2023] = replace(before, names=names)

    found = await _found("Centrum", store=store, levels=["WIJK"])

    assert {each["area"]["vintage"] for each in found if each["area"]} == {2024}


async def test_a_code_that_only_an_older_vintage_has_leads_to_that_area_with_its_years() -> None:
    (dutch,) = await _found("wk 900104")
    (english,) = await _found("WK900104", language="EN")

    assert (dutch["how"], dutch["kind"]) == ("CODE", "CODE")
    assert dutch["area"] == {"code": "WK900104", "name": "Vroeger", "vintage": 2023}
    assert (dutch["vintage"], dutch["vintages"]) == (2023, [2023])
    assert "heeft geen gebied met deze code" in dutch["note"]
    assert "has no area with this code" in english["note"]


async def test_an_old_code_is_found_only_at_its_own_level() -> None:
    assert await _found("WK900104", levels=["GEMEENTE", "BUURT"]) == []


async def test_a_code_of_several_vintages_leads_to_the_newest_and_names_them_all() -> None:
    (found,) = await _found("WK900101")

    assert found["area"]["vintage"] == found["vintage"] == 2024
    assert (found["vintages"], found["note"]) == ([2023, 2024], None)


async def test_a_focus_area_has_no_vintages() -> None:
    (found,) = await _found("binnenstad", levels=["GEMEENTE"])

    assert found["vintages"] == []


async def test_only_areas_of_the_levels_asked_for_are_found_with_a_gemeente_as_context() -> None:
    assert "GM9001" in {each["code"] for each in await _found("aadorp")}
    assert "GM9001" not in {each["code"] for each in await _found("aadorp", levels=["WIJK"])}
    (found,) = await _found("noord aadorp", levels=["WIJK"])
    assert (found["code"], found["inContext"]) == ("WK900102", True)


async def test_levels_that_are_not_asked_for_are_not_read() -> None:
    store = SampleStore()

    await _found("aadorp", levels=["GEMEENTE", "WIJK"], store=store)

    assert {each[1] for each in store.reads} == {Level.GEMEENTE, Level.WIJK}


async def test_at_most_so_many_matches_as_asked_for() -> None:
    every = await _found("noord")

    assert len(every) > 1
    assert await _found("noord", limit=1) == every[:1]


async def test_what_resembles_nothing_gives_an_empty_list() -> None:
    assert await _found("xyzzyqwertz") == []
    assert await _found("?!") == []


@pytest.mark.parametrize(
    ("given", "code", "argument"),
    [
        ({"text": ""}, "LIMIT_OUT_OF_RANGE", "text"),
        ({"text": "  \t"}, "LIMIT_OUT_OF_RANGE", "text"),
        ({"text": "geheim" * 17}, "LIMIT_OUT_OF_RANGE", "text"),
        ({"text": "geheim", "limit": 0}, "LIMIT_OUT_OF_RANGE", "limit"),
        ({"text": "geheim", "limit": 101}, "LIMIT_OUT_OF_RANGE", "limit"),
        ({"text": "geheim", "levels": []}, "BAD_USER_INPUT", "levels"),
    ],
)
async def test_a_search_that_cannot_be_done_is_refused_without_its_text(
    given: dict[str, Any], code: str, argument: str
) -> None:
    refused = await refusal(QUERY, given)

    assert (refused["code"], refused["argument"]) == (code, argument)
    assert "geheim" not in str(refused)


async def test_texts_of_1_and_of_100_characters_are_searched() -> None:
    assert await _found("x" * 100) == []
    assert await _found("?") == []


async def test_a_level_that_is_not_loaded_is_refused_by_name_and_left_out_of_all() -> None:
    store = SampleStore()
    del store.tables[Level.BUURT, 2024]

    refused = await refusal(QUERY, {"text": "markt", "levels": ["BUURT"]}, store=store)

    assert (refused["code"], refused["level"]) == ("VINTAGE_NOT_LOADED", "BUURT")
    assert await _found("markt", store=store) == []


async def test_one_request_may_do_only_so_many_searches_and_equal_ones_count_once() -> None:
    def searches(texts: list[str]) -> str:
        fields = [f's{n}: search(text: "{text}") {{ code }}' for n, text in enumerate(texts)]
        return "{" + " ".join(fields) + "}"

    most = search.MOST_SEARCHES
    await data(searches([f"t{n}" for n in range(most)] + ["t0"]))

    result = await ask(searches([f"t{n}" for n in range(most + 1)]))
    assert result.errors is not None
    (error,) = result.errors
    assert shown(error)["code"] == "LIMIT_OUT_OF_RANGE"
    assert result.data is not None
    assert result.data["s0"] is not None


async def test_an_index_is_made_once_for_a_set_of_levels_and_kept_by_bytes() -> None:
    snapshot = await open_sample()
    for levels in (["WIJK", "GEMEENTE"], ["GEMEENTE", "WIJK", "WIJK"], None):
        for text in ("noord", "centrum"):
            await data(QUERY, {"text": text, "levels": levels}, snapshot=snapshot)

    kept: Bounded[Any, Any] = facts_of(snapshot).remember(name_index._KEPT, lambda: Bounded(0))

    assert list(kept.held) == [(Level.GEMEENTE, Level.WIJK), tuple(Level)]
    assert kept.weight == sum(name_index._weight(each.entries) for each in kept.held.values())
    context = Context(snapshot)
    assert search_index(context, [Level.WIJK, Level.GEMEENTE]) is next(iter(kept.held.values()))


async def test_others_are_answered_while_an_index_is_made_once_for_all_who_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Thread] = []
    allowed, make = Event(), name_index._made

    def slowly(material: name_index._Material) -> name_index.SearchIndex:
        made.append(current_thread())
        allowed.wait(10)
        return make(material)

    monkeypatch.setattr(name_index, "_made", slowly)
    snapshot = await open_sample()
    waiting = [
        asyncio.ensure_future(data(QUERY, {"text": text}, snapshot=snapshot))
        for text in ("noord", "centrum")
    ]
    while not made:  # noqa: ASYNC110  a thread fills it
        await asyncio.sleep(0.001)

    others = await data('{ wijk(code: "WK900101") { name } }', snapshot=snapshot)
    before = [each.done() for each in waiting]
    allowed.set()
    found = await asyncio.gather(*waiting)

    assert others == {"wijk": {"name": "Centrum"}}
    assert before == [False, False]
    assert all(each["search"] for each in found)
    assert len(made) == 1
    assert made[0] is not current_thread()


async def test_an_index_that_could_not_be_made_is_tried_again_by_the_next_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: object) -> name_index.SearchIndex:
        raise MemoryError

    snapshot = await open_sample()
    with monkeypatch.context() as patched:
        patched.setattr(name_index, "_made", broken)
        result = await ask(QUERY, {"text": "noord"}, snapshot=snapshot)

    assert result.errors is not None
    assert (await data(QUERY, {"text": "noord"}, snapshot=snapshot))["search"]


async def test_what_does_not_fit_is_not_kept_and_is_still_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(name_index, "_KEPT_BYTES", 10)
    snapshot = await open_sample()

    found = await data(QUERY, {"text": "noord"}, snapshot=snapshot)

    assert found["search"]
    assert not facts_of(snapshot).remember(name_index._KEPT, lambda: Bounded(0)).held
