"""Stories about money, claims and what was done, asked of Voorbeeldland over HTTP."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from db.core.indicator import SeriesBreak
from schema import against_matched
from schema.harmonised_figures import HarmonisedFigure

_DOCUMENTS = Path(__file__).resolve().parent / "stories"
Answer = dict[str, Any]


async def _story(stories: httpx.AsyncClient, name: str, **variables: Any) -> Answer:
    document = (_DOCUMENTS / f"{name}.graphql").read_text(encoding="utf-8")
    asked = {"query": document, "variables": variables}
    answer = (await stories.post("/graphql", json=asked)).json()
    assert "errors" not in answer, answer["errors"]
    data: Answer = answer["data"]
    return data


# Story 2: known money.


async def _money(stories: httpx.AsyncClient, *together: str, area: str | None = None) -> Answer:
    return await _story(
        stories, "money_of_a_programme", programme="vitale-wijken", by="2024-01-01",
        together=list(together), area=area,
    )  # fmt: skip


async def test_story_2_money_by_inhabitant_is_of_published_parts_only(
    stories: httpx.AsyncClient,
) -> None:
    found = await _money(stories, "wijkfonds", "wijkbudget", area="kwakelhaven-havenkant")

    total = found["fundingSum"]
    assert (total["euros"], total["complete"]) == (8_750_000, True)
    assert total["perInhabitant"] == {
        "euros": pytest.approx(8_750_000 / 29_000),
        "inhabitants": 29_000,
        "inhabitantsOn": "2024-01-01",
    }
    streams = {each["slug"]: each["amounts"] for each in found["programme"]["fundingStreams"]}
    for amounts in streams.values():
        for amount in amounts:
            assert amount["document"]["title"].endswith("(fictief)")
            assert bool(amount["parts"]) == (amount["split"] == "BY_AREA")


async def test_story_2_money_of_the_country_is_divided_over_nobody(
    stories: httpx.AsyncClient,
) -> None:
    found = await _money(stories, "wijkfonds", "woonimpuls", area="dobbermeer-oost")

    total = found["fundingSum"]
    assert (total["euros"], total["perInhabitant"]) == (None, None)
    assert (total["refusals"], total["concerns"]) == (["NOT_SPLIT"], ["woonimpuls"])
    assert [each["stream"]["slug"] for each in found["fundingEnding"]["ending"]] == ["woonimpuls"]


# What papers claim.


async def test_each_claim_is_answered_or_says_why_not(stories: httpx.AsyncClient) -> None:
    found = (await _story(stories, "claims_of_papers"))["statements"]

    assert {each["slug"]: each["status"] for each in found} == {
        "inflow-in-voorbeeldland": "NO_OPEN_DATA",
        "money-ends-in-voorbeeldland": "ANSWERED",
        "three-areas-in-voorbeeldland": "PARTLY_ANSWERED",
        "two-of-three-in-the-circle": "PARTLY_ANSWERED",
        "wijken-outside-as-bad": "OTHER_QUERY",
    }
    for said in found:
        assert said["text"].endswith("(fictief).")
        assert (_DOCUMENTS / f"{said['test']['document']}.graphql").is_file()


async def test_a_claim_on_a_group_is_answered_by_list_and_by_size_with_both_days(
    stories: httpx.AsyncClient,
) -> None:
    found = (await _story(stories, "claims_of_papers"))["statements"]
    (said,) = [each for each in found if each["slug"] == "two-of-three-in-the-circle"]

    seen = [
        (each["basis"], each["on"], each["count"], each["outOf"], each["agrees"], each["names"])
        for each in said["findings"]
    ]
    assert seen == [
        ("LIST", "2023-03-15", 2, 3, True, ["Kwakelhaven", "Wolkendijk"]),
        ("SIZE", "2019-01-01", None, 3, None, []),
        ("SIZE", "2023-01-01", 1, 3, False, ["Kwakelhaven"]),
    ]
    assert said["findings"][1]["absence"] == "OTHER_CODES"


# Did it change after the pilot?


async def _pilots(stories: httpx.AsyncClient, *indicators: str, **given: Any) -> Answer:
    found = await _story(
        stories, "what_changed_after_a_pilot",
        **{"indicators": list(indicators), "matchedOn": ["lbm_physical", "lbm_amenities"], **given},
    )  # fmt: skip
    return {each["slug"]: each for each in found["interventions"]}


async def test_a_change_is_never_without_that_of_areas_alike(stories: httpx.AsyncClient) -> None:
    done = (await _pilots(stories, "crime_total"))["havenhart-samen"]
    (found,) = done["againstMatched"]

    assert done["area"] == {
        "code": "WK900200", "name": "Havenhart", "vintage": 2024, "level": "WIJK",
    }  # fmt: skip
    assert (found["yearsBefore"], found["yearsAfter"]) == ([2020, 2021], [2023, 2024])
    assert (found["yearLeftOut"], found["relative"]) == (2022, True)
    assert found["matchedAreas"] == len(found["matched"]) == 10
    assert {each["year"] for each in found["matchedOn"]} == {2020}
    assert "9002" not in {each["area"]["code"][2:6] for each in found["matched"]}

    def change(series: Answer) -> float:
        by_year = dict(zip(series["years"], series["values"], strict=True))
        first, last = ((by_year[a] + by_year[b]) / 2 for a, b in ((2020, 2021), (2023, 2024)))
        return float((last - first) / first)

    changes = [change(each["series"]) for each in found["matched"]]
    assert found["change"] == pytest.approx(change(found["series"]))
    assert found["difference"] == pytest.approx(found["change"] - sum(changes) / 10)
    assert found["lower"] == pytest.approx(found["change"] - max(changes))
    assert found["upper"] == pytest.approx(found["change"] - min(changes))
    assert found["coverage"] == pytest.approx(9 / 11)


async def test_what_cannot_be_said_says_why(stories: httpx.AsyncClient) -> None:
    done = await _pilots(stories, "crime_total", "lbm_total", "crime_totl")

    reasons = {
        slug: [each.get("reason") for each in pilot["againstMatched"]]
        for slug, pilot in done.items()
    }
    assert reasons == {
        "distelplein": ["NO_UNIT"] * 3,
        "havenhart-samen": [None, "TOO_FEW_YEARS", "INDICATOR"],
        "kombuis-open": ["NO_START"] * 3,
    }
    assert done["distelplein"]["area"] is None
    assert [each["code"] for each in done["distelplein"]["within"]] == ["WK901001"]


async def test_years_of_another_source_are_not_set_beside_those_before(
    stories: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All years of Voorbeeldland are of one source, so that a switch is made up here."""
    for year, reason in ((2020, None), (2021, "BREAK"), (2024, "BREAK")):
        made_up = SeriesBreak(year, f"Andere bron {year}.", f"Another source {year}.")
        monkeypatch.setattr(against_matched, "source_breaks", lambda *_, of=made_up: (of,))
        # Another question each time: an answer that was given before is not made again.
        found = (await _pilots(stories, "crime_total", matches=year - 2015))["havenhart-samen"]
        assert found["againstMatched"][0].get("reason") == reason


async def test_context_of_after_the_beginning_is_no_context(stories: httpx.AsyncClient) -> None:
    """Density is known on these boundaries for 2024 only, and the pilot began in 2022."""
    found = await _pilots(
        stories, "crime_total", matchedOn=["address_density", "household_size"], gemeente="GM9002"
    )
    assert found["havenhart-samen"]["againstMatched"][0]["reason"] == "NO_CONTEXT_BEFORE"
    assert set(found) == {"havenhart-samen", "kombuis-open"}


async def test_too_many_matches_and_a_wrong_code_are_refused(stories: httpx.AsyncClient) -> None:
    for asked, code in (
        ("againstMatched(indicators: [], matchedOn: []) { __typename }", "LIMIT_OUT_OF_RANGE"),
        (
            'againstMatched(indicators: ["a"], matchedOn: [], matches: 31) { __typename }',
            "LIMIT_OUT_OF_RANGE",
        ),
    ):
        query = f'{{ intervention(slug: "havenhart-samen") {{ {asked} }} }}'
        answer = (await stories.post("/graphql", json={"query": query})).json()
        assert answer["errors"][0]["extensions"]["code"] == code
    for gemeente, code in (("WK900200", "CODE_OF_ANOTHER_LEVEL"), ("GM9099", "UNKNOWN_CODE")):
        query = f'{{ interventions(gemeente: "{gemeente}") {{ slug }} }}'
        answer = (await stories.post("/graphql", json={"query": query})).json()
        assert answer["errors"][0]["extensions"]["code"] == code
        assert answer["errors"][0]["extensions"]["argument"] == "gemeente"
    query = '{ interventions(gemeente: "GM9008") { slug } }'
    answer = (await stories.post("/graphql", json={"query": query})).json()
    assert answer["data"] == {"interventions": []}


# Story 2: the next areas by a definition.


async def _next(stories: httpx.AsyncClient) -> Answer:
    """By three domains that are known on these boundaries; the shipped one has two that are not."""
    domains = [
        {"slug": "work", "indicators": [{"slug": "net_participation"}]},
        {"slug": "housing", "indicators": [{"slug": "lbm_housing"}]},
        {"slug": "safety", "indicators": [{"slug": "lbm_nuisance_safety"}]},
    ]
    return await _story(
        stories, "next_areas_by_definition", programme="vitale-wijken",
        own={"domains": domains, "threshold": 80}, threshold=70,
    )  # fmt: skip


async def test_story_2_the_next_areas_are_no_members_and_add_up_by_size(
    stories: httpx.AsyncClient,
) -> None:
    found = await _next(stories)

    members = {"WK9001AB", "WK9001AC", "WK900200", "WK900201", "WK900203", "WK900210"}
    for wanted, most in ((found["next20"], 20), (found["next40"], 40)):
        assert (wanted["sizeYear"], wanted["inhabitantsYear"]) == (2024, 2024)
        assert 0 < wanted["surely"]["count"] <= most
        for name in ("surely", "tied", "perhaps"):
            group = wanted[name]
            assert len(group["listed"]) == group["count"]
            assert not members & {each["area"]["code"] for each in group["listed"]}
            assert sum(band["count"] for band in group["bySize"]) == group["count"]
            people = sum(band["inhabitants"] for band in group["bySize"])
            assert people == pytest.approx(group["inhabitants"])
        assert {band["smallest"] for band in wanted["surely"]["bySize"]} == {None, 30_000, 80_000}


async def test_story_2_what_is_unknown_is_neither_next_nor_left_out(
    stories: httpx.AsyncClient,
) -> None:
    found = (await _next(stories))["next20"]

    for name in ("surely", "tied"):
        for each in found[name]["listed"]:
            assert each["countMin"] >= found["cut"]
    assert found["perhaps"]["count"] > 0
    for each in found["perhaps"]["listed"]:
        assert each["countMin"] < found["cut"] <= each["countMax"]


async def test_story_2_moving_the_thresholds_tells_who_enters_and_who_leaves(
    stories: httpx.AsyncClient,
) -> None:
    found = (await _next(stories))["moved"]

    assert found["beforeDefinition"]["id"] != found["afterDefinition"]["id"]
    assert found["leaves"]["count"] == 0
    assert found["enters"]["count"] > 0
    for move in found["enters"]["moves"]:
        assert move["beforeMax"] < 1 <= move["afterMin"]


async def test_story_2_sizes_out_of_order_are_refused(stories: httpx.AsyncClient) -> None:
    query = """{ nextAreas(level: WIJK, outsideProgramme: "vitale-wijken",
      sizeBounds: [80000, 30000]) { cut } }"""
    answer = (await stories.post("/graphql", json={"query": query})).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_story_2_on_other_boundaries_members_are_carried_if_asked_and_else_refused(
    stories: httpx.AsyncClient,
) -> None:
    query = """query ($carried: Boolean!) { nextAreas(level: WIJK, vintage: 2023, first: 1000,
      outsideProgramme: "vitale-wijken", carried: $carried) { membersCarriedFrom candidates
        surely { ...codes } tied { ...codes } perhaps { ...codes } } }
      fragment codes on NextGroup { listed(first: 1000) { area { code } } }"""
    refused, carried = [
        (await stories.post("/graphql", json={"query": query, "variables": given})).json()
        for given in ({"carried": False}, {"carried": True})
    ]

    assert refused["errors"][0]["extensions"]["code"] == "NOT_STATED_FOR_VINTAGE"
    found = carried["data"]["nextAreas"]
    assert found["membersCarriedFrom"] == [2024]
    groups = [found[name]["listed"] for name in ("surely", "tied", "perhaps")]
    listed = {each["area"]["code"] for group in groups for each in group}
    assert found["candidates"] >= len(listed) > 0
    members = {"WK9001AB", "WK9001AC", "WK900200", "WK900201", "WK900203", "WK900210"}
    assert not members & listed


_CARRIED = """query ($indicators: [String!]!, $matches: Int! = 10, $harmonised: Boolean! = true) {
  intervention(slug: "havenhart-samen") { againstMatched(indicators: $indicators, matches: $matches,
    matchedOn: ["lbm_physical", "lbm_amenities"], harmonised: $harmonised) {
      ... on InterventionComparison { indicator { slug } yearsBefore yearsAfter change difference
        matchedAreas matchedEstimated yearsEstimated harmonisedSeries { years values statuses }
        matched { area { code } used yearsEstimated lacking { year status reason { code text } }
          harmonisedSeries { years values statuses } } }
      ... on InterventionNotCompared { slug reason text } } } }"""


async def _carried(stories: httpx.AsyncClient, *indicators: str, **given: Any) -> list[Answer]:
    asked = {"query": _CARRIED, "variables": {"indicators": indicators, **given}}
    answer = (await stories.post("/graphql", json=asked)).json()
    assert "errors" not in answer, answer["errors"]
    found: list[Answer] = answer["data"]["intervention"]["againstMatched"]
    return found


async def test_years_on_other_boundaries_are_compared_where_they_are_carried(
    stories: httpx.AsyncClient,
) -> None:
    """On its own boundaries the place has inhabitants of one year only."""
    (plain,) = await _carried(stories, "population", harmonised=False)
    (found,) = await _carried(stories, "population", matches=30)

    assert plain["reason"] == "TOO_FEW_YEARS"
    years = [*found["yearsBefore"], *found["yearsAfter"]]
    assert (found["yearsBefore"], found["yearsAfter"]) == ([2020, 2021], [2023, 2024])
    told = [found, *(each for each in found["matched"] if each["used"])]
    values, statuses = (
        [dict(zip(s["years"], s[name], strict=True)) for s in (e["harmonisedSeries"] for e in told)]
        for name in ("values", "statuses")
    )
    changes = [
        (each[2023] + each[2024] - each[2020] - each[2021]) / (each[2020] + each[2021])
        for each in values
    ]
    assert found["change"] == pytest.approx(changes[0])
    assert found["difference"] == pytest.approx(changes[0] - sum(changes[1:]) / len(changes[1:]))
    estimated = [[y for y in years if each[y] == "ESTIMATED"] for each in statuses]
    assert [each["yearsEstimated"] for each in told] == estimated
    assert found["matchedEstimated"] == sum(map(bool, estimated[1:])) > 0
    assert found["matchedAreas"] == len(told) - 1


async def test_an_area_alike_without_a_level_before_does_not_count_and_is_shown(
    stories: httpx.AsyncClient,
) -> None:
    (found,) = await _carried(stories, "assistance_benefits", matches=30)

    unused = [each for each in found["matched"] if not each["used"]]
    assert found["matchedAreas"] == 30 - len(unused) < 30
    for each in unused:
        series = each["harmonisedSeries"]
        level = dict(zip(series["years"], series["values"], strict=True))
        assert (level[2020], level[2021], each["lacking"]) == (0, 0, [])


async def test_an_area_alike_that_lacks_a_year_says_which_and_why(
    stories: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All areas of Voorbeeldland have all values, so that one is made to lack a year."""
    known = HarmonisedFigure.value.fget  # type: ignore[attr-defined]

    def lacking(figure: HarmonisedFigure) -> float | None:
        hidden = figure.year == 2021 and figure.area.code != "WK900200"
        found: float | None = None if hidden else known(figure)
        return found

    monkeypatch.setattr(HarmonisedFigure, "value", property(lacking))
    (found,) = await _carried(stories, "dwelling_stock", matches=7)
    assert found["reason"] == "NO_MATCHES"

    monkeypatch.setattr(
        HarmonisedFigure,
        "value",
        property(lambda f: known(f) if f.area.code != "WK900301" else lacking(f)),
    )
    (found,) = await _carried(stories, "dwelling_stock", matches=8)
    assert [(e["area"]["code"], [y["year"] for y in e["lacking"]])
            for e in found["matched"] if not e["used"]] == [("WK900301", [2021])]  # fmt: skip
    assert found["matchedAreas"] == 7


async def test_more_harmonised_indicators_than_a_request_may_have_lose_only_themselves(
    stories: httpx.AsyncClient,
) -> None:
    slugs = await stories.post("/graphql", json={"query": "{ indicators(level: WIJK) { slug } }"})
    known = [each["slug"] for each in slugs.json()["data"]["indicators"]]
    chosen = ["population", *[each for each in known if each != "population"]][:13]

    found = await _carried(stories, *chosen)

    assert found[0]["indicator"] == {"slug": "population"}
    assert [each.get("reason") == "LIMIT" for each in found] == [False] * 12 + [True]
    assert "13" in found[-1]["text"]
