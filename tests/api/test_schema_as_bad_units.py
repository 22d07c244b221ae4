"""References of several areas, and units of another vintage: by their ground and never by code."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from db.core.area_links import Vintage, link
from db.core.levels import Level
from db.core.linked import Linked
from db.core.overlay import Overlap
from db.core.programme import Certainty, Extent, Membership
from tests.api.asking import data, refusal
from tests.api.profiles import NAN, ProfileStore, store_of, table
from tests.api.sample import _member

CODES = tuple(f"WK9001{n:02}" for n in range(1, 9))
FIGURES = {
    "ill": [10.0, 20, 30, 40, 50, 60, 70, 80],
    "damp": [80.0, 20, 30, 40, 50, NAN, 70, 40],
    "idle": [10.0, 20, 30, 40, 30, 60, 70, 80],
    "population": [1000.0, 1000, 3000, 1000, 1000, 1000, 1000, 1000],
}
_OWN = {"domains": [{"slug": s, "indicators": [{"slug": s}]} for s in ("ill", "damp", "idle")]}
_QUERY = """query ($reference: AreaReferenceInput!, $own: StackingDefinitionInput!,
  $outside: String, $required: Int, $carried: Boolean! = false) {
  areasAsBadAs(reference: $reference, own: $own, outsideProgramme: $outside, required: $required,
      carried: $carried) {
    programme membersCarriedFrom membersCarried { focusArea { slug } vintage } notStated
    reference { vintage codes area { code } focusArea { slug } units carriedFrom carriedBy
      notCarried inPart }
    profile { domain percentile known eachUnit { area { code } percentile } }
    asBad { area { code } belonging } cannotBeSaid { area { code } } totals { reference leftOut }
    members: position(code: "WK900107") { standing belonging }
    some: position(code: "WK900103") { standing belonging }
    candidate: position(code: "WK900108") { standing belonging } } }"""


async def _found(store: ProfileStore, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await data(_QUERY, {"own": _OWN, **given}, store=store))[
        "areasAsBadAs"
    ]
    return found


def _codes(listed: list[dict[str, Any]]) -> list[str]:
    return [each["area"]["code"] for each in listed]


def _together(*codes: str, **more: Any) -> dict[str, Any]:
    return {"reference": {"codes": list(codes), **more}}


# Several areas.


async def test_codes_of_a_caller_are_one_reference_as_a_focus_area_of_them_is() -> None:
    members = [_member("elstad", code, Certainty.OFFICIAL) for code in CODES[2:4]]
    store = store_of(CODES, FIGURES, members=members)

    codes = await _found(store, **_together("WK900104", "WK900103", "WK900104"))
    focus = await _found(store, reference={"focusArea": "elstad"})

    assert codes["profile"] == focus["profile"]
    assert codes["asBad"] == [{**each, "belonging": None} for each in focus["asBad"]]
    assert codes["reference"]["codes"] == ["WK900103", "WK900104"]
    assert (codes["reference"]["area"], codes["reference"]["focusArea"]) == (None, None)
    assert codes["totals"]["reference"] == 2


async def test_every_unit_is_the_worst_of_them_domain_by_domain() -> None:
    store = store_of(CODES, FIGURES)

    together = await _found(store, **_together("WK900101", "WK900104"))
    every = await _found(store, **_together("WK900101", "WK900104", units="EVERY"))

    for one in every["profile"]:
        assert one["percentile"] == max(each["percentile"] for each in one["eachUnit"])
    assert (together["reference"]["units"], every["reference"]["units"]) == ("TOGETHER", "EVERY")
    # Beside 80 in damp nobody else is as bad; the mean of 80 and 40 is reached.
    assert _codes(every["asBad"]) == []
    assert _codes(together["asBad"]) == ["WK900107"]


async def test_who_is_as_bad_as_every_unit_is_so_beside_each_of_them() -> None:
    store = store_of(CODES, FIGURES)
    pair = ("WK900103", "WK900105")

    every = await _found(store, **_together(*pair, units="EVERY"))
    one, other = [await _found(store, reference={"code": code}) for code in pair]

    both = set(_codes(one["asBad"])) & set(_codes(other["asBad"]))
    assert set(_codes(every["asBad"])) == both - set(pair) != set()


async def test_every_unit_is_unknown_where_one_is() -> None:
    found = await _found(
        store_of(CODES, FIGURES), required=2, **_together("WK900104", "WK900106", units="EVERY")
    )

    assert [each["percentile"] is None for each in found["profile"]] == [False, True, False]
    assert [each["known"] for each in found["profile"]] == [1.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ({"codes": []}, "LIMIT_OUT_OF_RANGE"),
        ({"codes": ["WK900101", "GM9001"]}, "BAD_USER_INPUT"),
        ({"codes": ["WK900101"], "code": "WK900101"}, "BAD_USER_INPUT"),
        ({}, "BAD_USER_INPUT"),
        ({"codes": ["WK900199"]}, "UNKNOWN_CODE"),
        ({"codes": ["WK900101"] * 51}, "LIMIT_OUT_OF_RANGE"),
    ],
)
async def test_what_is_no_reference_is_refused(reference: dict[str, Any], code: str) -> None:
    given = {"own": _OWN, "reference": reference}

    assert (await refusal(_QUERY, given, store=store_of(CODES, FIGURES)))["code"] == code


# Another vintage.

_BEFORE = ("WK900107", "WK900111", "WK900112", "WK900113", "WK900114")
"""Of 2023. The first code is another area in 2024."""
_GROUND = (
    ("WK900107", "WK900101", 100.0),
    ("WK900111", "WK900104", 97.0),
    ("WK900111", "WK900105", 3.0),
    ("WK900112", "WK900102", 60.0),
    ("WK900112", "WK900103", 40.0),
    ("WK900113", "WK900103", 60.0),
    ("WK900113", "WK900107", 100.0),
    ("WK900114", "WK900105", 97.0),
    ("WK900114", "WK900106", 100.0),
    ("WK900114", "WK900108", 100.0),
)
_STATED = (
    _member("elstad", "WK900111", Certainty.NAME_MATCH, vintage=2023),
    _member("elstad", "WK900112", Certainty.NAME_MATCH, vintage=2023),
    _member("aadorp-centrum", "WK900107", Certainty.OFFICIAL, vintage=2023),
    _member("aadorp-centrum", "WK900114", Certainty.CANDIDATE, vintage=2023),
)


def _moved(*members: Membership) -> ProfileStore:
    """Members are stated for 2023, figures are there for 2024, and maps link the two."""
    store = store_of(CODES, FIGURES, members=members or _STATED)
    store.tables[Level.WIJK, 2023] = replace(table(_BEFORE), vintage=2023)
    rows = sorted((_BEFORE.index(o), CODES.index(n), amount) for o, n, amount in _GROUND)
    old, new, amounts = map(np.array, zip(*rows, strict=True))
    overlap = Overlap(
        old.astype(np.int32), new.astype(np.int32), amounts, np.zeros(len(_BEFORE)), np.zeros(8)
    )
    links = link(overlap, Vintage(2023, _BEFORE, _BEFORE), Vintage(2024, CODES, CODES))
    store.linked = {(Level.WIJK, 2023, 2024): Linked(links)}
    return store


_ELSTAD = {"focusArea": "elstad", "vintage": 2024}


async def test_units_of_another_vintage_are_found_by_their_ground() -> None:
    found = await _found(_moved(), reference=_ELSTAD, carried=True)

    # All of 104 and of 102 is of the two units; of 103 it is 40 per cent.
    told = found["reference"]
    assert told["codes"] == ["WK900102", "WK900104"]
    assert (told["vintage"], told["carriedFrom"], told["inPart"]) == (2024, 2023, 1)
    assert told["carriedBy"] == ["SURFACE"]
    assert told["notCarried"] == 1, "40 per cent of one unit lies in an area that is not of it"


async def test_members_are_left_out_by_their_ground_and_never_by_their_code() -> None:
    found = await _found(
        _moved(), reference={"code": "WK900102"}, outside="kans", required=1, carried=True
    )

    assert found["membersCarriedFrom"] == [2023]
    assert found["members"]["belonging"] == "NOT_A_MEMBER", "another area had its code in 2023"
    assert found["some"] == {"standing": "LEFT_OUT", "belonging": "MEMBER_IN_PART"}
    assert found["candidate"]["belonging"] == "CANDIDATE"
    assert "WK900101" not in _codes(found["asBad"]), "a member under another code"
    # 101 and 104 wholly, 103 in part; the reference itself is a member too.
    assert found["totals"]["leftOut"] == 3


async def test_nothing_is_carried_unless_it_is_asked_for() -> None:
    for given in ({"reference": _ELSTAD}, {"reference": {"code": "WK900102"}, "outside": "kans"}):
        told = await refusal(_QUERY, {"own": _OWN, **given}, store=_moved())

        assert told["code"] == "NOT_STATED_FOR_VINTAGE"


async def test_what_is_stated_for_the_vintage_is_never_carried() -> None:
    stated = [
        _member(area, "WK900104", Certainty.OFFICIAL) for area in ("elstad", "aadorp-centrum")
    ]
    store = _moved(*_STATED, *stated)

    plain, asked = [
        await _found(store, reference=_ELSTAD, outside="kans", carried=carried)
        for carried in (False, True)
    ]
    assert plain == asked
    assert (asked["reference"]["carriedFrom"], asked["membersCarriedFrom"]) == (None, [])


async def test_each_focus_area_is_carried_from_the_vintage_of_its_own_units() -> None:
    """Elstad is stated for 2024, the centre of Aadorp for 2023 only: neither loses the other."""
    stated = _member("elstad", "WK900102", Certainty.OFFICIAL)
    store = _moved(stated, *_STATED[2:])

    plain, asked = [
        await _found(
            store, reference={"code": "WK900104"}, outside="kans", required=1, carried=carried
        )
        for carried in (False, True)
    ]

    assert (plain["notStated"], plain["membersCarried"]) == (
        ["aadorp-centrum", "elstad-deels"],
        [],
    )
    assert asked["membersCarried"] == [{"focusArea": {"slug": "aadorp-centrum"}, "vintage": 2023}]
    assert (asked["membersCarriedFrom"], asked["notStated"]) == ([2023], ["elstad-deels"])
    # WK900102 as it is stated; what was WK900107 in 2023 by its ground, which is WK900101.
    assert (plain["totals"]["leftOut"], asked["totals"]["leftOut"]) == (1, 2)
    assert asked["candidate"]["belonging"] == "CANDIDATE"


async def test_two_focus_areas_of_two_vintages_in_one_area_make_it_a_member_in_part() -> None:
    """40 per cent of WK900103 by its ground, and a part of it as it is stated."""
    part = _member("aadorp-centrum", "WK900103", Certainty.OFFICIAL, extent=Extent.PART, share=0.3)
    found = await _found(
        _moved(_STATED[1], part),
        reference={"code": "WK900104"},
        outside="kans",
        required=1,
        carried=True,
    )

    assert found["some"]["belonging"] == "MEMBER_IN_PART"
    assert found["membersCarried"] == [{"focusArea": {"slug": "elstad"}, "vintage": 2023}]
    assert found["totals"]["leftOut"] == 2, "WK900102 wholly, WK900103 in part"


async def test_without_links_it_is_refused_as_before() -> None:
    store = _moved()
    store.linked = {}
    told = await refusal(_QUERY, {"own": _OWN, "reference": _ELSTAD, "carried": True}, store=store)

    assert told["code"] == "NOT_STATED_FOR_VINTAGE"
