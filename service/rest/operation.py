"""One address: what it takes, what it answers in which formats, and the function that does it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.types import ASGIApp

from schema.context import Context
from service.feeds.sealed import Sealed
from service.headers import Field
from service.rest.files import File
from service.rest.invalid import Invalid
from service.rest.parameter import Parameter
from service.rest.record import Record, Schema

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an answer."""

    name: str
    """As the parameter `f` has it."""
    media: str
    content_type: str = ""
    schema: Schema = field(default_factory=lambda: {"type": "string", "format": "binary"})
    spoken: bool = False
    """Whether it is for people, in the language that they ask for."""
    also: tuple[str, ...] = ()
    """Media types that it is given for too: whoever accepts JSON can read GeoJSON."""
    dense: bool = False
    """Whether coding it makes it hardly smaller: it is then sent as it is."""

    @property
    def sent_as(self) -> bytes:
        return (self.content_type or self.media).encode()


def json_of(schema: Schema | Record[Any], *, spoken: bool = False) -> Format:
    """Plain JSON of this schema."""
    shown = schema.ref if isinstance(schema, Record) else schema
    return Format("json", "application/json", schema=shown, spoken=spoken)


class Faulty(Exception):
    """Everything that is wrong with a request, found while it was answered."""

    def __init__(self, faults: Sequence[Invalid], status: int = 400) -> None:
        super().__init__()
        self.faults = faults
        self.status = status


class Missing(Exception):
    """There is nothing at this address; `code` and text say why, and what is."""

    def __init__(self, code: str, en: str, nl: str, **more: object) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.nl = nl
        self.more = more


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A request that could be read, and the publication it is answered from."""

    context: Context
    format: Format
    path: str
    """As it was asked for, without the query."""
    given: Mapping[str, str]
    """Parameters as text: to make links with."""
    values: Mapping[str, Any]
    public_url: str
    language: str = "nl"
    """Of a format that is spoken."""
    found: Any = None
    """What the operation's `find` worked out."""

    def __getitem__(self, parameter: Parameter[T]) -> T:
        """The value of a parameter that is required or has a default."""
        found: T = self.values[parameter.name]
        return found

    def get(self, parameter: Parameter[T]) -> T | None:
        """The value of a parameter, None where it was not given."""
        return self.values.get(parameter.name)

    @property
    def question(self) -> tuple[object, ...]:
        """What the answer follows from: the same question has the same answer."""
        asked = {n: text for n, text in self.given.items() if n not in ("f", "publicatie")}
        written = self.format.name, self.language
        given = tuple(sorted(asked.items()))
        return self.context.facts.edition, self.public_url, self.path, *written, given

    def has(self, parameter: Parameter[Any]) -> bool:
        return parameter.name in self.given


@dataclass(frozen=True, slots=True)
class Answer:
    """The body, whole or in pieces that are made while they are sent, and headers of its own."""

    body: bytes | File | Sealed | Callable[[], Iterable[bytes]]
    fields: tuple[Field, ...] = ()
    content_type: bytes | None = None
    """Where it is not that of the format."""
    status: int = 200
    heavy: bool = False
    """Whether its pieces take so long to make that others must not wait for them."""


Answering = Callable[[Asked], Answer]
Examining = Callable[[Context, Mapping[str, Any]], Sequence[Invalid]]
"""Gets the values that could be read."""
Finding = Callable[[Context, Mapping[str, Any], list[Invalid]], Any]
"""Works out what the answer is made of, or adds what this publication does not have of it."""
Fetching = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """GET and HEAD of one address."""

    path: str
    """From the version on, as OpenAPI has it: `/wijken/{code}`."""
    id: str
    tag: str
    nl: str
    """What it gives, in one line."""
    more_nl: str = ""
    parameters: Sequence[Parameter[Any]] = ()
    formats: Sequence[Format]
    records: Sequence[Record[Any]] = ()
    """What the schemas of its formats refer to."""
    answer: Answering | None = None
    examine: Examining | None = None
    """What this publication does not have of what is asked: said beside all that is malformed."""
    find: Finding | None = None
    """As `examine`, for what can only be told to be there by working it out: the answer has it as
    `Asked.found`, worked out once."""
    diagnose: Examining | None = None
    """What else is malformed, as answering would find out: asked where a request is refused anyway,
    so that all is said at once."""
    fetch: Fetching | None = None
    """What answers in its place where something must be waited for that no snapshot has."""
    endpoint: ASGIApp | None = None
    """What answers in its place where every microsecond counts; it keeps the same promises."""
    statuses: Mapping[int, str] = field(default_factory=dict)
    """Further outcomes, each with what it means."""
    headers: Sequence[str] = ()
    """Further headers of a 200: `Content-Crs`."""
    can_be_pinned: bool = True
    """Whether it takes `publicatie`."""
    follows: str = ""
    """What its answers follow from besides the publication and what is asked: settings."""
    pinned_by: str | None = None
    """The parameter of its path that names the publication, where one does."""

    @property
    def is_spoken(self) -> bool:
        """Whether it has something in the language of its reader."""
        return any(each.spoken for each in self.formats)

    @property
    def is_found(self) -> bool:
        """Whether an address of this form may lead nowhere."""
        return "{" in self.path
