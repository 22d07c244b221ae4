"""An account of cells adds up to the unit, or it is an error."""

from collections import Counter

import pytest

from db.core.errors import Unbalanced
from db.ingest.reconciliation import account_of_cells

TALLY = {"reason:observed": 5, "reason:dot": 1, "unknown-area": 2}
UNPUBLISHED = {"unknown": ["Geheim_9"], "ambiguous": []}
ROWS = 4


def test_cells_by_reason_in_unknown_areas_and_in_unknown_columns_are_all_cells() -> None:
    account = account_of_cells(12, Counter(TALLY), unpublished=UNPUBLISHED, rows=ROWS)
    assert account["by_reason"] == {"dot": 1, "observed": 5}
    assert account["in_unknown_areas"] == 2
    assert account["in_columns_not_published"] == {"unknown": 4}


@pytest.mark.parametrize("read", [11, 13])
def test_a_cell_too_many_or_too_few_is_an_error(read: int) -> None:
    with pytest.raises(Unbalanced, match=rf"^{read} cells read, 12 accounted for$"):
        account_of_cells(read, Counter(TALLY), unpublished=UNPUBLISHED, rows=ROWS)
