"""An answer as it is sent: one body in the codings asked for, each with its headers and its tag."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from service.coding import Coding
from service.conditional import etag
from service.headers import Field

# Measured: what the headers of one coding take.
HEADERS_BYTES = 1100
# Below, coding saves less than the headers it needs, and the answer fits one packet anyway.
SMALLEST_CODED = 1024

VARY = (b"vary", b"Accept")
VARY_CODED = (b"vary", b"Accept, Accept-Encoding")
NO_STORE = (b"cache-control", b"no-store")
# Anyone may keep it and must ask whether it is still current, which costs us next to nothing.
REVALIDATE = (b"cache-control", b"public, no-cache")


def vary(size: int) -> Field:
    """What the answer depends on, by its size: a small one is the same in every coding."""
    return VARY if size < SMALLEST_CODED else VARY_CODED


_STATUS_LINES = {
    each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n".encode() for each in HTTPStatus
}


class Common:
    """Headers that many answers share, also as the lines they are sent in."""

    __slots__ = ("fields", "lines")

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = list(fields)
        self.lines = _lines(fields)


class Sent:
    """Everything that goes over the line."""

    __slots__ = ("_head", "body", "common", "own", "status")

    def __init__(
        self,
        status: int,
        own: list[Field],
        common: Common,
        body: bytes,
        head: bytes | None = None,
    ) -> None:
        self.status = status
        self.own = own
        self.common = common
        self.body = body
        self._head = head

    @property
    def fields(self) -> list[Field]:
        return self.own + self.common.fields

    @property
    def head(self) -> bytes:
        """Status line and headers as they are sent, without the empty line that ends them."""
        if self._head is None:
            self._head = _STATUS_LINES[self.status] + _lines(self.own) + self.common.lines
        return self._head


def _lines(fields: Sequence[Field]) -> bytes:
    return b"".join([b"%b: %b\r\n" % each for each in fields])


@dataclass(slots=True, eq=False)
class Representation:
    """The answer to one request, of status 200 and without errors.

    `digest` stands for it in ETags, and is None for an answer that nobody may keep.
    """

    body: bytes
    content_type: Field
    common: Common
    digest: str | None = None
    sent: dict[Coding, Sent] = field(default_factory=dict)
    dense: frozenset[Coding] = frozenset()
    is_private: bool = False
    """Nothing of it may be kept beyond its request."""
    times: int = 0
    """How often it was asked for again."""

    @property
    def is_small(self) -> bool:
        return len(self.body) < SMALLEST_CODED

    @property
    def weight(self) -> int:
        """Bytes of all its bodies and of their headers."""
        coded = (len(each.body) for coding, each in self.sent.items() if coding is not _AS_IT_IS)
        return len(self.body) + sum(coded) + HEADERS_BYTES * len(self.sent)

    def ready(self, coding: Coding) -> Sent | None:
        """What was sent before in this coding. A small answer is never coded."""
        return self.sent.get(_AS_IT_IS if len(self.body) < SMALLEST_CODED else coding)

    def plain(self, coding: Coding) -> Sent | None:
        """What to send where nothing has to be coded."""
        if coding is _AS_IT_IS or len(self.body) < SMALLEST_CODED:
            return self.add(_AS_IT_IS, self.body)
        return None

    def add(self, coding: Coding, body: bytes, *, dense: bool = False) -> Sent:
        """Keep the body in one coding."""
        small = self.is_small
        fields = [
            self.content_type,
            (b"content-length", b"%d" % len(body)),
            vary(len(self.body)),
        ]
        if coding is not _AS_IT_IS:
            fields.append((b"content-encoding", coding.encode()))
        if self.digest is None:
            fields.append(NO_STORE)
        else:
            fields.append((b"etag", etag(self.digest, None if small else coding, dense=dense)))
            fields.append(REVALIDATE)
        sent = self.sent[coding] = Sent(200, fields, self.common, body)
        if dense:
            self.dense |= {coding}
        return sent


_AS_IT_IS = Coding.IDENTITY
