"""The areas most like one: distances and their parts, what is left out by name, and refusals."""

from typing import Any

import numpy as np
import pytest
from graphql import OperationDefinitionNode, parse

from db.core.block import SeriesKey
from db.core.levels import Level
from db.core.likeness import LeftOut
from schema import likeness
from schema.cost import price
from schema.facts import facts_of
from tests.api.asking import ask, data, refusal, shown
from tests.api.profiles import NAN, ProfileStore, block, store_of
from tests.api.sample import open_sample

CODES = ("WK900101", "WK900102", "WK900103", "WK900104", "WK900201", "WK900202")
PEOPLE = [1000.0, 2000, 1000, 500, 1500, 3000]
FIGURES = {
    "ill": [10.0, 14, 11, 30, 10, 20],
    "damp": [5.0, 5, 9, 7, 6, NAN],
    "density": [100.0, 300, 200, 150, 100, 120],
    "idle": [1.0, 2, 3, NAN, NAN, 3],
    "population": PEOPLE,
}
_QUERY = """query ($code: String! = "WK900101", $indicators: [String!]!, $first: Int! = 10,
  $measure: LikenessMeasure! = EUCLIDEAN, $own: Boolean! = false, $year: Int) {
  wijk(code: $code) { comparable(indicators: $indicators, first: $first, measure: $measure,
      excludeOwnGemeente: $own, year: $year) {
    measure candidates notJudged complete minimumInhabitants inhabitantsYear tooSmall
    excludedGemeente notJudgedAreas { code }
    nearest { area { code } distance domains { domain part }
      differences { indicator { slug } difference part } }
    used { indicator { slug } year centre scale areas }
    notUsed { indicator { slug } year reason text }
    problems { slug code suggestions } } } }"""


def _store(**figures: list[float]) -> ProfileStore:
    return store_of(CODES, {**FIGURES, **figures})


async def _found(
    *indicators: str, store: ProfileStore | None = None, **given: Any
) -> dict[str, Any]:
    language = given.pop("language", "nl")
    asked = {"indicators": list(indicators or ("ill", "density")), **given}
    found = await data(_QUERY, asked, store=store or _store(), language=language)
    told: dict[str, Any] = found["wijk"]["comparable"]
    return told


def _scales(slug: str, people: list[float] = PEOPLE) -> tuple[float, float]:
    known = [(v, p) for v, p in zip(FIGURES[slug], people, strict=True) if v == v and p >= 200]
    values, weights = map(np.array, zip(*known, strict=True))
    mean = np.average(values, weights=weights)
    return float(mean), float(np.average((values - mean) ** 2, weights=weights) ** 0.5)


def _slow(*slugs: str, own: int = 0) -> list[tuple[str, float]]:
    """The root of the mean squared difference in z over what both have, nearest first."""
    found = []
    for row, code in enumerate(CODES):
        squares = [
            ((FIGURES[slug][row] - FIGURES[slug][own]) / _scales(slug)[1]) ** 2
            for slug in slugs
            if FIGURES[slug][row] == FIGURES[slug][row]
        ]
        if row != own and len(squares) >= len(slugs) / 2:
            found.append((float(np.mean(squares) ** 0.5), code))
    return [(code, distance) for distance, code in sorted(found)]


async def test_the_nearest_are_those_of_a_slow_version() -> None:
    found = await _found("ill", "damp", "density")

    expected = _slow("ill", "damp", "density")
    assert [each["area"]["code"] for each in found["nearest"]] == [code for code, _ in expected]
    distances = [each["distance"] for each in found["nearest"]]
    assert distances == pytest.approx([distance for _, distance in expected])
    assert (found["candidates"], found["notJudged"], found["complete"]) == (5, 0, None)


@pytest.mark.parametrize("measure", ["EUCLIDEAN", "MAHALANOBIS"])
async def test_parts_of_domains_and_of_indicators_add_up_to_the_squared_distance(
    measure: str,
) -> None:
    found = await _found("ill", "damp", "density", measure=measure)

    assert found["nearest"]
    for each in found["nearest"]:
        squared = pytest.approx(each["distance"] ** 2)
        domains = {part["domain"]: part["part"] for part in each["domains"]}
        parts = {part["indicator"]["slug"]: part["part"] or 0.0 for part in each["differences"]}
        assert sum(domains.values()) == squared
        assert sum(parts.values()) == squared
        assert domains["HOUSING"] == pytest.approx(parts["damp"] + parts["density"])


async def test_differences_are_signed_in_standard_deviations_weighted_by_inhabitants() -> None:
    found = await _found("ill", "damp")
    near = {each["area"]["code"]: each for each in found["nearest"]}
    shown_of = {part["indicator"]["slug"]: part for part in near["WK900202"]["differences"]}

    assert shown_of["ill"]["difference"] == pytest.approx(10 / _scales("ill")[1])
    assert (shown_of["damp"]["difference"], shown_of["damp"]["part"]) == (None, None)
    (back,) = (await _found("ill", "damp", code="WK900102", first=1))["nearest"]
    first = next(e for e in back["differences"] if e["indicator"]["slug"] == "ill")
    expected = (FIGURES["ill"][CODES.index(back["area"]["code"])] - 14) / _scales("ill")[1]
    assert first["difference"] == pytest.approx(expected)


async def test_a_domain_of_which_nothing_could_be_compared_has_no_part() -> None:
    found = await _found("ill", "damp")
    near = {each["area"]["code"]: each for each in found["nearest"]}

    assert near["WK900202"]["domains"][0] == {"domain": "HOUSING", "part": None}


async def test_the_indicators_used_have_their_centre_scale_and_year() -> None:
    found = await _found("ill", "damp")

    assert [each["indicator"]["slug"] for each in found["used"]] == ["damp", "ill"]
    for each in found["used"]:
        mean, scale = _scales(each["indicator"]["slug"])
        assert (each["centre"], each["scale"]) == (pytest.approx(mean), pytest.approx(scale))
    assert [(each["year"], each["areas"]) for each in found["used"]] == [(2024, 5), (2024, 6)]


async def test_mahalanobis_judges_only_areas_that_have_every_indicator() -> None:
    found = await _found("ill", "damp", measure="MAHALANOBIS")

    assert (found["measure"], found["complete"]) == ("MAHALANOBIS", 5)
    assert (found["candidates"], found["notJudged"]) == (5, 1)
    assert found["notJudgedAreas"] == [{"code": "WK900202"}]


async def test_what_lacks_more_than_half_is_not_judged_and_named() -> None:
    found = await _found("ill", "idle", "damp", store=_store(damp=[5.0, NAN, 9, NAN, NAN, NAN]))

    assert found["notJudged"] == 2
    assert found["notJudgedAreas"] == [{"code": "WK900104"}, {"code": "WK900201"}]


async def test_no_more_than_twenty_areas_are_named() -> None:
    codes = [f"WK90{n:02}01" for n in range(10, 40)]
    figures = {slug: [1.0, 2.0] + [NAN] * 28 for slug in ("ill", "damp")}
    store = store_of(codes, {**figures, "population": [1000.0] * 30})
    found = await _found("ill", "damp", store=store, code=codes[0])

    assert (found["candidates"], found["notJudged"]) == (29, 28)
    assert [each["code"] for each in found["notJudgedAreas"]] == codes[2:22]


async def test_equal_distances_are_in_order_of_code_and_not_of_rows() -> None:
    codes = ["WK900101", "WK900105", "WK900103", "WK900104", "WK900102"]
    figures = {"ill": [1.0, 2, 2, 0, 3], "damp": [1.0, 2, 2, 0, 3], "population": [1000.0] * 5}
    found = await _found("ill", "damp", store=store_of(codes, figures))

    nearby = [each["area"]["code"] for each in found["nearest"]]
    assert nearby == ["WK900103", "WK900104", "WK900105", "WK900102"]


async def test_first_cuts_the_list_and_not_the_candidates() -> None:
    whole = await _found("ill", "density")
    found = await _found("ill", "density", first=2)

    assert found["nearest"] == whole["nearest"][:2]
    assert found["candidates"] == whole["candidates"]


async def test_areas_of_its_own_gemeente_are_left_out_without_changing_the_scales() -> None:
    whole = await _found("ill", "density")
    found = await _found("ill", "density", own=True)

    codes = [each["area"]["code"] for each in found["nearest"]]
    assert sorted(codes) == ["WK900201", "WK900202"]
    assert (found["excludedGemeente"], whole["excludedGemeente"]) == ("GM9001", None)
    assert found["used"] == whole["used"]
    assert found["candidates"] == 2


@pytest.mark.parametrize("few", [199.0, 0.0, NAN])
async def test_few_inhabitants_none_or_an_unknown_number_is_no_candidate_and_sets_no_scale(
    few: float,
) -> None:
    people = [1000.0, 2000, 1000, few, 1500, 200]
    found = await _found("ill", "density", store=_store(population=people))

    assert "WK900104" not in [each["area"]["code"] for each in found["nearest"]]
    assert "WK900202" in [each["area"]["code"] for each in found["nearest"]]
    assert (found["candidates"], found["tooSmall"]) == (4, 1)
    assert (found["minimumInhabitants"], found["inhabitantsYear"]) == (200, 2024)
    scales = {each["indicator"]["slug"]: each["scale"] for each in found["used"]}
    assert scales["ill"] == pytest.approx(_scales("ill", people)[1])


async def test_a_small_area_may_be_asked_about_all_the_same() -> None:
    found = await _found("ill", "density", code="WK900104", store=_store(population=[
        1000.0, 2000, 1000, 10, 1500, 3000,
    ]))  # fmt: skip

    assert (len(found["nearest"]), found["candidates"]) == (5, 5)


async def test_water_is_no_candidate() -> None:
    store = store_of(CODES, FIGURES, water=["WK900102"])
    found = await _found("ill", "density", store=store)

    assert "WK900102" not in [each["area"]["code"] for each in found["nearest"]]
    assert (found["candidates"], found["tooSmall"]) == (4, 0)


async def test_without_inhabitants_loaded_there_are_no_candidates() -> None:
    figures = {slug: each for slug, each in FIGURES.items() if slug != "population"}
    found = await _found("ill", "damp", store=store_of(CODES, figures))

    assert (found["candidates"], found["nearest"], found["inhabitantsYear"]) == (0, [], None)


# Indicators left out


async def test_unknown_slugs_are_problems_that_do_not_lose_the_others() -> None:
    found = await _found("ill", "density", "densty", "school_advice", "thefts")
    expected = await _found("ill", "density")

    assert [(each["slug"], each["code"]) for each in found["problems"]] == [
        ("densty", "UNKNOWN_INDICATOR"),
        ("school_advice", "NO_OPEN_SOURCE"),
        ("thefts", "NOT_AVAILABLE_AT_LEVEL"),
    ]
    assert "density" in found["problems"][0]["suggestions"]
    assert found["nearest"] == expected["nearest"]


@pytest.mark.parametrize(
    ("slug", "values", "reason"),
    [
        ("sort", [1.0, 2, 3, 4, 5, 6], "CLASS"),
        ("idle", [NAN, 2.0, 3, 4, 5, 6], "UNKNOWN_FOR_AREA"),
        ("idle", [2.0] * 6, "NO_SPREAD"),
    ],
)
async def test_an_indicator_that_cannot_be_compared_on_is_named_with_why(
    slug: str, values: list[float], reason: str
) -> None:
    found = await _found("ill", "density", slug, store=_store(**{slug: values}))
    expected = await _found("ill", "density")

    (told,) = found["notUsed"]
    assert (told["indicator"]["slug"], told["year"], told["reason"]) == (slug, 2024, reason)
    assert found["nearest"] == expected["nearest"]


async def test_a_value_of_nobody_else_is_no_value_of_the_reference_set() -> None:
    people = [10.0, 2000, 1000, 500, 1500, 3000]
    alone = [2.0, NAN, NAN, NAN, NAN, NAN]
    found = await _found("ill", "density", "idle", store=_store(idle=alone, population=people))

    assert [each["reason"] for each in found["notUsed"]] == ["NO_VALUES"]


async def test_no_spread_among_the_complete_is_a_reason_of_mahalanobis_only() -> None:
    store = _store(idle=[1.0, 1, 1, 1, 1, 9])
    found = await _found("damp", "density", "idle", store=store, measure="MAHALANOBIS")

    assert [each["reason"] for each in found["notUsed"]] == ["NO_SPREAD_AMONG_COMPLETE"]


async def test_a_year_that_these_boundaries_lack_is_left_out_and_not_another_year() -> None:
    store = _store()
    key = SeriesKey("ill", Level.WIJK, 2024)
    store.blocks[key] = block("ill", FIGURES["ill"], (2023, 2024))
    found = await _found("ill", "density", store=store, year=2023)

    assert [each["indicator"]["slug"] for each in found["used"]] == ["ill"]
    (told,) = found["notUsed"]
    assert (told["indicator"]["slug"], told["year"]) == ("density", 2023)
    assert told["reason"] == "NOT_ON_THESE_BOUNDARIES"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Van het gebied zelf is de waarde niet bekend."),
        ("en", "The value of the area itself is not known."),
    ],
)
async def test_reasons_are_told_in_the_language_asked_for(language: str, text: str) -> None:
    store = _store(idle=[NAN, 2.0, 3, 4, 5, 6])
    found = await _found("ill", "density", "idle", store=store, language=language)

    assert [each["text"] for each in found["notUsed"]] == [text]


def test_every_reason_of_the_core_is_one_of_the_schema() -> None:
    # Indicators have no weights here.
    reasons = {each.value for each in LeftOut} - {LeftOut.NO_WEIGHT.value}

    assert reasons <= {each.value for each in likeness.NotCompared}


async def test_where_nothing_can_be_compared_nobody_is_judged() -> None:
    found = await _found("sort", "nothing")

    assert (found["used"], found["nearest"], found["notJudged"]) == ([], [], 5)


async def test_the_order_of_indicators_does_not_matter_and_repeating_one_changes_nothing() -> None:
    expected = await _found("ill", "damp", "density")

    assert await _found("density", "ill", "damp", "ill") == expected


# Refusals and bounds


@pytest.mark.parametrize(
    "given",
    [
        {"first": 0},
        {"first": 101},
        {"indicators": []},
        {"indicators": ["ill"]},
        {"indicators": ["ill", "ill"]},
        {"indicators": [f"i{n}" for n in range(41)]},
    ],
)
async def test_numbers_out_of_range_are_refused(given: dict[str, Any]) -> None:
    told = await refusal(_QUERY, {"indicators": ["ill", "damp"], **given}, store=_store())

    assert told["code"] == "LIMIT_OUT_OF_RANGE"


async def test_a_refusal_loses_only_itself() -> None:
    result = await ask(
        '{ wijk(code: "WK900101") { name comparable(indicators: ["ill"]) { candidates } } }',
        store=_store(),
    )

    assert result.data == {"wijk": {"name": "Wijk WK900101", "comparable": None}}


@pytest.mark.parametrize("bound", ["MOST_SETS", "MOST_AREAS"])
async def test_more_than_a_request_may_compare_is_refused(
    monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(likeness, bound, 1)
    result = await ask(
        '{ wijk(code: "WK900101") { a: comparable(indicators: ["ill", "damp"]) { candidates }'
        ' b: comparable(indicators: ["ill", "density"]) { candidates }'
        ' c: comparable(indicators: ["damp", "ill"]) { candidates } } }',
        store=_store(),
    )

    assert result.errors is not None
    assert {shown(each)["code"] for each in result.errors} == {"LIMIT_OUT_OF_RANGE"}
    assert result.data is not None
    assert result.data["wijk"]["a"] == {"candidates": 5}
    assert result.data["wijk"]["b"] is None


@pytest.mark.parametrize(("argument", "times"), [("", 10), (", first: 3", 3)])
def test_a_document_costs_as_many_areas_as_it_asks_for(argument: str, times: int) -> None:
    document = parse(
        f'{{ wijk(code: "x") {{ comparable(indicators: ["a", "b"]{argument})'
        " { nearest { distance } } } }"
    )
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)

    # The field itself and the areas in it.
    assert price(document, operation, {}).rows == 2 * times


async def test_what_is_kept_has_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "_KEPT_BYTES", 20_000)
    snapshot = await open_sample(_store())
    for pair in (("ill", "damp"), ("ill", "idle"), ("damp", "idle"), ("ill", "density")):
        asked = {"indicators": list(pair)}
        first = await data(_QUERY, asked, snapshot=snapshot)
        assert await data(_QUERY, asked, snapshot=snapshot) == first

    kept = facts_of(snapshot).remembered.get(likeness._KEPT)

    assert kept is not None
    assert 0 < kept.weight <= 20_000
    assert len(kept) == 2
