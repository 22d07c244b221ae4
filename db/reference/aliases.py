"""What people call areas beside their names, as the service ships it."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable

from db.core.codes import level_of
from db.core.levels import Level
from db.core.programme import Alias
from db.reference.entries import Entry, read_entries

_FILE = "aliases.toml"


def aliases(home: Traversable) -> Iterator[Alias]:
    """Every alias of `aliases.toml`, once for each vintage that it is stated for."""
    if not (home / _FILE).is_file():
        return
    told: set[tuple[str, int, str]] = set()
    for entry in read_entries(home, _FILE, key="alias", name="name"):
        for alias in _of(entry):
            key = (alias.code, alias.vintage, alias.name)
            if key in told:
                raise entry.wrong(f"is stated twice for {alias.code} in {alias.vintage}")
            told.add(key)
            yield alias


def _of(entry: Entry) -> list[Alias]:
    level, code = entry.choice("level", Level), entry.text("code")
    first, last = entry.number("vintage"), entry.number_or_none("last_vintage")
    name = entry.text("name")
    source_nl, source_en = entry.both("source")
    note_nl, note_en = entry.both_or_none("note")
    entry.close()
    if level_of(code) is not level:
        raise entry.wrong(f"{code} is no code of a {level.value}")
    if last is not None and last <= first:
        raise entry.wrong("last_vintage must be after vintage")
    return [
        Alias(level, code, vintage, name, source_nl, source_en, note_nl, note_en)
        for vintage in range(first, (last or first) + 1)
    ]
