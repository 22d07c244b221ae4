"""One entry of a reference file, read strictly: no key missing, none unknown, none of another type.

A date is written as precisely as it is known (2022, "2023-04" or 2024-06-26), so that a file
cannot claim a day that nobody published.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from importlib.resources.abc import Traversable
from typing import TypeVar

from db.core.errors import InvalidReference
from db.core.programme import Precision

_Choice = TypeVar("_Choice", bound=Enum)
_Typed = TypeVar("_Typed")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class Entry:
    """A table of a TOML file with its place, for messages. Ask for every key, then `close`."""

    def __init__(self, file: str, place: str, values: Mapping[str, object]) -> None:
        self.file = file
        self.place = place
        self.values = dict(values)
        self._asked: set[str] = set()

    def wrong(self, problem: str) -> InvalidReference:
        return InvalidReference(self.file, self.place, problem)

    def has(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str) -> str:
        found = self._typed(key, str, "text")
        if found != found.strip() or not found:
            raise self.wrong(f"{key} is empty or begins or ends with a space")
        return found

    def text_or_none(self, key: str) -> str | None:
        return self.text(key) if self._present(key) else None

    def both(self, key: str) -> tuple[str, str]:
        """A text for people, in Dutch and in English."""
        return self.text(f"{key}_nl"), self.text(f"{key}_en")

    def both_or_none(self, key: str) -> tuple[str, str] | tuple[None, None]:
        stated = [self._present(f"{key}_{language}") for language in ("nl", "en")]
        return self.both(key) if any(stated) else (None, None)

    def texts(self, key: str) -> tuple[str, ...]:
        if not self._present(key):
            return ()
        found = self._typed(key, list, "a list of texts")
        if not all(isinstance(item, str) and item for item in found):
            raise self.wrong(f"{key} must be a list of texts")
        return tuple(found)

    def numbers(self, key: str) -> tuple[int, ...]:
        if not self._present(key):
            return ()
        found = self._typed(key, list, "a list of whole numbers")
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in found):
            raise self.wrong(f"{key} must be a list of whole numbers")
        return tuple(found)

    def number(self, key: str) -> int:
        return self._typed(key, int, "a whole number")

    def number_or_none(self, key: str) -> int | None:
        return self.number(key) if self._present(key) else None

    def share_or_none(self, key: str) -> float | None:
        return self._typed(key, float, "a share such as 0.6") if self._present(key) else None

    def choice(self, key: str, options: type[_Choice]) -> _Choice:
        found = self.text(key)
        try:
            return options(found)
        except ValueError:
            allowed = ", ".join(str(option.value) for option in options)
            raise self.wrong(f"{key} is {found!r}; expected one of {allowed}") from None

    def day_or_none(self, key: str) -> date | None:
        if not self._present(key):
            return None
        found = self._typed(key, date, "a day such as 2024-06-26")
        if isinstance(found, datetime):
            raise self.wrong(f"{key} must be a day without a time")
        return found

    def moment(self, key: str) -> tuple[date, Precision]:
        """A date and how precisely it is known, read off how it is written."""
        self._asked.add(key)
        match self.values.get(key):
            case bool() | datetime():
                pass
            case int(year) if 1900 <= year <= 2100:
                return date(year, 1, 1), Precision.YEAR
            case date() as day:
                return day, Precision.DAY
            case str(text) if found := _MONTH.fullmatch(text):
                return date(int(found[1]), int(found[2]), 1), Precision.MONTH
        raise self.wrong(f'{key} must be a year (2022), a month ("2023-04") or a day (2024-06-26)')

    def moment_or_none(self, key: str) -> tuple[date | None, Precision]:
        return self.moment(key) if self._present(key) else (None, Precision.YEAR)

    def entries(self, key: str, name: str) -> Iterator["Entry"]:
        """The tables in a list; `name` is the key that tells one from the other in messages."""
        for position, values in enumerate(self._typed(key, list, "a list of tables"), start=1):
            if not isinstance(values, dict):
                raise self.wrong(f"{key} must be a list of tables")
            label = f"{key} {values.get(name, position)}"
            yield Entry(self.file, f"{self.place}, {label}" if self.place else label, values)

    def close(self) -> None:
        """Refuse keys that nobody asked for: a misspelt key must not be a silent default."""
        if unknown := sorted(set(self.values) - self._asked):
            raise self.wrong(f"unknown key {', '.join(unknown)}")

    def _present(self, key: str) -> bool:
        self._asked.add(key)
        return key in self.values

    def _typed(self, key: str, kind: type[_Typed], words: str) -> _Typed:
        if not self._present(key):
            raise self.wrong(f"{key} is missing")
        found = self.values[key]
        if not isinstance(found, kind) or isinstance(found, bool):
            raise self.wrong(f"{key} must be {words}")
        return found


def read_entries(folder: Traversable, file: str, *, key: str, name: str) -> Iterator[Entry]:
    """The entries of a file whose only content is one list of tables."""
    try:
        values = tomllib.loads((folder / file).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidReference(file, "the file", f"is no TOML: {error}") from None
    top = Entry(file, "", values)
    yield from top.entries(key, name)
    top.close()
