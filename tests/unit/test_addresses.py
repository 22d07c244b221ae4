"""Address counts: aggregated on the way in, with the year and the zeros checked."""

from pathlib import Path

import pytest

from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import AddressCount, Parsed
from db.sources import addresses
from db.sources.dataset import Dataset, Family, Payload

PC6 = """\
PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025
1011AB;99;0363AF01;0363AF;0363
1011AB;105;0363AF01;0363AF;0363
1011AB;1;0363AF02;0363AF;0363
9999XX;7;00010000;000100;0001
"""
WRAPPED = "".join(f"{'' if n == 0 else n - 1},{line}\n" for n, line in enumerate(PC6.splitlines()))
PC4 = """\
Gemeente2023,Gemeentenaam2023,PC4,address_rows
14,Groningen,9479,227
1992,Voorne aan Zee,3235,3029
"""
COUNTED = [
    AddressCount("1011AB", "BU0363AF01", 2),
    AddressCount("1011AB", "BU0363AF02", 1),
    AddressCount("9999XX", "BU00010000", 1),
]


def load(folder: Path, text: str, vintage: int = 2025, **options: str) -> Parsed:
    path = folder / "addresses.csv"
    path.write_text(text, encoding="utf-8-sig")
    dataset = Dataset(
        "pc6", "cbs", Family.ADDRESSES, vintage, addresses.load, options=dict(options)
    )
    return addresses.load(dataset, Payload({"data": (path,)}))


@pytest.mark.parametrize("text", [PC6, WRAPPED], ids=["official", "behind a row number"])
def test_addresses_are_counted_by_postcode_and_buurt(tmp_path: Path, text: str) -> None:
    parsed = load(tmp_path, text)

    assert parsed.addresses == COUNTED
    assert parsed.account.rows_accepted == 4


def test_blocks_of_a_long_table_are_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "_BLOCK_BYTES", 64)

    assert load(tmp_path, PC6).addresses == COUNTED


def test_a_table_of_another_year_fails_the_load(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="of 2025 by its header, not of 2024"):
        load(tmp_path, PC6, 2024)


def test_rows_that_cannot_be_placed_are_rejected_and_counted(tmp_path: Path) -> None:
    extra = "1011A;1;0363AF01;0363AF;0363\n1011AB;2;;;\n1011AB;3;0363AF01;0363AG;0363\n"
    account = load(tmp_path, PC6 + extra).account

    assert account.rejected == {"no-postcode": 1, "no-area-code": 1, "areas-disagree": 1}
    assert (account.rows_read, account.rows_accepted) == (7, 4)


def test_lost_leading_zeros_refuse_the_table(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="'10000' is too short"):
        load(tmp_path, PC6.replace("00010000;000100;0001", "10000;100;1"))


def test_codes_declared_to_be_numbers_get_their_zeros_back(tmp_path: Path) -> None:
    text = PC6.splitlines()[0] + "\n9999XX;7;10000;100;1\n"
    parsed = load(tmp_path, text, codes="numeric")

    assert parsed.addresses == [AddressCount("9999XX", "BU00010000", 1)]
    assert parsed.account.notes == {"padded-code": 1}


def test_a_ragged_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match=r"Row #6: Expected 5 columns, got 2"):
        load(tmp_path, PC6 + "1011AB;3\n")


def test_the_gemeente_number_of_a_pc4_table_becomes_a_code(tmp_path: Path) -> None:
    parsed = load(tmp_path, PC4, 2023)

    assert parsed.addresses == [
        AddressCount("9479", "GM0014", 227),
        AddressCount("3235", "GM1992", 3029),
    ]
    assert parsed.account.notes == {"padded-code": 1}


def test_a_pair_counted_twice_is_a_duplicate(tmp_path: Path) -> None:
    account = load(tmp_path, PC4 + "0014,Groningen,9479,5\n", 2023).account

    assert account.rejected == {"duplicate": 1}


@pytest.mark.parametrize("count", ["-5", "1.5", "veel", ""])
def test_what_is_no_count_fails_the_load(tmp_path: Path, count: str) -> None:
    with pytest.raises(BrokenLoad, match=r"line 2: .* is no count"):
        load(tmp_path, PC4.replace("227", count), 2023)
