"""A list of codes that is newer than all figures: no door answers on it unless it is asked."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from db.core.levels import Level
from db.core.programme import Certainty
from tests.api.asking import data, refusal
from tests.api.resting import rest_client
from tests.api.sample import REFERENCE, SampleStore, _member

_RENAMED = {"WK900102": "Noorderkwartier"}


@pytest.fixture
def store() -> SampleStore:
    """Codes of 2025 without a shape or a figure: one name is new, and so is one wijk."""
    made = SampleStore()
    for level in (Level.LAND, Level.GEMEENTE, Level.WIJK, Level.BUURT):
        before = made.tables[level, 2024]
        made.tables[level, 2025] = replace(
            before,
            vintage=2025,
            ids=before.ids + 1000,
            names=tuple(
                _RENAMED.get(code, name)
                for code, name in zip(before.codes, before.names, strict=True)
            ),
            bounds=before.bounds * float("nan"),
        )
    wijken = made.tables[Level.WIJK, 2025]
    made.tables[Level.WIJK, 2025] = replace(
        wijken,
        codes=(*wijken.codes[:-1], "WK900105"),
        ordinals={},
        names=(*wijken.names[:-1], "Nieuwbouw"),
        terrains=(*wijken.terrains[:-1], wijken.terrains[0]),
        parents=(*wijken.parents[:-1], "GM9001"),
    )
    return made


async def test_every_field_that_names_no_vintage_answers_on_that_of_the_figures(
    store: SampleStore,
) -> None:
    found = await data(
        """{
          wijk(code: "WK900101") { vintage }
          area(code: "WK900101") { vintage }
          gemeenten { nodes { vintage } }
          wijken { nodes { vintage } }
          ranking(indicator: "population", level: WIJK) { vintage }
          search(text: "Centrum", levels: [WIJK]) { area { vintage } }
          locate(points: [[5.005, 52.005]], level: WIJK) { vintage }
          composedArea(codes: ["WK9002A1", "BU90010101"]) { vintage units { area { vintage } } }
        }""",
        store=store,
    )

    assert _vintages(found) == {2024}


def _vintages(found: Any) -> set[int]:
    """Every value under the key `vintage`."""
    if isinstance(found, list):
        return {each for item in found for each in _vintages(item)}
    if isinstance(found, dict):
        below = {each for item in found.values() for each in _vintages(item)}
        return below | ({found["vintage"]} if "vintage" in found else set())
    return set()


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/v1/wijken", "indeling"),
        ("/v1/wijken/WK900101", "indeling"),
        ("/v1/gemeenten/GM9001", "indeling"),
        ("/v1/wijken/WK900101/waarnemingen?indicatoren=population", "indeling"),
        ("/v1/gebieden?niveau=wijk&f=geojson", "indeling"),
    ],
)
async def test_every_address_that_names_no_vintage_answers_on_that_of_the_figures(
    store: SampleStore, address: str, key: str
) -> None:
    async with rest_client(store) as (client, _):
        answer = (await client.get(address)).text

    assert f'"{key}":2024' in answer.replace(" ", "")
    assert "2025" not in answer.replace("2025-01-01", "")


async def test_a_file_of_figures_has_figures(store: SampleStore) -> None:
    address = "/v1/waarnemingen?indicator=population&niveau=wijk"
    async with rest_client(store) as (client, _):
        rows = list(csv.DictReader(io.StringIO((await client.get(address)).text)))

    assert {row["indeling"] for row in rows} == {"2024"}
    assert any(row["waarde"] for row in rows)


async def test_a_code_that_only_the_list_has_is_refused_with_its_vintage(
    store: SampleStore,
) -> None:
    error = await refusal('{ wijk(code: "WK900105") { name } }', store=store)

    assert error["code"] == "CODE_NOT_VALID_IN_VINTAGE"
    assert error["vintages"] == [2025]
    assert "2024" in error["message"]


async def test_a_day_and_a_year_still_mean_the_list(store: SampleStore) -> None:
    found = await data(
        """{
          area(code: "WK900105", at: "2025-03-01") { vintage }
          wijk(code: "WK900105", vintage: 2025) { vintage }
          areaOnDate(code: "WK900105", at: "2025-03-01") { vintage standing }
        }""",
        store=store,
    )

    assert _vintages(found) == {2025}
    assert found["areaOnDate"]["standing"] == "VALID"


_SEARCH = """query ($text: String!) { search(text: $text, levels: [WIJK]) {
  code how kind vintage vintages inContext area { name vintage } note(language: EN) } }"""


async def test_an_area_that_only_the_list_has_is_found_by_its_name_and_its_gemeente(
    store: SampleStore,
) -> None:
    (found,) = (await data(_SEARCH, {"text": "nieuwbouw aadorp"}, store=store))["search"]

    assert (found["code"], found["how"], found["kind"]) == (
        "WK900105", "LATER_NAME", "LATER_NAME",
    )  # fmt: skip
    assert (found["area"]["vintage"], found["vintages"]) == (2025, [2025])
    assert found["inContext"]
    assert "has no area with this code" in found["note"]


async def test_by_its_new_name_an_area_is_found_where_it_has_figures(store: SampleStore) -> None:
    (found,) = (await data(_SEARCH, {"text": "noorderkwartier"}, store=store))["search"]

    assert found["area"] == {"name": "Noord", "vintage": 2024}
    assert (found["kind"], found["vintage"]) == ("LATER_NAME", 2025)
    assert "a later one than is searched" in found["note"]


async def test_units_that_are_stated_for_both_are_taken_where_they_have_figures(
    store: SampleStore,
) -> None:
    again = _member("elstad", "WK9002A1", Certainty.OFFICIAL, vintage=2025)
    store.reference = replace(REFERENCE, memberships=(*REFERENCE.memberships, again))

    found = await data(
        """{
          focusArea(slug: "elstad") { area { vintage } }
          areasAsBadAs(reference: { focusArea: "elstad" }) { reference { vintage } }
        }""",
        store=store,
    )

    assert _vintages(found) == {2024}


async def test_a_collection_without_figures_says_so(store: SampleStore) -> None:
    async with rest_client(store) as (client, _):
        without = (await client.get("/v1/collections/wijken-2025")).json()
        with_figures = (await client.get("/v1/collections/wijken-2024")).json()

    assert "zonder cijfers" in without["description"]
    assert "grenzen en cijfers" in with_figures["description"]
