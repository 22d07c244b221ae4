"""Which collections there are: a level in a vintage, and focus areas by the vintage of their units.

A collection is named after both (`wijken-2024`), because a code means something only with its year.
"""

from dataclasses import dataclass

from db.core.levels import Level
from db.core.tile_matrix import LAYERS
from schema.context import Context
from schema.default_vintage import Has
from service.rest.operation import Missing

FOCUS = "focusgebieden"
_UNITS = (Level.WIJK, Level.BUURT)


@dataclass(frozen=True, slots=True)
class Collection:
    vintage: int
    level: Level | None
    """None for focus areas."""

    @property
    def plural(self) -> str:
        return FOCUS if self.level is None else LAYERS[self.level]

    @property
    def id(self) -> str:
        return f"{self.plural}-{self.vintage}"

    def titled(self, language: str) -> str:
        """What it is called; gemeenten, wijken and buurten are that in English too."""
        kind = "focus areas" if language == "en" and self.level is None else self.plural
        return f"{kind.capitalize()} {self.vintage}"

    @property
    def interval(self) -> tuple[str, str]:
        """First and last moment of its boundaries."""
        return f"{self.vintage}-01-01T00:00:00Z", f"{self.vintage}-12-31T23:59:59Z"


def collections_of(context: Context) -> list[Collection]:
    """All collections, those of the newest vintage of a level first."""
    return list(_by_id(context).values())


def _by_id(context: Context) -> dict[str, Collection]:
    """All collections by their names, found out once a publication."""

    def listed() -> dict[str, Collection]:
        return {each.id: each for each in _listed(context)}

    return context.facts.remember("collections of features", listed)


def _listed(context: Context) -> list[Collection]:
    found = [
        Collection(vintage, level)
        for level in LAYERS
        for vintage in reversed(context.vintages(level))
    ]
    stated = {
        vintage
        for level in _UNITS
        for vintage in context.facts.stated_for(level)
        if vintage in context.vintages(level)
    }
    return found + [Collection(vintage, None) for vintage in sorted(stated, reverse=True)]


def find_collection(context: Context, name: str) -> Collection:
    """The collection of this name; a 404 that names those there are."""
    found = _by_id(context).get(name)
    if found is not None:
        return found
    listed = ", ".join(each.id for each in collections_of(context))
    raise Missing(
        "UNKNOWN_COLLECTION",
        f"there is no collection {name!r}; there are: {listed}",
        f"er is geen collectie {name!r}; er zijn: {listed}",
        allowed=[each.id for each in collections_of(context)],
    )


def has_figures(context: Context, collection: Collection) -> bool:
    """Whether there is any figure on its own boundaries; units of focus areas have their own."""
    level = collection.level
    found = level and context.facts.default_vintage.merit(level, collection.vintage)
    return not found or found.has is not Has.NONE


def is_partial(context: Context, collection: Collection) -> bool:
    """Whether only some of the areas of its level and vintage are loaded."""
    level = collection.level
    return level is not None and not context.facts.is_complete(level, collection.vintage)
