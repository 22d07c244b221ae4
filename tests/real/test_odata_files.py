"""The publishers' own OData files: exact counts, every cell explained, every row accounted for."""

import time
from collections import Counter
from pathlib import Path

import numpy as np
import orjson
import pyarrow.parquet as pq
import pytest

from db.core.absence import Reason
from db.core.errors import CountMismatch
from db.core.figures import Parsed, cells_by_reason
from db.core.levels import Level
from db.sources import cbs_odata3, cbs_odata4, kwb_json
from db.sources.dataset import Dataset, Family, Payload

pytestmark = pytest.mark.real

LEVELS_2020 = {Level.LAND: 1, Level.GEMEENTE: 355, Level.WIJK: 3177, Level.BUURT: 13808}


def kwb_2020(folder: Path, *data: Path) -> Parsed:
    dataset = Dataset(
        id="kwb-2020",
        source="cbs",
        family=Family.KWB,
        vintage=2020,
        loader=cbs_odata3.load,
        table="84799NED",
    )
    kwb = folder / "kwb"
    parts = {
        "data": data,
        "DataProperties": (kwb / "84799NED_2020_DataProperties.parquet",),
        "WijkenEnBuurten": (kwb / "84799NED_2020_WijkenEnBuurten.parquet",),
        "TableInfos": (kwb / "84799NED_2020_Metadata.json",),
    }
    return dataset.loader(dataset, Payload(parts))


def health(folder: Path, *years: int) -> Parsed:
    dataset = Dataset(
        id="health-2020-areas",
        source="rivm",
        family=Family.HEALTH,
        vintage=2020,
        loader=cbs_odata3.load,
        table="50090NED",
        options={"nature": "modelled", "Leeftijd": "20300"},
    )
    files = (folder / "health" / f"50090NED_{y}_18plus_UntypedDataSet.csv.gz" for y in years)
    return dataset.loader(dataset, Payload({"data": tuple(files)}))


def kwb_2017(folder: Path, **more: tuple[Path, ...]) -> Parsed:
    dataset = Dataset(
        id="kwb-2017",
        source="cbs",
        family=Family.KWB,
        vintage=2017,
        loader=cbs_odata4.load,
        table="83765NED",
    )
    kwb = folder / "kwb"
    roles = ("Dimensions", "MeasureCodes", "MeasureGroups", "WijkenEnBuurtenCodes")
    parts = {role: (kwb / f"83765NED_2017_v4_{role}.json.gz",) for role in roles}
    parts["Properties"] = (kwb / "83765NED_2017_v4_Metadata.json",)
    return dataset.loader(dataset, Payload(parts | more))


@pytest.fixture(scope="module")
def parquet_2020(real_data: Path) -> Parsed:
    return kwb_2020(real_data, real_data / "kwb" / "84799NED_2020_TypedDataSet.parquet")


def levels(parsed: Parsed) -> dict[Level, int]:
    return {areas.level: len(areas.codes) for areas in parsed.areas}


def test_kwb_2020_has_every_area_of_every_level(parquet_2020: Parsed) -> None:
    assert parquet_2020.account.rows_accepted == 17341
    assert parquet_2020.account.rejected == {}
    assert levels(parquet_2020) == LEVELS_2020


def test_kwb_2020_has_111_figures_of_which_68_are_still_empty(parquet_2020: Parsed) -> None:
    figures = parquet_2020.figures[0]
    assert len(figures.columns) == 118 - 7  # ID, region, four descriptions of it, a postcode
    assert parquet_2020.account.notes["empty-column"] == 68
    assert cells_by_reason(figures) == {
        Reason.OBSERVED: 726823,
        Reason.NO_FIGURE: 18840,
        Reason.NOT_YET_PUBLISHED: 68 * 17341,
    }


def test_kwb_2020_national_population_and_the_sums_that_differ_from_it(
    parquet_2020: Parsed,
) -> None:
    figures = parquet_2020.figures[0]
    people = figures.values[:, [c.key for c in figures.columns].index("AantalInwoners_5")]
    sums: Counter[str] = Counter()
    for code, number in zip(figures.codes, people.tolist(), strict=True):
        sums[code[:2]] += int(number)
    assert sums == {"NL": 17407585, "GM": 17407585, "WK": 17404080, "BU": 17397650}


def test_kwb_2020_says_which_borders_changed(parquet_2020: Parsed) -> None:
    changes = Counter(change for areas in parquet_2020.areas for change in areas.changes or ())
    assert changes == {1: 16060, 2: 136, 3: 789, None: 356}


def test_kwb_2020_columns_are_described_by_the_publisher(parquet_2020: Parsed) -> None:
    columns = {column.key: column for column in parquet_2020.figures[0].columns}
    income = columns["GemiddeldInkomenPerInwoner_72"]
    assert (income.title, income.path, income.unit) == (
        "Gemiddeld inkomen per inwoner",
        ("Inkomen", "Inkomen van personen"),
        "x 1 000 euro",
    )
    assert columns["Appartement_48"].unit == "kWh"
    assert columns["Appartement_56"].unit == "m³"


def test_kwb_2020_wijken_have_their_name_and_gemeente(parquet_2020: Parsed) -> None:
    wijken = next(areas for areas in parquet_2020.areas if areas.level is Level.WIJK)
    at = wijken.codes.index("WK168000")
    assert (wijken.names[at], wijken.parents[at]) == ("Wijk 00 Annen", "GM1680")
    assert None not in wijken.names


def test_kwb_2020_is_the_same_from_csv_and_from_two_json_pages(
    real_data: Path, parquet_2020: Parsed, tmp_path: Path
) -> None:
    table = pq.read_table(real_data / "kwb" / "84799NED_2020_TypedDataSet.parquet")
    pages = (tmp_path / "page-1.json", tmp_path / "page-2.json")
    for page, start in zip(pages, (0, 10000), strict=True):
        page.write_bytes(orjson.dumps({"value": table.slice(start, 10000).to_pylist()}))
    csv = real_data / "kwb" / "84799NED_2020_TypedDataSet.csv.gz"
    expected = parquet_2020.figures[0]
    for other in (kwb_2020(real_data, csv), kwb_2020(real_data, *pages)):
        figures = other.figures[0]
        assert figures.codes == expected.codes
        np.testing.assert_array_equal(figures.values, expected.values)
        np.testing.assert_array_equal(figures.reasons, expected.reasons)


def test_kwb_2020_of_which_one_page_was_read_is_refused(real_data: Path, tmp_path: Path) -> None:
    table = pq.read_table(real_data / "kwb" / "84799NED_2020_TypedDataSet.parquet")
    page = tmp_path / "page-1.json"
    page.write_bytes(orjson.dumps({"value": table.slice(0, 10000).to_pylist()}))
    with pytest.raises(CountMismatch, match="announces 17341 rows, 10000 received"):
        kwb_2020(real_data, page)


def test_kwb_2020_is_parsed_within_a_few_seconds_on_a_busy_machine(real_data: Path) -> None:
    start = time.process_time()
    kwb_2020(real_data, real_data / "kwb" / "84799NED_2020_TypedDataSet.csv.gz")
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    ("year", "dots", "empty"), [(2012, 17200, 260115), (2016, 21897, 138728), (2020, 24608, 52023)]
)
def test_every_absent_health_figure_is_explained(
    real_data: Path, year: int, dots: int, empty: int
) -> None:
    figures = health(real_data, year).figures[0]
    assert set(figures.periods.tolist()) == {year}
    assert cells_by_reason(figures) == {
        Reason.MODELLED: 606935 - dots - empty,
        Reason.DOT: dots,
        Reason.NOT_MEASURED: empty,
    }


def test_three_years_of_health_are_three_rectangles_on_the_same_areas(real_data: Path) -> None:
    parsed = health(real_data, 2012, 2016, 2020)
    assert parsed.account.rows_accepted == 3 * 17341
    assert [f.periods[0] for f in parsed.figures] == [2012, 2016, 2020]
    assert levels(parsed) == LEVELS_2020


def test_the_country_is_nl01_in_the_health_table_and_nl00_here(real_data: Path) -> None:
    figures = health(real_data, 2012).figures[0]
    at = figures.codes.index("NL00")
    assert figures.values[at, 0] == 76.1


def test_health_and_kwb_of_2020_are_on_the_same_codes(
    real_data: Path, parquet_2020: Parsed
) -> None:
    assert set(health(real_data, 2020).figures[0].codes) == set(parquet_2020.figures[0].codes)


def test_kwb_2017_without_observations_gives_its_areas(real_data: Path) -> None:
    parsed = kwb_2017(real_data)
    assert levels(parsed) == {
        Level.LAND: 1,
        Level.GEMEENTE: 388,
        Level.WIJK: 3070,
        Level.BUURT: 13208,
    }
    assert (parsed.account.rows_accepted, list(parsed.figures)) == (16667, [])
    assert parsed.account.notes == {"observations-absent": 1}
    assert parsed.modified == "2020-11-06T00:00:00+01:00"


def test_kwb_2017_observations_must_be_as_many_as_its_properties_say(
    real_data: Path, tmp_path: Path
) -> None:
    page = tmp_path / "Observations.json"
    row = {"Measure": "T001036", "ValueAttribute": "None", "Value": 1, "WijkenEnBuurten": "NL00"}
    page.write_bytes(orjson.dumps({"value": [row]}))
    with pytest.raises(CountMismatch, match="announces 1537850 rows, 1 received"):
        kwb_2017(real_data, data=(page,))


def test_kwb_2024_keyed_by_code_has_eight_described_figures(real_data: Path) -> None:
    kwb = real_data / "kwb"
    dataset = Dataset(
        id="kwb-2024-8",
        source="cbs",
        family=Family.KWB,
        vintage=2024,
        loader=kwb_json.load,
        table="85984NED",
    )
    parts = {
        "data": (kwb / "85984NED_2024_wijk_gemeente_8fields.json.gz",),
        "DataProperties": (kwb / "85984NED_2024_DataProperties.json",),
        "TableInfos": (kwb / "85984NED_2024_TableInfos.json",),
    }
    parsed = dataset.loader(dataset, Payload(parts))
    figures = parsed.figures[0]
    assert levels(parsed) == {Level.GEMEENTE: 342, Level.WIJK: 3393}
    assert cells_by_reason(figures) == {Reason.OBSERVED: 3735 * 8 - 40, Reason.NO_FIGURE: 40}
    assert {c.key: c.unit for c in figures.columns}["OppervlakteTotaal_122"] == "ha"
    assert "WK0363FA" in figures.codes
