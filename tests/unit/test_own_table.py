"""A CSV file of somebody's own is read strictly: every cell, or each line that is wrong."""

from dataclasses import replace
from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.indicator import Kind
from db.core.own import OwnCell, Problems, wrong_value
from db.sources.own_table import read_own_table
from tests.unit.own_files import METADATA, TABLE, TODAY, metadata, read

BOUNDED = 'value = "deel", lower = "van", upper = "tot"'
WIDE = (
    ('year = "jaar"\n', ""),
    (
        'columns = [{ indicator = "hardship", value = "deel" }]',
        'columns = [{ indicator = "hardship", value = "j22", year = 2022 }, '
        '{ indicator = "hardship", value = "j23", year = 2023 }]',
    ),
)


def shown(cells: list[OwnCell]) -> list[tuple[str, int, float | Reason]]:
    return [(c.code, c.year, c.reason if isnan(c.value) else c.value) for c in cells]


RIGHT = [("WK900100", 2023, 12.5), ("WK900101", 2023, Reason.CONFIDENTIAL)]


def test_each_cell_is_a_number_or_says_why_it_is_absent() -> None:
    cells, problems = read(TABLE)

    assert (shown(cells), problems) == (RIGHT, [])


def test_years_may_be_columns() -> None:
    cells, problems = read(b"wijk;j22;j23\nWK900100;1,5;x\n", *WIDE)

    assert problems == []
    assert shown(cells) == [("WK900100", 2022, 1.5), ("WK900100", 2023, Reason.CONFIDENTIAL)]


def test_bounds_and_a_column_of_statuses_are_read() -> None:
    cells, problems = read(
        b"wijk;jaar;deel;van;tot;waarom\nWK900100;2023;5;4;6,5;\nWK900101;2023;;;;x\n",
        ('value = "deel"', BOUNDED + ', status = "waarom"'),
    )

    assert problems == []
    assert shown(cells) == [("WK900100", 2023, 5), ("WK900101", 2023, Reason.CONFIDENTIAL)]
    assert (cells[0].lower, cells[0].upper) == (4, 6.5)


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("utf-8", "utf-8-sig"), ("utf-16", "utf-16"), ("windows-1252", "cp1252"),
     ("iso-8859-1", "latin-1")],
)  # fmt: skip
def test_encodings_that_are_stated_are_read(encoding: str, written: str) -> None:
    text = TABLE.decode().replace("wijk;", "wijkcodé;")

    cells, problems = read(
        text.encode(written), ('"utf-8"', f'"{encoding}"'), ('code = "wijk"', 'code = "wijkcodé"')
    )

    assert (shown(cells), problems) == (RIGHT, [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (TABLE.decode().encode("utf-16"), "line 1: the file says that it is utf-16"),
        (b"wijk;jaar;deel\nWK900100;2023;\xe9\n", "line 2: the bytes are not utf-8; a spreadsheet"),
        (TABLE + b"WK900100;2022;\0\n", "line 4: there is an empty byte"),
        (b"", "line 1: the file is empty"),
        (b"wijk;jaar;deel\n", "line 1: there are no rows below the header"),
        (TABLE.replace(b";", b","), "the separator seems to be ','"),
        (TABLE.replace(b"deel", b"part"), "line 1: no column is called 'deel'; there are: 'wijk'"),
        (TABLE.replace(b"jaar;deel", b"deel;deel"), "line 1: 2 columns are called 'deel'"),
        (TABLE.replace(b"12,5", b"12,5;7"), "line 2: 4 cells, where the header has 3"),
        (TABLE.replace(b"12,5", b'"12,5'), "no proper CSV"),
        (
            TABLE.replace(b"12,5", b"12.5"),
            "'12.5' is no figure of hardship: digits with ','",
        ),
        (TABLE.replace(b"12,5", b"1.012,5"), "line 2: '1.012,5' is no figure"),
        (TABLE.replace(b"12,5", b"1e3"), "line 2: '1e3' is no figure"),
        (TABLE.replace(b"12,5", b"nan"), "line 2: 'nan' is no figure"),
        (TABLE.replace(b"12,5", "１２".encode()), "is no figure"),
        (TABLE.replace(b"x", b"geheim"), "line 3: 'geheim' is no figure"),
        (
            TABLE.replace(b"WK900101", b"WK900100"),
            "hardship of WK900100 in 2023 is on line 2",
        ),
        (TABLE.replace(b"WK900101", b"BU90010101"), "line 3: BU90010101 is the code of a buurt"),
        (TABLE.replace(b"WK900101", b"900101"), "line 3: '900101' is no area code"),
        (TABLE.replace(b"2023;x", b"2031;x"), "line 3: '2031' is no year from 1990 to 2026"),
        (TABLE.replace(b"2023;x", b"23;x"), "line 3: '23' is no year"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(content: bytes, told: str) -> None:
    _, problems = read(content)

    assert any(f"hardship.csv, {told}" in p or told in p for p in problems), problems


def test_every_wrong_line_is_told_at_once() -> None:
    _, problems = read(b"wijk;jaar;deel\nWK9001;2023;1\nWK900100;1066;2\nWK900101;2023;veel\n")

    assert [each.split(":")[0] for each in problems] == [
        f"hardship.csv, line {line}" for line in (2, 3, 4)
    ]


def test_an_empty_cell_needs_a_meaning_of_its_own() -> None:
    _, problems = read(b"wijk;jaar;deel\nWK900100;2023;\n", (', "" = "UNKNOWN"', ""))

    assert problems[0].startswith("hardship.csv, line 2: an empty cell is no figure")


def test_a_figure_beside_a_status_of_absence_is_a_contradiction() -> None:
    _, problems = read(
        b"wijk;jaar;deel;waarom\nWK900100;2023;5;x\nWK900101;2023;;why\n",
        ('value = "deel"', 'value = "deel", status = "waarom"'),
    )

    assert "has a figure and a status for its absence" in problems[0]
    assert "'why' is no status of hardship; absent has: 'x', ''" in problems[1]


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (Kind.SHARE, 100.1, "a share is a percentage from 0 to 100"),
        (Kind.SHARE, -1, "a share is a percentage"),
        (Kind.COUNT, -3, "a count is not negative"),
        (Kind.COUNT, 1.5, "a count is a whole number"),
        (Kind.RATE, -0.1, "a rate is not negative"),
        (Kind.INDEX, -4.2, None),
        (Kind.SHARE, 100, None),
    ],
)
def test_a_value_that_cannot_be_is_told(kind: Kind, value: float, told: str | None) -> None:
    (indicator,) = metadata(METADATA).indicators
    cell = OwnCell(2, "WK900100", 2023, value, Reason.OBSERVED)
    found = wrong_value(replace(indicator, kind=kind), cell)

    assert (found is None) if told is None else (found is not None and told in found)


def test_a_value_outside_its_own_bounds_is_told() -> None:
    (indicator,) = metadata().indicators
    cell = OwnCell(2, "WK900100", 2023, 5.0, Reason.OBSERVED, 6.0, 7.0)

    assert wrong_value(indicator, cell) == "hardship is 5, outside its own bounds 6 to 7"


def test_more_problems_than_anyone_reads_are_counted() -> None:
    problems = Problems()
    for line in range(1000):
        problems.add("a.csv", line, "wrong")

    assert (len(problems.listed), problems.more, problems.total) == (200, 800, 1000)


_rows = st.lists(
    st.lists(st.sampled_from(["WK900100", "2023", "12,5", "x", "", '"', "-", "é\n", "\0", "BU"])
             | st.text(max_size=6), max_size=4).map(";".join), max_size=5,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(_rows.map(lambda rows: "\n".join(["wijk;jaar;deel", *rows]).encode("utf-8", "replace"))
       | st.binary(max_size=80))  # fmt: skip
def test_whatever_a_file_holds_it_is_read_or_refused_and_never_fails(content: bytes) -> None:
    problems = Problems()
    (table,) = metadata().tables

    cells = read_own_table(table, content, TODAY, problems)

    for cell in cells.get("hardship", []):
        assert isnan(cell.value) == (cell.reason >= 10)
        assert 1990 <= cell.year <= TODAY.year
