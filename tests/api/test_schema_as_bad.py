"""At least as bad as an area or focus area: yes, cannot be said, how many no, and refusals."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest

from db.core.block import SeriesKey
from db.core.levels import Level
from db.core.programme import Certainty, Extent, Membership
from schema import dominance
from schema.facts import facts_of
from tests.api.asking import ask, data, refusal, shown
from tests.api.profiles import NAN, ProfileStore, block, store_of
from tests.api.sample import _member, open_sample

CODES = tuple(f"WK9001{n:02}" for n in range(1, 9))
PEOPLE = [1000.0, 1000.0, 1000.0, 1000.0, 1000.0, 1000.0, 1000.0, 1000.0]
FIGURES = {
    "ill": [10.0, 20, 30, 40, 50, 60, 70, 80],
    "damp": [80.0, 20, 30, 40, 50, NAN, 70, 40],
    "idle": [10.0, 20, 30, 40, 30, 60, 70, 80],
    "population": PEOPLE,
}
OWN = {
    "minimumInhabitants": 200,
    "domains": [{"slug": slug, "indicators": [{"slug": slug}]} for slug in ("ill", "damp", "idle")],
}
_QUERY = """query ($reference: AreaReferenceInput!, $own: StackingDefinitionInput,
  $definition: String, $year: Int, $outside: String, $required: Int, $first: Int! = 100,
  $code: String! = "WK900101") {
  areasAsBadAs(reference: $reference, own: $own, definition: $definition, year: $year,
      outsideProgramme: $outside, required: $required, first: $first) {
    required programme notStated definition { id }
    reference { level vintage area { code } focusArea { slug } codes inPart uncertain notLoaded }
    profile { domain name score percentile known }
    asBad { ...beside } cannotBeSaid { ...beside } position(code: $code) { ...beside }
    totals { judged reference leftOut candidates asBad cannotBeSaid better tooFew
      inhabitantsUnknown } } }
fragment beside on AreaAsBad { area { code } standing belonging margin countMin countMax
  unknownDomains domains { domain name percentile margin standing } }"""


def _store(*members: Membership, **figures: list[float]) -> ProfileStore:
    return store_of(CODES, {**FIGURES, **figures}, members=members)


async def _found(store: ProfileStore | None = None, **given: Any) -> dict[str, Any]:
    asked = {"own": OWN, "reference": {"code": "WK900104"}, **given}
    found: dict[str, Any] = (await data(_QUERY, asked, store=store or _store()))["areasAsBadAs"]
    return found


async def _refused(store: ProfileStore | None = None, **given: Any) -> Any:
    asked = {"own": OWN, "reference": {"code": "WK900104"}, **given}
    return await refusal(_QUERY, asked, store=store or _store())


def _codes(listed: list[dict[str, Any]]) -> list[str]:
    return [each["area"]["code"] for each in listed]


def _placed(values: list[float], people: list[float]) -> list[float]:
    """Percentiles by their definition, for scores that are percentiles of one indicator."""
    known = [(v, p) for v, p in zip(values, people, strict=True) if v == v and p >= 200]
    total = sum(p for _, p in known)
    return [
        100 * sum(p * ((v < own) + 0.5 * (v == own)) for v, p in known) / total
        if own == own and n >= 200
        else NAN
        for own, n in zip(values, people, strict=True)
    ]


async def test_exactly_as_bad_or_worse_in_every_domain_is_yes_and_unknown_is_apart() -> None:
    found = await _found()

    # 5 is better in idle (30 < 40), 8 equals in damp, 6 has no damp; 1 to 3 are better in ill.
    assert _codes(found["asBad"]) == ["WK900107", "WK900108"]
    assert _codes(found["cannotBeSaid"]) == ["WK900106"]
    assert found["cannotBeSaid"][0]["unknownDomains"] == ["damp"]
    assert found["totals"] == {
        "judged": 8, "reference": 1, "leftOut": 0, "candidates": 7, "asBad": 2, "cannotBeSaid": 1,
        "better": 4, "tooFew": 0, "inhabitantsUnknown": 0,
    }  # fmt: skip


async def test_parts_are_percentiles_of_domains_with_their_margin() -> None:
    found = await _found()
    profile = {each["domain"]: each["percentile"] for each in found["profile"]}
    expected = {slug: _placed(FIGURES[slug], PEOPLE) for slug in ("ill", "damp", "idle")}

    assert profile == pytest.approx({slug: each[3] for slug, each in expected.items()})
    for listed in found["asBad"] + found["cannotBeSaid"]:
        row = CODES.index(listed["area"]["code"])
        margins = []
        for part in listed["domains"]:
            own = expected[part["domain"]][row]
            if own != own:
                assert (part["percentile"], part["margin"]) == (None, None)
                assert part["standing"] == "CANNOT_BE_SAID"
                continue
            margins.append(own - profile[part["domain"]])
            assert part["percentile"] == pytest.approx(own)
            assert part["margin"] == pytest.approx(margins[-1])
        assert listed["margin"] == pytest.approx(np.mean(margins))


async def test_much_worse_on_average_is_not_as_bad_where_one_domain_is_better() -> None:
    found = await _found(code="WK900105")

    assert found["position"]["standing"] == "NO"
    assert found["position"]["margin"] is not None
    assert (found["position"]["countMin"], found["position"]["countMax"]) == (2, 2)
    assert [each["standing"] for each in found["position"]["domains"]] == ["YES", "YES", "NO"]


@pytest.mark.parametrize("required", [1, 2, 3])
async def test_m_of_n_is_that_of_a_slow_version(required: int) -> None:
    rng = np.random.default_rng(required)
    figures = {
        slug: rng.choice([1.0, 2.0, 3.0, 4.0, NAN], 8).tolist() for slug in ("ill", "damp", "idle")
    }
    for slug in figures:
        figures[slug][3] = 2.0
    people = [1000.0, 300, 199, 500, 0, 700, NAN, 200]
    found = await _found(_store(**figures, population=people), required=required)
    placed = {slug: _placed(each, people) for slug, each in figures.items()}

    expected: dict[str, list[str]] = {"YES": [], "CANNOT_BE_SAID": [], "NO": []}
    for row, code in enumerate(CODES):
        if row == 3 or not people[row] >= 200:
            continue
        choices = [
            [own >= each[3]] if (own := each[row]) == own else [False, True]
            for each in placed.values()
        ]
        outcomes = {sum(each) >= required for each in product(*choices)}
        expected[
            "CANNOT_BE_SAID" if len(outcomes) == 2 else "YES" if outcomes == {True} else "NO"
        ].append(code)
    assert sorted(_codes(found["asBad"])) == expected["YES"]
    assert sorted(_codes(found["cannotBeSaid"])) == expected["CANNOT_BE_SAID"]
    assert found["totals"]["better"] == len(expected["NO"])
    assert (found["totals"]["tooFew"], found["totals"]["inhabitantsUnknown"]) == (2, 1)


async def test_totals_add_up_and_lists_are_cut_without_changing_them() -> None:
    store = _store(_member("elstad", "WK900107", Certainty.OFFICIAL))
    found = await _found(store, required=1, first=1, outside="kans")

    total = found["totals"]
    assert total["judged"] == total["reference"] + total["leftOut"] + total["candidates"]
    assert total["candidates"] == total["asBad"] + total["cannotBeSaid"] + total["better"]
    assert (len(found["asBad"]), total["asBad"]) == (1, 4)


async def test_the_worst_margin_comes_first_and_equal_ones_by_code() -> None:
    same = [10.0, 20, 30, 40, 90, 90, 50, 90]
    codes = [*CODES[:4], "WK900108", "WK900107", "WK900106", "WK900105"]
    store = store_of(codes, {"ill": same, "damp": same, "idle": same, "population": PEOPLE})
    found = await _found(store)

    assert _codes(found["asBad"]) == ["WK900105", "WK900107", "WK900108", "WK900106"]


async def test_an_area_unknown_in_everything_cannot_be_said_and_comes_last() -> None:
    unknown = {slug: [NAN, *FIGURES[slug][1:]] for slug in ("ill", "damp", "idle")}
    found = await _found(_store(**unknown))

    assert _codes(found["cannotBeSaid"]) == ["WK900106", "WK900101"]
    assert found["cannotBeSaid"][1]["margin"] is None
    assert found["cannotBeSaid"][1]["countMax"] == 3


async def test_a_domain_unknown_for_the_reference_leaves_no_yes_unless_fewer_are_required() -> None:
    all_of = await _found(reference={"code": "WK900106"})
    two_of = await _found(reference={"code": "WK900106"}, required=2)

    assert [each["percentile"] is None for each in all_of["profile"]] == [False, True, False]
    assert (_codes(all_of["asBad"]), all_of["totals"]["cannotBeSaid"]) == ([], 2)
    assert _codes(two_of["asBad"]) == ["WK900108", "WK900107"]


async def test_a_reference_unknown_in_more_than_half_is_refused_with_its_domains() -> None:
    store = _store(idle=[*FIGURES["idle"][:5], NAN, 70, 80])
    told = await _refused(store, reference={"code": "WK900106"})

    assert told["code"] == "REFERENCE_UNKNOWN"
    assert (told["unknownDomains"], told["domains"]) == (["damp", "idle"], 3)
    assert "damp, idle" in told["message"]
    assert "damp, idle" in told["messageNl"]


@pytest.mark.parametrize("people", [199.0, 0.0, NAN])
async def test_a_reference_that_is_not_judged_is_refused(people: float) -> None:
    told = await _refused(_store(population=[*PEOPLE[:3], people, *PEOPLE[4:]]))

    assert told["code"] == "REFERENCE_UNKNOWN"
    assert told["unknownDomains"] == ["ill", "damp", "idle"]


# Focus areas

_TWO = (
    _member("aadorp-centrum", "WK900102", Certainty.NAME_MATCH),
    _member("aadorp-centrum", "WK900104", Certainty.NAME_MATCH),
)
_FOCUS = {"focusArea": "aadorp-centrum"}


async def test_the_profile_of_a_focus_area_is_the_mean_by_inhabitants_placed_by_its_score() -> None:
    people = [1000.0, 3000, 1000, 1000, 1000, 1000, 1000, 1000]
    found = await _found(_store(*_TWO, population=people), reference=_FOCUS)

    assert found["reference"]["codes"] == ["WK900102", "WK900104"]
    assert found["reference"]["focusArea"] == {"slug": "aadorp-centrum"}
    for part in found["profile"]:
        scores = _placed(FIGURES[part["domain"]], people)
        mean = (3000 * scores[1] + 1000 * scores[3]) / 4000
        known = [(s, p) for s, p in zip(scores, people, strict=True) if s == s]
        total = sum(p for _, p in known)
        place = 100 * sum(p * ((s < mean) + 0.5 * (s == mean)) for s, p in known) / total
        assert part["score"] == pytest.approx(mean)
        assert part["percentile"] == pytest.approx(place)
        assert part["known"] == 1.0


async def test_a_focus_area_of_one_unit_has_the_profile_of_that_unit() -> None:
    store = _store(_member("elstad", "WK900104", Certainty.OFFICIAL))
    one = await _found(store)
    same = await _found(store, reference={"focusArea": "elstad", "vintage": 2024})

    assert same["profile"] == one["profile"]
    assert _codes(same["asBad"]) == _codes(one["asBad"])
    assert same["totals"] == one["totals"]


async def test_units_of_the_reference_are_no_candidates() -> None:
    found = await _found(_store(*_TWO), reference=_FOCUS, code="WK900102", required=1)

    assert found["position"]["standing"] == "REFERENCE"
    assert not {"WK900102", "WK900104"} & {*_codes(found["asBad"]), *_codes(found["cannotBeSaid"])}
    assert found["totals"]["reference"] == 2


async def test_parts_and_candidates_are_not_in_the_profile_and_are_counted() -> None:
    store = _store(
        *_TWO,
        _member("aadorp-centrum", "WK900101", Certainty.OFFICIAL, extent=Extent.PART, share=0.2),
        _member("aadorp-centrum", "WK900103", Certainty.CANDIDATE),
        _member("aadorp-centrum", None, Certainty.OFFICIAL),
        _member("aadorp-centrum", "WK900188", Certainty.OFFICIAL),
        _member("aadorp-centrum", "WK900108", Certainty.OFFICIAL, valid_until=date(2023, 1, 1)),
    )
    found = await _found(store, reference=_FOCUS, code="WK900101")
    whole = await _found(_store(*_TWO), reference=_FOCUS)

    assert found["profile"] == whole["profile"]
    told = found["reference"]
    assert (told["inPart"], told["uncertain"], told["notLoaded"]) == (1, 2, 1)
    assert (found["programme"], found["position"]["belonging"]) == ("kans", "MEMBER_IN_PART")


async def test_a_domain_of_a_focus_area_is_unknown_where_too_few_of_its_people_have_a_score() -> (
    None
):
    members = [_member("elstad", code, Certainty.OFFICIAL) for code in ("WK900104", "WK900106")]
    people = [1000.0, 1000, 1000, 999, 1000, 1000, 1000, 1000]
    least = await _found(_store(*members), reference={"focusArea": "elstad"})
    less = await _found(_store(*members, population=people), reference={"focusArea": "elstad"})

    assert [each["known"] for each in least["profile"]] == [1.0, 0.5, 1.0]
    assert [each["percentile"] is None for each in least["profile"]] == [False, False, False]
    assert [each["percentile"] is None for each in less["profile"]] == [False, True, False]


async def test_a_unit_without_inhabitants_does_not_count_and_one_with_an_unknown_number_does() -> (
    None
):
    members = [_member("elstad", c, Certainty.OFFICIAL) for c in ("WK900104", *CODES[4:6])]
    empty = [*PEOPLE[:4], 0.0, 0.0, *PEOPLE[6:]]
    unknown = [*PEOPLE[:4], NAN, NAN, *PEOPLE[6:]]

    found = await _found(_store(*members, population=empty), reference={"focusArea": "elstad"})
    told = await _refused(_store(*members, population=unknown), reference={"focusArea": "elstad"})

    assert all(each["percentile"] is not None for each in found["profile"])
    assert told["code"] == "REFERENCE_UNKNOWN"


async def test_units_that_are_not_loaded_have_no_score() -> None:
    there = _member("elstad", "WK900104", Certainty.OFFICIAL)
    gone = [_member("elstad", f"WK90018{n}", Certainty.OFFICIAL) for n in (1, 2)]

    found = await _found(_store(there, gone[0]), reference={"focusArea": "elstad"})
    told = await _refused(_store(there, *gone), reference={"focusArea": "elstad"})

    assert found["reference"]["notLoaded"] == 1
    assert (told["code"], told["units"]) == ("REFERENCE_UNKNOWN", 1)


async def test_a_focus_area_of_parts_only_is_refused_as_unknown() -> None:
    part = _member("elstad", "WK900104", Certainty.OFFICIAL, extent=Extent.PART, share=0.5)
    told = await _refused(_store(part), reference={"focusArea": "elstad"})

    assert (told["code"], told["units"]) == ("REFERENCE_UNKNOWN", 0)


# Programmes


async def test_members_of_a_programme_are_left_out_and_said_how_many() -> None:
    store = _store(
        _member("elstad", "WK900107", Certainty.OFFICIAL),
        _member("elstad", "WK900101", Certainty.NAME_MATCH, extent=Extent.PART, share=0.5),
        _member("elstad", "WK900108", Certainty.CANDIDATE),
        _member("oudeland", "WK900106", Certainty.OFFICIAL),
    )
    found = await _found(store, outside="kans", code="WK900107")

    assert _codes(found["asBad"]) == ["WK900108"]
    assert found["asBad"][0]["belonging"] == "CANDIDATE"
    assert found["cannotBeSaid"][0]["belonging"] == "NOT_A_MEMBER"
    assert (found["position"]["standing"], found["position"]["belonging"]) == ("LEFT_OUT", "MEMBER")
    assert (found["totals"]["leftOut"], found["totals"]["candidates"]) == (2, 5)
    assert found["programme"] == "kans"
    assert found["notStated"] == ["aadorp-centrum", "elstad-deels"]


async def test_a_wijk_of_which_only_buurten_are_members_belongs_in_part() -> None:
    store = _store(
        _member("elstad", "WK900101", Certainty.OFFICIAL),
        _member("elstad-deels", "BU90010702", Certainty.OFFICIAL, level=Level.BUURT),
        _member("aadorp-centrum", "BU90010801", Certainty.CANDIDATE, level=Level.BUURT),
    )
    found = await _found(store, outside="kans", code="WK900107")

    assert found["position"]["standing"] == "LEFT_OUT"
    assert found["position"]["belonging"] == "MEMBER_IN_PART"
    assert {e["area"]["code"]: e["belonging"] for e in found["asBad"]} == {"WK900108": "CANDIDATE"}
    assert found["notStated"] == ["aadorp-centrum"]


async def test_buurten_of_another_vintage_are_not_placed_on_a_wijk_of_this_one() -> None:
    store = _store(
        _member("elstad", "WK900101", Certainty.OFFICIAL),
        _member("elstad", "BU90010702", Certainty.OFFICIAL, level=Level.BUURT, vintage=2023),
    )
    found = await _found(store, outside="kans", code="WK900107")

    assert found["position"]["belonging"] == "NOT_A_MEMBER"


async def test_without_a_programme_nothing_is_said_of_belonging() -> None:
    found = await _found(_store(*_TWO))

    assert found["programme"] is None
    assert {each["belonging"] for each in found["asBad"]} == {None}


async def test_members_stated_for_another_vintage_are_never_joined_on_the_code() -> None:
    member = _member("elstad", "WK900107", Certainty.OFFICIAL, vintage=2023)
    told = await _refused(_store(member), outside="kans")

    assert told["code"] == "NOT_STATED_FOR_VINTAGE"
    assert told["statedFor"] == [{"level": "WIJK", "vintage": 2023}]


# Refusals


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reference": {}}, "BAD_USER_INPUT"),
        ({"reference": {"code": "WK900104", "focusArea": "elstad"}}, "BAD_USER_INPUT"),
        ({"reference": {"code": "nowhere"}}, "MALFORMED_CODE"),
        ({"reference": {"code": "WK999999"}}, "UNKNOWN_CODE"),
        ({"reference": {"code": "WK900104", "vintage": 1999}}, "VINTAGE_NOT_LOADED"),
        ({"reference": {"focusArea": "nope"}}, "UNKNOWN_SLUG"),
        ({"reference": {"focusArea": "elstad"}}, "NOT_STATED_FOR_VINTAGE"),
        ({"reference": {"focusArea": "aadorp-centrum", "vintage": 2023}}, "NOT_STATED_FOR_VINTAGE"),
        ({"outside": "nope"}, "UNKNOWN_SLUG"),
        ({"outside": "toen"}, "NOT_STATED_FOR_VINTAGE"),
        ({"required": 0}, "LIMIT_OUT_OF_RANGE"),
        ({"required": 4}, "LIMIT_OUT_OF_RANGE"),
        ({"first": 0}, "LIMIT_OUT_OF_RANGE"),
        ({"first": 1001}, "LIMIT_OUT_OF_RANGE"),
        ({"own": None, "definition": "nope"}, "UNKNOWN_SLUG"),
        ({"own": {**OWN, "threshold": 100}}, "MALFORMED_DEFINITION"),
        ({"year": 1999}, "REFERENCE_UNKNOWN"),
    ],
)
async def test_what_cannot_be_asked_is_refused(given: dict[str, Any], code: str) -> None:
    assert (await _refused(_store(*_TWO), **given))["code"] == code


async def test_units_of_two_levels_make_no_profile() -> None:
    store = _store(
        *_TWO, _member("aadorp-centrum", "BU90010101", Certainty.OFFICIAL, level=Level.BUURT)
    )
    told = await _refused(store, reference=_FOCUS)

    assert (told["code"], told["argument"]) == ("BAD_USER_INPUT", "reference")


async def test_a_position_that_does_not_exist_loses_only_itself() -> None:
    asked = {"own": OWN, "reference": {"code": "WK900104"}, "code": "WK999999"}
    result = await ask(_QUERY, asked, store=_store())

    assert result.errors is not None
    assert result.data is not None
    assert [shown(each)["code"] for each in result.errors] == ["UNKNOWN_CODE"]
    assert result.data["areasAsBadAs"]["position"] is None
    assert len(result.data["areasAsBadAs"]["asBad"]) == 2


async def test_water_takes_no_part() -> None:
    store = store_of(CODES, FIGURES, water=["WK900107"])
    found = await _found(store, code="WK900107")

    assert found["position"]["standing"] == "NOT_JUDGED"
    assert (found["totals"]["judged"], found["totals"]["tooFew"]) == (7, 0)


@pytest.mark.parametrize(("language", "name"), [("nl", "Alleen"), ("en", "Alone")])
async def test_names_of_domains_are_in_the_language_asked_for(language: str, name: str) -> None:
    found = await data(
        '{ areasAsBadAs(reference: {code: "WK900101"}, definition: "alone@1") { profile { name } '
        "asBad { domains { name } } } }",
        language=language,
    )

    assert found["areasAsBadAs"]["profile"] == [{"name": name}]


# What is kept


async def test_more_references_than_a_request_may_have_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dominance, "_WORKINGS", replace(dominance._WORKINGS, most_asked=1))
    one = (
        "areasAsBadAs(reference: {code: %s},"
        " own: {domains: [{slug: %s, indicators: [{slug: %s}]}]}) { totals { asBad } }"
    )
    first, second = (one % (f'"{code}"', '"ill"', '"ill"') for code in ("WK900101", "WK900102"))
    result = await ask(f"{{ a: {first} b: {second} c: {first} }}", store=_store())

    assert result.errors is not None
    assert {shown(each)["code"] for each in result.errors} == {"LIMIT_OUT_OF_RANGE"}
    assert result.data is not None
    assert result.data["a"] is not None


async def test_what_is_kept_has_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dominance, "_WORKINGS", replace(dominance._WORKINGS, most_bytes=10_000))
    snapshot = await open_sample(_store())
    for code in CODES[:5]:
        for required in (1, 2, 3):
            asked = {"own": OWN, "reference": {"code": code}, "required": required}
            await data(_QUERY, asked, snapshot=snapshot)

    kept = dominance._WORKINGS.held(facts_of(snapshot))

    assert 0 < kept.weight <= 10_000


async def test_what_was_kept_answers_as_what_is_worked_out_anew() -> None:
    snapshot = await open_sample(_store(*_TWO))
    asked = {"own": OWN, "reference": _FOCUS, "outside": "kans"}
    first = await data(_QUERY, asked, snapshot=snapshot)

    assert await data(_QUERY, asked, snapshot=snapshot) == first
    assert await data(_QUERY, asked, store=_store(*_TWO)) == first


async def test_a_year_is_that_of_all_values() -> None:
    store = _store()
    key = SeriesKey("ill", Level.WIJK, 2024)
    store.blocks[key] = block("ill", [1.0] * 8, (2023, 2024))
    found = await _found(store, year=2024)

    assert found["profile"][0]["percentile"] == 50.0
