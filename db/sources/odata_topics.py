"""Topics of a CBS table: what its columns measure, from DataProperties (v3) or measure codes (v4).

A topic is matched by its key, else by its stem when that is unambiguous: the number behind the
stem changes every year and between revisions of one table.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.core.figures import Account, Column
from db.sources.odata_answer import Record, text, whole

_SUFFIX = re.compile(r"_\d+$")
_REGION_KINDS = {"GeoDetail", "GeoDimension"}
_TEXT_STEMS = {"Gemeentenaam", "SoortRegio", "Codering", "MeestVoorkomendePostcode"}
CHANGE_STEM = "Indelingswijziging"
"""Followed by 'WijkenEnBuurten' up to 2020, by 'GemeenteWijkBuurt' in 2024."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Columns as the publisher describes them, by key."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    """Keys of topics that hold text: no figures."""
    region: str | None = None
    """The dimension of areas, where the description names it."""

    def is_text(self, key: str) -> bool:
        stem = stem_of(key)
        return key in self.texts or stem in _TEXT_STEMS or stem.startswith(CHANGE_STEM)

    def describe(self, keys: Sequence[str], account: Account) -> list[Column]:
        """The columns of a table; what could not be described, or is not there, is noted."""
        by_stem = self._unique_stems()
        columns = []
        for key in keys:
            known = self.columns.get(key)
            if known is None and (known := by_stem.get(stem_of(key))) is not None:
                account.notes["suffix-differs"] += 1
            if known is None:
                account.notes["column-without-description"] += 1
            columns.append(replace(known, key=key) if known else Column(key))
        met = {stem_of(key) for key in keys}
        absent = [k for k in self.columns if not self.is_text(k) and stem_of(k) not in met]
        if absent:
            account.notes["described-column-absent"] += len(absent)
        return columns

    def _unique_stems(self) -> dict[str, Column]:
        counts = Counter(map(stem_of, self.columns))
        return {stem_of(k): c for k, c in self.columns.items() if counts[stem_of(k)] == 1}


def is_topic(column: str) -> bool:
    """Topics carry a number, dimensions and ID do not."""
    return _SUFFIX.search(column) is not None


def stem_of(key: str) -> str:
    return _SUFFIX.sub("", key)


def v3_topics(records: Sequence[Record]) -> Topics:
    """From the rows of DataProperties: groups and topics, each naming its parent by ID."""
    groups = {whole(row, "ID"): row for row in records if text(row, "Type") == "TopicGroup"}
    found = [row for row in records if text(row, "Type") == "Topic"]
    columns = {}
    for row in found:
        key = text(row, "Key") or ""
        columns[key] = Column(
            key, text(row, "Title"), _v3_path(groups, row), unit=text(row, "Unit")
        )
    texts = frozenset(text(row, "Key") or "" for row in found if text(row, "Datatype") == "String")
    regions = [text(row, "Key") for row in records if text(row, "Type") in _REGION_KINDS]
    return Topics(columns, texts, regions[0] if regions else None)


def v4_topics(measures: Sequence[Record], groups: Sequence[Record]) -> Topics:
    """From MeasureCodes and MeasureGroups; the measure code is key and measure at once."""
    by_id = {text(row, "Id"): row for row in groups}
    columns = {}
    for row in measures:
        key = text(row, "Identifier") or ""
        path = _v4_path(by_id, text(row, "MeasureGroupId"))
        columns[key] = Column(key, text(row, "Title"), path, text(row, "Unit"), measure=key)
    texts = (text(row, "Identifier") for row in measures if text(row, "DataType") == "String")
    return Topics(columns, frozenset(key for key in texts if key))


def _v3_path(groups: Mapping[int | None, Record], row: Record) -> tuple[str, ...]:
    titles: list[str] = []
    parent = groups.get(whole(row, "ParentID"))
    while parent is not None and len(titles) < len(groups):
        titles.append(text(parent, "Title") or "")
        parent = groups.get(whole(parent, "ParentID"))
    return tuple(reversed(titles))


def _v4_path(groups: Mapping[str | None, Record], group: str | None) -> tuple[str, ...]:
    titles: list[str] = []
    while (row := groups.get(group)) is not None and len(titles) < len(groups):
        titles.append(text(row, "Title") or "")
        group = text(row, "ParentId")
    return tuple(reversed(titles))
