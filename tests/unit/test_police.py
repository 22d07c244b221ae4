"""Registered crime: offences become columns, and no row never becomes a zero."""

from pathlib import Path

import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, CountMismatch
from db.core.figures import Column
from db.sources.police import load
from tests.unit.odata_files import Pages, Row, dataset, page, payload, row_of

OFFENCES: list[Row] = [
    {"Key": "0.0.0 ", "Title": "Totaal misdrijven"},
    {"Key": "1.1.1 ", "Title": "Diefstal/inbraak woning"},
    {"Key": "1.1.2 ", "Title": "Diefstal/inbraak box/garage/schuur"},
]
PROPERTIES: list[Row] = [
    {
        "ID": 3,
        "Type": "Topic",
        "Key": "GeregistreerdeMisdrijven_1",
        "Title": "Geregistreerde misdrijven",
        "Unit": "aantal",
        "Datatype": "Long",
    }
]


def crime(code: str, offence: str, count: int | None, period: str = "2020JJ00") -> Row:
    return {
        "ID": 1,
        "SoortMisdrijf": offence.ljust(6),
        "WijkenEnBuurten": code.ljust(10),
        "Perioden": period,
        "GeregistreerdeMisdrijven_1": count,
    }


TWO = [
    crime("BU9001AE01", "0.0.0", 8),
    crime("BU9001AE01", "1.1.1", 3),
    crime("BU90010000", "0.0.0", 2),
]


def test_an_offence_is_a_column_with_the_unit_of_the_measure(tmp_path: Path) -> None:
    parts = payload(tmp_path, data=TWO, SoortMisdrijf=OFFENCES, DataProperties=PROPERTIES)
    assert load(dataset(load), parts).figures[0].columns == [
        Column("0.0.0", "Totaal misdrijven", (), "aantal", "0.0.0"),
        Column("1.1.1", "Diefstal/inbraak woning", (), "aantal", "1.1.1"),
    ]


def test_where_the_publisher_has_no_row_there_is_no_zero(tmp_path: Path) -> None:
    figures = load(dataset(load), payload(tmp_path, data=TWO)).figures[0]
    assert row_of(figures, "BU90010000") == [(2, Reason.OBSERVED), (None, Reason.NO_ROW)]


def test_a_published_zero_stays_zero_and_a_null_no_figure(tmp_path: Path) -> None:
    rows = [*TWO, crime("BU90010001", "0.0.0", 0), crime("BU90010001", "1.1.1", None)]
    figures = load(dataset(load), payload(tmp_path, data=rows)).figures[0]
    assert row_of(figures, "BU90010001") == [(0, Reason.OBSERVED), (None, Reason.NO_FIGURE)]


def test_years_are_separate_rectangles_of_the_areas_met_in_them(tmp_path: Path) -> None:
    rows = [*TWO, crime("BU90010000", "0.0.0", 4, "2021JJ00")]
    figures = load(dataset(load), payload(tmp_path, data=rows)).figures
    assert [(f.periods[0], len(f.codes)) for f in figures] == [(2020, 2), (2021, 1)]


def test_monthly_rows_are_rejected(tmp_path: Path) -> None:
    rows = [*TWO, crime("BU90010000", "0.0.0", 1, "2020MM06")]
    account = load(dataset(load), payload(tmp_path, data=rows)).account
    assert (account.rows_read, account.rejected) == (4, {"period-not-a-year": 1})


def test_a_table_of_months_alone_is_refused(tmp_path: Path) -> None:
    rows = [crime("BU90010000", "0.0.0", 1, "2020MM06")]
    with pytest.raises(BrokenLoad, match=r"no usable row.*period-not-a-year"):
        load(dataset(load), payload(tmp_path, data=rows))


def test_an_offence_that_the_list_does_not_have_is_refused(tmp_path: Path) -> None:
    rows = [*TWO, crime("BU90010000", "9.9.9", 1)]
    with pytest.raises(BrokenLoad, match=r"offence '9\.9\.9' is not in the list"):
        load(dataset(load), payload(tmp_path, data=rows, SoortMisdrijf=OFFENCES))


def test_an_area_of_the_list_without_crime_exists_and_has_no_row(tmp_path: Path) -> None:
    listed = [{"Key": code, "Title": code} for code in ("BU9001AE01", "BU90010000", "BU90010009")]
    parsed = load(dataset(load), payload(tmp_path, data=TWO, WijkenEnBuurten=listed))
    assert len(parsed.areas[0].codes) == 3
    assert len(parsed.figures[0].codes) == 2
    assert parsed.account.notes["listed-area-without-row"] == 1


def test_a_partial_download_is_refused_by_its_count(tmp_path: Path) -> None:
    with pytest.raises(CountMismatch):
        load(dataset(load), payload(tmp_path, data=TWO, count="4"))


def test_a_page_received_twice_counts_once_and_a_contradiction_is_refused(tmp_path: Path) -> None:
    twice = Pages([page(*TWO), page(*TWO)])
    assert load(dataset(load), payload(tmp_path, data=twice)).account.rejected["duplicate"] == 3
    with pytest.raises(BrokenLoad, match="twice"):
        load(dataset(load), payload(tmp_path, data=[*TWO, crime("BU90010000", "0.0.0", 3)]))


def test_a_table_that_is_not_about_offences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="expected SoortMisdrijf and one measure"):
        load(dataset(load), payload(tmp_path, data=[{"WijkenEnBuurten": "GM9001", "A_1": 1}]))
