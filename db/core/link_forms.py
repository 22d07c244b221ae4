"""Links that no overlay made, and links the other way round."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from db.core.area_links import AreaLinks, LinkKind, Method, Vintage
from db.core.figures import Bytes

UNCHANGED = 1
"""CBS Indelingswijziging: border and code are those of the year before."""

_BACKWARD = np.arange(len(LinkKind), dtype=np.uint8)
_BACKWARD[[LinkKind.MERGED, LinkKind.SPLIT]] = LinkKind.SPLIT, LinkKind.MERGED
_BACKWARD[[LinkKind.NEW, LinkKind.GONE]] = LinkKind.GONE, LinkKind.NEW


def stated(old: Vintage, new: Vintage, changes: Sequence[int | None]) -> AreaLinks:
    """What Indelingswijziging of the new areas says by itself, of vintages a year apart.

    An area that is UNCHANGED is the SAME as the one of its code. Of all others nothing can be said:
    the publisher does not name what they were.
    """
    rows = {code: row for row, code in enumerate(old.codes)}
    pairs = [
        (rows[code], row)
        for row, (code, change) in enumerate(zip(new.codes, changes, strict=True))
        if change == UNCHANGED and code in rows
    ]
    before, after = np.array(sorted(pairs), np.int32).reshape(-1, 2).T
    lone_old = np.setdiff1d(np.arange(len(old.codes), dtype=np.int32), before)
    lone_new = np.setdiff1d(np.arange(len(new.codes), dtype=np.int32), after)
    lone = len(lone_old) + len(lone_new)
    shares = np.concatenate([np.ones(len(pairs)), np.full(lone, np.nan)])
    methods = np.full(len(shares), Method.STATED, np.uint8)
    kinds = [LinkKind.SAME] * len(pairs) + [LinkKind.UNPLACED] * lone
    return AreaLinks(
        old=np.concatenate([before, lone_old, np.full(len(lone_new), -1, np.int32)]),
        new=np.concatenate([after, np.full(len(lone_old), -1, np.int32), lone_new]),
        of_old=shares,
        of_new=shares,
        kinds=np.array(kinds, np.uint8),
        methods=methods,
        new_methods=methods,
        reused=np.empty(0, np.int32),
        olds=len(old.codes),
        news=len(new.codes),
    )


def doubted(links: AreaLinks, *, old_lacks: bool, new_lacks: bool) -> AreaLinks:
    """NEW where the old map lacks a shape, and GONE where the new one does, become UNPLACED.

    What has no shape may lie on that very ground.
    """
    doubtful = (old_lacks & (links.kinds == LinkKind.NEW)) | (
        new_lacks & (links.kinds == LinkKind.GONE)
    )
    return replace(links, kinds=np.where(doubtful, np.uint8(LinkKind.UNPLACED), links.kinds))


def reverse(links: AreaLinks) -> AreaLinks:
    """The same links from new to old: shares and methods change place, a merger is a split.

    What the codes did is not turned: a used code is told of the newer vintage.
    """
    order = np.lexsort((links.old, links.new, (links.old < 0) | (links.new < 0), links.new < 0))
    kinds: Bytes = _BACKWARD[links.kinds[order]]
    return AreaLinks(
        old=links.new[order],
        new=links.old[order],
        of_old=links.of_new[order],
        of_new=links.of_old[order],
        kinds=kinds,
        methods=links.new_methods[order],
        new_methods=links.methods[order],
        reused=np.empty(0, np.int32),
        olds=links.news,
        news=links.olds,
    )
