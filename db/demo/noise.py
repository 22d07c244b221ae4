"""Chance without a random generator: a number that depends on nothing but its key.

Hashed, so that Voorbeeldland is the same bytes on every machine and Python, and inserting a figure
does not shift all others. Only + - * / and square roots follow, which are the same everywhere, and
`fsum` where floats are added: `sum` rounds otherwise since Python 3.12.
"""

from hashlib import blake2b

_SEED = b"Voorbeeldland 1"


def noise(*key: str | int) -> float:
    """Uniform in [0, 1)."""
    text = "|".join(map(str, key)).encode()
    digest = blake2b(text, digest_size=8, person=_SEED).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def swing(*key: str | int) -> float:
    """Between -1 and 1, most often near 0."""
    return noise("up", *key) - noise("down", *key)
