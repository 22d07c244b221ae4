"""Fields of pages of a ranking by their place: the same of every page but for what it shows."""

from collections.abc import Callable

import orjson

from schema.batch import Linked, Same
from schema.context import Context
from schema.enums import TieRule
from schema.ground import reads
from schema.standing import RankingShelf, Standing


def _same(field: str, value: Callable[[Standing], object]) -> None:
    @reads(RankingShelf, field)
    def _(shelf: RankingShelf, _: Context) -> Same:
        return Same(orjson.dumps(value(shelf.items)).decode())


_same("level", lambda standing: standing.asked.level.name)
_same("vintage", lambda standing: standing.asked.vintage)
_same("year", lambda standing: standing.asked.year)
_same("order", lambda standing: standing.asked.order.name)
_same("within", lambda standing: standing.asked.within)
_same("tie_rule", lambda _: TieRule.LOWEST_SHARED.name)
_same("ranked", lambda standing: len(standing.ranking))
_same("unranked", lambda standing: standing.unranked)
_same("uninhabited", lambda standing: standing.uninhabited)


@reads(RankingShelf, "complete")
def _whether_complete(shelf: RankingShelf, context: Context) -> Same:
    asked = shelf.items.asked
    return Same("true" if context.facts.is_complete(asked.level, asked.vintage) else "false")


@reads(RankingShelf, "indicator")
def _indicator_of_pages(shelf: RankingShelf, _: Context) -> Linked:
    return shelf.items.spread.indicators
