"""One reading of an OData table: what is known before its rows, and what must hold after them.

Refuses the description of another table than the one asked for, and a table that is not
complete by the publisher's own totals or its list of areas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from db.core.absence import Reason
from db.core.errors import BrokenLoad, CountMismatch
from db.core.figures import Account, Figures, Parsed, explain_empty_columns
from db.sources.dataset import Dataset, Payload
from db.sources.odata_answer import Pages, Record, read_count, read_records, text, whole
from db.sources.odata_dimension import Member, Regions, members, provisional_years

PERIODS = "Perioden"
REGION_NAMES = (
    "WijkenEnBuurten",
    "RegioS",
    "Regios",
    "GemeenteWijkBuurt",
    "GemeentenWijkenEnBuurten",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of the table this is, and how many rows it is said to have."""

    title: str | None
    modified: str | None
    rows: int | None


@dataclass(slots=True)
class Reading:
    """The state of one load: the account, the areas met so far, the lists of the dimensions."""

    dataset: Dataset
    edition: Edition
    region: str
    listed: Mapping[str, Member]
    """The publisher's list of areas, by key; empty where it was not received."""
    periods: Mapping[str, Member]
    regions: Regions
    account: Account = field(default_factory=Account)

    @property
    def what(self) -> str:
        return self.dataset.table or self.dataset.id

    def verify(self, pages: Pages, *, one_row_an_area: bool, gaps: bool = False) -> None:
        """The totals announced, and the list of areas; `gaps` where areas may lack rows."""
        announced = pages.check(self.what, self.edition.rows)
        partial = is_selection(self.dataset)
        strict = not partial and not gaps and (one_row_an_area or not announced)
        if missing := self._missing_areas(strict=strict):
            self.account.notes["listed-area-without-row"] += missing
        if not announced and not (self.listed and strict):
            self.account.notes["completeness-unchecked"] += 1

    def parsed(self, figures: Sequence[Figures], *, empty: Reason) -> Parsed:
        """The result; `empty` is why a column without a single figure has none."""
        self.regions.add_listed(self.account)
        for rectangle in figures:
            self._finish(rectangle, empty)
        self.account.check()
        return Parsed(
            account=self.account,
            areas=self.regions.areas(self.account),
            figures=figures,
            title=self.edition.title,
            modified=self.edition.modified,
        )

    def _finish(self, figures: Figures, empty: Reason) -> None:
        if columns := explain_empty_columns(figures, empty):
            self.account.notes["empty-column"] += columns
        if self.dataset.options.get("nature") == "modelled":
            figures.reasons[figures.reasons == Reason.OBSERVED] = Reason.MODELLED
        if self.periods:
            provisional = list(provisional_years(self.periods.values()))
            figures.provisional = np.isin(figures.periods, provisional)

    def _missing_areas(self, *, strict: bool) -> int:
        if not self.listed:
            return 0
        if unlisted := sorted(self.regions.met - self.listed.keys()):
            raise BrokenLoad(
                f"{self.what}: area {unlisted[0][:20]!r} is not in the list {self.region}"
            )
        missing = len(self.listed) - len(self.regions.met)
        if missing and strict:
            what = f"{self.what}, areas listed in {self.region}"
            raise CountMismatch(what, len(self.listed), len(self.regions.met))
        return missing


def read_v3(dataset: Dataset, payload: Payload, region: str) -> Reading:
    infos = read_records(payload.get("TableInfos"))
    issue = _edition(dataset, payload, infos, "RecordCount")
    return _reading(dataset, payload, issue, region=region, lists=(region, PERIODS))


def read_v4(dataset: Dataset, payload: Payload, region: str) -> Reading:
    infos = read_records(payload.get("Properties"))
    issue = _edition(dataset, payload, infos, "ObservationCount")
    lists = (f"{region}Codes", f"{PERIODS}Codes")
    return _reading(dataset, payload, issue, region=region, lists=lists)


def is_selection(dataset: Dataset) -> bool:
    """Whether only some rows of the table were asked for."""
    return not dataset.options.keys().isdisjoint(("filter", "keys"))


def region_of(names: Sequence[str], described: str | None) -> str:
    """The dimension of areas, by the publisher's word or by its usual names."""
    candidates = [described, *REGION_NAMES] if described else [*REGION_NAMES]
    found = next((name for name in candidates if name in names), None)
    if found is None:
        raise BrokenLoad(f"no dimension of areas; expected one of {', '.join(candidates)}")
    return found


def _reading(
    dataset: Dataset, payload: Payload, issue: Edition, *, region: str, lists: tuple[str, str]
) -> Reading:
    listed = members(payload, lists[0])
    return Reading(dataset, issue, region, listed, members(payload, lists[1]), Regions(listed))


def _edition(dataset: Dataset, payload: Payload, infos: Sequence[Record], total: str) -> Edition:
    """The table's own total says nothing of a selection of its rows; `$count` does."""
    announced = read_count(payload.get("count"))
    if not infos:
        return Edition(None, None, announced)
    identifier = text(infos[0], "Identifier")
    if dataset.table and identifier and identifier != dataset.table:
        raise BrokenLoad(f"the metadata are of table {identifier[:20]}, not {dataset.table}")
    if announced is None and not is_selection(dataset):
        announced = whole(infos[0], total)
    return Edition(text(infos[0], "Title"), text(infos[0], "Modified"), announced)
