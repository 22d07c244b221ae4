"""CBS OData v3: wide rows, two ways of paging, and every way in which an answer can be partial."""

from pathlib import Path

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, CountMismatch
from db.core.figures import Column
from db.core.levels import Level
from db.sources.cbs_odata3 import load
from db.sources.dataset import Payload
from tests.unit.odata_files import Pages, Row, dataset, page, payload, row_of

PROPERTIES: list[Row] = [
    {"ID": 0, "ParentID": None, "Type": "GeoDetail", "Key": "WijkenEnBuurten", "Title": "W"},
    {"ID": 1, "ParentID": None, "Type": "TopicGroup", "Key": "", "Title": "Inkomen"},
    {"ID": 2, "ParentID": 1, "Type": "TopicGroup", "Key": "", "Title": "Inkomen van personen"},
    {
        "ID": 3,
        "ParentID": 2,
        "Type": "Topic",
        "Key": "Inkomen_72",
        "Title": "Gemiddeld inkomen\u00a0",
        "Datatype": "Double",
        "Unit": "x 1 000 euro",
    },
    {
        "ID": 4,
        "ParentID": None,
        "Type": "Topic",
        "Key": "Bijzonderheid_9",
        "Title": "Bijzonderheid",
        "Datatype": "String",
        "Unit": "naam",
    },
]


def wide(code: str, income: object = 1.5, **cells: object) -> Row:
    return {
        "ID": 1,
        "WijkenEnBuurten": code.ljust(10),
        "Gemeentenaam_1": "Voorbeeldstad      ",
        "Inkomen_72": income,
    } | cells


def region(code: str, title: str, gemeente: str = "") -> Row:
    return {"Key": code.ljust(10), "Title": title, "Municipality": gemeente}


THREE = [wide("NL01"), wide("GM9001", 2), wide("WK900100", None)]
LIST = [region("NL01", "Nederland"), region("GM9001", "Stad"), region("WK900100", "Dorp")]


def test_codes_lose_their_padding_and_the_country_has_one_spelling(tmp_path: Path) -> None:
    parsed = load(dataset(load), payload(tmp_path, data=THREE))
    assert parsed.figures[0].codes == ["NL00", "GM9001", "WK900100"]


def test_a_null_in_a_typed_table_is_no_figure(tmp_path: Path) -> None:
    parsed = load(dataset(load), payload(tmp_path, data=THREE))
    assert row_of(parsed.figures[0], "WK900100") == [(None, Reason.NO_FIGURE)]


def test_a_table_without_periods_is_of_the_boundary_year(tmp_path: Path) -> None:
    parsed = load(dataset(load), payload(tmp_path, data=THREE))
    assert parsed.figures[0].periods.tolist() == [2020, 2020, 2020]


def test_the_year_of_a_table_can_be_named(tmp_path: Path) -> None:
    parsed = load(dataset(load, period="2019"), payload(tmp_path, data=THREE))
    assert set(parsed.figures[0].periods.tolist()) == {2019}


def test_a_column_has_the_title_path_and_unit_of_its_topic(tmp_path: Path) -> None:
    parsed = load(dataset(load), payload(tmp_path, data=THREE, DataProperties=PROPERTIES))
    assert parsed.figures[0].columns == [
        Column(
            "Inkomen_72",
            "Gemiddeld inkomen",
            ("Inkomen", "Inkomen van personen"),
            "x 1 000 euro",
        )
    ]


def test_a_topic_with_another_suffix_is_matched_by_its_stem_and_noted(tmp_path: Path) -> None:
    rows = [{"WijkenEnBuurten": "GM9001", "Inkomen_83": 1}]
    parsed = load(dataset(load), payload(tmp_path, data=rows, DataProperties=PROPERTIES))
    assert parsed.figures[0].columns[0].title == "Gemiddeld inkomen"
    assert parsed.figures[0].columns[0].key == "Inkomen_83"
    assert parsed.account.notes["suffix-differs"] == 1


def test_text_topics_are_no_figures(tmp_path: Path) -> None:
    rows = [wide("GM9001", Bijzonderheid_9="haven", MeestVoorkomendePostcode_113="   .")]
    parsed = load(dataset(load), payload(tmp_path, data=rows, DataProperties=PROPERTIES))
    assert [column.key for column in parsed.figures[0].columns] == ["Inkomen_72"]


def test_a_figure_that_is_text_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="Inkomen_72: 'veel'"):
        load(dataset(load), payload(tmp_path, data=[wide("GM9001", "veel")]))


@pytest.mark.parametrize(
    ("value", "match"), [(10**18, "too large to be exact"), (True, "neither numbers nor text")]
)
def test_a_figure_that_is_no_plain_number_is_refused(
    tmp_path: Path, value: object, match: str
) -> None:
    with pytest.raises(BrokenLoad, match=match):
        load(dataset(load), payload(tmp_path, data=[wide("GM9001", value)]))


def test_keys_that_are_no_text_are_refused(tmp_path: Path) -> None:
    rows = [{"WijkenEnBuurten": {"Key": "GM9001"}, "Inkomen_72": 1}]
    with pytest.raises(BrokenLoad, match="objects or lists"):
        load(dataset(load), payload(tmp_path, data=rows))


def test_an_untyped_table_keeps_dot_blank_and_number_apart(tmp_path: Path) -> None:
    rows = [wide("GM9001", "    76.1"), wide("GM9002", "       ."), wide("GM9003", "        ")]
    figures = load(dataset(load), payload(tmp_path, data=rows)).figures[0]
    assert [row_of(figures, code)[0] for code in figures.codes] == [
        (76.1, Reason.OBSERVED),
        (None, Reason.DOT),
        (None, Reason.IMPOSSIBLE),
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("9NED_TypedDataSet.csv", Reason.NO_FIGURE), ("9NED_UntypedDataSet.csv", Reason.IMPOSSIBLE)],
)
def test_an_empty_csv_cell_is_a_null_or_a_blank_after_the_table_it_was_made_from(
    tmp_path: Path, name: str, reason: Reason
) -> None:
    path = tmp_path / name
    path.write_text("\ufeffID;WijkenEnBuurten;Inkomen_72\n0;GM9001    ;\n1;GM9002    ;7\n")
    parsed = load(dataset(load), Payload({"data": (path,)}))
    assert row_of(parsed.figures[0], "GM9001") == [(None, reason)]


def test_areas_have_the_name_of_the_list_and_the_parent_of_their_code(tmp_path: Path) -> None:
    parts = payload(tmp_path, data=THREE, WijkenEnBuurten=LIST)
    areas = {found.level: found for found in load(dataset(load), parts).areas}
    assert areas[Level.WIJK].names == ["Dorp"]
    assert areas[Level.WIJK].parents == ["GM9001"]
    assert areas[Level.GEMEENTE].parents == ["NL00"]


def test_without_a_list_only_the_gemeente_is_known_by_name(tmp_path: Path) -> None:
    areas = {a.level: a.names for a in load(dataset(load), payload(tmp_path, data=THREE)).areas}
    assert areas[Level.GEMEENTE] == ["Voorbeeldstad"]
    assert areas[Level.WIJK] == [None]


def test_the_list_knows_better_in_which_gemeente_a_wijk_lies(tmp_path: Path) -> None:
    listed = [region("WK900100", "Dorp", "GM9002")]
    parts = payload(tmp_path, data=[wide("WK900100")], WijkenEnBuurten=listed)
    parsed = load(dataset(load), parts)
    assert parsed.areas[0].parents == ["GM9002"]
    assert parsed.account.notes["gemeente-differs-from-code"] == 1


def test_indelingswijziging_goes_to_the_areas(tmp_path: Path) -> None:
    rows = [
        wide("WK900100", IndelingswijzigingGemeenteWijkBuurt_4="2"),
        wide("WK900101", IndelingswijzigingGemeenteWijkBuurt_4="."),
    ]
    parsed = load(dataset(load), payload(tmp_path, data=rows))
    assert parsed.areas[0].changes == [2, None]
    assert len(parsed.figures[0].columns) == 1


def test_pages_by_next_link_and_by_skip_give_the_same(tmp_path: Path) -> None:
    linked = Pages([page(*THREE[:2], next_link="...?$skiptoken=2"), page(THREE[2])])
    skipped = Pages([page(*THREE[:2]), page(THREE[2]), page()])
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    by_link = load(dataset(load), payload(tmp_path / "a", data=linked)).figures[0]
    by_skip = load(dataset(load), payload(tmp_path / "b", data=skipped)).figures[0]
    assert by_link.codes == by_skip.codes == ["NL00", "GM9001", "WK900100"]
    np.testing.assert_array_equal(by_link.values, by_skip.values)


def test_a_last_page_that_names_a_next_one_is_a_partial_table(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="next page"):
        load(dataset(load), payload(tmp_path, data=page(*THREE, next_link="more")))


@pytest.mark.parametrize("count", ["4", "\ufeff4\n", {"odata.count": "4"}])
def test_another_number_of_rows_than_counted_is_refused(tmp_path: Path, count: str) -> None:
    with pytest.raises(CountMismatch, match="announces 4 rows, 3 received"):
        load(dataset(load), payload(tmp_path, data=THREE, count=count))


def test_an_inline_count_is_checked_too(tmp_path: Path) -> None:
    with pytest.raises(CountMismatch):
        load(dataset(load), payload(tmp_path, data={"odata.count": "4", "value": THREE}))


def test_the_record_count_of_the_table_is_checked_unless_the_download_was_filtered(
    tmp_path: Path,
) -> None:
    parts = payload(tmp_path, data=THREE, TableInfos=[{"Identifier": "9NED", "RecordCount": 9}])
    with pytest.raises(CountMismatch):
        load(dataset(load), parts)
    assert load(dataset(load, filter="startswith(...)"), parts).account.rows_accepted == 3


def test_metadata_of_another_table_are_refused(tmp_path: Path) -> None:
    parts = payload(tmp_path, data=THREE, TableInfos=[{"Identifier": "84799NED"}])
    with pytest.raises(BrokenLoad, match="84799NED, not 9NED"):
        load(dataset(load, table="9NED"), parts)


def test_an_area_of_the_list_without_a_row_is_a_partial_table(tmp_path: Path) -> None:
    parts = payload(tmp_path, data=THREE[:2], WijkenEnBuurten=LIST)
    with pytest.raises(CountMismatch, match="announces 3 rows, 2 received"):
        load(dataset(load), parts)


def test_an_area_that_the_list_does_not_have_is_refused(tmp_path: Path) -> None:
    parts = payload(tmp_path, data=THREE, WijkenEnBuurten=LIST[:2])
    with pytest.raises(BrokenLoad, match="'WK900100' is not in the list"):
        load(dataset(load), parts)


def test_a_page_received_twice_counts_once(tmp_path: Path) -> None:
    twice = Pages([page(*THREE), page(*THREE)])
    parsed = load(dataset(load), payload(tmp_path, data=twice))
    assert (parsed.account.rows_read, parsed.account.rows_accepted) == (6, 3)
    assert parsed.account.rejected["duplicate"] == 3
    assert len(parsed.figures[0].codes) == 3


def test_a_page_received_instead_of_the_next_one_is_a_partial_table(tmp_path: Path) -> None:
    twice = Pages([page(*THREE[:2]), page(*THREE[:2])])
    with pytest.raises(CountMismatch):
        load(dataset(load), payload(tmp_path, data=twice, WijkenEnBuurten=LIST))


@pytest.mark.parametrize(("one", "other"), [("2", "3"), ("2", "."), (".", " ")])
def test_an_area_twice_with_different_cells_is_refused(
    tmp_path: Path, one: str, other: str
) -> None:
    with pytest.raises(BrokenLoad, match="GM9001 of 2020 comes twice"):
        load(dataset(load), payload(tmp_path, data=[wide("GM9001", one), wide("GM9001", other)]))


def test_a_key_of_the_wrong_width_is_rejected_with_its_text(tmp_path: Path) -> None:
    rows = [*THREE, wide("WK90010"), wide("PV20")]
    account = load(dataset(load), payload(tmp_path, data=rows)).account
    assert account.rejected == {"no-area-code": 2}
    assert sorted(account.examples["no-area-code"]) == ["PV20", "WK90010"]


def test_a_column_that_is_empty_everywhere_is_not_yet_published(tmp_path: Path) -> None:
    rows = [wide("GM9001", None, Mannen_6=3), wide("GM9002", None, Mannen_6=4)]
    parsed = load(dataset(load), payload(tmp_path, data=rows))
    assert row_of(parsed.figures[0], "GM9001")[0] == (None, Reason.NOT_YET_PUBLISHED)
    assert parsed.account.notes["empty-column"] == 1


def test_whole_and_decimal_numbers_may_alternate_between_pages(tmp_path: Path) -> None:
    pages = Pages([page(wide("GM9001", 2)), page(wide("GM9002", 2.5)), page(wide("GM9003", None))])
    values = load(dataset(load), payload(tmp_path, data=pages)).figures[0].values
    np.testing.assert_array_equal(values[:, 0], [2, 2.5, np.nan])


def test_title_and_edition_come_with_the_figures(tmp_path: Path) -> None:
    infos = [{"Identifier": "9NED", "Title": "Kerncijfers", "Modified": "2021-03-26T02:00:00"}]
    parsed = load(dataset(load), payload(tmp_path, data=THREE, TableInfos=infos))
    assert (parsed.title, parsed.modified) == ("Kerncijfers", "2021-03-26T02:00:00")


def test_a_download_that_nothing_could_be_checked_against_says_so(tmp_path: Path) -> None:
    unchecked = load(dataset(load), payload(tmp_path, data=THREE)).account.notes
    checked = load(dataset(load), payload(tmp_path, data=THREE, count="3")).account.notes
    assert (unchecked["completeness-unchecked"], checked["completeness-unchecked"]) == (1, 0)
