"""Filters: every condition, their combination, and what is said when one cannot hold."""

from typing import Any

import pytest

from tests.api.asking import data, refusal

_LIST = """query ($filter: AreaFilter, $vintage: Int) {
    wijken(filter: $filter, vintage: $vintage) { nodes { code } } }"""


async def _wijken(chosen: dict[str, Any], vintage: int | None = None) -> list[str]:
    answer = await data(_LIST, {"filter": chosen, "vintage": vintage})
    return [each["code"] for each in answer["wijken"]["nodes"]]


async def _refused(chosen: dict[str, Any], vintage: int | None = None) -> Any:
    return await refusal(_LIST, {"filter": chosen, "vintage": vintage})


_ALL_LAND = ["WK900101", "WK900102", "WK900103", "WK9002A1"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, _ALL_LAND),
        ({"terrain": None}, ["WK900101", "WK900102", "WK900103", "WK900199", "WK9002A1"]),
        ({"terrain": "WATER"}, ["WK900199"]),
        ({"terrain": "ABROAD"}, []),
        ({"codes": []}, []),
        ({"codes": ["WK900102", "WK900101", "WK900102"]}, ["WK900101", "WK900102"]),
        ({"codes": ["WK900199"]}, []),
        ({"gemeente": "GM9001"}, ["WK900101", "WK900102", "WK900103"]),
        ({"parent": "GM9002"}, ["WK9002A1"]),
        ({"name": "CENTR"}, ["WK900101", "WK9002A1"]),
        ({"name": "eenhoorn"}, ["WK900103"]),
        ({"name": ""}, _ALL_LAND),
        ({"name": "centrum", "gemeente": "GM9002"}, ["WK9002A1"]),
        ({"focusArea": "aadorp-centrum"}, ["WK900101", "WK900103"]),
        ({"focusArea": "elstad-deels"}, ["WK9002A1"]),
        ({"programme": "kans"}, ["WK900101", "WK900103", "WK9002A1"]),
        ({"programme": "kans", "at": "2021-12-31"}, []),
        ({"municipalityGroup": "network"}, ["WK900101", "WK900102", "WK900103"]),
        ({"programme": "kans", "municipalityGroup": "network"}, ["WK900101", "WK900103"]),
    ],
)
async def test_a_filter_keeps_exactly_what_meets_it(
    chosen: dict[str, Any], expected: list[str]
) -> None:
    assert await _wijken(chosen) == expected


async def test_a_null_filter_is_all_land() -> None:
    answer = await data("{ wijken(filter: null) { nodes { code } } }")

    assert [each["code"] for each in answer["wijken"]["nodes"]] == _ALL_LAND


async def test_a_box_meets_bounding_boxes_and_never_an_area_without_a_shape() -> None:
    box = {"west": 5.021, "south": 51.0, "east": 5.031, "north": 53.0}

    assert await _wijken({"bbox": box}) == ["WK900102"]


@pytest.mark.parametrize(
    "box",
    [
        {"west": 6, "south": 51, "east": 5, "north": 53},
        {"west": 5, "south": 53, "east": 6, "north": 51},
        {"west": 155000, "south": 463000, "east": 156000, "north": 464000},
    ],
)
async def test_a_box_inside_out_or_not_in_degrees_is_refused(box: dict[str, float]) -> None:
    assert (await _refused({"bbox": box}))["code"] == "BAD_USER_INPUT"


async def test_codes_that_the_vintage_does_not_have_are_named_and_lose_no_other() -> None:
    answer = await data(
        """{ wijken(filter: {codes: ["WK900101", "WK900104", "WK900105"]}) {
            nodes { code } missingCodes { code reason message messageNl } } }"""
    )

    listed = answer["wijken"]
    assert listed["nodes"] == [{"code": "WK900101"}]
    assert [(each["code"], each["reason"]) for each in listed["missingCodes"]] == [
        ("WK900104", "CODE_NOT_VALID_IN_VINTAGE"),
        ("WK900105", "UNKNOWN_CODE"),
    ]
    assert "2023" in listed["missingCodes"][0]["messageNl"]
    assert "WK900101 Centrum" in listed["missingCodes"][1]["message"]


@pytest.mark.parametrize(
    "chosen",
    [
        {"codes": ["GM9001"]},
        {"gemeente": "WK900101"},
        {"parent": "WK900101"},
        {"parent": "NL00"},
        {"parent": "BU90010101"},
    ],
)
async def test_a_code_of_another_level_is_refused(chosen: dict[str, Any]) -> None:
    assert (await _refused(chosen))["code"] == "CODE_OF_ANOTHER_LEVEL"


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"gemeente": "GM9003"}, "CODE_NOT_VALID_IN_VINTAGE"),
        ({"gemeente": "GM9008"}, "UNKNOWN_CODE"),
        ({"gemeente": "Aadorp"}, "MALFORMED_CODE"),
        ({"codes": ["x"]}, "MALFORMED_CODE"),
        ({"focusArea": "aadorp"}, "UNKNOWN_SLUG"),
        ({"programme": "kan"}, "UNKNOWN_SLUG"),
        ({"municipalityGroup": "netwerk"}, "UNKNOWN_SLUG"),
        ({"municipalityGroup": "network", "at": "2020-01-01"}, "NO_LIST_ON_DATE"),
        ({"name": "x" * 101}, "LIMIT_OUT_OF_RANGE"),
        ({"codes": ["WK900101"] * 5001}, "LIMIT_OUT_OF_RANGE"),
    ],
)
async def test_a_condition_that_cannot_hold_is_an_error_and_not_an_empty_list(
    chosen: dict[str, Any], code: str
) -> None:
    assert (await _refused(chosen))["code"] == code


async def test_an_unknown_focus_area_suggests_the_nearest() -> None:
    error = await _refused({"focusArea": "aadorp-centrm"})

    assert error["suggestions"] == [{"slug": "aadorp-centrum"}]


@pytest.mark.parametrize(
    ("chosen", "stated"),
    [
        ({"focusArea": "aadorp-centrum"}, [{"level": "WIJK", "vintage": 2024}]),
        ({"programme": "kans"}, [{"level": "WIJK", "vintage": 2024}]),
        ({"municipalityGroup": "network"}, [{"level": "GEMEENTE", "vintage": 2024}]),
    ],
)
async def test_members_of_one_vintage_are_never_joined_on_the_codes_of_another(
    chosen: dict[str, Any], stated: list[dict[str, Any]]
) -> None:
    error = await _refused(chosen, vintage=2023)

    assert error["code"] == "NOT_STATED_FOR_VINTAGE"
    assert error["statedFor"] == stated


async def test_the_list_of_a_group_is_that_of_the_date() -> None:
    assert await _wijken({"municipalityGroup": "network", "at": "2023-05-01"}, vintage=2023) == [
        "WK900101",
        "WK900102",
        "WK900104",
    ]


async def test_a_membership_that_has_ended_is_found_on_a_date_before_its_end() -> None:
    before, after = "2023-06-30", "2023-07-01"

    assert await _wijken({"focusArea": "oudeland", "at": before}, 2023) == ["WK900104"]
    assert await _wijken({"focusArea": "oudeland", "at": after}, 2023) == []
    assert await _wijken({"focusArea": "oudeland"}, 2023) == []


async def test_gemeenten_of_a_programme_are_those_its_focus_areas_lie_in() -> None:
    answer = await data('{ gemeenten(filter: {programme: "kans"}) { totalCount nodes { code } } }')

    assert answer["gemeenten"] == {
        "totalCount": 2,
        "nodes": [{"code": "GM9001"}, {"code": "GM9002"}],
    }


async def test_gemeenten_are_filtered_by_group_and_by_country() -> None:
    answer = await data(
        """{ group: gemeenten(filter: {municipalityGroup: "network"}) { nodes { code } }
            one: gemeenten(filter: {gemeente: "GM9002"}) { nodes { code } }
            country: gemeenten(filter: {parent: "NL00"}) { totalCount } }"""
    )

    assert answer == {
        "group": {"nodes": [{"code": "GM9001"}]},
        "one": {"nodes": [{"code": "GM9002"}]},
        "country": {"totalCount": 2},
    }


async def test_buurten_are_filtered_by_gemeente_and_by_wijk() -> None:
    answer = await data(
        """{ gemeente: buurten(filter: {gemeente: "GM9001"}) { totalCount }
            wijk: buurten(filter: {parent: "WK900102"}) { nodes { name } } }"""
    )

    assert answer == {
        "gemeente": {"totalCount": 3},
        "wijk": {"nodes": [{"name": "Noordrand"}]},
    }


async def test_a_wijk_without_buurten_gives_an_empty_list_and_no_error() -> None:
    answer = await data('{ buurten(filter: {parent: "WK900103"}) { totalCount } }')

    assert answer == {"buurten": {"totalCount": 0}}
