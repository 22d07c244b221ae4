"""The claims of the papers on the real gemeenten: their codes, names and inhabitants by year."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.levels import Level, Terrain
from db.reference.facts import load_reference
from tests.api.asking import data
from tests.api.sample import SampleStore

pytestmark = pytest.mark.real
_LEVEL = Level.GEMEENTE


def _gemeenten(folder: Path, year: int) -> tuple[AreaTable, Block]:
    """The areas of a year with their inhabitants on 1 January, out of the copy of the map."""
    with gzip.open(folder / "geo" / f"gemeente_{year}_wgs84.geojson.gz", "rt") as stream:
        rows = [each["properties"] for each in json.load(stream)["features"]]
    rows.sort(key=lambda each: each["gemeentecode"])
    count = len(rows)
    table = AreaTable(
        level=_LEVEL,
        vintage=year,
        ids=np.arange(count, dtype=np.int32) + 1000 * (year - 2000),
        codes=tuple(each["gemeentecode"] for each in rows),
        names=tuple(each["gemeentenaam"] for each in rows),
        terrains=(Terrain.LAND,) * count,
        parents=("NL00",) * count,
        bounds=np.full((count, 4), np.nan),
        centroids=np.full((count, 2), np.nan),
        changes=(None,) * count,
        loads=(1,) * count,
        shape_loads=(1,) * count,
    )
    people = [each.get("aantal_inwoners") for each in rows]
    values = np.array([[np.nan if each is None else float(each)] for each in people])
    block = Block(
        key=SeriesKey("population", _LEVEL, year),
        periods=(year,),
        values=values,
        reasons=np.zeros(values.shape, np.uint8),
        provisional=np.zeros(values.shape, np.bool_),
        loads=np.zeros(values.shape, np.uint8),
        load_ids=(1,),
        lower=None,
        upper=None,
    )
    return table, block


async def _found(folder: Path, slug: str, years: tuple[int, ...]) -> list[dict[str, Any]]:
    made = {year: _gemeenten(folder, year) for year in years}
    store = SampleStore(
        tables={(_LEVEL, year): table for year, (table, _) in made.items()},
        blocks={block.key: block for _, block in made.values()},
        reference=load_reference(),
    )
    query = """query ($slug: String!) { statement(slug: $slug) { findings {
      basis on count outOf agrees names absence } } }"""
    answer = await data(query, {"slug": slug}, store=store)
    found: list[dict[str, Any]] = answer["statement"]["findings"]
    return found


async def test_one_focus_area_is_in_m50_by_the_list_and_three_by_size_in_2023(
    real_data: Path,
) -> None:
    by_list, in_2022, in_2023 = await _found(
        real_data, "three-of-twenty-in-m50", (2022, 2023, 2024)
    )

    assert (by_list["on"], by_list["count"], by_list["outOf"]) == ("2023-04-01", 1, 20)
    assert (by_list["names"], by_list["agrees"]) == (["Nieuwegein"], False)
    assert (in_2023["on"], in_2023["count"], in_2023["agrees"]) == ("2023-01-01", 3, True)
    assert in_2023["names"] == ["Nieuwegein", "Roosendaal", "Vlaardingen"]
    assert (in_2022["count"], in_2022["agrees"]) == (4, False)
    assert set(in_2022["names"]) - set(in_2023["names"]) == {"Schiedam"}


async def test_the_size_of_a_year_that_is_not_loaded_is_absent(real_data: Path) -> None:
    by_list, in_2022, in_2023 = await _found(real_data, "three-of-twenty-in-m50", (2023,))
    assert (by_list["count"], in_2023["count"]) == (1, 3)
    assert (in_2022["count"], in_2022["absence"]) == (None, "NOT_LOADED")


async def test_the_programme_has_20_areas_in_19_gemeenten_and_1_192_million_inhabitants(
    real_data: Path,
) -> None:
    areas, gemeenten, people = await _found(real_data, "nplv-size", (2024,))
    assert (areas["count"], gemeenten["count"]) == (20, 19)
    assert (people["count"], people["on"], people["agrees"]) == (1_192_000, "2025-01-01", None)
