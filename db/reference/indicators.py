"""The indicator catalogue that the service ships: the .toml files in `indicators`, read strictly.

A file has a table for each slug; `defaults` says what holds for all of them unless a table says
otherwise. What is misspelt, missing or contradictory is refused with the file and the slug.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum
from importlib.resources import files
from importlib.resources.abc import Traversable

from db.core.errors import InvalidReference
from db.core.indicator import (
    Aggregation,
    Direction,
    Domain,
    Indicator,
    Kind,
    Matcher,
    Measures,
    Nature,
    SeriesBreak,
)
from db.reference.entries import Entry

NOT_AS_PUBLISHED = (
    "bag_",
    "bbg_",
    "cr_",
    "ff_",
    "lbt_",
    "zk_",
    "afstand_ziekenhuis",
    "opp_bedrijventerrein_ha",
    "opp_woonterrein_ha",
    "pct_agrarisch",
    "pct_bebouwd",
    "pct_natuur",
    "pct_recreatie",
)
"""How columns begin that the maker of the gemeente maps joined to the figures of CBS.

They come from other publishers, some of them joined by name and for another year than the map's:
nothing in the catalogue matches them, so that they are reported as unknown. So is the distance to
a hospital: CBS has one with and one without outpatient clinics, and the map does not say which.
"""

SLUG = re.compile(r"[a-z][a-z0-9_]*")
_BOTH = frozenset({Aggregation.WEIGHTED_MEAN, Aggregation.RECOMPUTE})
_ALLOWED = {
    Kind.COUNT: frozenset({Aggregation.SUM}),
    Kind.SHARE: _BOTH | {Aggregation.NONE},
    Kind.RATE: _BOTH | {Aggregation.NONE},
    Kind.MEAN: _BOTH | {Aggregation.NONE},
    Kind.MEDIAN: frozenset({Aggregation.NONE}),
    Kind.INDEX: frozenset({Aggregation.WEIGHTED_MEAN, Aggregation.NONE}),
    Kind.CLASS: frozenset({Aggregation.NONE}),
}


class _Availability(Enum):
    OPEN = "open"
    GAP = "gap"


def load_indicators(folder: Traversable | None = None) -> tuple[Indicator, ...]:
    """All indicators in `folder` (by default those that the service ships), by file and place."""
    home = folder or files("db.reference") / "indicators"
    found: dict[str, tuple[Entry, Indicator]] = {}
    for entry in _entries(home):
        if entry.place in found:
            raise entry.wrong(f"is in {found[entry.place][0].file} already")
        found[entry.place] = entry, indicator_of(entry)
    indicators = {slug: indicator for slug, (_, indicator) in found.items()}
    for entry, indicator in found.values():
        check_parts(entry, indicator, indicators)
    return tuple(indicators.values())


def _entries(home: Traversable) -> Iterator[Entry]:
    for file in sorted(home.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            yield from _entries_of(file)


def _entries_of(file: Traversable) -> Iterator[Entry]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidReference(file.name, "the file", f"is no TOML: {error}") from None
    defaults = tables.pop("defaults", {})
    for slug, own in tables.items():
        if not SLUG.fullmatch(slug) or not isinstance(own, dict):
            raise InvalidReference(file.name, slug, "is no table under a slug such as woz_value")
        yield Entry(file.name, slug, {**_applicable(defaults, own), **own})


def _applicable(defaults: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Defaults without those that make no sense for this indicator: only a mean has weights."""
    kind = own.get("kind", defaults.get("kind"))
    aggregation = own.get("aggregation", defaults.get("aggregation"))
    left_out = set()
    if aggregation in (Aggregation.SUM.value, Aggregation.NONE.value):
        left_out.add("denominator")
    if kind != Kind.COUNT.value:
        left_out.add("rounding")
    return {key: value for key, value in defaults.items() if key not in left_out}


def indicator_of(entry: Entry) -> Indicator:
    """What a table under a slug says of its indicator, the slug being the entry's place."""
    indicator = Indicator(
        slug=entry.place,
        name_nl=entry.text("name_nl"),
        name_en=entry.text("name_en"),
        description_nl=entry.text("description_nl"),
        description_en=entry.text("description_en"),
        domain=entry.choice("domain", Domain),
        unit_nl=entry.text("unit_nl"),
        unit_en=entry.text("unit_en"),
        direction=entry.choice("direction", Direction),
        kind=entry.choice("kind", Kind),
        aggregation=entry.choice("aggregation", Aggregation),
        nature=entry.choice("nature", Nature),
        source=entry.text("source"),
        decimals=entry.number_or_none("decimals") or 0,
        denominator=entry.text_or_none("denominator"),
        numerator=entry.text_or_none("numerator"),
        rounding=entry.number_or_none("rounding"),
        breaks=tuple(_breaks(entry)),
        note_nl=entry.text_or_none("note_nl"),
        note_en=entry.text_or_none("note_en"),
        gap=entry.has("availability")
        and entry.choice("availability", _Availability) is _Availability.GAP,
        matchers=tuple(_matchers(entry)),
        factor=float(entry.number("factor")) if entry.has("factor") else 1.0,
        measures=entry.choice("measures", Measures) if entry.has("measures") else None,
    )
    entry.close()
    _check(entry, indicator)
    return indicator


def _breaks(entry: Entry) -> Iterator[SeriesBreak]:
    if not entry.has("breaks"):
        return
    for one in entry.entries("breaks", "year"):
        yield SeriesBreak(one.number("year"), one.text("text_nl"), one.text("text_en"))
        one.close()


def _matchers(entry: Entry) -> Iterator[Matcher]:
    """One matcher for each family and each name: a line of `columns` may list several."""
    if not entry.has("columns"):
        return
    for line in entry.entries("columns", "unit"):
        found = list(_matchers_of(line))
        if not found:
            raise line.wrong("needs families and stems, titles, measures, shorts or paths")
        yield from found


def _matchers_of(line: Entry) -> Iterator[Matcher]:
    group, unit, vintages = line.text_or_none("group"), line.text_or_none("unit"), _vintages(line)
    scale = float(line.number("scale")) if line.has("scale") else 1.0
    names = {how: line.texts(f"{how}s") for how in ("stem", "title", "measure", "short", "path")}
    families = line.texts("families")
    line.close()
    for family in families:
        for how, texts in names.items():
            for text in texts:
                yield Matcher(
                    family,
                    stem=text if how == "stem" else None,
                    title=text if how == "title" else None,
                    measure=text if how == "measure" else None,
                    short=text if how == "short" else None,
                    path=text if how == "path" else None,
                    group=group,
                    unit=unit,
                    vintages=vintages,
                    scale=scale,
                )


def _vintages(line: Entry) -> tuple[int, int] | None:
    first, last = line.number_or_none("from_vintage"), line.number_or_none("until_vintage")
    if first is None and last is None:
        return None
    span = (1900 if first is None else first, 9999 if last is None else last)
    if span[0] > span[1]:
        raise line.wrong("from_vintage is after until_vintage")
    return span


def _check(entry: Entry, indicator: Indicator) -> None:
    """What an indicator says of itself must hold together."""
    kind, aggregation = indicator.kind, indicator.aggregation
    if aggregation not in _ALLOWED[kind]:
        raise entry.wrong(f"a {kind.value} cannot be aggregated by {aggregation.value}")
    if (indicator.denominator is not None) != (aggregation in _BOTH):
        raise entry.wrong(f"aggregation {aggregation.value} and denominator do not go together")
    if (indicator.numerator is not None) != (aggregation is Aggregation.RECOMPUTE):
        raise entry.wrong(f"aggregation {aggregation.value} and numerator do not go together")
    scaled = aggregation is Aggregation.RECOMPUTE or indicator.kind is Kind.RATE
    if indicator.factor != 1.0 and not scaled:
        raise entry.wrong("a factor is for a rate, or aggregation recompute")
    if indicator.rounding is not None and kind is not Kind.COUNT:
        raise entry.wrong("only a count is rounded to a multiple")
    if (indicator.note_nl is None) != (indicator.note_en is None):
        raise entry.wrong("a note must be in Dutch and in English")
    if indicator.gap and indicator.matchers:
        raise entry.wrong("a gap has no columns")


def check_parts(entry: Entry, indicator: Indicator, all_: Mapping[str, Indicator]) -> None:
    """Refuse a numerator or denominator that is no count among `all_`."""
    for part in (indicator.denominator, indicator.numerator):
        if part is None:
            continue
        if part not in all_:
            raise entry.wrong(f"{part} is no indicator of the catalogue")
        if all_[part].kind is not Kind.COUNT:
            raise entry.wrong(f"{part} is no count, so nothing can be weighted by it")
