"""Which rows of a table of regions are taken, and why the others are not.

A row is taken once per area and year. A row whose own columns contradict its code fails the
load: such a file is not what it says it is.
"""

import re
from dataclasses import dataclass

from db.core.codes import parse_code
from db.core.errors import BrokenLoad, MalformedCode
from db.core.figures import Account
from db.core.levels import Level
from db.sources.dataset import Dataset
from db.sources.gazetteer import Gazetteer, Place, change_of, terrain_of

# '2019', '2019JJ00', and '2019*' or '2019**' for provisional years.
_YEAR = re.compile(r"((?:19|20)\d{2})(?:JJ00)?(\*{0,2})", re.ASCII)
_LEVELS = {level.value: level for level in Level}


@dataclass(frozen=True, slots=True)
class Region:
    """What one row says of the area it is about, as text; None where there is no such column."""

    where: str
    """'line 12', for messages."""
    code: str
    name: str | None = None
    level: str | None = None
    change: str | float | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is taken."""

    code: str
    year: int
    provisional: bool


class Admission:
    """Admits the rows of one file; keeps its account and its areas."""

    def __init__(self, dataset: Dataset, file: str, *, changes: bool) -> None:
        self.account = Account()
        self.gazetteer = Gazetteer(changes=changes)
        self._file = file
        self._year = int(dataset.options.get("period", dataset.vintage))
        self._taken: set[tuple[str, int]] = set()

    def admit(self, region: Region) -> Entry | None:
        """None for a row that is rejected; the account says why."""
        try:
            level, code = parse_code(region.code)
        except MalformedCode:
            self.account.reject("no-area-code", f"{region.code} {region.name or ''}")
            return None
        self._check_level(region, level)
        period = (str(self._year) if region.period is None else region.period).strip()
        year = _YEAR.fullmatch(period)
        if year is None:
            self.account.reject("period-not-a-year", f"{code} {period}")
        elif (code, int(year[1])) in self._taken:
            self.account.reject("duplicate", f"{code} {year[1]}")
        else:
            return self._take(region, level, Entry(code, int(year[1]), bool(year[2])))
        return None

    def close(self) -> Account:
        """The account, balanced; BrokenLoad if no row was taken."""
        self.account.check()
        if not self.account.rows_accepted:
            reasons = ", ".join(sorted(self.account.rejected)) or "there are none"
            raise BrokenLoad(f"{self._file}: not one row could be taken ({reasons})")
        return self.account

    def _take(self, region: Region, level: Level, entry: Entry) -> Entry:
        name = (region.name or "").strip() or None
        self._taken.add((entry.code, entry.year))
        self.account.accept()
        if region.code != entry.code:
            self.account.notes["padded-code"] += 1
        try:
            change = change_of(region.change)
        except BrokenLoad as error:
            raise self._broken(region, str(error)) from error
        self.gazetteer.add(level, entry.code, Place(name, terrain_of(name or ""), None, change))
        return entry

    def _check_level(self, region: Region, level: Level) -> None:
        if region.level is not None and _LEVELS.get(region.level.strip().casefold()) != level:
            raise self._broken(
                region, f"{region.code.strip()} is called a {region.level.strip()[:20]!r}"
            )

    def _broken(self, region: Region, fact: str) -> BrokenLoad:
        return BrokenLoad(f"{self._file}, {region.where}: {fact}")
