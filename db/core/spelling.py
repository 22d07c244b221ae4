"""Words by their letters: equal, begun with, containing, or with a typing error or two."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.core.ranking import Rows

_NONE = np.empty(0, np.int32)
_Counts = NDArray[np.int64]


class Postings(NamedTuple):
    """The entries that have each term, term after term."""

    starts: Rows
    entries: Rows

    def between(self, first: int, last: int) -> Rows:
        return self.entries[self.starts[first] : self.starts[last]]

    def of(self, terms: Rows) -> tuple[Rows, Rows]:
        """Entries of some terms, and which of these terms each has."""
        first = self.starts[terms]
        sizes = self.starts[terms + 1] - first
        which = np.repeat(np.arange(len(terms), dtype=np.int32), sizes)
        skipped = first - (np.cumsum(sizes) - sizes)
        return self.entries[np.arange(len(which)) + skipped[which]], which


class Terms:
    """Whole names and single words, each once, found by their letters."""

    def __init__(self, terms: set[str]) -> None:
        self._sorted = sorted(terms)
        order = sorted(range(len(terms)), key=lambda term: len(self._sorted[term]))
        self._by_length = np.array(order, np.int32)
        self._lengths = np.array([len(self._sorted[term]) for term in order], np.int32)
        places: dict[str, list[int]] = {}
        for place, term in enumerate(order):
            for gram in _grams(self._sorted[term]):
                places.setdefault(gram, []).append(place)
        self._grams = {gram: np.array(each, np.int32) for gram, each in places.items()}

    def postings(self, pairs: list[tuple[str, int]]) -> Postings:
        """Of pairs of a term and an entry."""
        numbers = {term: number for number, term in enumerate(self._sorted)}
        terms = np.array([numbers[term] for term, _ in pairs], np.int32)
        order = np.argsort(terms, kind="stable")
        starts = np.searchsorted(terms[order], np.arange(len(numbers) + 1)).astype(np.int32)
        return Postings(starts, np.array([entry for _, entry in pairs], np.int32)[order])

    def equal(self, wanted: str) -> tuple[int, int]:
        return bisect_left(self._sorted, wanted), bisect_right(self._sorted, wanted)

    def beginning(self, wanted: str) -> tuple[int, int]:
        return bisect_left(self._sorted, wanted), bisect_left(self._sorted, wanted + "\U0010ffff")

    def containing(self, wanted: str) -> Rows:
        inside = [self._grams.get(wanted[at : at + 3], _NONE) for at in range(len(wanted) - 2)]
        rarest = self._by_length[min(inside, key=len, default=_NONE)]
        found = [term for term in rarest.tolist() if wanted in self._sorted[term]]
        return np.array(found, np.int32)

    def misspelt(self, wanted: str) -> tuple[Rows, _Counts]:
        """Terms that may have been meant, and how many errors that would be.

        An error changes at most four of the runs of three letters, of which there are two more
        than letters: every term within the bound shares two runs or more.
        """
        size = len(wanted)
        most = (size >= 4) + (size >= 8)
        near = self._lengths.searchsorted((size - most, size + most + 1)).astype(np.int32)
        if not most or near[0] == near[1]:
            return _NONE, np.empty(0, np.int64)
        runs = [self._grams.get(gram, _NONE) for gram in _grams(wanted)]
        sharing = np.concatenate([run[slice(*run.searchsorted(near))] for run in runs])
        shared = np.bincount(sharing - near[0])
        terms = self._by_length[near[0] + np.flatnonzero(shared >= size + 2 - 4 * most)]
        wrong = edit_distances(wanted, [self._sorted[term] for term in terms.tolist()], most)
        return terms[wrong <= most], wrong[wrong <= most]


def edit_distances(wanted: str, others: Sequence[str], most: int) -> _Counts:
    """Letters to add, leave out, replace or swap with the next; `most` + 1 where it takes more.

    The restricted Damerau-Levenshtein distance (Wagner and Fischer 1974, with swaps), a letter at a
    time for all the others at once.
    """
    if not len(others):
        return np.empty(0, np.int64)
    width = len(wanted) + most + 1
    letters = np.array(others, f"U{width}").view(np.uint32).reshape(-1, width)
    columns = np.arange(width + 1, dtype=np.int16)
    row = before = np.tile(columns, (len(others), 1))
    was = np.zeros_like(letters, np.bool_)
    for at, letter in enumerate(wanted):
        same = letters == ord(letter)
        after = np.full_like(row, at + 1)
        np.minimum(row[:, 1:] + 1, row[:, :-1] + ~same, out=after[:, 1:])
        swap = np.where(same[:, :-1] & was[:, 1:], before[:, :-2] + 1, width)
        after[:, 2:] = np.minimum(after[:, 2:], swap)
        before, row, was = row, np.minimum.accumulate(after - columns, axis=1) + columns, same
    ends = np.array([min(len(other), width) for other in others], np.intp)
    return np.minimum(row[np.arange(len(others)), ends], most + 1).astype(np.int64)


def _grams(term: str) -> Iterator[str]:
    """Three letters running, with two blanks on either side; numbered where they come again."""
    seen: dict[str, int] = {}
    padded = f"  {term}  "
    for at in range(len(term) + 2):
        gram = padded[at : at + 3]
        seen[gram] = seen.get(gram, 0) + 1
        yield gram if seen[gram] == 1 else f"{gram}{seen[gram]}"
