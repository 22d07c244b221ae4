"""What `leefbaarheid report boundaries` tells: the account of every pair of vintages, and where
CBS's own Indelingswijziging says something else than the maps show."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass

import asyncpg

from db.core.area_links import LinkKind, Method
from db.core.levels import Level
from db.core.linked import Linked, LinkedPair
from db.repository.links import read_links, read_pairs
from db.repository.publications import newest

_STATED = {1: "unchanged", 2: "recoded", 3: "border moved"}


@dataclass(frozen=True, slots=True)
class Reported:
    """One pair of vintages of a level."""

    level: Level
    said: LinkedPair
    found: Linked

    def lines(self) -> Iterator[str]:
        """For people: a line on the pair, then one for each disagreement."""
        pair, said = self.said.pair, self.said
        kinds = ", ".join(f"{kind} {number:,}" for kind, number in self._kinds().items())
        yield f"{self.level.value}\t{pair.old}-{pair.new}\t{self._grounds()}\t{kinds}"
        if not pair.stated:
            agree = said.compared - said.disagreeing
            yield f"\tpublisher and maps agree on {agree:,} of the {said.compared:,} areas compared"
        for each in self.found.disagreements:
            before = ", ".join(each.predecessors) or "-"
            yield (
                f"\t{each.code}\t{each.name}\tpublisher: {_STATED[each.stated]}"
                f"\tmaps: {_STATED[each.found]} ({each.kind.name.lower()})\tbefore: {before}"
            )

    def body(self) -> dict[str, object]:
        """For machines."""
        disagreements = [
            {**asdict(each), "kind": each.kind.name.lower()} for each in self.found.disagreements
        ]
        account = {k: v for k, v in asdict(self.said).items() if k not in ("pair", "disagreeing")}
        return {
            "event": "boundaries",
            "level": self.level.value,
            **asdict(self.said.pair),
            **account,
            "kinds": self._kinds(),
            "methods": self._methods(),
            "disagreements": disagreements,
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
                yield Reported(level, said, found)
