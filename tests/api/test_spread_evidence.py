"""The bundle of a distribution: the numbers of GraphQL, every year, and honest absence."""

import json
from typing import Any

import pytest

from tests.api.asking import data
from tests.api.bundled import columns_unexplained, number, rows_of, unpacked, zip_at
from tests.api.resting import PUBLIC_URL, rest_client
from tests.api.sample import SampleStore, open_sample
from tests.api.test_schema_distribution import DISTRIBUTION, GIVEN, NAN, country

ADDRESS = "/v1/bewijzen/verdeling?indicator=benefits&niveau=wijk"


async def _bundle(address: str, store: SampleStore) -> tuple[dict[str, bytes], Any]:
    async with rest_client(store) as (client, _):
        files = unpacked(await zip_at(client, address))
    return files, json.loads(files["antwoord.json"])["antwoord"]


@pytest.mark.parametrize("within", [None, "GM9001"])
async def test_the_measures_and_quotients_are_those_that_graphql_answers(
    within: str | None,
) -> None:
    given = {**GIVEN, "within": within}
    found = (await data(DISTRIBUTION, given, store=country()))["distribution"]
    inside = f"&gemeenteCode={within}" if within else ""
    files, told = await _bundle(f"{ADDRESS}&programma=kans{inside}", country())
    assert columns_unexplained(files) == set()
    assert told["gini"] == found["gini"] is not None
    assert told["ongelijkheidTegenoverRest"] == found["rest"]["value"]
    assert told["ongelijkheidTegenoverAllen"] == found["all"]["value"]
    assert told["vijfden"] == found["quantileShares"]["shares"]
    counts = ("gebieden", "zonderWaarde", "zonderGewicht", "leeg", "dekking", "weinigGebieden")
    names = ("areas", "without", "unweighed", "empty", "coverage", "noisy")
    assert [told[each] for each in counts] == [found[each] for each in names]
    share, asked = told["programma"], found["shareInFocusAreas"]
    words = ("deelVanDeLast", "deelVanWaartegen", "quotient", "minstens", "hoogstens", "onbekend")
    names = ("load", "population", "quotient", "lower", "upper", "unknown")
    assert [share[each] for each in words] == [asked[each] for each in names]
    rows = {each["code"]: number(each["quotient"]) for each in rows_of(files)}
    quotients = {each["area"]["code"]: each["quotient"] for each in found["locationQuotients"]}
    assert {code: value for code, value in rows.items() if value is not None} == quotients
    assert all(code.startswith("WK9001") for code in rows) or within is None


async def test_every_year_on_these_boundaries_is_told_beside_the_asked_one() -> None:
    store = (
        country().put("benefits", [0, 0, 0, 0], year=2021).put("benefits", [1, 2, 3, 4], year=2022)
    )
    _, told = await _bundle(f"{ADDRESS}&jaar=2022", store)
    assert [each["jaar"] for each in told["jaren"]] == [2021, 2022, 2024]
    assert told["jaar"] == 2022
    assert [each["oordeel"] for each in told["jaren"]] == ["NO_PROBLEM", "TOLD", "TOLD"]
    assert [each["gini"] is None for each in told["jaren"]] == [True, False, False]


async def test_where_nothing_can_be_told_no_area_has_a_quotient_and_all_are_hatched() -> None:
    files, told = await _bundle(ADDRESS, country(benefits=[6, NAN, NAN, NAN]))
    assert (told["oordeel"], told["gini"]) == ("LOW_COVERAGE", None)
    assert told["uitleg"]
    assert {each["quotient"] for each in rows_of(files)} == {""}
    classes = {each["class"]: each["gebieden"] for each in told["gebiedenPerKlasse"]}
    assert classes["Cannot be said"] == 4
    assert sum(classes.values()) == len(rows_of(files))


async def test_a_value_that_the_source_hides_is_empty_and_says_so() -> None:
    async with rest_client() as (client, _):
        answer = await zip_at(client, "/v1/bewijzen/verdeling?indicator=lonely&niveau=wijk")
    rows = rows_of(unpacked(answer))
    hidden = [each for each in rows if each["status"] in ("SUPPRESSED", "UNKNOWN")]
    assert hidden
    assert {(each["waarde"], each["quotient"]) for each in hidden} == {("", "")}
    assert all(each["reden"] for each in rows)


async def test_the_address_of_the_bundle_gives_the_same_bytes_a_publication_later() -> None:
    store = country()
    async with rest_client(store) as (client, held):
        held.snapshot = await open_sample(store, 2)
        first = await zip_at(client, ADDRESS)
        again = json.loads(unpacked(first)["manifest.json"])["adres"]
        held.snapshot = await open_sample(store, 3)
        assert await zip_at(client, again.removeprefix(PUBLIC_URL)) == first
        assert await zip_at(client, ADDRESS) != first


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["indicator", "niveau"]),
        ("indicator=nope&niveau=wijk&programma=geen", ["indicator", "programma"]),
        ("indicator=income&niveau=wijk", ["indicator"]),
        ("indicator=population&niveau=wijk&programma=kans", ["indicator"]),
        ("indicator=benefits&niveau=wijk&gemeenteCode=GM9999", ["gemeenteCode"]),
        ("indicator=benefits&niveau=wijk&gemeenteCode=WK900101", ["gemeenteCode"]),
        ("indicator=benefits&niveau=wijk&jaar=1999", ["jaar"]),
        ("indicator=benefits&niveau=wijk&indeling=1999", ["indeling"]),
        ("indicator=benefits&niveau=gemeente&gemeenteCode=GM9001&jaar=2024", ["jaar"]),
    ],
)
async def test_a_distribution_that_there_is_not_is_refused_by_name(
    query: str, names: list[str]
) -> None:
    async with rest_client(country()) as (client, _):
        answer = await client.get(f"/v1/bewijzen/verdeling?{query}")
    assert answer.status_code in (400, 404), answer.text
    assert [each["name"] for each in answer.json()["errors"]] == names
