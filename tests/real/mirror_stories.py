"""Stories of users on the real country: each is asked of the one ingest that test_mirror.py makes.

With the documents of `docs/stories.md`. What cannot be judged for lack of data is said to be so.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

Answer = dict[str, Any]
Story = Callable[[httpx.AsyncClient], Awaitable[None]]
_DOCUMENTS = Path(__file__).resolve().parents[1] / "api" / "stories"
_DOMAINS = {
    "education": "education_high_share",
    "poverty": "persons_lowest_40",
    "work": "net_participation",
}
_ZUID = ["WK059910", "WK059912", "WK059915"]


async def _post(client: httpx.AsyncClient, query: str, **variables: Any) -> Answer:
    body: Answer = (
        await client.post("/graphql", json={"query": query, "variables": variables})
    ).json()
    return body


async def _story(client: httpx.AsyncClient, name: str, **variables: Any) -> Answer:
    document = (_DOCUMENTS / f"{name}.graphql").read_text(encoding="utf-8")
    body = await _post(client, document, **variables)
    assert "errors" not in body, body["errors"]
    found: Answer = body["data"]
    return found


# Story 1: at least as bad as Rotterdam-Zuid, outside the programme.


def _own(domains: dict[str, list[str]]) -> Answer:
    return {
        "domains": [
            {"slug": slug, "indicators": [{"slug": each} for each in slugs]}
            for slug, slugs in domains.items()
        ]
    }


async def _beside_zuid(client: httpx.AsyncClient, code: str, units: str = "TOGETHER") -> Answer:
    answer = await _story(
        client,
        "as_bad_as_a_focus_area_elsewhere",
        focusArea="rotterdam-zuid",
        programme="nplv",
        vintage=2022,
        own=_own({domain: [slug] for domain, slug in _DOMAINS.items()}),
        units=units,
        code=code,
    )
    found: Answer = answer["areasAsBadAs"]
    return found


_COUNTS = ("judged", "reference", "leftOut", "asBad", "cannotBeSaid", "better", "tooFew")


async def wijken_outside_the_programme_as_bad_as_rotterdam_zuid_in_three_domains(
    client: httpx.AsyncClient,
) -> None:
    found = await _beside_zuid(client, "WK035502")

    reference, totals = found["reference"], found["totals"]
    assert (reference["codes"], reference["vintage"]) == (_ZUID, 2022)
    assert (reference["carriedFrom"], found["membersCarriedFrom"]) == (2024, [2024])
    assert (reference["notCarried"], reference["inPart"]) == (0, 0)
    assert reference["carriedBy"] == ["SURFACE"]
    assert [totals[key] for key in _COUNTS] == [3063, 3, 84, 37, 4, 2935, 277]
    assert [round(each["percentile"], 1) for each in found["profile"]] == [79.0, 91.3, 92.1]
    names = {each["area"]["name"] for each in found["asBad"]}
    assert {
        "Nieuwstraat-Kwartier", "Wijk 43 Angelslo", "Hoogezand-Zuid", "Wijk 04 Donderberg",
        "Wijk 29 Schildersbuurt", "Wijk 30 Transvaalkwartier", "Wijk 06 Gildenwijk",
    } <= names  # fmt: skip
    assert len(found["asBad"]) == 37
    for each in found["asBad"]:
        assert each["belonging"] in ("NOT_A_MEMBER", "CANDIDATE")
        assert {domain["standing"] for domain in each["domains"]} == {"YES"}


async def who_cannot_be_judged_beside_rotterdam_zuid_is_listed_apart_with_what_is_unknown(
    client: httpx.AsyncClient,
) -> None:
    found = await _beside_zuid(client, "WK034403")

    unknown = {each["area"]["code"]: each["unknownDomains"] for each in found["cannotBeSaid"]}
    assert unknown == {
        "WK085550": ["work"],
        "WK053007": ["education"],
        "WK053706": ["education", "poverty", "work"],
        "WK170117": ["education", "poverty", "work"],
    }
    # Overvecht is a member; it is in no list, and its standing is given all the same.
    overvecht = found["position"]
    assert (overvecht["standing"], overvecht["belonging"]) == ("LEFT_OUT", "MEMBER")


async def the_wijk_of_vollenhove_in_zeist_is_better_in_all_three_domains(
    client: httpx.AsyncClient,
) -> None:
    search = await _story(
        client, "a_small_place", text="Vollenhove", levels=["BUURT"], indicators=[]
    )
    in_zeist = [each for each in search["search"] if each["code"] == "BU03550205"]
    assert in_zeist[0]["area"]["parent"]["name"] == "Wijk 02 Zeist-Noord"

    place = (await _beside_zuid(client, "WK035502"))["position"]
    assert place["area"]["name"] == "Zeist-Noord"
    assert (place["standing"], place["countMax"], place["unknownDomains"]) == ("NO", 0, [])
    assert [round(each["percentile"]) for each in place["domains"]] == [23, 70, 68]


async def as_bad_as_every_wijk_of_rotterdam_zuid_are_fewer(client: httpx.AsyncClient) -> None:
    every = await _beside_zuid(client, "WK035502", units="EVERY")
    together = await _beside_zuid(client, "WK035502")

    assert [every["totals"][key] for key in _COUNTS] == [3063, 3, 84, 22, 3, 2951, 277]
    codes = [{each["area"]["code"] for each in found["asBad"]} for found in (every, together)]
    assert codes[0] < codes[1]
    for domain in every["profile"]:
        assert [each["area"]["code"] for each in domain["eachUnit"]] == _ZUID
        assert domain["percentile"] == max(each["percentile"] for each in domain["eachUnit"])


_PUBLISHED = """query ($codes: [String!]!, $vintage: Int!) { areasAsBadAs(
  reference: { codes: $codes, vintage: $vintage }, definition: "nplv-like@1") {
  totals { asBad } } }"""


async def with_the_six_domains_of_the_programme_no_vintage_can_be_judged(
    client: httpx.AsyncClient,
) -> None:
    domains = ["education", "poverty", "health", "work", "housing", "safety"]
    known = {2020: "health", 2022: "work"}
    for vintage in (2014, 2016, 2017, 2019, 2020, 2022, 2024):
        body = await _post(client, _PUBLISHED, codes=_ZUID, vintage=vintage)

        (error,) = body["errors"]
        assert error["extensions"]["code"] == "REFERENCE_UNKNOWN"
        lacking = [each for each in domains if each != known.get(vintage)]
        assert error["extensions"]["unknownDomains"] == lacking


async def to_2020_nothing_is_carried_and_codes_of_the_callers_own_are_judged(
    client: httpx.AsyncClient,
) -> None:
    own = _own(
        {
            "health": ["health_good", "severe_loneliness"],
            "poverty": ["difficulty_making_ends_meet"],
            "environment": ["severe_noise_neighbours"],
        }
    )
    query = """query ($reference: AreaReferenceInput!, $own: StackingDefinitionInput!) {
      areasAsBadAs(reference: $reference, own: $own, carried: true) {
        totals { candidates asBad cannotBeSaid } asBad { area { code } } } }"""
    focus = {"focusArea": "rotterdam-zuid", "vintage": 2020}
    refused = await _post(client, query, reference=focus, own=own)
    assert refused["errors"][0]["extensions"]["code"] == "NOT_STATED_FOR_VINTAGE"

    asked = await _post(client, query, reference={"codes": _ZUID, "vintage": 2020}, own=own)
    found = asked["data"]["areasAsBadAs"]
    assert found["totals"] == {"candidates": 2940, "asBad": 12, "cannotBeSaid": 0}
    assert "WK051829" in {each["area"]["code"] for each in found["asBad"]}


# Story 2: the next areas, and the money that is known.

_NEXT = """query ($own: StackingDefinitionInput!, $first: Int!, $carried: Boolean!) {
  nextAreas(level: WIJK, vintage: 2022, outsideProgramme: "nplv", own: $own, first: $first,
    carried: $carried) { membersCarriedFrom candidates cut sizeYear inhabitantsYear
    surely { ...group } tied { ...group } perhaps { ...group } }
  stackingChange(level: WIJK, vintage: 2022, own: $own, threshold: 70, atLeast: 3) {
    enters { count inhabitants } leaves { count } unsaid { count } } }
  fragment group on NextGroup { count inhabitants bySize { below count inhabitants }
    listed { area { code } countMin countMax } }"""


async def the_next_20_are_not_chosen_among_37_that_tie_and_the_next_40_are_those(
    client: httpx.AsyncClient,
) -> None:
    own = _own({domain: [slug] for domain, slug in _DOMAINS.items()})
    refused = await _post(client, _NEXT, own=own, first=20, carried=False)
    assert refused["errors"][0]["extensions"]["code"] == "NOT_STATED_FOR_VINTAGE"

    next20, next40 = [
        (await _post(client, _NEXT, own=own, first=first, carried=True))["data"]
        for first in (20, 40)
    ]
    few, many = next20["nextAreas"], next40["nextAreas"]
    assert (few["membersCarriedFrom"], few["sizeYear"], few["inhabitantsYear"]) == (
        [2024], 2022, 2022,
    )  # fmt: skip
    assert [few[name]["count"] for name in ("surely", "tied", "perhaps")] == [0, 37, 4]
    assert few["tied"]["listed"] == many["surely"]["listed"]
    assert (few["cut"], many["cut"], many["tied"]["count"]) == (3, 2, 90)
    sizes = {each["below"]: each["count"] for each in many["surely"]["bySize"]}
    assert sizes == {30_000: 3, 80_000: 20, None: 14}
    assert many["surely"]["inhabitants"] == 260_970
    assert sum(each["inhabitants"] for each in many["surely"]["bySize"]) == 260_970
    # Unknown domains are neither exceeded nor not: these may come next, and nobody says they do.
    unknown = {each["area"]["code"]: each["countMax"] for each in few["perhaps"]["listed"]}
    assert unknown == dict.fromkeys(("WK053007", "WK053706", "WK085550", "WK170117"), 3)
    moved = next20["stackingChange"]
    assert [moved[name]["count"] for name in ("enters", "leaves", "unsaid")] == [202, 0, 4]


# Story 6: the panel of an audit office.


async def a_panel_of_the_nplv_says_of_every_year_where_it_comes_from(
    client: httpx.AsyncClient,
) -> None:
    document = (_DOCUMENTS / "a_panel_of_wijken.graphql").read_text(encoding="utf-8")
    asked: Answer = {
        "indicators": ["population", "net_participation", "severe_loneliness"],
        "like": ["population", "net_participation"],
        "from": 2012, "to": 2024, "first": 12,
    }  # fmt: skip
    wijken, page = [], 0
    while page == 0 or asked["after"]:
        body = await _post(client, document.replace("vitale-wijken", "nplv"), **asked)
        assert "errors" not in body, body["errors"]
        found = body["data"]["wijken"]
        wijken += found["nodes"]
        asked["after"] = found["pageInfo"]["endCursor"] if found["pageInfo"]["hasNextPage"] else ""
        page += 1

    assert len(wijken) == found["totalCount"] == 94
    beside = [each["area"] for wijk in wijken for each in wijk["comparable"]["nearest"]]
    assert all(each["vintage"] == 2024 for each in wijken + beside)
    points = [
        (series, point)
        for wijk in wijken + beside for series in wijk["series"] for point in series["points"]
    ]  # fmt: skip
    seen = {point["status"] for _, point in points}
    assert {"OBSERVED", "RECODED", "ESTIMATED", "NOT_COMPARABLE"} <= seen
    for series, point in points:
        assert point["own"] == (point["sourceVintage"] == 2024)
        if point["value"] is not None:
            assert point["sourceVintage"] is not None
            assert point["own"] == (point["methods"] == [])
        if point["status"] == "RECODED":
            assert point["lower"] == point["value"] == point["upper"]
        if point["status"] == "ESTIMATED":
            assert point["lower"] <= point["value"] <= point["upper"]
        if series["indicator"]["slug"] == "severe_loneliness":
            # All its years are on the boundaries of 2020, of which there is no map of wijken.
            assert (point["value"], point["status"]) == (None, "NOT_COMPARABLE")
    for wijk in wijken:
        assert all(each["validFrom"] and each["certainty"] for each in wijk["memberships"])


# Story 10: worse and worsening.


async def three_years_of_health_make_no_trend_and_nobody_is_called_worsening(
    client: httpx.AsyncClient,
) -> None:
    answer = await _story(
        client,
        "worse_and_worsening",
        indicators=["severe_loneliness", "health_good", "difficulty_making_ends_meet", "wijk"],
        level="WIJK",
        within="GM0344",
        vintage=2020,
        since=2012,
    )
    *told, unknown = answer["worseAndWorsening"]

    assert unknown["code"] == "UNKNOWN_INDICATOR"
    assert [(len(each["no"]), len(each["cannotBeSaid"])) for each in told] == [
        (4, 6), (7, 3), (1, 9),
    ]  # fmt: skip
    for each in told:
        assert (each["years"], each["areasTested"], each["yes"]) == ([2012, 2016, 2020], 0, [])
        for area in each["cannotBeSaid"]:
            assert area["ground"] == "INSUFFICIENT_DATA"
            assert area["trend"]["slope"] is area["trend"]["p"] is None
        assert "WK034403" in {area["area"]["code"] for area in each["cannotBeSaid"]}


# Story 12: a small place of which numbers are hidden.


async def of_a_place_with_few_people_every_absence_has_its_reason_and_nothing_is_filled_in(
    client: httpx.AsyncClient,
) -> None:
    slugs = ["population", "net_participation", "persons_lowest_40", "health_good", "poverty_share"]
    found = await _story(
        client, "a_small_place", text="Boschoord", levels=["WIJK"], indicators=slugs
    )
    place = found["search"][0]
    assert (place["code"], place["how"], place["vintage"]) == ("WK170117", "EXACT", 2024)
    people, *cells, absent = place["area"]["observations"]
    assert (people["year"], people["value"], people["status"]) == (2024, 220.0, "OBSERVED")
    assert absent["code"] == "NOT_LOADED"
    for cell in cells:
        assert (cell["value"], cell["reason"]["code"]) == (None, "OTHER_BOUNDARIES")
        assert cell["reason"]["text"]
        assert cell["publishedOnVintages"]
    assert (place["area"]["stacking"]["countMin"], place["area"]["stacking"]["count"]) == (0, None)


async def a_sentence_of_a_real_value_never_says_worse_without_a_test(
    client: httpx.AsyncClient,
) -> None:
    body = await _post(
        client,
        """{ wijk(code: "WK034403", vintage: 2022) {
          observations(indicators: ["net_participation", "persons_lowest_40"]) {
            ... on Observation { year dutch: sentence(language: NL) english: sentence(language: EN)
              benchmarks(against: [NATIONAL, PEERS]) { group known refusal peers { number }
                significance { significantlyWorse ground basis } } } } } }""",
    )
    observations = body["data"]["wijk"]["observations"]
    assert [each["year"] for each in observations] == [2022, 2022]
    for each in observations:
        national, peers = each["benchmarks"]
        said = national["significance"]["significantlyWorse"] == "YES"
        assert ("slechter" in each["dutch"]) == ("worse" in each["english"]) == said
        assert (peers["peers"]["number"], peers["refusal"]) == (20, None)


STORIES: tuple[Story, ...] = (
    wijken_outside_the_programme_as_bad_as_rotterdam_zuid_in_three_domains,
    who_cannot_be_judged_beside_rotterdam_zuid_is_listed_apart_with_what_is_unknown,
    the_wijk_of_vollenhove_in_zeist_is_better_in_all_three_domains,
    as_bad_as_every_wijk_of_rotterdam_zuid_are_fewer,
    with_the_six_domains_of_the_programme_no_vintage_can_be_judged,
    to_2020_nothing_is_carried_and_codes_of_the_callers_own_are_judged,
    the_next_20_are_not_chosen_among_37_that_tie_and_the_next_40_are_those,
    a_panel_of_the_nplv_says_of_every_year_where_it_comes_from,
    three_years_of_health_make_no_trend_and_nobody_is_called_worsening,
    of_a_place_with_few_people_every_absence_has_its_reason_and_nothing_is_filled_in,
    a_sentence_of_a_real_value_never_says_worse_without_a_test,
)
"""What holds of the real country, to be asked one by one."""
