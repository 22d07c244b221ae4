"""SES-WOA scores of CBS: households, education shares, mean score and spread, on one indeling.

The score is composed from registers, so its values are OBSERVED; it may be negative, counts and
shares may not. Refuses a table without such a score, as neighbouring tables look alike.
"""

from db.core.errors import BrokenLoad
from db.core.figures import Column, Figures, Parsed
from db.sources import cbs_odata3, statline_csv
from db.sources.dataset import Dataset, Payload

_NEVER_NEGATIVE = {"%", "aantal"}


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """A StatLine export, or the OData table (protocol 'odata3') on the newest indeling."""
    load_table = cbs_odata3.load if dataset.protocol == "odata3" else statline_csv.load
    parsed = load_table(dataset, payload)
    for figures in parsed.figures:
        _check(figures, dataset.table or dataset.id)
    return parsed


def _check(figures: Figures, table: str) -> None:
    if not any(map(_is_score, figures.columns)):
        raise BrokenLoad(f"{table} has no SES-WOA score; is it another table?")
    for i, column in enumerate(figures.columns):
        negative = (figures.values[:, i] < 0).any()
        if negative and (column.unit or "").casefold() in _NEVER_NEGATIVE:
            raise BrokenLoad(f"{table}: {column.key!r} has a negative count or share")


def _is_score(column: Column) -> bool:
    """'SES-WOA/Totaalscore/Gemiddelde score' in an export, GemiddeldeScore_29 in OData."""
    return column.key.startswith("GemiddeldeScore") or any(
        title.casefold().startswith("ses-woa") for title in column.path
    )
