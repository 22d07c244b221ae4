"""Indicators, sources and publications as clients ask for them."""

from typing import Any

import pytest

from tests.api.asking import data, refusal
from tests.api.sample import open_sample


async def test_an_indicator_says_all_that_drives_its_use() -> None:
    answer = await data(
        """{ indicator(slug: "lonely") { __typename slug name en: name(language: EN) description
            unit(language: EN) domain direction kind aggregation summable nature decimals rounding
            breaks { year } denominator { slug } numerator { slug } note gap source { slug }
            availability { level vintage years } } }"""
    )

    assert answer["indicator"] == {
        "__typename": "Indicator",
        "slug": "lonely",
        "name": "lonely (naam)",
        "en": "lonely (name)",
        "description": "Wat lonely telt.",
        "unit": "persons",
        "domain": "HEALTH",
        "direction": "LOWER_IS_BETTER",
        "kind": "SHARE",
        "aggregation": "WEIGHTED_MEAN",
        "summable": False,
        "nature": "MODELLED",
        "decimals": 1,
        "rounding": None,
        "breaks": [],
        "denominator": {"slug": "population"},
        "numerator": None,
        "note": None,
        "gap": False,
        "source": {"slug": "bureau"},
        "availability": [
            {"level": "WIJK", "vintage": 2023, "years": [2016]},
            {"level": "WIJK", "vintage": 2024, "years": [2020]},
        ],
    }


async def test_a_count_may_be_summed_and_names_its_breaks_and_rounding() -> None:
    answer = await data(
        """{ indicator(slug: "population") { summable rounding
            breaks { year text(language: EN) }
            availability(level: GEMEENTE) { level vintage years } } }"""
    )

    assert answer["indicator"] == {
        "summable": True,
        "rounding": 5,
        "breaks": [{"year": 2023, "text": "New way of counting."}],
        "availability": [{"level": "GEMEENTE", "vintage": 2024, "years": [2024]}],
    }


@pytest.mark.parametrize(
    ("arguments", "slugs"),
    [
        ("", ["births", "lonely", "population", "school_advice", "thefts"]),
        ("(domain: SAFETY)", ["thefts"]),
        ('(search: "LONELY")', ["lonely"]),
        ('(search: "telt wat thefts")', ["thefts"]),
        ('(search: "name", domain: HEALTH)', ["lonely"]),
        ('(search: "nergens")', []),
        ("(level: WIJK)", ["lonely", "population"]),
    ],
)
async def test_indicators_are_found_by_domain_words_and_level(
    arguments: str, slugs: list[str]
) -> None:
    answer = await data(f"{{ indicators{arguments} {{ slug }} }}")

    assert [each["slug"] for each in answer["indicators"]] == slugs


@pytest.mark.parametrize("field", ["indicator", "programme", "focusArea", "municipalityGroup"])
async def test_an_unknown_slug_is_an_error_of_that_field(field: str) -> None:
    error = await refusal(f'{{ {field}(slug: "nergens-bekend-xyz") {{ slug }} }}')

    assert (error["code"], error["suggestions"]) == ("UNKNOWN_SLUG", [])


async def test_an_unknown_slug_suggests_the_nearest() -> None:
    error = await refusal('{ indicator(slug: "populations") { slug } }')

    assert error["suggestions"] == [{"slug": "population"}]


async def test_sources_give_their_terms() -> None:
    answer = await data(
        "{ sources { slug publisher name url licence licenceUrl attribution(language: EN) note } }"
    )

    assert answer["sources"] == [
        {
            "slug": "bureau",
            "publisher": "Bureau voor Voorbeelden",
            "name": "Kerncijfers",
            "url": "https://example.org/kerncijfers",
            "licence": "CC-BY-4.0",
            "licenceUrl": None,
            "attribution": "Source: Bureau voor Voorbeelden",
            "note": None,
        }
    ]


async def test_a_publication_says_when_what_and_whether_it_is_fictional() -> None:
    answer = await data(
        """{ publication { number publishedAt fictional note served changes { what count } }
            first: publication(number: 1) { number served loads { dataset } } }"""
    )

    assert answer == {
        "publication": {
            "number": 3,
            "publishedAt": "2024-06-03T08:30:00Z",
            "fictional": True,
            "note": None,
            "served": True,
            "changes": [{"what": "cells opened", "count": 60}],
        },
        "first": {"number": 1, "served": False, "loads": [{"dataset": "kerncijfers-2024"}]},
    }


async def test_a_publication_that_does_not_exist_is_an_error() -> None:
    assert (await refusal("{ publication(number: 9) { number } }"))["code"] == "UNKNOWN_PUBLICATION"


async def test_a_publication_knows_nothing_of_later_ones() -> None:
    snapshot = await open_sample(number=2)

    answer = await data("{ publications { totalCount nodes { number } } }", snapshot=snapshot)

    assert answer["publications"] == {"totalCount": 2, "nodes": [{"number": 2}, {"number": 1}]}


async def test_the_note_of_a_load_is_in_the_language_of_the_request() -> None:
    query = "{ publication(number: 1) { loads { note dutch: note(language: NL) } } }"

    answer = await data(query, language="en")

    assert answer["publication"]["loads"] == [{"note": "A part only.", "dutch": "Alleen een deel."}]


async def test_publications_are_paged_newest_first() -> None:
    query = """query ($after: String) { publications(first: 2, after: $after) {
        totalCount nodes { number } edges { cursor } pageInfo { hasNextPage endCursor } } }"""

    first: Any = (await data(query))["publications"]
    second: Any = (await data(query, {"after": first["pageInfo"]["endCursor"]}))["publications"]

    assert [each["number"] for each in first["nodes"] + second["nodes"]] == [3, 2, 1]
    assert (first["totalCount"], second["pageInfo"]["hasNextPage"]) == (3, False)
