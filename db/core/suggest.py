"""What a caller may have meant: the nearest codes and slugs that exist. Never chooses for them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_CODE_LIKENESS = 3
"""Characters that may differ between a code and one suggested for it."""
_SLUG_LIKENESS = 0.65
"""Share of the letters asked for that must be in the words of a slug or name: one word of two of
the same length is too little."""
_WORD_LIKENESS = 0.82
_WHOLE_LIKENESS = 0.85
_LONGEST_SLUG = 64
_MOST_WORDS = 8
"""Words looked at: each costs up to 0.4 ms among the 400 indicators."""
_Likeness: TypeAlias = list[tuple[int, dict[str, float]]]
"""For each word wanted: its weight, and which words it may stand for and how well."""
_WORD = re.compile(r"[^\W_]+")
_SAYS_LITTLE = frozenset(
    {"aandeel", "aantal", "gemiddeld", "mean", "number", "of", "per", "rate", "share", "total"}
)
"""Words that so many names have that they hardly point at any."""


def nearest_codes(code: str, codes: Sequence[str], limit: int = 5) -> list[str]:
    """Codes of the same length with the fewest differing characters.

    Two neighbouring characters swapped count as one difference. Among equals those that share the
    longest beginning come first: a wijk of the same gemeente before one with the same end.
    """
    same = np.array([each for each in codes if len(each) == len(code)], dtype=f"U{len(code)}")
    if not len(same) or not code:
        return []
    wanted = _characters(np.array([code]))[0]
    differs = _characters(same) != wanted
    distance = differs.sum(axis=1) - _swaps(_characters(same), wanted, differs)
    shared = np.where(differs.any(axis=1), differs.argmax(axis=1), len(code))
    near = np.flatnonzero(distance <= _CODE_LIKENESS)
    order = near[np.lexsort((same[near], -shared[near], distance[near]))]
    return [str(each) for each in same[order[:limit]]]


def _characters(codes: NDArray[np.str_]) -> NDArray[np.uint32]:
    return codes.view(np.uint32).reshape(len(codes), -1)


def _swaps(
    rows: NDArray[np.uint32], wanted: NDArray[np.uint32], differs: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """How many pairs of neighbouring characters of each row are those wanted, swapped."""
    swapped = (rows[:, :-1] == wanted[1:]) & (rows[:, 1:] == wanted[:-1])
    return np.asarray((swapped & differs[:, :-1] & differs[:, 1:]).sum(axis=1))


def respelt(text: str) -> list[str]:
    """Codes that a malformed text may stand for: lower case, spaces, lost leading zeros."""
    bare = "".join(text.split()).upper()[:20]
    prefix, rest = bare[:2], bare[2:]
    lengths = {"GM": 4, "WK": 6, "BU": 8}
    if prefix not in lengths or not (rest.isalnum() and rest.isascii()):
        return []
    return [prefix + rest.zfill(lengths[prefix])] if len(rest) <= lengths[prefix] else []


def fold(text: str) -> str:
    """Text without case and diacritics, to search and to sort by."""
    if text.isascii():
        # Nothing to take apart: ten times as fast, and that for nearly every name there is.
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def nearest_slugs(text: str, named: Mapping[str, Iterable[str]], limit: int = 5) -> list[str]:
    """Slugs of which the slug itself or one of its names has most of the words, the nearest first.

    `named` holds the names that each slug goes by.
    """
    wanted = tuple(dict.fromkeys(_split(text[:_LONGEST_SLUG])))[:_MOST_WORDS]
    if not wanted:
        return []
    texts = {slug: [_words(slug), *map(_words, names)] for slug, names in named.items()}
    known = {word for each in texts.values() for words in each for word in words}
    likeness = [(_weight(word), _likeness(word, known)) for word in wanted]
    whole = SequenceMatcher(None, "", "".join(wanted), autojunk=False)
    scores = {
        slug: max(_run_together(whole, each[0]), *(_score(likeness, words) for words in each))
        for slug, each in texts.items()
    }
    near = [slug for slug, score in scores.items() if score >= _SLUG_LIKENESS]
    return sorted(near, key=lambda slug: (-scores[slug], slug))[:limit]


def _split(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


_words = lru_cache(maxsize=4096)(_split)
"""For slugs and names only, which are asked for again; what callers write is not kept."""


def _weight(word: str) -> int:
    return 1 if word in _SAYS_LITTLE else len(word)


def _likeness(wanted: str, known: Iterable[str]) -> dict[str, float]:
    """Which of the known words a wanted one may stand for, and how well."""
    matcher = SequenceMatcher(None, "", wanted, autojunk=False)
    return {word: found for word in known if (found := _alike(matcher, wanted, word))}


def _alike(matcher: SequenceMatcher[str], wanted: str, word: str) -> float:
    if word == wanted:
        return 1.0
    if len(wanted) >= 3 and word.startswith(wanted):
        return 0.95
    if len(wanted) >= 5 and wanted in word:
        return 0.85
    if len(wanted) < 4 or word[0] != wanted[0]:
        # Slips are seldom in the first letter; what differs there is another word: wealth, health.
        return 0.0
    matcher.set_seq1(word)
    near = matcher.real_quick_ratio() >= _WORD_LIKENESS and matcher.ratio() >= _WORD_LIKENESS
    return 0.9 * matcher.ratio() if near else 0.0


def _score(likeness: _Likeness, words: tuple[str, ...]) -> float:
    """The share of what is wanted that is among some words; a little more where little else is."""
    used = sum(len(word) for word in words if any(word in alike for _, alike in likeness))
    if not used:
        return 0.0
    found = sum(weight * max(alike.get(w, 0.0) for w in words) for weight, alike in likeness)
    return found / sum(weight for weight, _ in likeness) + 0.1 * used / sum(map(len, words))


def _run_together(whole: SequenceMatcher[str], words: tuple[str, ...]) -> float:
    """How alike a slug is where words are written as one, or one as several."""
    whole.set_seq1("".join(words))
    if whole.real_quick_ratio() < _WHOLE_LIKENESS or whole.quick_ratio() < _WHOLE_LIKENESS:
        return 0.0
    ratio = whole.ratio()
    return ratio if ratio >= _WHOLE_LIKENESS else 0.0
