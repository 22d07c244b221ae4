"""Shapes of consecutive areas as ready JSON texts, to be spliced into answers."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ShapePack:
    """GeoJSON geometries in ordinal order; None for an area without a shape."""

    texts: tuple[str | None, ...]
    nbytes: int = field(init=False)
    """Size in memory, for the bound on what is kept."""

    def __post_init__(self) -> None:
        texts = sum(sys.getsizeof(text) for text in self.texts if text is not None)
        object.__setattr__(self, "nbytes", sys.getsizeof(self.texts) + texts)


def pack_of(texts: Sequence[bytes | None]) -> ShapePack:
    """A pack of texts as they are stored."""
    return ShapePack(tuple(None if text is None else text.decode() for text in texts))
