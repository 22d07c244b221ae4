"""A small file is held while its digest is made, and is then sent as it would have been written."""

from collections.abc import Iterator
from itertools import islice

import pytest
from starlette.types import Message

from db.core.levels import Level
from db.snapshot.snapshot import Snapshot
from schema.context import Context, patiently
from schema.export import Extracts, Wanted, extracts, wanted
from service.feeds import csv, excel, ndjson, sealed
from service.feeds.lines import Dialect, lines
from service.feeds.sealed import Sealed
from service.feeds.slate import Slate
from service.rest.leaving import Left
from tests.api.large_file import large_store
from tests.api.opened import Shown, app_of, renamed, run
from tests.api.sample import open_sample

_DIALECTS = {"csv": csv.DIALECT, "csv-excel": excel.DIALECT, "ndjson": ndjson.DIALECT}


async def _extracts(snapshot: Snapshot, *slugs: str) -> Extracts:
    context = Context(snapshot)
    found = await patiently(lambda: wanted(context, slugs, Level.WIJK, 2024))
    assert isinstance(found, Wanted)
    return await patiently(lambda: extracts(context, found))


def _made(data: Extracts, dialect: Dialect, snapshot: Snapshot) -> Sealed:
    file = Sealed(data, dialect, snapshot)
    for _ in file.making():
        pass
    return file


def _as_written(file: Sealed, data: Extracts, dialect: Dialect) -> bool:
    return b"".join(file.pieces()) == b"".join(lines(data, dialect, file.seal.digest))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was written, and not held."""
    found: list[object] = []

    def write(*given: object) -> object:
        found.append(given)
        return lines(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sealed, "lines", write)
    return found


@pytest.mark.parametrize("dialect", _DIALECTS.values(), ids=_DIALECTS)
async def test_what_was_held_is_what_would_be_written_and_was_written_once(
    dialect: Dialect, written: list[object]
) -> None:
    snapshot = await open_sample()
    data = await _extracts(snapshot, "lonely", "population")
    assert _as_written(_made(data, dialect, snapshot), data, dialect)
    assert len(written) == 1


@pytest.mark.parametrize("dialect", _DIALECTS.values(), ids=_DIALECTS)
async def test_a_file_with_the_signs_of_an_end_in_its_names_is_written_again(
    dialect: Dialect, written: list[object]
) -> None:
    snapshot = await renamed()
    data = await _extracts(snapshot, "population")
    file = _made(data, dialect, snapshot)
    assert _as_written(file, data, dialect)
    assert len(written) == 2


async def test_while_one_file_is_held_others_are_written_again(written: list[object]) -> None:
    snapshot = await open_sample()
    data = await _extracts(snapshot, "population")
    first, second = (_made(data, csv.DIALECT, snapshot) for _ in range(2))
    assert _as_written(second, data, csv.DIALECT)
    assert len(written) == 3
    assert _as_written(first, data, csv.DIALECT)
    del first, second
    third = _made(data, csv.DIALECT, snapshot)
    written.clear()
    assert _as_written(third, data, csv.DIALECT)
    assert written == []


@pytest.mark.parametrize("heavy", [True, False])
async def test_whoever_leaves_while_a_file_is_made_takes_the_place_from_nobody(
    heavy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    slate = Slate()
    monkeypatch.setattr(sealed, "SLATE", slate)
    snapshot = await open_sample(large_store(300, 40))
    data = await _extracts(snapshot, "population")

    def leaving(steps: Iterator[bytes]) -> Iterator[bytes]:
        yield from islice(steps, 3)
        raise Left

    # It is kept, as by what shows it: with all that led to it.
    with pytest.raises(Left) as kept:
        await Sealed(data, csv.DIALECT, snapshot, heavy=heavy).made(leaving)
    assert slate.draft(csv.DIALECT, data.rows) is not None
    assert kept.tb is not None


@pytest.mark.parametrize("name", _DIALECTS)
async def test_whoever_leaves_while_a_file_is_sent_takes_the_place_from_nobody(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slate = Slate()
    monkeypatch.setattr(sealed, "SLATE", slate)
    query = f"indicator=population&niveau=wijk&f={name}"

    async def send(message: Message) -> None:
        if message.get("body"):
            assert slate.draft(csv.DIALECT, 1) is None
            raise ConnectionError

    with pytest.raises(ConnectionError) as kept:
        await run(app_of(Shown(await open_sample())), query, send)
    assert slate.draft(csv.DIALECT, 1) is not None
    assert kept.tb is not None


async def test_what_was_let_go_is_neither_written_on_nor_sent() -> None:
    slate = Slate()
    draft = slate.draft(csv.DIALECT, 2)
    assert draft is not None
    draft.add(b"a\r\n")
    draft.let_go()
    other = slate.draft(csv.DIALECT, 2)
    assert other is not None
    other.add(b"other\r\n")
    draft.add(b"b,c\r\n")
    draft.let_go()
    assert slate.draft(csv.DIALECT, 2) is None
    assert b"".join(other.sealed("")) == b"other,inhoud_sha256\r\n"
    with pytest.raises(AssertionError, match="sends no more"):
        list(draft.sealed(""))


async def test_a_file_that_does_not_fit_is_given_up_as_soon_as_that_is_seen(
    monkeypatch: pytest.MonkeyPatch, written: list[object]
) -> None:
    snapshot = await open_sample(large_store(300, 40))
    data = await _extracts(snapshot, "population")
    whole = sum(map(len, lines(data, csv.DIALECT)))
    for size, times in ((whole, 1), (whole - 1, 2), (whole // 2, 2), (100, 2)):
        monkeypatch.setattr(sealed, "SLATE", Slate(size))
        written.clear()
        file = _made(data, csv.DIALECT, snapshot)
        assert _as_written(file, data, csv.DIALECT)
        assert len(written) == times, size


async def test_a_large_file_leaves_the_place_to_others_before_it_is_made() -> None:
    slate, snapshot = Slate(200_000), await open_sample(large_store(300, 40))
    data = await _extracts(snapshot, "population")
    pieces = list(lines(data, csv.DIALECT))
    draft = slate.draft(csv.DIALECT, data.rows)
    assert draft is not None
    assert slate.draft(csv.DIALECT, data.rows) is None
    # The names and the first rows: what the others will take is seen by them.
    assert [draft.add(piece) for piece in pieces[:3]] == [True, False, False]
