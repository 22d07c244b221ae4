"""Which indicator a publisher's column is: known, unknown or ambiguous, but never a guess.

CBS renumbers the keys of its tables every year and even within one, so the number at the end of
a key plays no part; measure codes, topic paths, stems, titles and short names do.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from db.core.errors import InvalidCatalogue
from db.core.figures import Column
from db.core.indicator import Indicator, Matcher

How = Literal["measure", "path", "stem", "title", "short"]
_HOWS: tuple[How, ...] = ("measure", "path", "stem", "title", "short")
_NUMBER = re.compile(r"_\d+$")
_LOOSE_UNDERSCORE = re.compile(r"(?<!\d)_|_(?!\d)")


@dataclass(frozen=True, slots=True)
class Known:
    """The column is `indicator`; its values times `scale` are in the indicator's unit."""

    indicator: Indicator
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Unknown:
    """No indicator of the catalogue is published under this column."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The column may be any of these indicators; what it tells of itself does not decide."""

    slugs: tuple[str, ...]


Resolution = Known | Unknown | Ambiguous


@dataclass(frozen=True, slots=True)
class TableResolution:
    """The columns of one table, and in the same order what each of them is."""

    columns: tuple[Column, ...]
    resolutions: tuple[Resolution, ...]
    collisions: tuple[tuple[str, tuple[str, ...]], ...]
    """(slug, keys of the columns that all claim it); those columns are Ambiguous."""


@dataclass(frozen=True, slots=True)
class _Entry:
    matcher: Matcher
    indicator: Indicator
    group: str | None
    unit: str | None


class Catalogue:
    """The indicators, and the look-ups from columns to them. Built once, then read only."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self.indicators = tuple(indicators)
        self._by_slug = {i.slug: i for i in self.indicators}
        if len(self._by_slug) != len(self.indicators):
            raise InvalidCatalogue("two indicators of the catalogue have the same slug")
        self._entries: dict[tuple[str, How, str], list[_Entry]] = defaultdict(list)
        for indicator in self.indicators:
            for matcher in indicator.matchers:
                self._add(indicator, matcher)

    def __getitem__(self, slug: str) -> Indicator:
        return self._by_slug[slug]

    def __contains__(self, slug: object) -> bool:
        return slug in self._by_slug

    def get(self, slug: str) -> Indicator | None:
        return self._by_slug.get(slug)

    def resolve(self, family: str, vintage: int, column: Column) -> Resolution:
        """What the column of a table of this family and vintage is.

        The first way of naming that finds anything decides; ways are tried from the most
        to the least exact. A title that changed its unit finds nothing and is reported.
        """
        for how, text in _names(column):
            entries = self._entries.get((family, how, text), ())
            if answer := _decide(entries, vintage, column):
                return answer
        return Unknown()

    def resolve_table(
        self, family: str, vintage: int, columns: Sequence[Column]
    ) -> TableResolution:
        """Resolve all columns of a table; columns that claim one slug together lose it."""
        answers = [self.resolve(family, vintage, column) for column in columns]
        claims: dict[str, list[str]] = defaultdict(list)
        for column, answer in zip(columns, answers, strict=True):
            if isinstance(answer, Known):
                claims[answer.indicator.slug].append(column.key)
        collisions = {slug: tuple(keys) for slug, keys in claims.items() if len(keys) > 1}
        return TableResolution(
            columns=tuple(columns),
            resolutions=tuple(_unless_claimed(answer, collisions) for answer in answers),
            collisions=tuple(collisions.items()),
        )

    def _add(self, indicator: Indicator, matcher: Matcher) -> None:
        how, text = _name_of(indicator.slug, matcher)
        entry = _Entry(
            matcher, indicator, _fold_or_none(matcher.group), _fold_or_none(matcher.unit)
        )
        entries = self._entries[matcher.family, how, text]
        for other in entries:
            if _same_claim(entry, other):
                raise InvalidCatalogue(
                    f"{other.indicator.slug} and {indicator.slug} both claim the "
                    f"{matcher.family} {how} {text!r} with the same group, unit and years"
                )
        entries.append(entry)


def fold(text: str) -> str:
    """Text as it is compared: one kind of space, no superscripts, no case; diacritics stay."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def fold_short(name: str) -> str:
    """Short names alike in AANT_INW, aant_inw and aantInw; an underscore in 0_15 counts."""
    return _LOOSE_UNDERSCORE.sub("", name.strip()).casefold()


def _fold_or_none(text: str | None) -> str | None:
    return None if text is None else fold(text)


def _names(column: Column) -> Iterator[tuple[How, str]]:
    if column.measure:
        yield "measure", fold(column.measure)
    if column.title and column.path:
        yield "path", fold("/".join((*column.path, column.title)))
    yield "stem", fold(_NUMBER.sub("", column.key.strip()))
    if column.title:
        yield "title", fold(column.title)
    yield "short", fold_short(column.key)


def _name_of(slug: str, matcher: Matcher) -> tuple[How, str]:
    names = [(how, name) for how in _HOWS if (name := getattr(matcher, how)) is not None]
    if len(names) != 1:
        raise InvalidCatalogue(f"{slug}: a matcher must have exactly one of {', '.join(_HOWS)}")
    how, name = names[0]
    return how, fold_short(name) if how == "short" else fold(name)


def _same_claim(one: _Entry, other: _Entry) -> bool:
    if one.indicator.slug == other.indicator.slug:
        return False
    if (one.group, one.unit) != (other.group, other.unit):
        return False
    first, second = one.matcher.vintages, other.matcher.vintages
    return not first or not second or (first[0] <= second[1] and second[0] <= first[1])


def _decide(entries: Iterable[_Entry], vintage: int, column: Column) -> Resolution | None:
    """None where no entry fits; a fit that could be checked beats one that could not."""
    checks = [(entry, _fits(entry, vintage, column)) for entry in entries]
    fitting = [(entry, certain) for entry, certain in checks if certain is not None]
    certain = [entry for entry, sure in fitting if sure]
    possible = certain or [entry for entry, _ in fitting]
    slugs = tuple(dict.fromkeys(entry.indicator.slug for entry in possible))
    if not slugs:
        return None
    # A group stands where a name alone is known not to be unique: unseen, it decides nothing.
    if len(slugs) > 1 or (not certain and any(entry.group for entry in possible)):
        return Ambiguous(slugs)
    return Known(possible[0].indicator, possible[0].matcher.scale)


def _fits(entry: _Entry, vintage: int, column: Column) -> bool | None:
    """True: fits; False: fits as far as the column tells; None: does not fit."""
    years = entry.matcher.vintages
    if years and not years[0] <= vintage <= years[1]:
        return None
    sure = True
    if entry.unit is not None:
        if column.unit is not None and fold(column.unit) != entry.unit:
            return None
        sure = column.unit is not None
    if entry.group is not None:
        # Joined, because a title such as 'Havo/vwo' is split where exports separate by slashes.
        if column.path and f"/{entry.group}/" not in f"/{fold('/'.join(column.path))}/":
            return None
        sure = sure and bool(column.path)
    return sure


def _unless_claimed(answer: Resolution, collisions: dict[str, tuple[str, ...]]) -> Resolution:
    if isinstance(answer, Known) and answer.indicator.slug in collisions:
        return Ambiguous((answer.indicator.slug,))
    return answer
