"""Areas and focus areas by what people type. No error or answer repeats the text."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import strawberry

from db.core.levels import Level
from db.core.names import LONGEST_QUERY, MOST_RESULTS, How, Match, NameKind
from schema.areas import Area
from schema.context import Context, Info
from schema.errors import BadArgument, LimitOutOfRange
from schema.fields import argument, field
from schema.focus_areas import FocusArea
from schema.language import LanguageArgument, said, text_of
from schema.name_entries import Entry, Target
from schema.name_index import search_index
from schema.place import find_if_loaded

_COUNTED = "searches"
MOST_SEARCHES = 20
"""Different searches that one request may do: each takes up to 5 ms."""

_FORMER = (
    "Deze code had deze naam in de genoemde indeling, in dezelfde gemeente; of het hetzelfde "
    "gebied was, zegt dat niet.",
    "This code had this name in the vintage named, in the same gemeente; whether it was the same "
    "area, that does not say.",
)
_LATER = (
    "Deze code heeft deze naam in de genoemde indeling, een latere dan waarin gezocht wordt, in "
    "dezelfde gemeente; of het hetzelfde gebied is, zegt dat niet.",
    "This code has this name in the vintage named, a later one than is searched, in the same "
    "gemeente; whether it is the same area, that does not say.",
)
_LACKED = (
    "De indeling waarin gezocht wordt heeft geen gebied met deze code: het heeft de grenzen van de "
    "indeling die hier genoemd is. Wat het gebied eerder was en wat ervan geworden is, zegt "
    "`areaOnDate`.",
    "The vintage that is searched has no area with this code: it has the boundaries of the vintage "
    "named here. What the area was before, and what became of it, `areaOnDate` says.",
)


class _Asked(NamedTuple):
    text: str
    levels: tuple[Level, ...]
    limit: int


class Hit:
    """The source of a SearchMatch."""

    __slots__ = ("entry", "match", "target", "vintages")

    def __init__(self, match: Match, entry: Entry, target: Target, vintages: Sequence[int]) -> None:
        self.vintages = vintages
        self.match = match
        self.entry = entry
        self.target = target

    @property
    def how(self) -> How:
        return self.match.how

    @property
    def kind(self) -> NameKind:
        return self.entry.kind

    @property
    def matched_text(self) -> str:
        return self.entry.text

    @property
    def vintage(self) -> int | None:
        return self.entry.vintage

    @property
    def level(self) -> Level | None:
        return self.target.level

    @property
    def code(self) -> str | None:
        return None if self.target.level is None else self.target.key

    @property
    def in_context(self) -> bool:
        return self.match.in_context

    @property
    def score(self) -> float:
        return self.match.score


def match_area(hit: strawberry.Parent[Hit], info: Info) -> Any:
    level, vintage, key, _ = hit.target
    return None if level is None else find_if_loaded(info.context, level, key, vintage)


def match_focus_area(hit: strawberry.Parent[Hit], info: Info) -> Any:
    return info.context.facts.focus_areas[hit.target.key] if hit.target.level is None else None


def match_note(
    hit: strawberry.Parent[Hit], info: Info, language: LanguageArgument = None
) -> str | None:
    if hit.entry.alias is not None:
        note: str | None = text_of(hit.entry.alias, "note", info.context, language)
        return note
    if hit.entry.lacked:
        return said(_LACKED, info.context, language)
    if hit.kind is NameKind.FORMER_NAME:
        return said(_FORMER, info.context, language)
    if hit.kind is NameKind.LATER_NAME:
        return said(_LATER, info.context, language)
    return None


def match_source(
    hit: strawberry.Parent[Hit], info: Info, language: LanguageArgument = None
) -> str | None:
    if hit.entry.alias is None:
        return None
    return str(text_of(hit.entry.alias, "source_text", info.context, language))


@strawberry.type(
    description="An area or a focus area that a text may stand for, by the best of its names. "
    "Areas of one name are all given: none is chosen."
)
class SearchMatch:
    area: Area | None = field(
        "The area; null for a focus area, and for an alias of a vintage that is not loaded.",
        match_area,
    )
    focus_area: FocusArea | None = field("The focus area; null for an area.", match_focus_area)
    level: Level | None = field("Level of the area; null for a focus area.")
    code: str | None = field("Code of the area; null for a focus area.")
    how: How = field("How the text matches.")
    kind: NameKind = field("What the matched text is to the area.")
    matched_text: str = field("The name, alias or code that matches.")
    vintage: int | None = field(
        "Year of the boundaries on which the area is called so: of a former or later name another "
        "than that of `area`. Null for a focus area."
    )
    vintages: list[int] = field(
        "Loaded vintages of the level that have this code, ascending: in each it may be another "
        "area. None for a focus area."
    )
    in_context: bool = field("Whether other words of the text name the gemeente that it lies in.")
    score: float = field("How good the match is: only for the order, and no chance of anything.")
    note: str | None = field(
        "What to know about this name; null where there is nothing.", match_note
    )
    source: str | None = field(
        "Where an alias of an area is stated; null for others.", match_source
    )


TextArgument = Annotated[
    str,
    argument(
        "What was typed, 1 to 100 characters: a name, a part of one, one with a typing error, a "
        "code, also one that only another vintage has; a gemeente may be named beside it. Case, "
        "diacritics and punctuation do not matter."
    ),
]
LevelsArgument = Annotated[
    list[Level] | None,
    argument(
        "Only areas of these levels. Null: of all that are loaded. Focus areas have no level and "
        "are always looked for."
    ),
]
LimitArgument = Annotated[int, argument("At most so many: 1 to 100, otherwise an error.")]


def search(
    info: Info, text: TextArgument, levels: LevelsArgument = None, limit: LimitArgument = 20
) -> Any:
    asked = _Asked(text, _levels(info.context, levels), limit)
    _check(asked)
    known: dict[_Asked, list[Hit]] = info.context.memo.setdefault(_COUNTED, {})
    if asked not in known:
        if len(known) >= MOST_SEARCHES:
            what = "different searches in one request", "verschillende zoekvragen in een verzoek"
            raise LimitOutOfRange("text", len(known) + 1, 0, MOST_SEARCHES, what=what)
        known[asked] = _found(info.context, asked)
    return known[asked]


def _levels(context: Context, levels: list[Level] | None) -> tuple[Level, ...]:
    if levels is None:
        return tuple(each for each in Level if context.vintages(each))
    if not levels:
        raise BadArgument(
            "`levels` is empty: name the levels to search, or leave it out for all",
            "`levels` is leeg: noem de niveaus waarin gezocht wordt, of laat het weg voor alle",
            argument="levels",
        )
    return tuple(each for each in Level if each in levels)


def _check(asked: _Asked) -> None:
    if not 1 <= asked.limit <= MOST_RESULTS:
        raise LimitOutOfRange("limit", asked.limit, 1, MOST_RESULTS)
    size = len(asked.text) if asked.text.strip() else 0
    if not 1 <= size <= LONGEST_QUERY:
        raise LimitOutOfRange("text", size, 1, LONGEST_QUERY, what=("characters", "tekens"))


def _found(context: Context, asked: _Asked) -> list[Hit]:
    index = search_index(context, asked.levels)
    hits = [
        Hit(match, index.entries[match.entry], target, index.vintages_of(target))
        for match in index.names.search(asked.text, MOST_RESULTS)
        # Gemeenten known only as a place beside a name are left out afterwards.
        if (target := index.targets[match.row]).asked
    ]
    return hits[: asked.limit]
