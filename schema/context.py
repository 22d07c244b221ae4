"""What the resolvers of one request share: one publication, its facts, what was loaded so far.

Made once per request and never kept. Whatever is read through it is of one publication.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
import strawberry
from strawberry.dataloader import DataLoader

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.levels import Level
from db.core.simplify import Detail
from db.snapshot.snapshot import Snapshot
from schema.errors import VintageNotLoaded
from schema.facts import Facts, facts_of
from schema.roster import Roster

ShapeKey: TypeAlias = tuple[Detail, int, int]
"""Detail, EPSG code and area id."""


@dataclass(frozen=True, slots=True)
class Context:
    """One request's view of one publication."""

    snapshot: Snapshot
    language: str = "nl"
    """Language of texts where a field's own argument names none: `nl` or `en`."""
    public_url: str = ""
    facts: Facts = field(init=False)
    shapes: "DataLoader[ShapeKey, orjson.Fragment | None]" = field(init=False)
    memo: dict[object, Any] = field(init=False, default_factory=dict)
    """What resolvers work out once for many objects of this request."""
    _tables: dict[tuple[Level, int], AreaTable] = field(init=False, default_factory=dict)
    _blocks: dict[SeriesKey, Block | None] = field(init=False, default_factory=dict)
    _loading: dict[tuple[SeriesKey, ...], "asyncio.Task[None]"] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", facts_of(self.snapshot))
        object.__setattr__(self, "shapes", DataLoader(self._load_shapes))

    @property
    def number(self) -> int:
        """Number of the publication that answers."""
        return self.snapshot.number

    def vintages(self, level: Level) -> tuple[int, ...]:
        """Loaded vintages of a level, ascending."""
        return self.snapshot.head.vintages.get(level, ())

    async def table(self, level: Level, vintage: int | None = None) -> AreaTable:
        """The areas of a level, of its newest vintage where none is named.

        The newest of which all areas are loaded; of those loaded in part only where there is
        no other: a sample of the newest year must not hide the country of the year before.
        """
        loaded = self.vintages(level)
        whole = tuple(each for each in loaded if self.facts.is_complete(level, each))
        if not loaded or (vintage is not None and vintage not in loaded):
            partial = [each for each in loaded if each not in whole]
            raise VintageNotLoaded(level, vintage, loaded, partial)
        key = (level, (whole or loaded)[-1] if vintage is None else vintage)
        if key not in self._tables:
            self._tables[key] = await self.snapshot.areas(*key)
        return self._tables[key]

    def table_at_hand(self, level: Level, vintage: int) -> AreaTable | None:
        """The areas, if this request has read them before."""
        return self._tables.get((level, vintage))

    def roster(self, table: AreaTable) -> Roster:
        """The table's orders and look-ups, made once a publication."""
        return self.facts.roster(table)

    async def load_blocks(self, keys: tuple[SeriesKey, ...]) -> None:
        """Read the blocks that this request has not read yet, all at once and only once.

        Thousands of areas ask for the same blocks at the same moment: they wait for one task.
        """
        task = self._loading.get(keys)
        if task is None:
            task = self._loading[keys] = asyncio.ensure_future(self._load_blocks(keys))
        if not task.done():
            # An area that is given up must not take the load from the others.
            await asyncio.shield(task)
        task.result()

    async def _load_blocks(self, keys: tuple[SeriesKey, ...]) -> None:
        missing = [key for key in keys if key not in self._blocks]
        for key, block in zip(
            missing, await asyncio.gather(*map(self.snapshot.block, missing)), strict=True
        ):
            self._blocks[key] = block

    def block(self, key: SeriesKey) -> Block | None:
        """A block read before; None where no load has given any figure."""
        return self._blocks[key]

    async def _load_shapes(self, keys: list[ShapeKey]) -> Sequence[orjson.Fragment | None]:
        wanted: dict[tuple[Detail, int], list[int]] = defaultdict(list)
        for detail, epsg, area_id in keys:
            wanted[detail, epsg].append(area_id)
        answers = await asyncio.gather(
            *(
                self.snapshot.shapes(ids, detail=detail, epsg=epsg)
                for (detail, epsg), ids in wanted.items()
            )
        )
        texts = dict(zip(wanted, answers, strict=True))
        found = (texts[detail, epsg].get(area_id) for detail, epsg, area_id in keys)
        return [None if text is None else orjson.Fragment(text) for text in found]


Info: TypeAlias = "strawberry.Info[Context, Any]"
