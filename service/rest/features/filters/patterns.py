"""LIKE of CQL2: `%` for any characters, `_` for one, a backslash before one that is meant itself.

Pieces between wildcards are looked for from left to right, which costs no more than reading.
"""

import re
from collections.abc import Callable


def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text as a whole is of this pattern."""
    pieces = _pieces(pattern)
    first, *middle = [re.compile(text, re.DOTALL) for text, _ in pieces]
    if not middle:
        return lambda text: first.fullmatch(text) is not None
    last, size = middle.pop(), pieces[-1][1]

    def matches(text: str) -> bool:
        found = first.match(text)
        for piece in middle:
            if found is None:
                return False
            found = piece.search(text, found.end())
        start = len(text) - size
        return found is not None and found.end() <= start and last.match(text, start) is not None

    return matches


def _pieces(pattern: str) -> list[tuple[str, int]]:
    """What stands between wildcards as regular expressions, with how many characters each takes."""
    found, text, size, escaped = [], "", 0, False
    for sign in pattern:
        if sign == "%" and not escaped:
            found.append((text, size))
            text, size = "", 0
        elif sign == "\\" and not escaped:
            escaped = True
            continue
        else:
            text += "." if sign == "_" and not escaped else re.escape(sign)
            size += 1
        escaped = False
    return [*found, (text, size)]
