"""What the resolvers of one request share: one publication, its facts, what was loaded so far.

Made once per request and never kept. Whatever is read through it is of one publication. Reading
never waits: what is not in memory raises `NotAtHand`, is loaded, and the question is asked again.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias

import strawberry

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.levels import Level
from db.core.simplify import Detail
from db.snapshot.keys import PACK, Key, ShapesKey, TableKey
from db.snapshot.snapshot import ShapePack, Snapshot
from schema.errors import VintageNotLoaded
from schema.facts import Facts, facts_of
from schema.roster import Roster

Item: TypeAlias = AreaTable | Block | ShapePack


class NotAtHand(Exception):
    """Something must be loaded before this can be answered: `await context.load(keys)`."""

    def __init__(self, context: "Context", keys: Iterable[Key]) -> None:
        super().__init__()
        self.context = context
        self.keys = tuple(keys)


@dataclass(slots=True, eq=False)
class Context:
    """One request's view of one publication."""

    snapshot: Snapshot
    language: str = "nl"
    """Language of texts where a field's own argument names none: `nl` or `en`."""
    public_url: str = ""
    facts: Facts = field(init=False)
    memo: dict[object, Any] = field(init=False, default_factory=dict)
    """What resolvers work out once for many objects of this request."""
    wanted: set[Key] = field(init=False, default_factory=set)
    """What was asked for and not at hand."""
    _loaded: dict[Key, Item] = field(init=False, default_factory=dict)
    """What was brought in for this request: it stays, whatever the shared memory drops."""
    _failed: dict[Key, Exception] = field(init=False, default_factory=dict)
    _loading: "dict[Key, asyncio.Task[None]]" = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = facts_of(self.snapshot)

    @property
    def number(self) -> int:
        """Number of the publication that answers."""
        return self.snapshot.number

    def vintages(self, level: Level) -> tuple[int, ...]:
        """Loaded vintages of a level, ascending."""
        return self.snapshot.head.vintages.get(level, ())

    def table(self, level: Level, vintage: int | None = None) -> AreaTable:
        """The areas of a level, of its newest vintage where none is named.

        The newest of which all areas are loaded; of those loaded in part only where there is
        no other: a sample of the newest year must not hide the country of the year before.
        """
        key = self.facts.table_keys.get((level, vintage))
        if key is None:
            loaded = self.vintages(level)
            partial = [each for each in loaded if not self.facts.is_complete(level, each)]
            raise VintageNotLoaded(level, vintage, loaded, partial)
        return self._read_all((key,))[0]  # type: ignore[return-value]

    def tables(self, level: Level) -> list[AreaTable]:
        """The areas of every vintage of a level: all that are missing are asked for at once."""
        keys = [TableKey(level, vintage) for vintage in self.vintages(level)]
        return self._read_all(keys)  # type: ignore[return-value]

    def roster(self, table: AreaTable) -> Roster:
        """The table's orders and look-ups, made once a publication."""
        return self.facts.roster(table)

    def blocks(self, keys: Sequence[SeriesKey]) -> list[Block]:
        """Blocks that the publication has: all that are missing are asked for at once."""
        return self._read_all(keys)  # type: ignore[return-value]

    def shape_texts(
        self, table: AreaTable, ordinals: Sequence[int], detail: Detail, epsg: int
    ) -> list[str | None]:
        """GeoJSON texts of areas of a table; None for an area without a shape."""
        if not ordinals:
            return []
        first, last = min(ordinals) // PACK, max(ordinals) // PACK
        # Many areas are mostly side by side; a few may be anywhere.
        dense = (last - first) * PACK <= len(ordinals)
        numbers = range(first, last + 1) if dense else {each // PACK for each in ordinals}
        keys = [ShapesKey(table.level, table.vintage, detail, epsg, each) for each in numbers]
        found: list[ShapePack] = self._read_all(keys)  # type: ignore[assignment]
        if dense:
            start, texts = first * PACK, found[0].texts
            if last > first:
                texts = tuple(chain.from_iterable([pack.texts for pack in found]))
            return [texts[ordinal - start] for ordinal in ordinals]
        at = {number: pack.texts for number, pack in zip(numbers, found, strict=True)}
        return [at[ordinal // PACK][ordinal % PACK] for ordinal in ordinals]

    async def load(self, keys: Iterable[Key]) -> None:
        """Bring into memory what was not at hand; what cannot be read fails where it is needed.

        Thousands of areas ask for the same at the same moment: they wait for one task.
        """
        tasks = []
        for key in keys:
            task = self._loading.get(key)
            if task is None:
                task = self._loading[key] = asyncio.ensure_future(self._load(key))
            tasks.append(task)
        self.wanted.clear()
        # An area that is given up must not take the load from the others.
        await asyncio.shield(asyncio.gather(*tasks))

    async def _load(self, key: Key) -> None:
        try:
            self._loaded[key] = await self.snapshot.load(key)
        except Exception as error:
            self._failed[key] = error

    def _read_all(self, keys: Sequence[Key]) -> list[Item]:
        kept_as = self.snapshot.view.kept.get
        found: list[Item] = []
        missing: list[Key] = []
        for key in keys:
            kept = kept_as(key)
            if kept is not None:
                kept.used = True
                found.append(kept.item)
            # Memory may have dropped what this request loaded before.
            elif key in self._loaded:
                found.append(self._loaded[key])
            else:
                missing.append(key)
        if missing:
            self._ask_for(missing)
        return found

    def _ask_for(self, missing: Sequence[Key]) -> None:
        for key in missing:
            if key in self._failed:
                raise self._failed[key]
        self.wanted.update(missing)
        raise NotAtHand(self, missing)


Info: TypeAlias = "strawberry.Info[Context, Any]"
