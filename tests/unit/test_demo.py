"""Voorbeeldland: the same on every run, and its boundaries as difficult as the real ones."""

import json
from collections import Counter
from dataclasses import asdict
from hashlib import sha256
from itertools import pairwise

import pytest
import shapely

from db.core.codes import parse_code
from db.core.figures import Parsed
from db.core.levels import Level, Terrain
from db.demo.country import DemoCountry
from db.sources.dataset import Payload
from tests.unit.voorbeeldland import VINTAGES, Book, demo_country

FINGERPRINT = "e8d6d44cbf1aa6901dd492249720c47de74a59d1ed7cb13ea5cf8086793441fc"
"""Of all names, codes, shapes, figures and facts. It changes only when Voorbeeldland does, and
then every printed answer about it has to be looked at again."""


@pytest.fixture(scope="module")
def country() -> DemoCountry:
    return demo_country()


@pytest.fixture(scope="module")
def book(country: DemoCountry) -> Book:
    return Book(country)


def fingerprint(country: DemoCountry) -> str:
    digest = sha256(json.dumps(asdict(country.reference), default=str).encode())
    for dataset, parsed in country.parsed:
        digest.update(f"{dataset.id} {dataset.vintage} {parsed.title} {parsed.modified}".encode())
        for part in (*_areas_bytes(parsed), *_figures_bytes(parsed)):
            digest.update(part)
        digest.update(repr(parsed.addresses).encode())
    return digest.hexdigest()


def _areas_bytes(parsed: Parsed) -> list[bytes]:
    found = []
    for areas in parsed.areas:
        told = (areas.codes, areas.names, [str(one) for one in areas.terrains], areas.parents)
        found.append(repr((told, areas.changes, areas.crs)).encode())
        found += [wkb or b"none" for wkb in shapely.to_wkb(areas.shapes, byte_order=1)]
    return found


def _figures_bytes(parsed: Parsed) -> list[bytes]:
    found = []
    for one in parsed.figures:
        found.append(repr((one.codes, [column.key for column in one.columns])).encode())
        for array in (one.periods, one.values, one.reasons, one.provisional, one.lower, one.upper):
            found.append(b"none" if array is None else array.tobytes())
    return found


def test_every_run_makes_the_same_bytes(country: DemoCountry) -> None:
    assert fingerprint(country) == FINGERPRINT


def test_a_loader_returns_what_was_made(country: DemoCountry) -> None:
    for dataset, parsed in country.parsed:
        assert dataset.loader(dataset, Payload({})) is parsed


def test_every_dataset_says_in_two_languages_that_it_is_invented(country: DemoCountry) -> None:
    notes = {(dataset.note_nl, dataset.note_en) for dataset, _ in country.parsed}
    assert notes == {
        ("Verzonnen cijfers van een verzonnen land (fictief).",
         "Invented figures of an invented country (fictional)."),
    }  # fmt: skip


def test_dataset_names_are_unique(country: DemoCountry) -> None:
    names = Counter(dataset.id for dataset, _ in country.parsed)
    assert set(names.values()) == {1}


def test_all_accounts_balance(country: DemoCountry) -> None:
    for _, parsed in country.parsed:
        parsed.account.check()
        rows = sum(len(one.codes) for one in parsed.areas) + len(parsed.addresses)
        rows += sum(len(one.codes) for one in parsed.figures)
        assert parsed.account.rows_accepted == rows


@pytest.mark.parametrize("vintage", VINTAGES)
def test_a_vintage_has_about_9_gemeenten_60_wijken_and_180_buurten(
    book: Book, vintage: int
) -> None:
    counts = {
        level: book.areas(level, vintage).terrains.count(Terrain.LAND)
        for level in (Level.GEMEENTE, Level.WIJK, Level.BUURT)
    }
    assert 8 <= counts[Level.GEMEENTE] <= 10
    assert 55 <= counts[Level.WIJK] <= 68
    assert 165 <= counts[Level.BUURT] <= 200


@pytest.mark.parametrize("vintage", VINTAGES)
@pytest.mark.parametrize("level", list(Level))
def test_codes_parse_and_stand_in_order(book: Book, level: Level, vintage: int) -> None:
    codes = book.areas(level, vintage).codes
    assert [parse_code(code) for code in codes] == [(level, code) for code in codes]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("vintage", VINTAGES)
@pytest.mark.parametrize("level", [Level.GEMEENTE, Level.WIJK, Level.BUURT])
def test_parents_exist_in_the_same_vintage(book: Book, level: Level, vintage: int) -> None:
    above = {Level.GEMEENTE: Level.LAND, Level.WIJK: Level.GEMEENTE, Level.BUURT: Level.WIJK}
    parents = set(book.areas(level, vintage).parents) - {None}
    assert parents <= set(book.areas(above[level], vintage).codes)


@pytest.mark.parametrize("vintage", VINTAGES)
@pytest.mark.parametrize("level", [Level.GEMEENTE, Level.WIJK, Level.BUURT])
def test_neighbours_share_their_borders_exactly(book: Book, level: Level, vintage: int) -> None:
    shapes = [one for one in book.shapes(level, vintage).values() if one is not None]
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize("vintage", VINTAGES)
def test_a_wijk_is_the_union_of_its_buurten(book: Book, vintage: int) -> None:
    buurten = book.shapes(Level.BUURT, vintage)
    for code, shape in book.shapes(Level.WIJK, vintage).items():
        own = [one for buurt, one in buurten.items() if buurt[2:8] == code[2:]]
        if None not in own:
            assert shapely.normalize(shapely.coverage_union_all(own)).equals_exact(shape)


@pytest.mark.parametrize("vintage", VINTAGES)
def test_a_gemeente_is_the_union_of_its_wijken_on_land(book: Book, vintage: int) -> None:
    wijken = {
        code: shape
        for code, shape in book.shapes(Level.WIJK, vintage).items()
        if book.terrain(code, vintage) is not Terrain.WATER
    }
    for code, shape in book.shapes(Level.GEMEENTE, vintage).items():
        own = [one for wijk, one in wijken.items() if wijk[2:6] == code[2:]]
        assert shapely.normalize(shapely.coverage_union_all(own)).equals_exact(shape)


def test_the_country_lies_in_the_north_sea(book: Book) -> None:
    west, south, east, north = shapely.total_bounds(list(book.shapes(Level.WIJK, 2024).values()))
    assert (west > 30_000, south > 480_000, east < 80_000, north < 540_000) == (True,) * 4


def test_two_gemeenten_merge_into_exactly_one(book: Book) -> None:
    merged = shapely.union(book.gemeente("GM9006", 2021), book.gemeente("GM9007", 2021))
    assert merged.equals(book.gemeente("GM9011", 2022))
    assert not {"GM9006", "GM9007"} & set(book.areas(Level.GEMEENTE, 2022).codes)


def test_a_gemeente_is_split_over_two_others(book: Book) -> None:
    former = book.gemeente("GM9008", 2020)
    west = former.intersection(book.gemeente("GM9003", 2021)).area / former.area
    east = former.intersection(book.gemeente("GM9005", 2021)).area / former.area
    assert min(west, east) > 0.25
    assert west + east == pytest.approx(1)


def test_one_wijk_of_the_split_gemeente_is_cut_in_two(book: Book) -> None:
    west, east = book.wijk("WK900312", 2021), book.wijk("WK900511", 2021)
    former = [one for one in book.shapes(Level.WIJK, 2020).values() if one.contains(west)]
    assert shapely.union(west, east).equals(former[0])


def test_wijken_are_recoded_with_an_unchanged_border(book: Book) -> None:
    recoded = [code for code in book.areas(Level.WIJK, 2022).codes if book.change(code, 2022) == 2]
    before = {shape.wkb for shape in book.shapes(Level.WIJK, 2021).values()}
    assert recoded == [f"WK9011{number:02d}" for number in range(1, 9)]
    assert all(book.wijk(code, 2022).wkb in before for code in recoded)


def test_a_code_returns_for_another_place(book: Book) -> None:
    assert "WK900207" not in book.areas(Level.WIJK, 2022).codes
    assert not book.wijk("WK900207", 2021).intersects(book.wijk("WK900207", 2023))


def test_two_codes_change_place_from_one_year_to_the_next(book: Book) -> None:
    assert book.wijk("WK900903", 2023).equals(book.wijk("WK900904", 2022))
    assert book.wijk("WK900904", 2023).equals(book.wijk("WK900903", 2022))


def test_a_wijk_is_split_and_keeps_its_code_for_a_part(book: Book) -> None:
    before, after = book.wijk("WK900203", 2021), book.wijk("WK900203", 2022)
    assert after.area < before.area
    assert shapely.union(after, book.wijk("WK900210", 2022)).equals(before)


def test_a_border_between_wijken_moves(book: Book) -> None:
    assert [book.change(code, 2021) for code in ("WK900400", "WK900401")] == [3, 3]
    both = [shapely.union(book.wijk("WK900400", y), book.wijk("WK900401", y)) for y in (2020, 2021)]
    assert both[0].equals(both[1])


def test_ground_changes_gemeente_without_a_merger(book: Book) -> None:
    moved = book.gemeente("GM9003", 2023).difference(book.gemeente("GM9003", 2024))
    assert moved.area > 100_000
    assert book.gemeente("GM9001", 2024).contains(moved)


def test_a_buurt_is_split_inside_its_wijk(book: Book) -> None:
    assert book.change("WK900306", 2021) == 1
    assert book.change("BU90030600", 2021) == 3


def test_wijken_get_another_name_under_the_same_code_and_border(book: Book) -> None:
    names = [book.name("WK900901", vintage) for vintage in (2022, 2023)]
    assert names == ["Wijk 01 Wiekenkruis", "Wiekenkruis"]
    assert book.change("WK900901", 2023) == 1


def test_one_gemeente_has_letters_in_its_codes_from_2023(book: Book) -> None:
    lettered = {
        vintage: {code[2:6] for code in book.areas(Level.WIJK, vintage).codes if code[6:].isalpha()}
        for vintage in VINTAGES
    }
    assert lettered == {2020: set(), 2021: set(), 2022: set(), 2023: {"9001"}, 2024: {"9001"}}


def test_what_is_marked_unchanged_has_the_same_shape(book: Book) -> None:
    for before, after in pairwise(VINTAGES):
        earlier = book.shapes(Level.WIJK, before)
        for code, shape in book.shapes(Level.WIJK, after).items():
            if book.change(code, after) == 1:
                assert shape.equals_exact(earlier[code])


def test_a_code_is_no_test_for_water(book: Book) -> None:
    assert book.terrain("WK900199", 2024) is Terrain.WATER
    assert book.terrain("WK900588", 2024) is Terrain.WATER
    assert book.terrain("WK900599", 2024) is Terrain.LAND
    assert book.by_code("population", 2024)["WK900599"] > 1000


def test_water_has_no_name_in_the_first_edition(book: Book) -> None:
    assert (book.name("WK900199", 2020), book.name("WK900199", 2021)) == (None, "Groot water")


@pytest.mark.parametrize("level", [Level.GEMEENTE, Level.WIJK, Level.BUURT])
def test_there_is_one_area_abroad_at_every_level(book: Book, level: Level) -> None:
    assert book.areas(level, 2022).terrains.count(Terrain.ABROAD) == 1


def test_a_wijk_of_islands_has_a_hole(book: Book) -> None:
    islands = book.wijk("WK901002", 2024)
    assert islands.geom_type == "MultiPolygon"
    assert sum(len(part.interiors) for part in islands.geoms) == 1


def test_one_buurt_of_one_vintage_has_no_shape(book: Book) -> None:
    missing = [
        (vintage, code)
        for vintage in VINTAGES
        for level in Level
        for code, shape in book.shapes(level, vintage).items()
        if shape is None
    ]
    assert missing == [(2021, "BU90090100")]
    assert book.parsed["voorbeeldland-kaart-2021"].account.notes == {"no-geometry": 1}


def test_nobody_lives_in_some_wijken_and_buurten(book: Book) -> None:
    empty = Counter(code[:2] for code, n in book.by_code("population", 2024).items() if n == 0)
    assert empty["WK"] == 2
    assert empty["BU"] >= 8
