"""CSV (RFC 4180): comma, dot, CRLF, UTF-8 without a mark, a header line; quoted where needed.

What is absent is empty, and its status and reason say why.
"""

from collections.abc import Iterable, Iterator

from schema.export import Extract
from service.feeds.lines import Dialect, State, lines

COLUMNS = (
    "publicatie", "indicator", "niveau", "indeling", "code", "naam", "jaar", "status", "reden",
    "voorlopig", "bron", "licentie", "bronvermelding", "waarde", "ondergrens", "bovengrens",
)  # fmt: skip
_SPECIAL = '",\r\n'
_LINE = b"\r\n"


def chunks(extracts: Iterable[Extract]) -> Iterator[bytes]:
    """The whole file, in pieces that begin and end with a line."""
    yield ",".join(COLUMNS).encode() + _LINE
    yield from lines(extracts, _DIALECT)


def _areas(extract: Extract, areas: slice) -> list[str]:
    table = extract.table
    place = (extract.publication, extract.indicator.slug, table.level.value, table.vintage)
    common = ",".join(_quoted(str(each)) for each in place)
    codes, names = extract.codes[areas], extract.names[areas]
    together = "".join(names)
    if any(sign in together for sign in _SPECIAL):
        names = [_quoted(name) for name in names]
    return [f"{common},{code},{name}," for code, name in zip(codes, names, strict=True)]


def _state(state: State) -> str:
    return ",".join(map(_quoted, (*state.words(), "")))


def _quoted(text: str) -> str:
    if not any(sign in text for sign in _SPECIAL):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


_DIALECT = Dialect(_areas, _state, lower=b",", upper=b",", end=_LINE)
