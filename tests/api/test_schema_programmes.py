"""Programmes, focus areas, memberships and groups: dated, sourced, and with their certainty."""

from dataclasses import replace

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.block import SeriesKey
from db.core.levels import Level
from tests.api.asking import data, refusal
from tests.api.sample import SampleStore


async def test_a_focus_area_shows_its_members_and_how_sure_they_are() -> None:
    answer = await data(
        """{ focusArea(slug: "aadorp-centrum") { name aliases note(language: EN)
            programme { slug } gemeente { code vintage } gemeenteCode gemeenteVintage
            publishedPopulation publishedPopulationDate
            members { code vintage level unitName extent share validFrom validFromPrecision
              validUntil certainty counts legalBasis source note focusArea { slug }
              english: source(language: EN) remark: note(language: EN)
              area { name vintage } }
            composition { official nameMatch candidate unidentified partial counted complete }
            membersPopulation { value year vintage units unknown provisional note(language: EN)
              provenance { dataset } } } }"""
    )

    seen = answer["focusArea"]
    member = {
        "code": "WK900101",
        "vintage": 2024,
        "level": "WIJK",
        "unitName": "Naam in de bron",
        "extent": "WHOLE",
        "share": 1,
        "validFrom": "2022-01-01",
        "validFromPrecision": "YEAR",
        "validUntil": None,
        "certainty": "NAME_MATCH",
        "counts": True,
        "legalBasis": None,
        "source": "Brief van 2022",
        "note": None,
        "english": "Letter of 2022",
        "remark": None,
        "focusArea": {"slug": "aadorp-centrum"},
        "area": {"name": "Centrum", "vintage": 2024},
    }
    assert seen["members"][0] == member
    unsure = seen["members"][2]
    assert (unsure["note"], unsure["remark"]) == ("Niet zeker.", "Not certain.")
    assert [(m["code"], m["counts"], m["share"]) for m in seen["members"][1:]] == [
        ("WK900103", True, 1),
        ("WK900102", False, None),
    ]
    del seen["members"]
    assert seen == {
        "name": "Aadorp Centrum",
        "aliases": ["Binnenstad"],
        "note": "With a candidate.",
        "programme": {"slug": "kans"},
        "gemeente": {"code": "GM9001", "vintage": 2024},
        "gemeenteCode": "GM9001",
        "gemeenteVintage": 2024,
        "publishedPopulation": 1100,
        "publishedPopulationDate": "2025-01-01",
        "composition": {
            "official": 0,
            "nameMatch": 2,
            "candidate": 1,
            "unidentified": 0,
            "partial": 0,
            "counted": 2,
            "complete": False,
        },
        "membersPopulation": {
            "value": 1010,
            "year": 2024,
            "vintage": 2024,
            "units": 2,
            "unknown": 1,
            "provisional": True,
            "note": "sum over 1 of 2 whole units; rounded parts do not add up exactly to the whole",
            "provenance": {"dataset": "kerncijfers-2024"},
        },
    }


async def test_a_part_of_a_unit_is_never_added_up() -> None:
    answer = await data(
        """{ focusArea(slug: "elstad-deels") { composition { partial complete }
            membersPopulation { value units note(language: EN) } } }"""
    )

    assert answer["focusArea"] == {
        "composition": {"partial": 1, "complete": False},
        "membersPopulation": {
            "value": None,
            "units": 1,
            "note": "not added up: some units belong to it in part, or to an unknown extent",
        },
    }


async def test_a_composition_of_whole_official_units_is_complete() -> None:
    answer = await data(
        """{ focusArea(slug: "elstad") { composition { official complete }
            membersPopulation { value unknown } } }"""
    )

    assert answer["focusArea"] == {
        "composition": {"official": 1, "complete": True},
        "membersPopulation": {"value": 905, "unknown": 0},
    }


async def test_inhabitants_that_are_not_loaded_are_not_zero() -> None:
    store = SampleStore()
    del store.blocks[SeriesKey("population", Level.WIJK, 2024)]

    answer = await data(
        '{ focusArea(slug: "elstad") { membersPopulation { value note(language: EN) } } }',
        store=store,
    )

    assert answer["focusArea"]["membersPopulation"] == {
        "value": None,
        "note": "no inhabitants are loaded for wijk vintage 2024",
    }


async def test_inhabitants_of_units_that_are_all_withheld_are_not_zero() -> None:
    store, key = SampleStore(), SeriesKey("population", Level.WIJK, 2024)
    block = store.blocks[key]
    withheld = np.full_like(block.reasons, Reason.CONFIDENTIAL)
    unseen = np.full_like(block.values, np.nan)
    store.blocks[key] = replace(block, reasons=withheld, values=unseen)

    answer = await data(
        '{ focusArea(slug: "elstad") { membersPopulation { value unknown note(language: EN) } } }',
        store=store,
    )

    assert answer["focusArea"]["membersPopulation"] == {
        "value": None,
        "unknown": 1,
        "note": "none of the units has a figure for 2024",
    }


async def test_members_are_those_of_the_date() -> None:
    answer = await data(
        """{ focusArea(slug: "oudeland") {
            before: members(at: "2023-06-30") { code vintage area { code vintage } }
            after: members(at: "2023-07-01") { code }
            now: members { code } } }"""
    )

    assert answer["focusArea"] == {
        "before": [
            {"code": "WK900104", "vintage": 2023, "area": {"code": "WK900104", "vintage": 2023}}
        ],
        "after": [],
        "now": [],
    }


async def test_candidates_can_be_left_out() -> None:
    answer = await data(
        '{ focusArea(slug: "aadorp-centrum") { members(candidates: false) { code } } }'
    )

    assert [each["code"] for each in answer["focusArea"]["members"]] == ["WK900101", "WK900103"]


async def test_a_membership_shows_on_the_area_of_its_own_vintage_only() -> None:
    query = """query ($vintage: Int) { wijk(code: "WK900101", vintage: $vintage) {
        memberships { focusArea { slug } certainty } membershipsKnownFor } }"""

    new, old = [(await data(query, {"vintage": v}))["wijk"] for v in (2024, 2023)]

    assert new["memberships"] == [
        {"focusArea": {"slug": "aadorp-centrum"}, "certainty": "NAME_MATCH"}
    ]
    assert old["memberships"] == []
    assert old["membershipsKnownFor"] == [2023, 2024]


async def test_a_level_without_any_stated_membership_has_null_and_not_none() -> None:
    answer = await data(
        """{ buurt(code: "BU90010101") { memberships { code } membershipsKnownFor }
            wijk(code: "WK900102") { memberships { code counts } } }"""
    )

    assert answer == {
        "buurt": {"memberships": None, "membershipsKnownFor": []},
        "wijk": {"memberships": [{"code": "WK900102", "counts": False}]},
    }


async def test_memberships_of_an_area_on_a_date() -> None:
    answer = await data(
        """{ wijk(code: "WK900104", vintage: 2023) { all: memberships { validUntil }
            before: memberships(at: "2023-01-01") { code }
            after: memberships(at: "2024-01-01") { code } } }"""
    )

    assert answer["wijk"] == {
        "all": [{"validUntil": "2023-07-01"}],
        "before": [{"code": "WK900104"}],
        "after": [],
    }


async def test_a_programme_lists_its_focus_areas() -> None:
    answer = await data(
        """{ programme(slug: "kans") { name description(language: EN) validFrom
            validFromPrecision validUntil legalBasis source english: source(language: EN) sourceUrl
            focusAreas { slug } } }"""
    )

    assert answer["programme"] == {
        "name": "Programma kans",
        "description": "What it is.",
        "validFrom": "2022-01-01",
        "validFromPrecision": "YEAR",
        "validUntil": None,
        "legalBasis": None,
        "source": "Staatscourant",
        "english": "Government Gazette",
        "sourceUrl": None,
        "focusAreas": [
            {"slug": "aadorp-centrum"},
            {"slug": "elstad"},
            {"slug": "elstad-deels"},
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "slugs"),
    [
        ("", ["kans", "toen"]),
        ('(at: "2023-06-30")', ["kans", "toen"]),
        ('(at: "2023-07-01")', ["kans"]),
    ],
)
async def test_programmes_on_a_date(arguments: str, slugs: list[str]) -> None:
    answer = await data(f"{{ programmes{arguments} {{ slug }} }}")

    assert [each["slug"] for each in answer["programmes"]] == slugs


@pytest.mark.parametrize(
    ("arguments", "slugs"),
    [
        ("", ["aadorp-centrum", "elstad", "elstad-deels", "oudeland"]),
        ('(programme: "toen")', ["oudeland"]),
        ('(at: "2024-01-01")', ["aadorp-centrum", "elstad", "elstad-deels"]),
        ('(programme: "kans", municipalityGroup: "network")', ["aadorp-centrum"]),
        ('(at: "2021-01-01")', []),
    ],
)
async def test_focus_areas_by_programme_date_and_group(arguments: str, slugs: list[str]) -> None:
    answer = await data(f"{{ focusAreas{arguments} {{ slug }} }}")

    assert [each["slug"] for each in answer["focusAreas"]] == slugs


async def test_focus_areas_are_not_compared_with_a_list_of_another_vintage() -> None:
    error = await refusal(
        '{ focusAreas(programme: "kans", municipalityGroup: "network", at: "2023-01-01") { slug } }'
    )

    assert error["code"] == "NOT_STATED_FOR_VINTAGE"
    assert error["statedFor"] == [{"level": "GEMEENTE", "vintage": 2023}]


async def test_a_group_has_the_members_of_the_list_that_was_there_on_the_date() -> None:
    answer = await data(
        """{ municipalityGroup(slug: "network") { name(language: EN) description source
            english: source(language: EN)
            lists { asOf vintage count }
            then: members(at: "2023-12-31") { asOf asOfPrecision certainty source vintage
              english: source(language: EN)
              members { code listedName vintage gemeente { code name vintage } } }
            now: members(at: "2024-01-01") { count members { code gemeente { name } } } } }"""
    )

    assert answer["municipalityGroup"] == {
        "name": "Network",
        "description": "Gemeenten samen.",
        "source": "Website van het netwerk",
        "english": "Website of the network",
        "lists": [
            {"asOf": "2022-04-01", "vintage": 2023, "count": 2},
            {"asOf": "2024-01-01", "vintage": 2024, "count": 2},
        ],
        "then": {
            "asOf": "2022-04-01",
            "asOfPrecision": "MONTH",
            "certainty": "NAME_MATCH",
            "source": "Ledenlijst",
            "english": "List of members",
            "vintage": 2023,
            "members": [
                {
                    "code": code,
                    "listedName": name,
                    "vintage": 2023,
                    "gemeente": {"code": code, "name": name, "vintage": 2023},
                }
                for code, name in (("GM9001", "Aadorp"), ("GM9003", "Oudeland"))
            ],
        },
        "now": {
            "count": 2,
            "members": [
                {"code": "GM9001", "gemeente": {"name": "Aadorp"}},
                {"code": "GM9009", "gemeente": None},
            ],
        },
    }


async def test_a_date_before_the_first_list_is_an_error_that_names_it() -> None:
    error = await refusal(
        '{ municipalityGroup(slug: "network") { members(at: "2020-01-01") { count } } }'
    )

    assert (error["code"], error["firstList"]) == ("NO_LIST_ON_DATE", "2022-04-01")


async def test_all_groups_are_listed() -> None:
    assert await data("{ municipalityGroups { slug } }") == {
        "municipalityGroups": [{"slug": "network"}]
    }
