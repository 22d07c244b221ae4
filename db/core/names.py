"""Areas by what people type: a name now, before or after, an alias, a part, a slip, a code.

Says how each match was found and never chooses between areas of one name. Folds case, diacritics
and punctuation; knows no synonyms, abbreviations or sounds, and keeps nothing of a query.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Bytes, Floats
from db.core.ranking import Rows
from db.core.spelling import Terms
from db.core.suggest import fold, respelt

LONGEST_QUERY = 100
"""Characters of a query; what follows is not looked at."""
MOST_RESULTS = 100
_MOST_WORDS = 10
"""Different words of a query that may each begin a word of a name."""
_MOST_CONTEXT = 3
"""Words of a query that may name the gemeente: of a longer name the first will do."""
_MOST_READINGS = 6
"""Ways to take a query apart; each costs up to 0.7 ms."""
_SHORTEST_BEGINNING = 3
"""Letters taken for the beginning of a gemeente's name."""
_ENTRY, _MATCH = 20, 28
"""Bits for an entry's place and for a match's, in the numbers by which matches are sorted."""
_MOST_POINTS = 20_000
_UNFOUND = np.iinfo(np.int64).max
_NUMBERED = re.compile(r"^(?:wijk|buurt)\s+\d+[a-z]?[\s:.,-]+(?=\S*[^\W_])")
_QUALIFIED = re.compile(r"(?<=[^\W_])\s*\([^()]*\)\s*$")
_WORD = re.compile(r"[^\W_]+")
_Mask = NDArray[np.bool_]
_Scores = NDArray[np.floating[Any]]


class NameKind(IntEnum):
    """What an entry is to its area."""

    NAME = 0
    ALIAS = 1
    FORMER_NAME = 2
    CODE = 3
    LATER_NAME = 4


class How(IntEnum):
    """How a query matches, the better ways first."""

    CODE = 0
    EXACT = 1
    """The name, with or without the number before it and the brackets after it."""
    ALIAS = 2
    FORMER_NAME = 3
    LATER_NAME = 4
    PREFIX = 5
    """The beginning of any name."""
    WORD = 6
    """Each word begins a word of the name, in any order."""
    CONTAINS = 7
    TYPING_ERROR = 8
    """A letter too many, too few, wrong, or swapped with the next: one of 4 to 7, two of more."""


_WHOLE = np.array([How.EXACT, How.ALIAS, How.FORMER_NAME, How.CODE, How.LATER_NAME], np.uint8)
"""By kind of entry, what it is to be typed whole."""
_MERIT = np.array([1.0, 1.0, 0.95, 0.9, 0.9, 0.7, 0.55, 0.4, 0.35])
"""The score of each way. A part of a name gets up to 0.1 more, for its share of the name."""
_ERROR = 0.08
"""Less for each wrong letter, and for a word that is not the whole name."""
_STRIPPED, _BESIDE, _BEGUN = 0.02, 0.01, 0.03
"""Less for a query without its number or brackets, with a gemeente, with the beginning of one."""


class Match(NamedTuple):
    """An area by the best of its entries."""

    row: int
    entry: int
    """Place among the texts of the index: which name, alias or code it is."""
    how: How
    in_context: bool
    """Whether other words of the query name the area that it lies in."""
    score: float


@dataclass(frozen=True, slots=True)
class Names:
    """Names to search, in parallel; an area has an entry for everything that it is called."""

    rows: Rows
    """The area, by a number of the caller's, from 0."""
    texts: Sequence[str]
    """One without a letter or digit is never found."""
    kinds: Bytes
    boosts: Floats
    """0 to 1 more score, NaN is none: 0.1 puts the alias of a gemeente before a buurt's name."""
    within: Rows
    """The area (as in `rows`) whose names may be typed beside: the gemeente; -1 for none."""

    def __post_init__(self) -> None:
        if len({*map(len, (self.rows, self.texts, self.kinds, self.boosts, self.within))}) > 1:
            raise ValueError("rows, texts, kinds, boosts and within must be equally long")
        if len(self.texts) >> _ENTRY:
            raise ValueError(f"at most {(1 << _ENTRY) - 1:,} names can be searched")


class _Reading(NamedTuple):
    """Words taken for a name, and where the areas must lie if other words name a gemeente."""

    words: tuple[str, ...]
    less: float
    inside: _Mask | None = None
    """By area; the last place stands for none."""

    @property
    def name(self) -> str:
        return "".join(self.words)


class _Found(NamedTuple):
    entries: Rows
    hows: Bytes
    scores: Floats
    in_context: _Mask


class NameIndex:
    """Names made ready to search, once for each publication: 13 MB for 60,000 with their codes."""

    def __init__(self, names: Names) -> None:
        self._rows, row_of = np.unique(names.rows, return_inverse=True)
        self._row_of = row_of.astype(np.int32)
        self._within = self._places(names.within)
        self._contains = np.zeros(len(self._rows) + 1, np.bool_)
        self._contains[self._within[self._within >= 0]] = True
        self._kinds = names.kinds
        self._boosts = np.clip(np.nan_to_num(names.boosts), 0.0, 1.0)
        code = (names.kinds == NameKind.CODE).tolist()
        spelt = [[] if code[entry] else spellings(text) for entry, text in enumerate(names.texts)]
        coded = sorted((names.texts[entry], entry) for entry in np.flatnonzero(code).tolist())
        self._codes = [text for text, _ in coded]
        self._coded = np.array([entry for _, entry in coded], np.int32)
        whole = [("".join(words), entry) for entry, each in enumerate(spelt) for words in each]
        words = [(word, entry) for entry, each in enumerate(spelt) if each for word in {*each[0]}]
        self._terms = Terms({term for term, _ in (*whole, *words)})
        self._whole, self._words = self._terms.postings(whole), self._terms.postings(words)
        proper = ["".join(each[-1]) if each else "" for each in spelt]
        self._lengths = np.array([len(name) for name in proper], np.int32)
        self._order = np.empty(len(proper), np.int64)
        self._order[sorted(range(len(proper)), key=proper.__getitem__)] = np.arange(len(proper))

    def __len__(self) -> int:
        return len(self._kinds)

    def _places(self, rows: Rows) -> Rows:
        """Where rows are among those of the index, -1 for others."""
        at = np.minimum(np.searchsorted(self._rows, rows), len(self._rows) - 1)
        return np.where(self._rows[at] == rows, at, -1).astype(np.int32)

    def search(self, text: str, limit: int = 20) -> list[Match]:
        """At most `limit` areas, 100 at most: by score, then by name, then in the order given.

        Typing errors are looked for where no whole name of any kind and no code was typed.
        """
        text = fold(text[:LONGEST_QUERY])[:LONGEST_QUERY]
        readings = list(islice(self._readings(text), _MOST_READINGS))
        beginning = self._beginning({word for each in readings for word in each.words})
        found = [self._by_code(text)]
        found += [each for reading in readings for each in self._spelt(reading, beginning)]
        if not any((each.hows <= How.LATER_NAME).any() for each in found):
            found += [each for reading in readings for each in self._misspelt(reading)]
        return self._best(found, max(0, min(limit, MOST_RESULTS)))

    def _readings(self, text: str) -> Iterator[_Reading]:
        """The whole query as a name; then words at its end, or its beginning, as a gemeente."""
        spelt = spellings(text)
        for at, words in enumerate(spelt):
            yield _Reading(words, _STRIPPED if at else 0.0)
        for at, words in enumerate(spelt):
            less = _STRIPPED if at else 0.0
            for count in range(1, min(_MOST_CONTEXT, len(words) - 1) + 1):
                yield from self._beside(words[:-count], words[-count:], less)
                yield from self._beside(words[count:], words[:count], less)

    def _beside(
        self, words: tuple[str, ...], context: tuple[str, ...], less: float
    ) -> Iterator[_Reading]:
        name = "".join(context)
        ways = [(_BESIDE, self._terms.equal(name))]
        if len(name) >= _SHORTEST_BEGINNING:
            ways.append((_BEGUN, self._terms.beginning(name)))
        for more, terms in ways:
            inside = np.zeros_like(self._contains)
            inside[self._row_of[self._whole.between(*terms)]] = True
            inside &= self._contains
            if inside.any():
                yield _Reading(words, less + more, inside)
                return

    def _beginning(self, words: set[str]) -> dict[str, _Mask]:
        """For each word, the entries of which a word begins so; nothing for too many words."""
        masks = {}
        for word in words if len(words) <= _MOST_WORDS else ():
            masks[word] = np.zeros(len(self), np.bool_)
            masks[word][self._words.between(*self._terms.beginning(word))] = True
        return masks

    def _by_code(self, text: str) -> _Found:
        for code in ("".join(text.split()).upper(), *respelt(text)):
            at = slice(bisect_left(self._codes, code), bisect_right(self._codes, code))
            if len(self._coded[at]):
                break
        return self._found(_Reading((), 0.0), self._coded[at], How.CODE)

    def _spelt(self, reading: _Reading, beginning: dict[str, _Mask]) -> Iterator[_Found]:
        name = reading.name
        entries = self._whole.between(*self._terms.equal(name))
        yield self._found(reading, entries, _WHOLE[self._kinds[entries]])
        yield self._part(reading, self._whole.between(*self._terms.beginning(name)), How.PREFIX)
        if all(word in beginning for word in reading.words):
            masks = [beginning[word] for word in reading.words]
            entries = np.flatnonzero(np.logical_and.reduce(masks)).astype(np.int32)
            yield self._part(reading, entries, How.WORD)
        entries, _ = self._whole.of(self._terms.containing(name))
        yield self._part(reading, entries, How.CONTAINS)

    def _misspelt(self, reading: _Reading) -> Iterator[_Found]:
        """Names that differ in few letters and, of a query of one word, words that do."""
        terms, wrong = self._terms.misspelt(reading.name)
        entries, which = self._whole.of(terms)
        yield self._found(reading, entries, How.TYPING_ERROR, -_ERROR * wrong[which])
        if len(reading.words) == 1:
            entries, which = self._words.of(terms)
            yield self._found(reading, entries, How.TYPING_ERROR, -_ERROR * (1 + wrong[which]))

    def _part(self, reading: _Reading, entries: Rows, how: How) -> _Found:
        share = np.minimum(1.0, len(reading.name) / self._lengths[entries])
        return self._found(reading, entries, how, 0.1 * share)

    def _found(
        self, reading: _Reading, entries: Rows, how: How | Bytes, more: _Scores | float = 0.0
    ) -> _Found:
        hows = np.broadcast_to(np.asarray(how, np.uint8), entries.shape)
        scores = _MERIT[hows] + more - reading.less + self._boosts[entries]
        if reading.inside is None:
            return _Found(entries, hows, scores, np.zeros(len(entries), np.bool_))
        kept = reading.inside[self._within[entries]]
        return _Found(entries[kept], hows[kept], scores[kept], kept[kept])

    def _best(self, found: list[_Found], limit: int) -> list[Match]:
        """The best match of each area, as numbers that sort by score, name and match."""
        entries, hows, scores, beside = (np.concatenate(each) for each in zip(*found, strict=True))
        points = np.rint(10_000 * scores).astype(np.int64)
        keys = (_MOST_POINTS - points << _ENTRY) + self._order[entries] << _MATCH
        keys += np.arange(len(keys))
        best = np.full(len(self._rows), _UNFOUND)
        np.minimum.at(best, self._row_of[entries], keys)
        kept = best[best < _UNFOUND]
        kept = np.partition(kept, limit)[:limit] if len(kept) > limit else kept
        return [
            Match(
                row=int(self._rows[self._row_of[entries[at]]]),
                entry=int(entries[at]),
                how=How(hows[at]),
                in_context=bool(beside[at]),
                score=int(points[at]) / 10_000,
            )
            for at in np.sort(kept) & ((1 << _MATCH) - 1)
        ]


def spellings(text: str) -> list[tuple[str, ...]]:
    """The words of a name as written, and without its CBS number before and brackets after it.

    `Wijk 03 Hengelo (O.)`: wijk 03 hengelo o, hengelo o, wijk 03 hengelo, hengelo.
    """
    written = fold(text)
    proper = _NUMBERED.sub("", written)
    variants = (written, proper, _QUALIFIED.sub("", written), _QUALIFIED.sub("", proper))
    return [words for words in dict.fromkeys(tuple(_WORD.findall(v)) for v in variants) if words]
