"""KWB as one JSON object keyed by area code."""

from pathlib import Path

import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, TruncatedAnswer
from db.sources.kwb_json import load
from tests.unit.odata_files import Row, dataset, payload, row_of

PROPERTIES: list[Row] = [
    {
        "ID": 1,
        "Type": "Topic",
        "Key": "Woningvoorraad_34",
        "Title": "Woningvoorraad",
        "Datatype": "Long",
        "Unit": "aantal",
    }
]


def test_an_area_is_a_row_whatever_the_order_of_its_keys(tmp_path: Path) -> None:
    keyed = {
        "GM9001": {"Mannen_6": 1, "Woningvoorraad_35": 2},
        "WK9001AA": {"Woningvoorraad_35": None, "Mannen_6": 3},
    }
    figures = load(dataset(load), payload(tmp_path, data=keyed)).figures[0]
    assert row_of(figures, "GM9001") == [(1, Reason.OBSERVED), (2, Reason.OBSERVED)]
    assert row_of(figures, "WK9001AA") == [(3, Reason.OBSERVED), (None, Reason.NO_FIGURE)]


def test_columns_with_another_suffix_than_described_are_matched_and_noted(tmp_path: Path) -> None:
    keyed = {"GM9001": {"Woningvoorraad_35": 2}}
    parsed = load(dataset(load), payload(tmp_path, data=keyed, DataProperties=PROPERTIES))
    column = parsed.figures[0].columns[0]
    assert (column.key, column.title, column.unit) == (
        "Woningvoorraad_35",
        "Woningvoorraad",
        "aantal",
    )
    assert parsed.account.notes["suffix-differs"] == 1


@pytest.mark.parametrize("document", ["[]", '{"GM9001": 3}', "{}"])
def test_a_document_of_another_shape_is_refused(tmp_path: Path, document: str) -> None:
    with pytest.raises(BrokenLoad):
        load(dataset(load), payload(tmp_path, data=document))


def test_areas_with_other_columns_are_refused(tmp_path: Path) -> None:
    keyed = {"GM9001": {"Mannen_6": 1}, "GM9002": {"Vrouwen_7": 1}}
    with pytest.raises(BrokenLoad, match="no column 'Mannen_6'"):
        load(dataset(load), payload(tmp_path, data=keyed))


def test_a_document_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TruncatedAnswer):
        load(dataset(load), payload(tmp_path, data='{"GM9001": {"Mannen_6": 1}, "GM'))
