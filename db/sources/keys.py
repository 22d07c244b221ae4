"""Which attributes of a map say what an area is; every release of every map spells them anew.

Recognises the code, name, parent, terrain, year and change columns. A code is no test for water:
WK168198 and WK010699 are ordinary wijken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.core.levels import Terrain

_BUURT = ("buurtcode", "bucode", "buc")
_WIJK = ("wijkcode", "wkcode", "wkc")
_GEMEENTE = ("gemeentecode", "gmcode", "gmc")
_ANY = ("statcode", "code", "gwbcode")

# Lowest level first: a buurt map carries the codes of wijk and gemeente too.
_KINDS: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (_BUURT, ("buurtnaam", "bunaam", "bun"), _WIJK),
    (_WIJK, ("wijknaam", "wknaam", "wkn"), _GEMEENTE),
    (_GEMEENTE, ("gemeentenaam", "gmnaam", "gmn"), ()),
    (_ANY, ("statnaam", "name", "naam"), ()),
)
_WATER = ("water", "h2o")
_YEARS = ("jrstatcode", "jaarcode", "jaar")
_CHANGE = ("indwbi", "indelingswijzigingwijkenenbuurten", "indelingswijziginggemeentewijkbuurt")
_IDENTITY = frozenset(
    ("id", "fid", "gid", "ogcfid", "objectid", "globalid", "rubriek", "geometryname")
) | frozenset(("shapelength", "shapeleng", "shapearea", "geomlength", "geomarea"))
_AREA_KEYS = frozenset(
    [name for codes, names, _ in _KINDS for name in (*codes, *names)] + [*_WATER, *_YEARS, *_CHANGE]
)

_TERRAINS = {"NEE": Terrain.LAND, "JA": Terrain.WATER, "B": Terrain.ABROAD}
_NAMES = {
    "Groot water": Terrain.WATER,
    "Groot binnenwater": Terrain.WATER,
    "Buitenwater": Terrain.WATER,
    "Buitenland": Terrain.ABROAD,
}
_ABROAD = frozenset(("0998", "9999"))
"""Gemeente numbers of abroad: GM9999 until the maps of 2017, GM0998 in later copies."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Names of the columns that identify an area, as the file spells them; None: absent."""

    code: str
    name: str | None
    parent: str | None
    water: str | None
    years: tuple[str, ...]
    change: str | None


def fold(name: str) -> str:
    """One spelling for GM_CODE, gm_code and gmCode."""
    return name.lower().replace("_", "").replace(" ", "")


def recognise(columns: Iterable[str], options: Mapping[str, str]) -> Keys | None:
    """The key columns of a layer, None if it has no codes; options `key`, `name` name a column."""
    spelled = {fold(column): column for column in columns}
    chosen = spelled.get(fold(options["key"])) if "key" in options else None
    codes, names, parents = _kind([fold(chosen)] if chosen else spelled)
    code = chosen or _spelling(spelled, codes)
    if code is None:
        return None
    return Keys(
        code=code,
        name=options.get("name") or _spelling(spelled, names),
        parent=_spelling(spelled, parents),
        water=_spelling(spelled, _WATER),
        years=tuple(spelled[year] for year in _YEARS if year in spelled),
        change=_spelling(spelled, _CHANGE),
    )


def is_area_key(column: str) -> bool:
    """Whether the column says what the area is, or is in."""
    return fold(column) in _AREA_KEYS


def is_identity(column: str) -> bool:
    """Whether the column only identifies a row or measures its drawing: no figure, no text."""
    folded = fold(column)
    return folded in _IDENTITY or folded.startswith("wof") or "postcode" in folded


def terrain_of(stated: object, code: str, name: str | None) -> Terrain | None:
    """Land, water or abroad; None where the file does not say.

    Abroad by its number and water by its exact name come first: in the map of 2023 v0 abroad
    itself says that it is not water.
    """
    if code[2:6] in _ABROAD:
        return Terrain.ABROAD
    if name in _NAMES:
        return _NAMES[name]
    return _TERRAINS.get(str(stated).strip().upper()) if stated is not None else None


def year_of(values: Sequence[Any]) -> int | None:
    """The year of the boundaries from `2017GM0820`, `2017` or 2017; None where not stated."""
    for value in values:
        text = str(value).strip()[:4] if value is not None else ""
        if text.isascii() and text.isdigit() and len(text) == 4:
            return int(text)
    return None


def _kind(spelled: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    present = set(spelled)
    return next((kind for kind in _KINDS if present & set(kind[0])), ((), (), ()))


def _spelling(spelled: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((spelled[name] for name in names if name in spelled), None)
