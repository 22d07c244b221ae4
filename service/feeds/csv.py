"""CSV (RFC 4180): comma, dot, CRLF, UTF-8 without a mark, a header line; quoted where needed.

What is absent is empty, and its status and reason say why.
"""

from schema.export import Extract
from service.feeds.lines import Dialect, State

COLUMNS = (
    "publicatie", "indicator", "niveau", "indeling", "code", "naam", "jaar", "status", "reden",
    "voorlopig", "bron", "licentie", "bronvermelding", "waarde", "ondergrens", "bovengrens",
)  # fmt: skip
"""Of every format; files of lines have one more, `SEAL`."""
_SPECIAL = '",\r\n'


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


DIALECT = Dialect(
    ",".join(COLUMNS).encode(),
    _areas,
    _state,
    lower=b",",
    upper=b",",
    seal=b",%b",
    end=b"\r\n",
)
