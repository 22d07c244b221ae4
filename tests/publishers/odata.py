"""CBS OData: version 3 with both of its paging styles, version 4 with linked pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, Self
from urllib.parse import quote

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.publishers.answers import answer
from tests.publishers.filters import BadFilter, parse

NO_SKIP = "The 'Skip' query option is not supported on the ODataApi."


class Refused(HTTPException):
    """No such table or set, or a filter that the publisher would not understand."""


class Lines(Protocol):
    """Rows as JSON text, made when a page of them is asked for."""

    def __len__(self) -> int: ...

    def __getitem__(self, span: slice, /) -> Sequence[bytes]: ...


@dataclass(frozen=True)
class EntitySet:
    lines: Lines
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The columns that a filter may name, row by row."""

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, object]]) -> Self:
        first = rows[0] if rows else {}
        texts = [name for name in first if all(isinstance(row.get(name), str) for row in rows)]
        columns = {name: [str(row[name]) for row in rows] for name in texts}
        return cls([orjson.dumps(row) for row in rows], columns)

    def where(self, text: str) -> Lines:
        if not text:
            return self.lines
        try:
            test = parse(text)
            hits = [row for row in range(len(self.lines)) if test(self._row(row))]
        except (BadFilter, KeyError) as wrong:
            raise Refused(400) from wrong
        return [self.lines[row : row + 1][0] for row in hits]

    def _row(self, row: int) -> dict[str, str]:
        return {name: values[row] for name, values in self.columns.items()}


@dataclass(frozen=True)
class Table:
    """A published table; the entity sets are built at the first question."""

    identifier: str
    build: Callable[[], Mapping[str, EntitySet]]
    host: str = "opendata.cbs.nl"
    page: int = 10_000
    skips: bool = True
    """Whether ODataApi understands $skip; since 2026 it is reported not to."""
    counts: bool = True

    @cached_property
    def sets(self) -> Mapping[str, EntitySet]:
        return self.build()


class ODataV3:
    def __init__(self, *tables: Table) -> None:
        self._tables = {(table.host, table.identifier.lower()): table for table in tables}

    def routes(self) -> list[Route]:
        paths = [
            ("/{host}/ODataApi/{root}/{table}/{set}/$count", self._count),
            ("/{host}/ODataFeed/{root}/{table}/{set}/$count", self._count),
            ("/{host}/ODataApi/{root}/{table}/{set}", self._api),
            ("/{host}/ODataFeed/{root}/{table}/{set}", self._feed),
        ]
        return [Route(path, endpoint) for path, endpoint in paths]

    def _found(self, request: Request) -> tuple[Table, Lines]:
        named = request.path_params
        table = self._tables.get((named["host"], named["table"].lower()))
        found = table.sets.get(named["set"]) if table else None
        if table is None or found is None:
            raise Refused(404)
        return table, found.where(request.query_params.get("$filter", ""))

    def _count(self, request: Request) -> Response:
        table, lines = self._found(request)
        if not table.counts:
            return _no(404)
        return answer(request, b"\xef\xbb\xbf%d" % len(lines), "text/plain")

    def _api(self, request: Request) -> Response:
        table, lines = self._found(request)
        skip = int(request.query_params.get("$skip", "0"))
        if skip and not table.skips:
            return _no(500, NO_SKIP)
        top = min(int(request.query_params.get("$top", table.page)), table.page)
        return self._page(request, lines[skip : skip + top], "")

    def _feed(self, request: Request) -> Response:
        table, lines = self._found(request)
        skip = int(request.query_params.get("$skip", "0"))
        stop = skip + table.page
        link = _link(request, stop) if stop < len(lines) else ""
        return self._page(request, lines[skip:stop], link)

    def _page(self, request: Request, lines: Sequence[bytes], link: str) -> Response:
        takes_json = "json" in request.headers.get("accept", "")
        if request.query_params.get("$format") != "json" and not takes_json:
            return _no(406)
        chosen = request.query_params.get("$select")
        if chosen:
            lines = [_selected(line, chosen.split(",")) for line in lines]
        start = orjson.dumps({"odata.metadata": str(request.url.replace(query=""))})[:-1]
        end = b',"odata.nextLink":' + orjson.dumps(link) if link else b""
        return answer(request, start + b',"value":[' + b",".join(lines) + b"]" + end + b"}")


@dataclass(frozen=True)
class TableV4:
    identifier: str
    build: Callable[[], Mapping[str, EntitySet]]
    properties: Mapping[str, object]
    host: str = "datasets.cbs.nl"
    page: int = 100_000
    counts: bool = True

    @cached_property
    def sets(self) -> Mapping[str, EntitySet]:
        return self.build()


class ODataV4:
    def __init__(self, *tables: TableV4) -> None:
        self._tables = {(table.host, table.identifier.lower()): table for table in tables}

    def routes(self) -> list[Route]:
        base = "/{host}/odata/v1/CBS/{table}"
        return [
            Route(f"{base}/{{set}}/$count", self._count),
            Route(f"{base}/Properties", self._properties),
            Route(f"{base}/{{set}}", self._rows),
        ]

    def _found(self, request: Request) -> tuple[TableV4, Lines]:
        named = request.path_params
        table = self._tables.get((named["host"], named["table"].lower()))
        found = table.sets.get(named["set"]) if table else None
        if table is None or found is None:
            raise Refused(404)
        return table, found.where(request.query_params.get("$filter", ""))

    def _properties(self, request: Request) -> Response:
        named = request.path_params
        table = self._tables.get((named["host"], named["table"].lower()))
        return answer(request, orjson.dumps(table.properties)) if table else _no(404)

    def _count(self, request: Request) -> Response:
        table, lines = self._found(request)
        return answer(request, b"%d" % len(lines), "text/plain") if table.counts else _no(404)

    def _rows(self, request: Request) -> Response:
        table, lines = self._found(request)
        skip = int(request.query_params.get("$skip", "0"))
        stop = skip + table.page
        link = _link(request, stop) if stop < len(lines) else ""
        end = b',"@odata.nextLink":' + orjson.dumps(link) if link else b""
        rows = b",".join(lines[skip:stop])
        return answer(request, b'{"@odata.context":"#","value":[' + rows + b"]" + end + b"}")


def _link(request: Request, skip: int) -> str:
    kept = {name: value for name, value in request.query_params.items() if name != "$skip"}
    pairs = {**kept, "$skip": str(skip)}
    query = "&".join(f"{quote(name, safe='$')}={quote(value)}" for name, value in pairs.items())
    return str(request.url.replace(query=query))


def _selected(line: bytes, names: Sequence[str]) -> bytes:
    row = orjson.loads(line)
    return orjson.dumps({name: row[name] for name in names if name in row})


def _no(status: int, text: str = "no") -> Response:
    return PlainTextResponse(text, status_code=status)
