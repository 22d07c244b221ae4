"""StatLine exports: three layouts, two decimal marks, and what is refused."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import Parsed
from db.core.levels import Level
from db.sources import statline_csv
from db.sources.dataset import Dataset, Family, Payload

QUOTED = """\
"Perioden";"Wijken en buurten";"Regiocode (gemeente, wijk, buurt) (code)";\
"Huishoudens (Aantal)";"Score/Totaal/Gemiddelde (Getal)"
"2019";"Dorp";"GM0001    ";"  4500";"  -0.100"
"2019";"Kern";"WK000100  ";"     0";"       ."
"""
PLAIN = """\
Wijken en buurten;Regio/Gemeentenaam (naam);Regio/Soort regio (omschrijving);\
Regio/Codering (code);Regio/Indelingswijziging wijken en buurten (code);\
Nabijheid/Afstand tot school (km)
Dorp;Dorp      ;Gemeente  ;GM0001    ;.;0.5
Kern;Dorp      ;Wijk      ;WK000100  ;3;
"""
MATRIX = """\
"Nabijheid; afstand 2021"
""
"";"";"Wijken en buurten"
"Onderwerp";"";"Nederland";"Kern"
"Regio|Soort regio";"omschrijving";"Land";"Wijk"
"Regio|Codering";"code";"NL00";"WK000100"
"Regio|Indelingswijziging";"code";".";"1"
"Zorg|Huisarts|Afstand";"km";"1,0";"."
"Zorg|Aantal";"aantal";"12";"0,4"
"Bron: CBS"
"""


def load(folder: Path, text: str | bytes, vintage: int = 2021, **options: str) -> Parsed:
    path = folder / "export.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8-sig"))
    dataset = Dataset(
        "export", "cbs", Family.KWB, vintage, statline_csv.load, options=dict(options)
    )
    return statline_csv.load(dataset, Payload({"data": (path,)}))


def test_the_quoted_layout_keeps_years_points_dots_and_negative_values(tmp_path: Path) -> None:
    figures = load(tmp_path, QUOTED, 2021).figures[0]

    assert figures.codes == ["GM0001", "WK000100"]
    assert figures.periods.tolist() == [2019, 2019]
    np.testing.assert_array_equal(figures.values, [[4500, -0.1], [0, np.nan]])
    assert figures.reasons[1, 1] == Reason.DOT


def test_a_byte_order_mark_and_gzip_change_nothing(tmp_path: Path) -> None:
    with_mark = load(tmp_path, QUOTED)
    without = load(tmp_path, gzip.compress(QUOTED.encode()))

    assert with_mark.figures[0].columns == without.figures[0].columns
    assert with_mark.account == without.account


def test_a_header_becomes_path_title_and_unit(tmp_path: Path) -> None:
    column = load(tmp_path, QUOTED).figures[0].columns[1]

    assert column.key == "Score/Totaal/Gemiddelde (Getal)"
    assert (column.path, column.title, column.unit) == (("Score", "Totaal"), "Gemiddelde", "Getal")


def test_the_plain_layout_gives_areas_with_names_levels_and_changes(tmp_path: Path) -> None:
    areas = load(tmp_path, PLAIN).areas

    assert [(a.level, a.codes, a.names, a.changes) for a in areas] == [
        (Level.GEMEENTE, ["GM0001"], ["Dorp"], [None]),
        (Level.WIJK, ["WK000100"], ["Kern"], [3]),
    ]


def test_a_dot_and_a_blank_are_absent_for_different_reasons(tmp_path: Path) -> None:
    text = PLAIN.replace("Dorp;Dorp      ;Gemeente  ;GM0001    ;.;0.5", "x;x;Wijk;WK000101;.;.")
    figures = load(tmp_path, text).figures[0]

    assert figures.reasons[:, 0].tolist() == [Reason.DOT, Reason.IMPOSSIBLE]


def test_a_column_without_any_cell_is_not_yet_published(tmp_path: Path) -> None:
    figures = load(tmp_path, PLAIN.replace(";0.5", ";")).figures[0]

    assert figures.reasons[:, 0].tolist() == [Reason.NOT_YET_PUBLISHED] * 2


def test_a_negative_distance_is_a_missing_code(tmp_path: Path) -> None:
    parsed = load(tmp_path, PLAIN.replace("0.5", "-1"))

    assert parsed.figures[0].reasons[0, 0] == Reason.MISSING_CODE
    assert np.isnan(parsed.figures[0].values[0, 0])
    assert parsed.account.notes["negative-distance"] == 1


def test_a_starred_year_is_provisional(tmp_path: Path) -> None:
    figures = load(tmp_path, QUOTED.replace('"2019";"Kern"', '"2020*";"Kern"')).figures[0]

    assert figures.provisional is not None
    assert figures.provisional.tolist() == [False, True]
    assert figures.periods.tolist() == [2019, 2020]


def test_rows_that_cannot_be_placed_are_rejected_and_counted(tmp_path: Path) -> None:
    extra = (
        '"2019";"Dorp";"GM0001";"1";"1.0"\n'
        '"2019";"Groningen";"PV20";"1";"1.0"\n'
        '"2019 1e kwartaal";"Dorp";"GM0001";"1";"1.0"\n'
    )
    account = load(tmp_path, QUOTED + extra).account

    assert account.rejected == {"duplicate": 1, "no-area-code": 1, "period-not-a-year": 1}
    assert (account.rows_read, account.rows_accepted) == (5, 2)


def test_the_matrix_layout_turns_regions_into_rows(tmp_path: Path) -> None:
    parsed = load(tmp_path, MATRIX)
    figures = parsed.figures[0]

    assert parsed.title == "Nabijheid; afstand 2021"
    assert (figures.codes, figures.periods.tolist()) == (["NL00", "WK000100"], [2021, 2021])
    np.testing.assert_array_equal(figures.values, [[1.0, 12], [np.nan, 0.4]])
    assert figures.columns[0].path == ("Zorg", "Huisarts")
    assert [a.changes for a in parsed.areas] == [[None], [1]]


def test_a_matrix_without_its_last_line_was_cut_off(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="cut off"):
        load(tmp_path, MATRIX.replace('"Bron: CBS"\n', ""))


@pytest.mark.parametrize("text", [MATRIX, PLAIN + "Bron: CBS\n"])
def test_nothing_may_follow_the_end_mark(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenLoad, match="after the end mark"):
        load(tmp_path, text + '"Nog een regel";"km";"1,0";"2,0"\n')


def test_an_end_mark_in_a_flat_export_is_no_row(tmp_path: Path) -> None:
    assert load(tmp_path, PLAIN + '"Bron: CBS"\n').account.rows_read == 2


def test_a_matrix_of_another_year_is_another_table(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="about 2021 by its title, not about 2020"):
        load(tmp_path, MATRIX, 2020)


@pytest.mark.parametrize(
    "text",
    [
        '"Wijken en buurten";"Afstand (km)"\n"Centrum";"2.0"\n',
        MATRIX.replace('"Regio|Codering";"code";"NL00";"WK000100"\n', ""),
    ],
)
def test_names_without_codes_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RefusedFile, match="names are not unique"):
        load(tmp_path, text)


@pytest.mark.parametrize("text", [PLAIN + "Dorp;Dorp;Buurt\n", MATRIX.replace(';"0,4"', "")])
def test_a_ragged_row_is_named_by_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenLoad, match=r"line (4|9): 3 cells where the header has (6|4)"):
        load(tmp_path, text)


def test_points_and_commas_in_one_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="both occur"):
        load(tmp_path, PLAIN + "Oord;Dorp;Buurt;BU00010000;1;0,5\n")


def test_a_level_that_contradicts_the_code_fails_the_load(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="line 3: WK000100 is called a 'Buurt'"):
        load(tmp_path, PLAIN.replace("Wijk      ", "Buurt     "))


def test_a_quoted_newline_belongs_to_its_cell(tmp_path: Path) -> None:
    text = PLAIN.replace("Kern;", '"Kern\nNoord";')

    assert load(tmp_path, text).areas[1].names == ["Kern\nNoord"]


def test_a_second_value_of_a_dimension_is_refused(tmp_path: Path) -> None:
    text = QUOTED.replace('"Wijken', '"Marges";"Wijken').replace('"2019";', '"2019";"Waarde";', 1)
    text = text.replace('"2019";"Kern"', '"2019";"Bovengrens";"Kern"')

    with pytest.raises(RefusedFile, match="'Marges' has more than one value"):
        load(tmp_path, text)


def test_two_columns_of_one_name_cannot_be_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="more than once"):
        load(tmp_path, QUOTED.replace("Score/Totaal/Gemiddelde (Getal)", "Huishoudens (Aantal)"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><title>Fout; probeer het later</title>\n<p>503</p>\n",
        QUOTED.encode("utf-16"),
        QUOTED.replace("Dorp", "Skarsterlân").encode("cp1252"),
        gzip.compress(QUOTED.encode())[:-20],
        QUOTED.encode()[:-9],
        QUOTED.splitlines()[0].encode(),
    ],
)
def test_what_is_no_complete_export_fails_the_load(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenLoad):
        load(tmp_path, content)


def test_a_model_table_is_marked_as_modelled(tmp_path: Path) -> None:
    figures = load(tmp_path, QUOTED, nature="modelled").figures[0]

    assert figures.reasons[0].tolist() == [Reason.MODELLED] * 2
