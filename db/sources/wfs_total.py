"""The number of features a WFS says it has, in a page of GeoJSON or in its answer to hits."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from db.core.errors import BrokenLoad
from db.sources.files import open_bytes

_HITS = re.compile(rb'(?:numberMatched|numberOfFeatures)="(\d+)"')


def announced_total(pages: Iterable[dict[str, Any]], hits: Sequence[Path]) -> int | None:
    """The announced total; None if no part of the answer has one. Two totals are refused."""
    totals = {_hits(path) for path in hits}
    if not totals:
        stated = (page.get("numberMatched", page.get("totalFeatures")) for page in pages)
        totals = {total for total in stated if isinstance(total, int)}
    if len(totals) > 1:
        raise BrokenLoad(f"the service announces different totals: {sorted(totals)}")
    return next(iter(totals), None)


def _hits(path: Path) -> int:
    with open_bytes(path) as stream:
        match = _HITS.search(stream.read(10_000))
    if match is None:
        raise BrokenLoad(f"{path.name}: no numberMatched in the answer to resultType=hits")
    return int(match.group(1))
