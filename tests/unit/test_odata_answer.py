"""Answers as files: what is no answer, or not a whole one, must not pass for a small table."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from db.core.errors import BrokenLoad, NotWhatWasAsked, TruncatedAnswer
from db.sources.odata_answer import Pages, read_answer, read_count, read_records


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def columns_of(*paths: Path) -> dict[str, list[object]]:
    tables = pa.concat_tables(Pages(paths).tables(), promote_options="permissive")
    columns: dict[str, list[object]] = tables.to_pydict()
    return columns


def test_a_web_page_with_a_json_name_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", "\n<!DOCTYPE html><title>Onderhoud</title>")
    with pytest.raises(NotWhatWasAsked, match=r"a\.json is a web page"):
        columns_of(path)


def test_json_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", '{"value":[{"ID":1,"Mannen_6":2},{"ID":2,"Man')
    with pytest.raises(TruncatedAnswer, match=r"a\.json is cut off"):
        columns_of(path)


@pytest.mark.parametrize("content", ['{"odata.error":{"code":""}}', '{"value":{}}', "[1]", "3"])
def test_json_without_a_list_of_rows_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BrokenLoad, match="no OData answer"):
        columns_of(put(tmp_path, "a.json", content))


def test_an_answer_without_rows_asks_whether_the_keys_were_padded(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="padded"):
        columns_of(put(tmp_path, "a.json", '{"value":[]}'))


@pytest.mark.parametrize("name", ["a.json.gz", "a.csv.gz", "a.parquet"])
def test_a_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    whole = gzip.compress(b'[{"ID":1,"Mannen_6":2}]' * 99)
    with pytest.raises(BrokenLoad, match=r"damaged|cut off|header"):
        columns_of(put(tmp_path, name, whole[:-12]))


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ('[{"ID":1,"A_1":2},{"ID":2}]', "different columns"),
        ('[{"ID":1,"A_1":2},{"ID":2,"B_1":2}]', "no column 'A_1'"),
        ('[{"ID":1,"A_1":2},{"ID":2,"A_1":"x"}]', "mixes kinds"),
        ('[{"ID":1,"A_1":18446744073709551615},{"ID":2,"A_1":-1}]', "mixes kinds"),
    ],
)
def test_rows_that_do_not_agree_are_refused(tmp_path: Path, rows: str, match: str) -> None:
    with pytest.raises(BrokenLoad, match=match):
        columns_of(put(tmp_path, "a.json", rows))


def test_pages_with_other_columns_are_refused(tmp_path: Path) -> None:
    one = put(tmp_path, "1.json", '[{"ID":1,"A_1":2}]')
    other = put(tmp_path, "2.json", '[{"ID":1,"A_2":2}]')
    with pytest.raises(BrokenLoad, match=r"2\.json has other columns"):
        columns_of(one, other)


def test_annotations_of_the_protocol_are_no_columns(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", '[{"odata.type":"Cbs.Row","ID":1}]')
    assert columns_of(path) == {"ID": [1]}


@pytest.mark.parametrize(
    "content", ["ID;A_1;A_1\n1;2;3\n", "<html>\n", "", "ID;A_1\n1\n", b"ID;A_1\n1;\xff\n"]
)
def test_csv_without_one_name_a_column_and_one_cell_a_name_is_refused(
    tmp_path: Path, content: str | bytes
) -> None:
    with pytest.raises(BrokenLoad):
        columns_of(put(tmp_path, "a.csv", content))


def test_the_same_rows_come_out_of_json_csv_and_parquet(tmp_path: Path) -> None:
    table = pa.table({"ID": ["1", "2"], "A_1": ["2.5", None]})
    pq.write_table(table, tmp_path / "a.parquet")
    json = put(tmp_path, "a.json", '{"value":[{"ID":"1","A_1":"2.5"},{"ID":"2","A_1":null}]}')
    text = put(tmp_path, "a.csv", "\ufeffID;A_1\n1;2.5\n2;\n")
    expected = table.to_pydict()
    assert [columns_of(path) for path in (json, text, tmp_path / "a.parquet")] == [expected] * 3


def test_a_lone_object_of_metadata_is_one_record(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", '{"@odata.context":"x","Identifier":"9NED"}')
    assert [record["Identifier"] for record in read_records([path])] == ["9NED"]


def test_a_list_of_metadata_may_be_paged_but_not_partial(tmp_path: Path) -> None:
    one = put(tmp_path, "1.json", '{"value":[{"Key":"a"}],"odata.nextLink":"2"}')
    two = put(tmp_path, "2.json", '{"value":[{"Key":"b"}]}')
    assert [record["Key"] for record in read_records([one, two])] == ["a", "b"]
    with pytest.raises(BrokenLoad, match="next page"):
        read_records([one])


def test_a_v4_answer_has_its_own_names_for_count_and_next_page(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", '{"@odata.count":7,"value":[],"@odata.nextLink":"n"}')
    answer = read_answer(path)
    assert (answer.announced, answer.has_next) == (7, True)


def test_a_count_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="no count"):
        read_count([put(tmp_path, "count", '{"value":[]}')])
