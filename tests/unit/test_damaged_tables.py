"""Whatever bytes arrive, a table loader gives a result, a refusal or a broken load."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import LeefbaarheidError
from db.core.figures import Parsed
from db.sources import addresses, code_lists, kwb_download, ses_woa, statline_csv
from db.sources.dataset import Dataset, Family, Payload
from tests.unit import (
    test_addresses,
    test_code_lists,
    test_kwb_download,
    test_ses_woa,
    test_statline_csv,
)
from tests.unit.workbooks import xls, xlsx

Loader = Callable[[Dataset, Payload], Parsed]
LOADERS: tuple[Loader, ...] = (
    statline_csv.load,
    kwb_download.load,
    ses_woa.load,
    code_lists.load,
    addresses.load,
)
SOUND = [
    text.encode()
    for text in (
        test_statline_csv.QUOTED,
        test_statline_csv.PLAIN,
        test_statline_csv.MATRIX,
        test_kwb_download.CSV,
        test_kwb_download.ATTRIBUTES,
        test_kwb_download.GEMEENTEN,
        test_ses_woa.EXPORT,
        test_code_lists.YEARLY,
        test_code_lists.CHAIN,
        test_code_lists.ATTRIBUTES,
        test_addresses.PC6,
        test_addresses.WRAPPED,
        test_addresses.PC4,
    )
]
WORKBOOKS = [xlsx(test_kwb_download.ROWS), xls(test_kwb_download.ROWS)]
PIECES = (
    st.sampled_from([b";", b",", b'"', b"\n", b"\r", b"\0", b".", b"\xff", b"\xef\xbb\xbf"])
    | st.sampled_from([b"GM0001", b"inf", b"nan", b"1e999", b"-99999", b"Onderwerp", b"Bron: CBS"])
    | st.binary(max_size=6)
)


@st.composite
def damaged(draw: st.DrawFn, sound: list[bytes]) -> bytes:
    """A sound file with up to three places overwritten, cut or filled in."""
    content = draw(st.sampled_from(sound))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        content = content[:start] + draw(PIECES) + content[end:]
    return content


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged") / "table"


def outcome(path: Path, content: bytes, load: Loader, vintage: int) -> None:
    path.write_bytes(content)
    dataset = Dataset("damaged", "cbs", Family.KWB, vintage, load)
    with contextlib.suppress(LeefbaarheidError):
        check(load(dataset, Payload({"data": (path,)})))


def outcomes(path: Path, content: bytes) -> None:
    for load in LOADERS:
        for vintage in (2017, 2021, 2023, 2025):
            outcome(path, content, load, vintage)


def check(parsed: Parsed) -> None:
    parsed.account.check()
    for figures in parsed.figures:
        assert figures.values.shape == (len(figures.codes), len(figures.columns))
        assert ((figures.reasons >= 10) == (figures.values != figures.values)).all()


@given(content=damaged(SOUND))
@settings(max_examples=150, deadline=None)
def test_a_damaged_table_is_loaded_refused_or_broken(path: Path, content: bytes) -> None:
    outcomes(path, content)


@given(content=damaged(WORKBOOKS))
@settings(max_examples=15, deadline=None)
def test_a_damaged_workbook_is_loaded_or_broken(path: Path, content: bytes) -> None:
    outcome(path, content, kwb_download.load, 2020)


@given(content=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_random_bytes_are_refused_or_broken(path: Path, content: bytes) -> None:
    outcomes(path, content)
