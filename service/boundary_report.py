"""What `leefbaarheid report boundaries` tells: the account of every pair of vintages, and where
CBS's own Indelingswijziging says something else than the maps show."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass

import asyncpg

from db.core.area_links import Disagreement, LinkKind, Method, comparable, disagreements
from db.core.levels import Level
from db.core.linked import Linked, LinkedPair
from db.core.stated_changes import UNCHANGED, over_span
from db.repository.links import read_links, read_names, read_pairs, read_stated
from db.repository.publications import newest

_STATED = {1: "unchanged", 2: "recoded", 3: "border moved"}


@dataclass(frozen=True, slots=True)
class Span:
    """What is stated in the years between two maps, beside what the maps show."""

    years: tuple[int, ...]
    """Of the years after the older map up to the newer, those of which anything is stated."""
    unchanged: int
    """Areas that all those years state to be unchanged; any other that is compared is changed."""
    compared: int
    disagreements: tuple[Disagreement, ...]
    placed: int
    """New areas on the map, and how many of them the maps show to have changed: where that is most
    of them, to agree on a change says little."""
    shown_changed: int


@dataclass(frozen=True, slots=True)
class Reported:
    """One pair of vintages of a level."""

    level: Level
    said: LinkedPair
    found: Linked
    span: Span | None = None
    """Where the maps are more than a year apart."""

    @property
    def apart(self) -> Sequence[Disagreement]:
        """Where the publisher and the maps do not agree."""
        return self.found.disagreements if self.span is None else self.span.disagreements

    def lines(self) -> Iterator[str]:
        """For people: a line on the pair, then one for each disagreement."""
        pair, said = self.said.pair, self.said
        kinds = ", ".join(f"{kind} {number:,}" for kind, number in self._kinds().items())
        yield f"{self.level.value}\t{pair.old}-{pair.new}\t{self._grounds()}\t{kinds}"
        if self.span is not None:
            yield self._of_span(self.span)
        elif not pair.stated:
            agree = said.compared - said.disagreeing
            yield f"\tpublisher and maps agree on {agree:,} of the {said.compared:,} areas compared"
        for each in self.apart:
            before = ", ".join(each.predecessors) or "-"
            yield (
                f"\t{each.code}\t{each.name}\tpublisher: {_STATED[each.stated]}"
                f"\tmaps: {_STATED[each.found]} ({each.kind.name.lower()})\tbefore: {before}"
            )

    def body(self) -> dict[str, object]:
        """For machines."""
        disagreements = [{**asdict(each), "kind": each.kind.name.lower()} for each in self.apart]
        account = {k: v for k, v in asdict(self.said).items() if k not in ("pair", "disagreeing")}
        return {
            "event": "boundaries",
            "level": self.level.value,
            **asdict(self.said.pair),
            **account,
            "kinds": self._kinds(),
            "methods": self._methods(),
            **({} if self.span is None else self._span_body(self.span)),
            "disagreements": disagreements,
        }

    @staticmethod
    def _of_span(span: Span) -> str:
        years = ", ".join(map(str, span.years)) or "none"
        changed, agree = span.compared - span.unchanged, span.compared - len(span.disagreements)
        return (
            f"\tstated for years between: {years}; of {span.compared:,} areas these say enough "
            f"({changed:,} changed, {span.unchanged:,} not), and the maps agree on {agree:,}; "
            f"of all {span.placed:,} areas the maps show {span.shown_changed:,} as changed"
        )

    @staticmethod
    def _span_body(span: Span) -> dict[str, object]:
        return {
            "stated_years": span.years,
            "compared": span.compared,
            "stated_unchanged": span.unchanged,
            "placed": span.placed,
            "shown_changed": span.shown_changed,
        }

    def _grounds(self) -> str:
        said = self.said
        if said.tolerance is None:
            return "stated, no map of both"
        methods = " and ".join(self._methods())
        return f"maps to {said.tolerance:.0f} m, {said.slivers:,} slivers, weighed by {methods}"

    def _kinds(self) -> dict[str, int]:
        counts = Counter(self.found.links.kinds.tolist())
        return {kind.name.lower(): counts[kind] for kind in LinkKind if counts[kind]}

    def _methods(self) -> list[str]:
        used = set(self.found.links.methods.tolist())
        return [method.name.lower() for method in Method if method in used]


async def reported(connection: asyncpg.Connection) -> AsyncIterator[Reported]:
    """Every pair of the newest publication, one at a time."""
    number = await newest(connection) or 0
    for level, pairs in (await read_pairs(connection, number)).items():
        for said in pairs:
            found = await read_links(connection, level, said.pair.old, said.pair.new, number)
            if found is not None:
                yield Reported(
                    level, said, found, await _span(connection, number, level, said, found)
                )


async def _span(
    connection: asyncpg.Connection, number: int, level: Level, said: LinkedPair, found: Linked
) -> Span | None:
    """What years between say, where maps are further apart than the year that CBS compares with."""
    old, new = said.pair.old, said.pair.new
    if said.pair.stated or new - old <= 1:
        return None
    by_year = await read_stated(connection, level, old, new, number)
    before, after = [await read_names(connection, level, each, number) for each in (old, new)]
    stated = over_span(after.codes, by_year, old, new)
    compared = comparable(found.links, stated)
    nothing_changed = [UNCHANGED] * found.links.news
    return Span(
        years=tuple(sorted(by_year)),
        unchanged=sum(
            bool(at) and each == UNCHANGED for at, each in zip(compared, stated, strict=True)
        ),
        compared=int(compared.sum()),
        disagreements=tuple(disagreements(found.links, before, after, stated)),
        placed=int(comparable(found.links, nothing_changed).sum()),
        shown_changed=len(disagreements(found.links, before, after, nothing_changed)),
    )
