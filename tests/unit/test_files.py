"""Files that were cut off or damaged on the way are said to be so, whoever reads them."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from db.core.errors import BrokenLoad, TruncatedAnswer
from db.core.figures import Parsed
from db.sources import (
    addresses,
    boundaries,
    cbs_odata3,
    code_lists,
    kwb_download,
    leefbaarometer,
    statline_csv,
)
from db.sources.dataset import Dataset, Family, Payload
from db.sources.files import inflated, open_text, read_bytes
from db.sources.folder import digest
from tests.unit import (
    test_addresses,
    test_code_lists,
    test_kwb_download,
    test_leefbaarometer,
    test_statline_csv,
)

PACKED = gzip.compress(bytes(range(256)) * 400, mtime=0)
DAMAGED = {
    "cut off": PACKED[:-12],
    "cut in its header": PACKED[:7],
    "overwritten": PACKED[:40] + bytes(20) + PACKED[60:],
    "another sum": PACKED[:-8] + bytes(8),
}
ODATA = "\ufeffID;WijkenEnBuurten;Inkomen_72\n0;GM9001    ;12\n1;GM9002    ;7\n"
MAP = "buurtcode,inwoners\nBU03070001,12\n"
Load = Callable[[Dataset, Payload], Parsed]


def digest_of(path: Path) -> str:
    return digest(Payload({"data": (path,)}))


def text_of(path: Path) -> str:
    with open_text(path, whole_lines=True) as stream:
        return stream.read()


def inflated_copy(path: Path) -> Path:
    return inflated(path, path.parent)


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("read", [read_bytes, text_of, digest_of, inflated_copy])
def test_a_damaged_gzip_is_a_truncated_answer_that_names_the_file(
    tmp_path: Path, read: Callable[[Path], object], content: bytes
) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(content)

    with pytest.raises(TruncatedAnswer, match=r"^table\.csv\.gz: the compressed file is") as caught:
        read(path)

    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("load", [addresses.load, cbs_odata3.load, code_lists.load])
def test_a_gzip_that_is_cut_off_is_so_for_every_reader_of_tables(
    tmp_path: Path, load: Load
) -> None:
    rows = "".join(f"{n};{n * 7919 % 10007};0363AF01\n" for n in range(9_000))
    path = tmp_path / "9NED_TypedDataSet.csv.gz"
    path.write_bytes(gzip.compress(b"PC6;Huisnummer;Buurt2025\n" + rows.encode())[:-12])

    with pytest.raises(BrokenLoad) as caught:
        load(Dataset("cut", "cbs", Family.KWB, 2025, load), Payload({"data": (path,)}))

    assert str(tmp_path) not in str(caught.value)


LINES: dict[str, tuple[Load, int, str]] = {
    "list of areas": (code_lists.load, 2025, test_code_lists.YEARLY),
    "chain of areas": (code_lists.load, 2019, test_code_lists.CHAIN),
    "attributes": (kwb_download.load, 2017, test_kwb_download.ATTRIBUTES),
    "download": (kwb_download.load, 2020, test_kwb_download.CSV),
    "addresses": (addresses.load, 2025, test_addresses.PC6),
    "counted addresses": (addresses.load, 2023, test_addresses.PC4),
    "leefbaarometer": (leefbaarometer.load, 2022, test_leefbaarometer.TABLE.decode()),
    "odata": (cbs_odata3.load, 2020, ODATA),
}


def loaded(path: Path, load: Load, vintage: int, text: str) -> Parsed:
    path.write_text(text, encoding="utf-8", newline="")
    return load(Dataset("lines", "cbs", Family.KWB, vintage, load), Payload({"data": (path,)}))


@pytest.mark.parametrize(("load", "vintage", "text"), LINES.values(), ids=LINES)
def test_a_table_whose_last_line_has_no_end_is_cut_off(
    tmp_path: Path, load: Load, vintage: int, text: str
) -> None:
    path = tmp_path / "9NED_TypedDataSet.csv"
    assert loaded(path, load, vintage, text).account.rows_accepted

    with pytest.raises(BrokenLoad, match=r"^9NED_TypedDataSet\.csv ends in the middle of a line$"):
        loaded(path, load, vintage, text.removesuffix("\n").removesuffix("\r"))


def test_a_map_table_whose_last_line_has_no_end_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="ends in the middle of a line"):
        loaded(tmp_path / "map.csv", boundaries.load, 2025, MAP.removesuffix("\n"))


def test_a_line_may_end_in_a_carriage_return(tmp_path: Path) -> None:
    text = test_code_lists.CHAIN.replace("\n", "\r")
    assert loaded(tmp_path / "codes.csv", code_lists.load, 2019, text).account.rows_accepted == 2


def test_a_plain_statline_export_ends_without_a_line_end(tmp_path: Path) -> None:
    path, text = tmp_path / "export.csv", test_statline_csv.PLAIN.removesuffix("\n")
    assert loaded(path, statline_csv.load, 2021, text).account.rows_accepted == 2
