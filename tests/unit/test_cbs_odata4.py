"""CBS OData v4: one observation a row, and the publisher's own word for every absence."""

from pathlib import Path

import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, CountMismatch
from db.core.figures import Column
from db.core.levels import Level
from db.sources.cbs_odata4 import load
from db.sources.dataset import Payload
from tests.unit.odata_files import Content, Pages, Row, dataset, payload, row_of

DIMENSIONS: list[Row] = [{"Identifier": "WijkenEnBuurten", "Kind": "GeoDetail"}]
MEASURES: list[Row] = [
    {
        "Identifier": "T001036",
        "Title": "Aantal inwoners",
        "MeasureGroupId": "G2",
        "DataType": "Long",
        "Unit": "aantal",
    },
    {"Identifier": "M001642", "Title": "WOZ", "MeasureGroupId": None, "DataType": "Double"},
    {"Identifier": "ZZ1", "Title": "Indelingswijziging wijken", "DataType": "String"},
]
GROUPS: list[Row] = [
    {"Id": "G1", "Title": "Bevolking", "ParentId": None},
    {"Id": "G2", "Title": "Geslacht", "ParentId": "G1"},
]
CODES: list[Row] = [
    {"Identifier": "NL00", "Title": "Nederland", "DimensionGroupId": "NL"},
    {"Identifier": "GM9001", "Title": "Stad", "DimensionGroupId": "GM"},
    {"Identifier": "WK900100", "Title": "Dorp", "DimensionGroupId": "GM9001"},
]


def cell(code: str, value: object, attribute: str = "None", measure: str = "T001036") -> Row:
    return {
        "Id": 0,
        "Measure": measure,
        "ValueAttribute": attribute,
        "Value": value,
        "StringValue": None,
        "WijkenEnBuurten": code,
    }


ALL = [cell("NL00", 9), cell("GM9001", 5), cell("WK900100", 4.5)]


def table(folder: Path, data: Content | Pages | None = None, **more: Content) -> Payload:
    parts: dict[str, Content | Pages] = {
        "Dimensions": DIMENSIONS,
        "MeasureCodes": MEASURES,
        "MeasureGroups": GROUPS,
        "WijkenEnBuurtenCodes": CODES,
    }
    if data is not None:
        parts["data"] = data
    return payload(folder, **parts, **more)


def test_observations_become_a_row_an_area_and_a_column_a_measure(tmp_path: Path) -> None:
    rows = [*ALL, cell("GM9001", 210.5, measure="M001642")]
    figures = load(dataset(load), table(tmp_path, rows)).figures[0]
    assert [column.key for column in figures.columns] == ["T001036", "M001642"]
    assert row_of(figures, "GM9001") == [(5, Reason.OBSERVED), (210.5, Reason.OBSERVED)]


def test_a_measure_has_its_title_path_unit_and_code(tmp_path: Path) -> None:
    figures = load(dataset(load), table(tmp_path, ALL)).figures[0]
    assert figures.columns[0] == Column(
        "T001036", "Aantal inwoners", ("Bevolking", "Geslacht"), "aantal", "T001036"
    )


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        ("None", 3, (3, Reason.OBSERVED)),
        ("None", None, (None, Reason.NO_FIGURE)),
        ("None", -99997, (None, Reason.MISSING_CODE)),
        ("Imputed", 3, (3, Reason.MODELLED)),
        ("Imputed", None, (None, Reason.NO_FIGURE)),
        ("Missing", None, (None, Reason.NO_FIGURE)),
        ("Impossible", None, (None, Reason.IMPOSSIBLE)),
        ("Confidential", None, (None, Reason.CONFIDENTIAL)),
        ("Unknown", None, (None, Reason.UNKNOWN_TO_PUBLISHER)),
    ],
)
def test_a_value_attribute_is_a_reason(
    tmp_path: Path, attribute: str, value: object, expected: tuple[float | None, Reason]
) -> None:
    rows = [*ALL[:2], cell("WK900100", value, attribute)]
    figures = load(dataset(load), table(tmp_path, rows)).figures[0]
    assert row_of(figures, "WK900100")[0] == expected


def test_a_value_that_is_called_confidential_is_not_shown(tmp_path: Path) -> None:
    rows = [*ALL[:2], cell("WK900100", 7, "Confidential")]
    parsed = load(dataset(load), table(tmp_path, rows))
    assert row_of(parsed.figures[0], "WK900100")[0] == (None, Reason.CONFIDENTIAL)
    assert parsed.account.notes["value-beside-its-absence"] == 1


def test_an_attribute_we_do_not_know_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="ValueAttribute 'Embargo' is not known"):
        load(dataset(load), table(tmp_path, [cell("NL00", None, "Embargo")]))


def test_a_measure_without_any_value_is_not_yet_published(tmp_path: Path) -> None:
    rows = [*ALL, cell("GM9001", None, "Missing", "M001642")]
    figures = load(dataset(load), table(tmp_path, rows)).figures[0]
    assert {row_of(figures, code)[1][1] for code in figures.codes} == {Reason.NOT_YET_PUBLISHED}


def test_a_cell_without_an_observation_is_no_figure(tmp_path: Path) -> None:
    rows = [*ALL, cell("GM9001", 200, measure="M001642")]
    figures = load(dataset(load), table(tmp_path, rows)).figures[0]
    assert row_of(figures, "NL00")[1] == (None, Reason.NO_FIGURE)


def test_text_measures_are_no_figures_and_one_tells_of_changed_borders(tmp_path: Path) -> None:
    change = cell("WK900100", None, measure="ZZ1") | {"StringValue": "3"}
    parsed = load(dataset(load), table(tmp_path, [*ALL, change]))
    wijken = next(areas for areas in parsed.areas if areas.level is Level.WIJK)
    assert wijken.changes == [3]
    assert len(parsed.figures[0].columns) == 2
    assert parsed.account.rows_accepted == 4


def test_pages_are_joined_and_the_number_of_observations_is_checked(tmp_path: Path) -> None:
    first = {"value": ALL[:2], "@odata.nextLink": "...?$skip=2"}
    pages = Pages([first, {"value": ALL[2:]}])
    parts = table(tmp_path, pages, count="3")
    assert load(dataset(load), parts).account.rows_accepted == 3
    parts = table(tmp_path, pages, Properties={"Identifier": "9NED", "ObservationCount": 4})
    with pytest.raises(CountMismatch, match="announces 4 rows, 3 received"):
        load(dataset(load), parts)


def test_an_observation_received_twice_counts_once(tmp_path: Path) -> None:
    pages = Pages([{"value": ALL}, {"value": [ALL[0], ALL[0]]}])
    account = load(dataset(load), table(tmp_path, pages)).account
    assert (account.rows_read, account.rows_accepted) == (5, 3)
    assert account.rejected == {"duplicate": 2}


@pytest.mark.parametrize("other", [cell("GM9001", 6), cell("GM9001", None, "Missing")])
def test_a_cell_twice_with_different_content_is_refused(tmp_path: Path, other: Row) -> None:
    with pytest.raises(BrokenLoad, match="same cell comes twice"):
        load(dataset(load), table(tmp_path, [*ALL, other]))
    with pytest.raises(BrokenLoad, match="same cell comes twice"):
        load(dataset(load), table(tmp_path, Pages([{"value": ALL}, {"value": [other]}])))


def test_an_area_without_any_observation_is_a_partial_table_unless_the_count_is_right(
    tmp_path: Path,
) -> None:
    with pytest.raises(CountMismatch):
        load(dataset(load), table(tmp_path, ALL[:2]))
    parsed = load(dataset(load), table(tmp_path, ALL[:2], count="2"))
    assert parsed.figures[0].codes == ["NL00", "GM9001"]
    assert sum(len(areas.codes) for areas in parsed.areas) == 3


@pytest.mark.parametrize(
    ("row", "match"),
    [
        (cell("GM9009", 1), "'GM9009' is not in the list"),
        (cell("GM9001", 1, measure="X1"), "measure 'X1' is not in the list"),
    ],
)
def test_what_the_metadata_do_not_know_is_refused(tmp_path: Path, row: Row, match: str) -> None:
    with pytest.raises(BrokenLoad, match=match):
        load(dataset(load), table(tmp_path, [*ALL, row]))


def test_metadata_alone_give_areas_and_no_figures(tmp_path: Path) -> None:
    parsed = load(dataset(load), table(tmp_path))
    assert [(areas.level, areas.codes, areas.parents) for areas in parsed.areas] == [
        (Level.LAND, ["NL00"], [None]),
        (Level.GEMEENTE, ["GM9001"], ["NL00"]),
        (Level.WIJK, ["WK900100"], ["GM9001"]),
    ]
    assert (list(parsed.figures), parsed.account.notes["observations-absent"]) == ([], 1)


def test_years_come_from_the_periods_and_their_status(tmp_path: Path) -> None:
    rows = [row | {"Perioden": year} for row in ALL for year in ("2019JJ00", "2020JJ00")]
    periods = [
        {"Identifier": "2019JJ00", "Status": "Definitief"},
        {"Identifier": "2020JJ00", "Status": "Voorlopig"},
    ]
    figures = load(dataset(load), table(tmp_path, rows, PeriodenCodes=periods)).figures
    assert [set(f.periods.tolist()) for f in figures] == [{2019}, {2020}]
    assert figures[1].provisional is not None
    assert figures[1].provisional.all()


def test_observations_without_their_columns_are_refused(tmp_path: Path) -> None:
    rows = [{"Measure": "T001036", "Value": 1, "WijkenEnBuurten": "NL00"}]
    with pytest.raises(BrokenLoad, match="without ValueAttribute"):
        load(dataset(load), table(tmp_path, rows))
