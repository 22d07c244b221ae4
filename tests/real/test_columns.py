"""Every figure column of every real file is exactly one indicator, in the unit it claims."""

import csv
import gzip
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from db.core.catalogue import Ambiguous, Catalogue, Known, TableResolution, Unknown
from db.core.figures import Column
from db.core.indicator import Aggregation, Direction, Indicator
from db.reference.indicators import NOT_AS_PUBLISHED, load_indicators
from db.sources.dataset import Family

pytestmark = pytest.mark.real

_IDENTIFYING = ("Regioaanduiding", "Wijken en buurten", "Perioden", "Regiocode")
_PLAIN_UNITS = {
    "%": ("%",),
    "x 1 000 euro": ("1.000 euro",),
    "kWh": ("kWh per woning per jaar",),
    "m³": ("m³ per woning per jaar",),
    "km": ("km over de weg",),
    "ha": ("hectare",),
    "per km²": ("adressen per km²", "auto's per km²"),
    "aantal inwoners per km²": ("inwoners per km² land",),
    "per 1 000 inwoners": ("per 1.000 inwoners",),
    "per huishouden": ("auto's per huishouden",),
    "code": ("klasse 1-5", "klasse 1-6", "postcode"),
}
_COUNTED = (
    "personen",
    "personen per huishouden",
    "huishoudens",
    "woningen",
    "verblijfsobjecten",
    "vestigingen",
    "auto's",
    "motorfietsen",
    "leerlingen",
    "studenten",
    "aantal (gemiddeld per inwoner)",
)


@cache
def _catalogue() -> Catalogue:
    return Catalogue(load_indicators())


def _read(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")


def _rows(path: Path) -> list[Any]:
    found = json.loads(_read(path))
    return list(found["value"] if isinstance(found, dict) else found)


def _path(
    row: Mapping[str, Any], groups: Mapping[Any, Mapping[str, Any]], parent: str
) -> list[str]:
    above = groups.get(row.get(parent))
    return [] if above is None else [*_path(above, groups, _parent_of(above)), above["Title"]]


def _parent_of(row: Mapping[str, Any]) -> str:
    return "ParentId" if "ParentId" in row else "ParentID"


def _data_properties(rows: Iterable[Mapping[str, Any]]) -> list[Column]:
    """Topics of an OData v3 table without those that identify the region."""
    groups = {row["ID"]: row for row in rows}
    topics = [row for row in groups.values() if row.get("Datatype")]
    columns = [
        Column(row["Key"], row["Title"], tuple(_path(row, groups, "ParentID")), row["Unit"])
        for row in topics
    ]
    return [column for column in columns if column.path[0] not in _IDENTIFYING]


def _statline(header: str, separator: str = "/") -> Column:
    """A StatLine header 'Group/Subgroup/Title (unit)'."""
    path, _, unit = header.rpartition(" (")
    *groups, title = path.split(separator)
    return Column(header, title, tuple(groups), unit.removesuffix(")"))


def _properties(path: Path) -> list[str]:
    """Names of the attributes of a GeoJSON file, of its first feature that has most of them."""
    features = json.loads(_read(path))["features"]
    return list(dict.fromkeys(key for feature in features for key in feature["properties"]))


def _kwb_2020(folder: Path) -> list[Column]:
    table = pq.read_table(folder / "kwb/84799NED_2020_DataProperties.parquet")
    return _data_properties(table.to_pylist())


def _kwb_2024(folder: Path) -> list[Column]:
    return _data_properties(_rows(folder / "kwb/85984NED_2024_DataProperties.json"))


def _kwb_2017_v4(folder: Path) -> list[Column]:
    groups = {
        row["Id"]: row for row in _rows(folder / "kwb/83765NED_2017_v4_MeasureGroups.json.gz")
    }
    return [
        Column(
            row["Identifier"],
            row["Title"],
            tuple(_path(row, groups, "MeasureGroupId")),
            row["Unit"],
            row["Identifier"],
        )
        for row in _rows(folder / "kwb/83765NED_2017_v4_MeasureCodes.json.gz")
    ]


def _kwb_2019(folder: Path) -> list[Column]:
    text = _read(folder / "kwb/84583NED_2019_denhaag_statline_export.csv.gz")
    headers = next(csv.reader(text.splitlines(), delimiter=";"))
    return [_statline(h) for h in headers if not h.startswith(_IDENTIFYING)]


def _ses(folder: Path) -> list[Column]:
    text = _read(folder / "ses/85163NED_2019_amsterdam_statline_export.csv")
    headers = next(csv.reader(text.splitlines(), delimiter=";"))
    return [_statline(h) for h in headers if not h.startswith(_IDENTIFYING)]


def _proximity(folder: Path) -> list[Column]:
    text = _read(folder / "nabijheid/85231NED_2021_matrix_layout_sample.csv")
    rows = [row for row in csv.reader(text.splitlines(), delimiter=";") if len(row) > 2]
    topics = [f"{row[0]} ({row[1]})" for row in rows if row[1] in ("km", "aantal")]
    return [_statline(topic, "|") for topic in topics]


def _health(folder: Path) -> list[Column]:
    text = _read(folder / "health/50090NED_2020_18plus_UntypedDataSet.csv.gz")
    return [Column(key) for key in text.splitlines()[0].split(";")[8:]]


def _map_2017(folder: Path, level: str) -> list[Column]:
    names = _read(folder / f"kwb/kwb_2017_{level}.csv.gz").splitlines()[0].split(",")
    others = {"WK_CODE", "WK_NAAM", "GM_CODE", "GM_NAAM", "IND_WBI", "WATER"}
    return [Column(name) for name in names if name not in others]


def _wijk_2022(folder: Path) -> list[Column]:
    names = _properties(folder / "geo/wijk_2022_rd.geojson.gz")
    return [Column(name) for name in names if name not in ("code", "name", "province")]


def _gemeente_map(folder: Path, year: int) -> list[Column]:
    names = _properties(folder / f"geo/gemeente_{year}_wgs84.geojson.gz")
    return [Column(name) for name in names if name not in ("gemeentecode", "gemeentenaam")]


def _resolved(family: str, vintage: int, columns: list[Column]) -> TableResolution:
    return _catalogue().resolve_table(family, vintage, columns)


def _unresolved(table: TableResolution) -> list[tuple[str, object]]:
    pairs = zip(table.columns, table.resolutions, strict=True)
    return [(column.key, answer) for column, answer in pairs if not isinstance(answer, Known)]


def _wrong_units(table: TableResolution) -> list[tuple[str, str | None, str]]:
    return [
        (column.key, column.unit, answer.indicator.unit_nl)
        for column, answer in zip(table.columns, table.resolutions, strict=True)
        if isinstance(answer, Known) and not _agrees(column.unit, answer.indicator)
    ]


def _agrees(unit: str | None, indicator: Indicator) -> bool:
    match unit:
        case "aantal":
            return indicator.unit_nl in _COUNTED
        case "%":
            return indicator.unit_nl.startswith("%")
        case _:
            return indicator.unit_nl in _PLAIN_UNITS.get(unit or "", ())


@pytest.mark.parametrize(
    ("read", "vintage", "family", "count"),
    [
        (_kwb_2020, 2020, "kwb", 112),
        (_kwb_2024, 2024, "kwb", 124),
        (_kwb_2017_v4, 2017, "kwb", 103),
        (_kwb_2019, 2019, "kwb", 102),
        (_proximity, 2021, "proximity", 110),
    ],
)
def test_every_column_of_a_described_table_is_one_indicator_in_its_unit(
    real_data: Path, read: Any, vintage: int, family: str, count: int
) -> None:
    columns = read(real_data)

    table = _resolved(family, vintage, columns)

    assert len(columns) == count
    assert table.collisions == ()
    assert _unresolved(table) == []
    assert _wrong_units(table) == []


def test_every_column_of_the_socio_economic_export_is_one_indicator(real_data: Path) -> None:
    table = _resolved("ses", 2019, _ses(real_data))

    slugs = [a.indicator.slug for a in table.resolutions if isinstance(a, Known)]

    assert slugs == [
        "ses_households",
        "ses_education_low_share",
        "ses_education_mid_share",
        "ses_education_high_share",
        "ses_woa",
        "ses_woa_spread",
    ]


def test_all_health_columns_are_indicators_though_the_export_has_only_keys(real_data: Path) -> None:
    columns = _health(real_data)

    table = _resolved("health", 2020, columns)

    assert len(columns) == 35
    assert table.collisions == ()
    assert _unresolved(table) == []


@pytest.mark.parametrize("family", ["kwb", "boundaries"])
@pytest.mark.parametrize("level", ["wijk", "gemeente"])
def test_short_names_of_the_2017_map_are_indicators(
    real_data: Path, level: str, family: str
) -> None:
    table = _resolved(family, 2017, _map_2017(real_data, level))

    assert table.collisions == ()
    assert _unresolved(table) == []


def test_shares_of_the_2017_map_are_not_taken_for_the_counts_of_the_table(real_data: Path) -> None:
    table = _resolved("boundaries", 2017, _map_2017(real_data, "wijk"))
    shares = [
        a.indicator.unit_nl
        for column, a in zip(table.columns, table.resolutions, strict=True)
        if isinstance(a, Known) and column.key.startswith("P_")
    ]

    assert len(shares) == 19
    assert all(unit.startswith("%") for unit in shares)


def test_figures_of_the_2022_wijk_map_are_indicators(real_data: Path) -> None:
    table = _resolved("boundaries", 2022, _wijk_2022(real_data))

    assert table.collisions == ()
    assert _unresolved(table) == []


def test_the_area_of_the_2022_wijk_map_is_land_and_water_in_square_kilometres(
    real_data: Path,
) -> None:
    """Where the 2024 table has much water, the 2022 map's area follows its total, not its land."""
    features = json.loads(_read(real_data / "geo/wijk_2022_rd.geojson.gz"))["features"]
    table = json.loads(_read(real_data / "kwb/85984NED_2024_wijk_gemeente_8fields.json.gz"))
    known = _catalogue().resolve("boundaries", 2022, Column("area"))
    assert isinstance(known, Known)

    totals = lands = 0
    for properties in (feature["properties"] for feature in features):
        row = table.get(properties["code"])
        if row and row["OppervlakteWater_124"] > 0.05 * row["OppervlakteTotaal_122"]:
            hectares = properties["area"] * known.scale
            totals += abs(hectares - row["OppervlakteTotaal_122"]) <= 1
            lands += abs(hectares - row["OppervlakteLand_123"]) <= 1

    assert known.indicator.slug == "total_area"
    assert totals > 700
    assert lands < 20


@pytest.mark.parametrize("year", [2012, 2017, 2018, 2019, 2022, 2023, 2024])
def test_gemeente_maps_resolve_what_cbs_published_and_nothing_that_was_joined_to_it(
    real_data: Path, year: int
) -> None:
    columns = _gemeente_map(real_data, year)

    table = _resolved("boundaries", year, columns)

    unknown = [c.key for c, a in zip(columns, table.resolutions, strict=True) if a == Unknown()]
    assert table.collisions == ()
    assert not any(isinstance(answer, Ambiguous) for answer in table.resolutions)
    assert unknown == [c.key for c in columns if c.key.startswith(NOT_AS_PUBLISHED)]


def test_attributes_of_the_2024_wijk_map_and_the_2016_maps_are_indicators(real_data: Path) -> None:
    others = {"wijkcode", "wijknaam", "gemeentecode", "gemeentenaam"}
    names = set(_properties(real_data / "geo/wijk_2024_wgs84.geojson.gz")) - others

    table = _resolved("boundaries", 2024, [Column(name) for name in sorted(names)])

    assert _unresolved(table) == []
    assert _unresolved(_resolved("boundaries", 2016, [Column("OAD"), Column("STED")])) == []


def test_leefbaarometer_columns_are_indicators_but_not_what_the_copy_added(real_data: Path) -> None:
    feature = json.loads(_read(real_data / "lbm/lbm3_2024_gemeente_wgs84.geojson.gz"))["features"][
        0
    ]
    header = _read(real_data / "lbm/lbm3_2014-2022_wijk_amstelveen.csv").splitlines()[0]
    raw = [Column(name) for name in feature["properties"]["raw"] if name != "year"]
    scores = [Column(name) for name in header.split(",")[4:]]
    added = [Column(name) for name in ("klasse", "top_pct_nl", "pct_below_nl")]

    assert _unresolved(_resolved("lbm", 2024, raw)) == []
    assert _unresolved(_resolved("lbm", 2022, scores)) == []
    assert len(raw) == 13
    assert len(scores) == 7
    assert len(_unresolved(_resolved("lbm", 2024, added))) == 3


_AGGREGATIONS = {
    "sum": Aggregation.SUM,
    "weighted_mean": Aggregation.WEIGHTED_MEAN,
    "recompute": Aggregation.RECOMPUTE,
    "not_aggregatable": Aggregation.NONE,
}
_DIRECTIONS = {
    "higher_better": Direction.HIGHER_IS_BETTER,
    "lower_better": Direction.LOWER_IS_BETTER,
    "neutral": Direction.NEUTRAL,
}
# A share is not summed; CBS counts youth care among those under 23; no slug holds all pupils.
_OTHERWISE = {
    "inflow_vulnerable": (Aggregation.WEIGHTED_MEAN, None, "population"),
    "youth_care_share": (Aggregation.WEIGHTED_MEAN, None, "population_0_23"),
    "low_school_advice": (Aggregation.WEIGHTED_MEAN, None, "primary_pupils"),
}


def _stated(row: Mapping[str, str]) -> tuple[Aggregation, str | None, str | None]:
    rule, _, parts = row["aggregate_rule"].split(" (")[0].partition(":")
    numerator, _, denominator = parts.rpartition("/")
    return _AGGREGATIONS[rule], numerator or None, denominator or None


def test_every_reference_indicator_keeps_its_direction_and_aggregation(real_data: Path) -> None:
    rows = list(csv.DictReader(_read(real_data / "indicators.csv").splitlines()))

    for row in rows:
        indicator = _catalogue()[row["slug"]]
        rule = (indicator.aggregation, indicator.numerator, indicator.denominator)
        assert indicator.direction is _DIRECTIONS[row["direction"]], row["slug"]
        assert rule == _OTHERWISE.get(row["slug"], _stated(row)), row["slug"]
        assert indicator.gap == (row["verified"] == "gap"), row["slug"]
    assert len(rows) == 93


def test_every_measure_code_of_the_reference_table_leads_to_its_indicator(real_data: Path) -> None:
    rows = list(csv.DictReader(_read(real_data / "indicators.csv").splitlines()))
    stated = {row["measure_code_v4"]: row["slug"] for row in rows if row["measure_code_v4"]}

    found = {
        code: answer.indicator.slug
        for code in stated
        if isinstance(
            answer := _catalogue().resolve("kwb", 2023, Column(code, measure=code)), Known
        )
    }

    assert found == stated


def test_every_family_of_a_matcher_is_one_that_datasets_have() -> None:
    families = {matcher.family for i in _catalogue().indicators for matcher in i.matchers}

    assert families <= {family.value for family in Family}
