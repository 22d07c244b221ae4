"""CSV for Dutch Excel: semicolons, decimal commas, a byte order mark, and no cell that computes.

A dialect of its own that must be asked for by name; machines read the other one.
"""

from schema.export import Extract
from service.feeds.csv import COLUMNS
from service.feeds.lines import Dialect, State

_MARK = b"\xef\xbb\xbf"
_COMPUTES = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the wide forms of the first, which some editions take for the same."""
_SPECIAL = '";\r\n'


def _areas(extract: Extract, areas: slice) -> list[str]:
    table = extract.table
    place = (extract.publication, extract.indicator.slug, table.level.value, table.vintage)
    common = ";".join(_cell(str(each)) for each in place)
    named = zip(extract.codes[areas], extract.names[areas], strict=True)
    return [f"{common};{_cell(code)};{_cell(name)};" for code, name in named]


def _state(state: State) -> str:
    return ";".join(map(_cell, (*state.words(), "")))


def _cell(text: str) -> str:
    # Excel would take such a text for a formula; an apostrophe before it makes it a text.
    text = f"'{text}" if text.startswith(_COMPUTES) else text
    if not any(sign in text for sign in _SPECIAL):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


DIALECT = Dialect(
    _MARK + ";".join(COLUMNS).encode(),
    _areas,
    _state,
    lower=b";",
    upper=b";",
    seal=b";%b",
    end=b"\r\n",
    decimal=b",",
)
