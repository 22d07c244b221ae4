"""Links between the vintages of the sample country, for tests that go from one to another."""

from collections.abc import Mapping

from db.core.area_links import Method
from db.core.levels import Level
from db.core.linked import Linked, LinkedPair
from db.core.passage import Pair

Links = Mapping[tuple[Level, int, int], Linked]
"""By level, older and newer vintage."""


def paired(linked: Links) -> dict[Level, tuple[LinkedPair, ...]]:
    """What the head of a publication says of links; they are stated where their method says so."""
    pairs: dict[Level, tuple[LinkedPair, ...]] = {}
    for (level, old, new), found in sorted(linked.items(), key=lambda each: each[0][1:]):
        stated = bool((found.links.methods == Method.STATED).any())
        said = LinkedPair(
            pair=Pair(old, new, stated),
            version=1,
            tolerance=None if stated else 10.0,
            slivers=0,
            sliver_metres=0.0,
            repaired=(0, 0),
            without_shape=(0, 0),
            compared=0,
            disagreeing=len(found.disagreements),
            links=len(found.links.kinds),
        )
        pairs[level] = (*pairs.get(level, ()), said)
    return pairs
