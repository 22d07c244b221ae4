"""The account of a load: what came in and what became of every row and every cell, to the unit."""

from collections import Counter
from typing import Any

from db.core.errors import Unbalanced
from db.core.figures import Parsed


def account_of_rows(parsed: Parsed) -> dict[str, Any]:
    account = parsed.account
    return {
        "rows": {
            "read": account.rows_read,
            "accepted": account.rows_accepted,
            "rejected": dict(sorted(account.rejected.items())),
        },
        "examples": {reason: list(seen) for reason, seen in sorted(account.examples.items())},
        "notes": dict(sorted(account.notes.items())),
    }


def account_of_cells(
    read: int, tally: Counter[str], *, unpublished: dict[str, list[str]], rows: int
) -> dict[str, Any]:
    """Cells read against cells by reason, in unknown areas and in columns not published.

    `unpublished` names the columns of each kind that are not published; each has `rows` cells.
    """
    by_reason = {
        key.removeprefix("reason:"): cells
        for key, cells in sorted(tally.items())
        if key.startswith("reason:")
    }
    left = {kind: len(columns) * rows for kind, columns in unpublished.items() if columns}
    accounted = sum(by_reason.values()) + tally["unknown-area"] + sum(left.values())
    if accounted != read:
        raise Unbalanced(f"{read} cells read, {accounted} accounted for")
    return {
        "read": read,
        "by_reason": by_reason,
        "in_unknown_areas": tally["unknown-area"],
        "in_columns_not_published": left,
        "columns_not_published": {k: sorted(v) for k, v in unpublished.items() if v},
        "opened": tally["opened"],
        "closed": tally["closed"],
        "outranked": tally["outranked"],
        "own": tally["own"],
        "vanished": tally["vanished"],
    }


def combined(accounts: list[dict[str, Any]]) -> dict[str, Any]:
    """One account of cells for a dataset whose figures come in several rectangles."""
    total: dict[str, Any] = {}
    for account in accounts:
        for key, value in account.items():
            total[key] = _added(total.get(key), value)
    return total


def _added(left: Any, right: Any) -> Any:
    if left is None:
        return right
    if isinstance(right, dict):
        return {k: _added(left.get(k), right.get(k)) for k in {**left, **right}}
    if isinstance(right, list):
        return sorted({*left, *right})
    return left if right is None else left + right
