"""What the resolvers of one request share: one publication, its facts, what was loaded so far.

Made once per request and never kept. Whatever is read through it is of one publication. Reading
never waits: what is not in memory raises `NotAtHand`, is loaded, and the question is asked again.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeAlias, TypeVar

import strawberry

from db.core import crs
from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.figures import Floats
from db.core.levels import Level
from db.core.linked import Linked, LinkedPair
from db.core.publication import Attempt
from db.core.simplify import Detail
from db.snapshot.keys import PACK, Key, LinksKey, ShapesKey, TableKey, UnionKey
from db.snapshot.memory import Item
from db.snapshot.snapshot import ShapePack, Snapshot
from schema.errors import VintageNotLoaded
from schema.facts import facts_of
from schema.roster import Roster
from schema.turns import Turns
from schema.workshop import Work, Workshop

T = TypeVar("T")


class Others:
    """Nothing to load: the turn of others, where a request has had its own."""


class Attempts:
    """How the newest try to load each dataset ended: read by each request that asks, not kept."""


Wanted: TypeAlias = Key | Work[Any] | Others | Attempts
"""What may not be at hand: something to read, something to make of what was read, or time."""
_OTHERS = Others()
_ATTEMPTS = Attempts()


class NotAtHand(Exception):
    """Something must be loaded before this can be answered: `await context.load(keys)`."""

    def __init__(self, context: "Context", keys: Iterable[Wanted]) -> None:
        super().__init__()
        self.context = context
        self.keys = tuple(keys)


class Paused(NotAtHand):
    """Others go on, and then the question is asked again from where its work had come."""


class Context:
    """One request's view of one publication."""

    __slots__ = (
        "_loads", "_turns", "facts", "is_pinned", "language", "memo", "public_url", "snapshot",
        "wanted",
    )  # fmt: skip

    def __init__(
        self,
        snapshot: Snapshot,
        language: str = "nl",
        public_url: str = "",
        *,
        is_pinned: bool = False,
    ) -> None:
        """`language` is that of texts where a field's own argument names none: `nl` or `en`.

        What is pinned to its publication must be answered for ever as it is now.
        """
        self.snapshot = snapshot
        self.is_pinned = is_pinned
        self.facts = facts_of(snapshot)
        self.language = language
        self.public_url = public_url
        self.memo: dict[object, Any] = {}
        """What resolvers work out once for many objects of this request."""
        self.wanted: frozenset[Wanted] = frozenset()
        """What was asked for and not at hand."""
        self._loads: Loads | None = None
        self._turns: Turns | None = None

    @property
    def number(self) -> int:
        """Number of the publication that answers."""
        return self.snapshot.number

    def vintages(self, level: Level) -> tuple[int, ...]:
        """Loaded vintages of a level, ascending."""
        return self.snapshot.head.vintages.get(level, ())

    def table(self, level: Level, vintage: int | None = None) -> AreaTable:
        """The areas of a level; where no vintage is named, of what `default_vintage` says."""
        key = self.facts.table_keys.get((level, vintage))
        if key is None:
            loaded = self.vintages(level)
            partial = [each for each in loaded if not self.facts.is_complete(level, each)]
            raise VintageNotLoaded(level, vintage, loaded, partial)
        kept = self.snapshot.view.kept.get(key)
        if kept is None:
            return self._read_all((key,))[0]  # type: ignore[return-value]
        kept.used = True
        return kept.item  # type: ignore[return-value]

    def tables(self, level: Level) -> list[AreaTable]:
        """The areas of every vintage of a level: all that are missing are asked for at once."""
        keys = [TableKey(level, vintage) for vintage in self.vintages(level)]
        return self._read_all(keys)  # type: ignore[return-value]

    def roster(self, table: AreaTable) -> Roster:
        """The table's orders and look-ups, made once a publication."""
        found = self.facts.known_roster(table)
        if found is None:
            # Whoever asks for one asks for its orders next: of all buurten some 10 ms each.
            self.let_others()
            found = self.facts.roster(table)
        return found

    def let_others(self) -> None:
        """Called before each piece of work that is kept; Paused where this turn was long enough.

        Only before such work: what is not kept would be done again in each turn, and never end.
        """
        if self._turns is None:
            self._turns = Turns()
        if self._turns.is_over():
            self.wanted |= {_OTHERS}
            raise Paused(self, (_OTHERS,))

    def blocks(self, keys: Sequence[SeriesKey]) -> list[Block]:
        """Blocks that the publication has: all that are missing are asked for at once."""
        return self._read_all(keys)  # type: ignore[return-value]

    def pairs(self, level: Level) -> tuple[LinkedPair, ...]:
        """The pairs of vintages of a level that have links, in order of years; never waits."""
        return self.snapshot.head.linked.get(level, ())

    def links(self, level: Level, pairs: Sequence[LinkedPair]) -> list[Linked]:
        """The links of pairs of a level: all that are missing are asked for at once."""
        keys = [LinksKey(level, each.pair.old, each.pair.new) for each in pairs]
        return self._read_all(keys)  # type: ignore[return-value]

    def shape_texts(
        self, table: AreaTable, ordinals: Sequence[int], detail: Detail, epsg: int
    ) -> list[str | None]:
        """GeoJSON texts of areas of a table; None for an area without a shape."""
        if not ordinals:
            return []
        if ordinals.__class__ is range:
            low, high = ordinals[0], ordinals[-1]
        else:
            low, high = min(ordinals), max(ordinals)
        first, last = low // PACK, high // PACK
        # Many areas are mostly side by side; a few may be anywhere.
        dense = (last - first) * PACK <= len(ordinals)
        numbers = range(first, last + 1) if dense else {each // PACK for each in ordinals}
        keys = [ShapesKey(table.level, table.vintage, detail, epsg, each) for each in numbers]
        found: list[ShapePack] = self._read_all(keys)  # type: ignore[assignment]
        if dense:
            start, texts = first * PACK, found[0].texts
            if last > first:
                texts = tuple(chain.from_iterable([pack.texts for pack in found]))
            if ordinals.__class__ is range:
                return [*texts[low - start : high - start + 1]]
            return [texts[ordinal - start] for ordinal in ordinals]
        at = {number: pack.texts for number, pack in zip(numbers, found, strict=True)}
        return [at[ordinal // PACK][ordinal % PACK] for ordinal in ordinals]

    def union_text(self, key: UnionKey) -> str | None:
        """GeoJSON text of several areas as one shape, joined beside the loop when first asked."""
        (pack,) = self._read_all([key])
        assert isinstance(pack, ShapePack)
        return pack.texts[0]

    def attempts(self) -> Sequence[Attempt]:
        """How the newest try to load each dataset ended: of no publication."""
        read: dict[Wanted, Any] = {} if self._loads is None else self._loads.items
        if _ATTEMPTS not in read:
            self._ask_for([_ATTEMPTS])
        found: Sequence[Attempt] = read[_ATTEMPTS]
        return found

    def made(self, work: Work[T]) -> T:
        """What work makes, once a thread has made it: for what would hold up other requests."""
        return self.made_all((work,))[0]

    def made_all(self, works: Sequence[Work[T]]) -> list[T]:
        """What each work makes: all that are not made yet are asked for at once."""
        made: dict[Wanted, Any] = {} if self._loads is None else self._loads.items
        lacking = [work for work in works if work not in made]
        if lacking:
            self._ask_for(lacking)
        return [made[work] for work in works]

    def transform(self, points: Floats, source: int, target: int) -> Floats:
        """Points in the other system; what that takes is loaded by a thread when first asked."""
        self.await_transform()
        return crs.transform(points, source, target)

    def await_transform(self) -> None:
        """Go on only where points can be transformed without loading anything."""
        if not crs.is_ready():
            self.made(Work("transformation", crs.make_ready, lambda _: None))

    async def load(self, keys: Iterable[Wanted]) -> None:
        """Bring into memory what was not at hand; what cannot be read fails where it is needed."""
        self.wanted = frozenset()
        if self._loads is None:
            self._loads = Loads(self.snapshot, self.facts.workshop)
        keys = frozenset(keys)
        if _OTHERS in keys:
            await asyncio.sleep(0)
        await self._loads.load(keys - {_OTHERS})
        if self._turns is not None:
            self._turns.begin(_OTHERS in keys)

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
            elif self._loads is not None and key in self._loads.items:
                found.append(self._loads.items[key])
            else:
                missing.append(key)
        if missing:
            self._ask_for(missing)
        return found

    def _ask_for(self, missing: Sequence[Wanted]) -> None:
        failed = {} if self._loads is None else self._loads.failed
        for key in missing:
            if key in failed:
                raise failed[key]
        self.wanted |= frozenset(missing)
        raise NotAtHand(self, missing)


class Loads:
    """What one request brought into memory."""

    def __init__(self, snapshot: Snapshot, workshop: Workshop) -> None:
        self._snapshot = snapshot
        self._workshop = workshop
        self._tasks: dict[Wanted, asyncio.Task[None]] = {}
        self.items: dict[Wanted, Any] = {}
        """They stay for this request, whatever the shared memory drops."""
        self.failed: dict[Wanted, Exception] = {}

    async def load(self, keys: Iterable[Wanted]) -> None:
        """Thousands of areas ask for the same at the same moment: they wait for one task."""
        tasks = []
        for key in keys:
            task = self._tasks.get(key)
            if task is None:
                task = self._tasks[key] = asyncio.ensure_future(self._load(key))
            tasks.append(task)
        # An area that is given up must not take the load from the others.
        await asyncio.shield(asyncio.gather(*tasks))

    async def _load(self, key: Wanted) -> None:
        try:
            if isinstance(key, Work):
                self.items[key] = await self._workshop.made(key)
            elif isinstance(key, Attempts):
                self.items[key] = await self._snapshot.attempts()
            elif not isinstance(key, Others):
                self.items[key] = await self._snapshot.load(key)
        except Exception as error:
            self.failed[key] = error


async def patiently(ask: Callable[[], T]) -> T:
    """What is asked, once all that it needs is in memory."""
    while True:
        try:
            return ask()
        except NotAtHand as lacking:
            await lacking.context.load(lacking.keys)


Info: TypeAlias = "strawberry.Info[Context, Any]"
