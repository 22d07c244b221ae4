"""Focus areas as areas: values with bounds and certainty, what does not count, what is refused."""

from typing import Any

import pytest

from db.core.programme import Certainty, Extent, Membership
from tests.api.asking import ask, refusal, shown
from tests.api.benchmarked import ONE
from tests.api.composed import country_of, focus_area_of
from tests.api.sample import _member

# Focus areas


async def test_a_focus_area_has_bounds_where_a_unit_belongs_in_part() -> None:
    store = country_of(
        _member("elstad", ONE[0], Certainty.OFFICIAL),
        _member("elstad", ONE[2], Certainty.NAME_MATCH, extent=Extent.PART, share=0.5),
        _member("elstad", ONE[3], Certainty.CANDIDATE),
        _member("elstad", None, Certainty.CANDIDATE, vintage=None),
    )
    found = await focus_area_of("elstad", "jobs", store=store)
    (jobs,) = found["observations"]

    assert (jobs["value"], jobs["lower"], jobs["upper"]) == (10 + 15, 10, 10 + 30)
    assert (jobs["status"], jobs["certainty"]) == ("ESTIMATED", "NAME_MATCH")
    assert {each["code"]: each["reason"] for each in found["area"]["omitted"]} == {
        ONE[3]: "CANDIDATE", None: "UNIDENTIFIED",
    }  # fmt: skip
    assert not found["area"]["complete"]
    assert found["area"]["certainty"] == "NAME_MATCH"


async def test_a_unit_to_an_unknown_extent_gives_bounds_only() -> None:
    store = country_of(
        _member("elstad", ONE[0], Certainty.OFFICIAL),
        _member("elstad", ONE[2], Certainty.OFFICIAL, extent=Extent.UNKNOWN, share=None),
    )
    (jobs,) = (await focus_area_of("elstad", "jobs", store=store))["observations"]

    assert (jobs["value"], jobs["reason"]["code"]) == (None, "SHARE_UNKNOWN")
    assert (jobs["lower"], jobs["upper"], jobs["blockedBy"]) == (10, 40, [])


async def test_what_is_not_known_of_a_shape_is_named_and_no_shape_is_made_up() -> None:
    store = country_of(
        _member("elstad", ONE[0], Certainty.OFFICIAL, extent=Extent.PART, share=0.5),
    )
    shape = (await focus_area_of("elstad", "jobs", store=store))["geometry"]

    assert shape == {"complete": False, "geojson": None, "notDrawn": [{"code": ONE[0]}]}


async def test_a_unit_named_twice_counts_once_and_whole_goes_before_part() -> None:
    whole = _member("elstad", ONE[0], Certainty.OFFICIAL)
    half = _member("elstad", ONE[0], Certainty.OFFICIAL, extent=Extent.PART, share=0.5)
    other = _member("elstad", ONE[0], Certainty.OFFICIAL, extent=Extent.PART, share=0.7)

    for members, expected in (((whole, half), 10), ((half, half), 5), ((half, other), None)):
        (jobs,) = (await focus_area_of("elstad", "jobs", store=country_of(*members)))[
            "observations"
        ]
        assert jobs["value"] == expected


async def test_units_stated_for_another_vintage_are_not_joined_on_the_code() -> None:
    members = (
        _member("elstad", ONE[0], Certainty.OFFICIAL),
        _member("elstad", ONE[1], Certainty.OFFICIAL, vintage=2023),
    )
    now = await focus_area_of("elstad", "jobs", store=country_of(*members))
    then = await focus_area_of("elstad", "jobs", store=country_of(*members), vintage=2023)

    assert now["area"]["vintage"] == 2024
    assert [each["code"] for each in now["area"]["omitted"]] == [ONE[1]]
    assert now["area"]["omitted"][0]["reason"] == "OTHER_VINTAGE"
    assert then["area"]["vintage"] == 2023
    assert [each["area"]["code"] for each in then["area"]["units"]] == [ONE[1]]


_ONE = _member("elstad", ONE[0], Certainty.OFFICIAL)
_LONG_AGO = _member("elstad", ONE[0], Certainty.OFFICIAL, vintage=1999)
_PERHAPS = _member("elstad", ONE[0], Certainty.CANDIDATE)


@pytest.mark.parametrize(
    ("members", "given", "code"),
    [
        ((), {}, "BAD_USER_INPUT"),
        ((_PERHAPS,), {}, "BAD_USER_INPUT"),
        ((_ONE,), {"vintage": 2023}, "NOT_STATED_FOR_VINTAGE"),
        ((_ONE,), {"at": "2001-01-01"}, "BAD_USER_INPUT"),
        ((_LONG_AGO,), {}, "NOT_STATED_FOR_VINTAGE"),
    ],
)
async def test_a_focus_area_without_units_is_refused_and_not_empty(
    members: tuple[Membership, ...], given: dict[str, Any], code: str
) -> None:
    query = """query ($vintage: Int, $at: Date) { focusArea(slug: "elstad") {
      area(vintage: $vintage, at: $at) { vintage } } }"""

    assert (await refusal(query, given, store=country_of(*members)))["code"] == code


async def test_one_focus_area_without_units_does_not_lose_the_others() -> None:
    store = country_of(_member("elstad", ONE[0], Certainty.OFFICIAL))
    query = """{ focusAreas(programme: "kans") { slug
      observations(indicators: ["jobs"]) { ... on Aggregate { value } } } }"""
    result = await ask(query, store=store)

    assert result.data is not None
    told = {each["slug"]: each["observations"] for each in result.data["focusAreas"]}
    assert told == {"aadorp-centrum": None, "elstad": [{"value": 10}], "elstad-deels": None}
    assert {shown(each)["code"] for each in result.errors or ()} == {"BAD_USER_INPUT"}
