"""What strangers can make the engine and the server keep or do: bounded, whatever they send."""

import asyncio
import gc
import re
import time
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from inspect import isawaitable
from typing import Any

import numpy as np
import pytest
import strawberry

from db.core.levels import Level
from db.snapshot.keys import Key
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from schema.context import Context, NotAtHand
from schema.cost import MOST_FIELDS, MOST_ROWS, price
from service.app import Application
from service.document import RequestRefused
from service.engine import Cost, Engine, Outcome, Prepared
from service.server import BoundedHttp
from tests.api.asking import graphql_schema
from tests.api.listening import listening
from tests.api.sample import SampleStore, open_sample
from tests.api.small import app

_LONG = "y" * 250_000
_INTROSPECTION_BYTES = 16 * 1024 * 1024


@pytest.fixture(scope="module")
async def snapshot() -> Snapshot:
    return await open_sample()


@pytest.fixture
def engine() -> Engine:
    return _engine()


def _engine() -> Engine:
    return Engine(graphql_schema(), Cost(price, MOST_ROWS, MOST_FIELDS))


def _prepared(engine: Engine, query: str, **variables: object) -> Prepared:
    return engine.prepare(query, None, variables, is_get=False)


async def _outcome(prepared: Prepared, snapshot: Snapshot, language: str = "nl") -> Outcome:
    running = prepared.run(Context(snapshot, language))
    return await running if isawaitable(running) else running


def chains(length: int) -> str:
    """`parent` of `parent`; in every chain another one is asked of a gemeente alone."""
    chains = []
    for chain in range(length):
        inner = "code"
        for level in reversed(range(length)):
            inner = f"parent {{ {inner} }}"
            if level == chain:
                inner = f"... on Gemeente {{ {inner} }}"
        chains.append(inner)
    return f'{{ area(code: "GM9001") {{ {" ".join(chains)} }} }}'


async def test_a_document_is_too_long_also_where_a_shorter_one_has_its_plan(engine: Engine) -> None:
    asked = '{ gemeente(code: "%s") { code } }'
    assert _prepared(engine, asked % "GM9001").price.fields == 2

    with pytest.raises(RequestRefused) as refused:
        _prepared(engine, asked % ("x" * 40_000))

    assert "32768 bytes at most" in refused.value.errors[0].message


async def test_fields_merged_along_many_types_are_prepared_and_answered_in_a_second(
    engine: Engine, snapshot: Snapshot
) -> None:
    began = time.process_time()
    outcome = await _outcome(_prepared(engine, chains(13)), snapshot)

    assert time.process_time() - began < 1
    assert not outcome.errors


async def test_variables_that_a_document_does_not_declare_make_no_new_introspection(
    engine: Engine, snapshot: Snapshot
) -> None:
    for number in range(40):
        outcome = await _outcome(
            _prepared(engine, "{ __typename }", x=f"{number}{_LONG}"), snapshot
        )
        assert outcome.data == b'{"__typename":"Query"}'

    assert len(engine.introspection) == 1
    assert engine.introspection.weight < 10_000


async def test_kept_introspection_is_weighed_with_its_variables(
    engine: Engine, snapshot: Snapshot
) -> None:
    query = "query ($n: String!) { __type(name: $n) { name } }"
    for number in range(80):
        await _outcome(_prepared(engine, query, n=f"{number}{_LONG}"), snapshot)
        assert engine.introspection.weight <= _INTROSPECTION_BYTES

    kept = sum(len(key) for _, key in engine.introspection.held)
    assert len(_LONG) < kept <= engine.introspection.weight


@pytest.mark.parametrize("shape", ["%s", "[%s]"])
async def test_a_long_text_as_a_variable_stays_in_no_price(engine: Engine, shape: str) -> None:
    query = """query ($i: [String!]!) { gemeente(code: "GM9001") {
      observations(indicators: $i) { __typename } } }"""
    prepared = None
    for number in range(70):
        text = f"{number}{_LONG}"
        prepared = _prepared(engine, query, i=[text] if shape == "[%s]" else text)

    assert prepared is not None
    assert len(repr(list(prepared.entry.prices.held))) < 1000


_PARENTS = "parent { " * 14 + "code" + " }" * 14
_TOO_MUCH = {
    "levels": f'{{ wijk(code: "%s") {{ {_PARENTS} }} }}',
    "aliases": '{ wijk(code: "%s") { ' + " ".join(f"a{n}: name" for n in range(101)) + " } }",
    "fields": '{ wijk(code: "%s") { '
    + " ".join(f"a{n}: parent {{ ...F }}" for n in range(60))
    + " } } fragment F on Area { "
    + "code name " * 17
    + "}",
    "rows": '{ wijk(code: "%s") { children(first: 5000) { nodes { '
    "observations(indicators: [" + ", ".join(['"population"'] * 60) + "]) { __typename } } } } }",
}


@pytest.mark.parametrize("what", _TOO_MUCH)
async def test_what_asks_for_too_much_is_refused_before_anything_is_read(
    engine: Engine, what: str
) -> None:
    """Also when it was asked before, or differs from what was asked in a literal alone."""
    store = SampleStore()
    await open_snapshot(store, Memory(10**8))
    store.reads.clear()
    for code in ("WK900101", "WK900101", "WK900102"):
        with pytest.raises(RequestRefused) as refused:
            _prepared(engine, _TOO_MUCH[what] % code)
        (error, *_) = refused.value.errors
        assert (error.extensions or {})["code"] == "COST_LIMIT_EXCEEDED"

    assert store.reads == []
    assert what == "rows" or len(engine.check(_TOO_MUCH[what] % "WK900101")) == 1


class _Large(SampleStore):
    """The sample country with so many wijken, all but the first few of one gemeente."""

    def __init__(self, wijken: int) -> None:
        super().__init__()
        for (level, vintage), table in self.tables.items():
            if level is Level.WIJK:
                more = wijken - len(table)
                self.tables[level, vintage] = replace(
                    table,
                    ids=np.concatenate(
                        [table.ids, np.arange(10**6, 10**6 + more, dtype=table.ids.dtype)]
                    ),
                    codes=table.codes + tuple(f"WK9003{n:04}" for n in range(more)),
                    names=table.names + tuple(f"Wijk met een gewone naam {n}" for n in range(more)),
                    terrains=table.terrains + (table.terrains[0],) * more,
                    parents=table.parents + (table.parents[0],) * more,
                    bounds=np.concatenate([table.bounds, np.tile(table.bounds[:1], (more, 1))]),
                    centroids=np.concatenate(
                        [table.centroids, np.tile(table.centroids[:1], (more, 1))]
                    ),
                    changes=(),
                    loads=(),
                    shape_loads=(),
                    ordinals={},
                )


@pytest.mark.parametrize(("wijken", "texts"), [(500, 2 * 500), (501, 0), (3400, 0)])
async def test_what_a_plan_keeps_of_a_table_is_bounded(wijken: int, texts: int) -> None:
    """Texts of two tables of 500 for each alias, of larger ones none, whatever is published."""
    engine = _engine()
    fields = "id code name level vintage validFrom validUntil parentCode"
    wanted = " ".join(f"a{n}: parent {{ {fields} }}" for n in range(20))
    prepared = _prepared(engine, f'{{ buurt(code: "BU90010101") {{ {wanted} }} }}')
    weight = prepared.entry.weight
    published = [await open_snapshot(_Large(wijken), Memory(10**8)) for _ in range(3)]
    tracemalloc.start()
    try:
        for each in published:
            for language in ("nl", "en"):
                outcome = await _outcome(prepared, each, language)
                assert outcome.data.count(b"WK900101") == 20
        before = _traced()
        # The rest is kept with the publication, whoever asks.
        del engine, prepared
        kept = before - _traced()
    finally:
        tracemalloc.stop()

    assert kept < 2 * weight + 20 * texts * 400


def _traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.parametrize("first", [5000.0, 5000], ids=repr)
def test_a_number_with_a_fraction_of_zero_is_priced_as_the_int_it_stands_for(
    engine: Engine, first: float
) -> None:
    query = """query ($n: Int) { buurten(first: $n) { nodes {
      parent { children(first: $n) { nodes { code name } } } } } }"""
    with pytest.raises(RequestRefused) as refused:
        _prepared(engine, query, n=first)
    small = "query ($n: Int) { wijken(first: $n) { nodes { code } } }"

    (error,) = refused.value.errors
    assert error.message.startswith("this asks for up to 25,005,000 rows ")
    assert _prepared(engine, small, n=first).price.rows == 5000
    assert _prepared(engine, small, n=2.0).price.rows == 2


class _Impatient(BoundedHttp):
    head_seconds = 0.3


class _Ordinary(BoundedHttp):
    """Every request a task and two messages, as uvicorn has it."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._answer = None


async def _talk(port: int, *parts: bytes) -> bytes:
    """Everything that comes back until the server closes; TimeoutError after two seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.1)
        return await asyncio.wait_for(reader.read(), 2)
    finally:
        writer.close()


def _get(target: str, *fields: str) -> bytes:
    return "\r\n".join([f"GET {target} HTTP/1.1", "host: a", *fields, "", ""]).encode()


_ASKED = _get("/graphql?query={hello}")
_RESTS = {
    "an empty line": [_ASKED, b"\r\n"],
    "two empty lines": [_ASKED, b"\r\n", b"\r\n"],
    "an empty line at once": [_ASKED + b"\r\n", b"\r\n"],
    "half a line": [_ASKED, b"GET / HT"],
    "after two": [_ASKED, _ASKED, b"\r\n"],
}


@pytest.mark.parametrize("http", [_Impatient, type("_", (_Ordinary,), {"head_seconds": 0.3})])
@pytest.mark.parametrize("rest", _RESTS)
async def test_after_an_answer_on_the_spot_an_empty_line_keeps_no_connection_open(
    http: type[BoundedHttp], rest: str
) -> None:
    async with listening(http) as port:
        began = time.monotonic()
        answer = await _talk(port, *_RESTS[rest])

    assert answer.count(b"HTTP/1.1 200 OK") == b"".join(_RESTS[rest]).count(_ASKED)
    assert time.monotonic() - began < 1.5


def _tags(answer: bytes) -> Iterable[bytes]:
    return re.findall(rb"\r\netag: ([^\r]+)", answer)


@pytest.mark.parametrize("target", ["{hello}", "{hello}#a", "{hello}&operationName=#a"])
async def test_a_fragment_in_an_address_changes_no_etag(target: str) -> None:
    address = f"/graphql?query={target}"
    close = "connection: close"
    async with listening(BoundedHttp) as port, listening(_Ordinary) as other:
        answers = [await _talk(each, _get(address, close)) for each in (port, other)]
        (tag, *others) = [tag for answer in answers for tag in _tags(answer)]
        again = [
            # Both in one connection: the first may be answered on the spot.
            await _talk(
                each,
                _get(address, f"if-none-match: {tag.decode()}"),
                _get(address.partition("#")[0], f"if-none-match: {tag.decode()}", close),
            )
            for each in (port, other)
        ]

    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 200"] * 2
    assert others == [tag]
    assert [answer.count(b"HTTP/1.1 304") for answer in again] == [2, 2]


class _NotToLoad:
    """A publication of which nothing can be brought into memory."""

    wanted: tuple[Key, ...] = ()

    async def load(self, keys: Iterable[Key]) -> None:
        raise ConnectionError("the store is away")


@strawberry.type
class _Query:
    @strawberry.field
    def far(self, info: strawberry.Info) -> str:
        raise NotAtHand(info.context, ())


async def test_a_load_that_fails_after_its_client_has_left_logs_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = app(
        schema=strawberry.Schema(_Query),
        context=_NotToLoad,
        extensions=lambda _: {"publication": 7},
    )
    assert isinstance(service, Application)
    asked = (b"GET", b"/graphql?query={far}", [(b"accept", b"application/json")], b"")

    # It has begun to load; nobody comes back to wait for it.
    assert service.on_the_spot(*asked) is None
    for _ in range(5):
        await asyncio.sleep(0)
    gc.collect()

    assert [record.getMessage() for record in caplog.records] == []
