"""Blocks of parsed rows to figures: a rectangle for each year, bounds beside their estimates.

A row met twice counts once if both say the same; two rows that differ are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.errors import BrokenLoad
from db.core.figures import Account, Bytes, Column, Figures, Floats

ESTIMATE, LOWER, UPPER, UNKNOWN = 0, 1, 2, 3
_MARGINS = 4
_YEARS = 10_000


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one or more pages: area number, year, what the row gives, and its cells."""

    areas: NDArray[np.int32]
    years: NDArray[np.int32]
    margins: NDArray[np.uint8]
    values: Floats
    reasons: Bytes

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Block":
        return Block(
            self.areas[rows],
            self.years[rows],
            self.margins[rows],
            self.values[rows],
            self.reasons[rows],
        )


def joined(blocks: Sequence[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    return Block(
        np.concatenate([block.areas for block in blocks]),
        np.concatenate([block.years for block in blocks]),
        np.concatenate([block.margins for block in blocks]),
        np.concatenate([block.values for block in blocks]),
        np.concatenate([block.reasons for block in blocks]),
    )


def by_year(block: Block) -> dict[int, Block]:
    years = np.unique(block.years).tolist()
    if len(years) == 1:
        return {years[0]: block}
    return {year: block.take(block.years == year) for year in years}


def settle(block: Block, codes: Sequence[str], account: Account) -> Block:
    """The rows that count, each of them accounted for."""
    keys = (block.areas.astype(np.int64) * _YEARS + block.years) * _MARGINS + block.margins
    kept = np.ones(len(keys), np.bool_)
    kept[_repeated(block, keys, codes, account)] = False
    estimates = keys[block.margins == ESTIMATE] // _MARGINS
    orphans = kept & ~np.isin(keys // _MARGINS, estimates)
    for row in np.flatnonzero(orphans).tolist():
        account.reject("bound-without-estimate", codes[block.areas[row]])
    kept &= ~orphans
    account.accept(int(kept.sum()))
    return block if kept.all() else block.take(kept)


def figures_of(block: Block, codes: Sequence[str], columns: list[Column]) -> Figures:
    """The rectangle of one year, in the order of the rows."""
    if not block.margins.any():
        estimates, lower, upper = block, None, None
    else:
        estimates = block.take(block.margins == ESTIMATE)
        lower = _beside(estimates, block.take(block.margins == LOWER))
        upper = _beside(estimates, block.take(block.margins == UPPER))
    return Figures(
        codes=[codes[area] for area in estimates.areas.tolist()],
        periods=estimates.years,
        columns=columns,
        values=estimates.values,
        reasons=estimates.reasons,
        lower=lower,
        upper=upper,
    )


def _repeated(
    block: Block, keys: NDArray[np.int64], codes: Sequence[str], account: Account
) -> NDArray[np.intp]:
    """Rows that repeat an earlier one cell by cell."""
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    earlier, later = order[same], order[same + 1]
    for one, other in zip(earlier.tolist(), later.tolist(), strict=True):
        code = codes[block.areas[other]]
        same_values = np.array_equal(block.values[one], block.values[other], equal_nan=True)
        if not (same_values and np.array_equal(block.reasons[one], block.reasons[other])):
            raise BrokenLoad(f"{code} of {block.years[other]} comes twice with different figures")
        account.reject("duplicate", code)
    return later


def _beside(estimates: Block, bounds: Block) -> Floats:
    """Bounds in the rows of their estimates; NaN where the publisher gives none."""
    beside = np.full(estimates.values.shape, np.nan)
    order = np.argsort(estimates.areas)
    at = order[np.searchsorted(estimates.areas, bounds.areas, sorter=order)]
    beside[at] = bounds.values
    return beside
