"""Requests that Schemathesis draws as right, made right where a schema cannot say what that is.

A schema describes each parameter by itself. It cannot say that a box lies within the system that
another parameter names, which of two moments is the earlier, in which language a filter is, or
what there is: codes, years, slugs, cursors. That, and nothing else, is arranged here, in every
request that is drawn as right. What is drawn as wrong is sent as it is.

A service that runs is asked the same way, with as many requests as one likes (tests/README.md).
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import schemathesis
from hypothesis import strategies as st

from tests.api.drawn_filters import COUNT, NUMBER, OF_AREAS, Filter, drawn_filter
from tests.api.there import There

Query = dict[str, Any]
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_SIDES = {"degrees": ((-180, 180), (-90, 90)), "metres": ((0, 280_000), (300_000, 620_000))}
_SPREAD = "/bewijzen/verdeling"
_MATRIX_SETS = ("WebMercatorQuad", "NetherlandsRDNewQuad")
_LEVELS = {"gemeenten": "gemeente", "wijken": "wijk", "buurten": "buurt"}
EXAMPLE = Filter({"op": "=", "args": [{"property": "terrein"}, "land"]})
"""The one in the description."""
_DRAWN: dict[str, Filter] = {}
"""By its text, every filter that was drawn: what else a request must say follows from it."""


def _kept(drawn: Filter) -> str:
    _DRAWN[drawn.text] = drawn
    return drawn.text


class Arranged:
    """One request of a case, whose containers are changed in place."""

    def __init__(self, there: There, case: Any) -> None:
        self.there = there
        self.path: str = case.path
        self.named: Query = case.path_parameters or {}
        self.query: Query = case.query or {}
        first = self.path.split("/")[1]
        self.level = _LEVELS.get(first) or self.query.get("niveau")
        if "referentie" in self.query:
            self.level = "wijk"

    def arrange(self) -> None:
        for name, arranged in _ARRANGED.items():
            for container in (self.named, self.query):
                if name in container:
                    container[name] = arranged(self, container[name])
                    if container[name] is None:
                        del container[name]

    @property
    def vintage(self) -> int:
        found = self.query.get("indeling")
        return self.there.newest(self.level) if found is None else int(found)

    @property
    def collection(self) -> str:
        return str(self.named["collectionId"])

    def judged(self, year: object) -> list[str]:
        """Wijken of which all is known that the definition asks."""
        label = self.query.get("definitie", self.there.definitions[0])
        return self.there.judged(self.vintage, str(label), year)

    def judged_on(self, vintage: int) -> bool:
        return bool(self.there.judged(vintage, self.there.definitions[0], None))

    @property
    def limits(self) -> list[dict[str, int]]:
        return self.there.tiled(self.collection, str(self.named["tileMatrixSetId"]))

    def has_figures(self, level: str, vintage: int) -> bool:
        found = self.there.years(level, vintage)
        return (
            any(each in self.there.loads for each in found) if self.path == _SPREAD else bool(found)
        )

    @property
    def needs_members(self) -> bool:
        """Whether it asks for members of a programme, who are stated for some boundaries."""
        return not {"programma", "buitenProgramma"}.isdisjoint(self.query) and self.in_evidence

    @property
    def in_evidence(self) -> bool:
        return self.path.startswith("/bewijzen/")

    @property
    def needs_figures(self) -> bool:
        """Whether it asks for indicators that must be there on the boundaries that it names."""
        return "indicator" in self.query and self.level is not None and self.path != "/wijzigingen"


def _pick(options: Sequence[Any], drawn: object) -> Any:
    """One of what there is, by what was drawn; that itself where there is nothing."""
    return drawn if not options else options[zlib.crc32(repr(drawn).encode()) % len(options)]


def _each(drawn: Any, arranged: Callable[[Sequence[Any]], Sequence[Any]]) -> Any:
    """A list as it was drawn: of one value, of many, or with commas between them."""
    if isinstance(drawn, str):
        return ",".join(map(str, arranged(drawn.split(","))))
    return list(arranged(drawn))


def _some(options: Sequence[Any], drawn: Any) -> Any:
    return _each(drawn, lambda words: list(dict.fromkeys(_pick(options, w) for w in words)))


def _number(at: Arranged, drawn: object) -> int:
    return int(_pick(at.there.members("/publicaties", "nummer"), drawn))


def _vintage(at: Arranged, drawn: object) -> int:
    found = at.there.vintages(at.level)
    if "referentie" in at.query:
        found = [each for each in found if at.judged_on(each)]
    if at.needs_members:
        found = [each for each in found if at.there.programmes(each)]
    if at.needs_figures:
        found = [each for each in found if at.has_figures(str(at.level), each)]
    return int(_pick(found, drawn))


def _level(at: Arranged, drawn: object) -> str:
    """One that has figures, where some are asked for."""
    if not at.needs_figures:
        return str(drawn)
    levels = [e for e in _LEVELS.values() if at.has_figures(e, at.there.newest(e))]
    levels = ["wijk"] if at.needs_members else levels
    at.level = drawn if drawn in levels else _pick(levels, drawn)
    return str(at.level)


def _slug(at: Arranged, drawn: object) -> str:
    return str(_pick(at.there.members("/" + at.path.split("/")[1], "slug"), drawn))


def _code(at: Arranged, drawn: object) -> str:
    return str(_pick(at.there.codes(str(at.level), at.vintage), drawn))


def _gemeente(at: Arranged, drawn: object) -> str | None:
    """The country lies in none."""
    found = [] if at.level == "land" else at.there.gemeenten(at.level, at.vintage)
    return str(_pick(found, drawn)) if found else None


def _collection(at: Arranged, drawn: object) -> str:
    names = at.there.collections
    if "tiles" in at.path:
        names = [each for each in names if not each.startswith("focus")]
    if "tileMatrixSetId" in at.named:
        names = [each for each in names if at.there.tiled(each, _MATRIX_SETS[0])]
    return str(_pick(names, drawn))


def _matrix_set(at: Arranged, drawn: object) -> str:
    """TileJSON knows one only."""
    return _MATRIX_SETS[0] if at.query.get("f") == "tilejson" else str(_pick(_MATRIX_SETS, drawn))


def _zoom(at: Arranged, drawn: object) -> int:
    return int(_pick(at.limits, drawn)["tileMatrix"])


def _place(at: Arranged, drawn: Any) -> int:
    """A row or a column, also where nothing lies."""
    return int(drawn) % (1 << int(at.named["tileMatrix"]))


def _item(at: Arranged, drawn: object) -> str:
    return str(_pick(at.there.items(at.collection), drawn))


def _programme(at: Arranged, drawn: object) -> str:
    found = at.there.members("/programmas", "slug")
    if at.needs_members:
        found = at.there.programmes(at.vintage)
    return str(_pick(found, drawn))


def _since(at: Arranged, drawn: object) -> str:
    """All, a publication, or a cursor that was given out."""
    numbers = at.there.members("/publicaties", "nummer")
    last = at.query.get("publicatie", max(numbers))
    given = at.there.asked("/wijzigingen", {}, {"sinds": "0", "limit": 1})["cursor"]
    return str(_pick([0, given, *(each for each in numbers if each <= int(last))], drawn))


def _indicators(at: Arranged, drawn: Any) -> Any:
    """Those that have figures where figures must be; else any that there is."""
    found = list(at.there.years(str(at.level), at.vintage)) if at.needs_figures else []
    if at.path == _SPREAD:
        found = [each for each in found if each in at.there.loads]
    return _some(found or at.there.members("/indicatoren", "slug"), drawn)


def _year(at: Arranged, drawn: object) -> object:
    """Of the indicators that must have figures of it; every other address takes any year."""
    if "referentie" in at.query:
        found = {y for years in at.there.years("wijk", at.vintage).values() for y in years}
        judged = [each for each in sorted(found) if at.judged(each)]
        return _pick(judged, drawn) if judged else None
    slugs = at.query.get("indicator")
    if slugs is None:
        return drawn
    years = at.there.years(str(at.level), at.vintage)
    words = slugs.split(",") if isinstance(slugs, str) else slugs
    both = set.intersection(*(set(years.get(each, ())) for each in words))
    return _pick(sorted(both), drawn) if both else None


def _property(at: Arranged, drawn: Any) -> Any:
    return _some(at.there.properties(at.collection), drawn)


def _reference(at: Arranged, drawn: object) -> str:
    """An area of which enough is known to compare others with it."""
    return str(_pick(at.judged(at.query.get("jaar")), drawn))


def _definition(at: Arranged, drawn: object) -> str:
    found = at.there.definitions
    return str(_pick([*found, *(each.partition("@")[0] for each in found)], drawn))


def _domains(at: Arranged, drawn: Any) -> Any:
    return _some(at.there.domains(at.query.get("definitie")), drawn)


def _required(at: Arranged, drawn: Any) -> int:
    named = at.query.get("domeinen")
    found = at.there.domains(at.query.get("definitie")) if named is None else named
    most = len(found.split(",") if isinstance(found, str) else found)
    return 1 + int(drawn) % most


def _cursor(at: Arranged, drawn: object) -> str | None:
    """One that this list gave out, where it has more than a page."""
    query = {**at.query, "limit": 1, "f": "json"}
    del query["cursor"]
    page = at.there.asked(at.path, at.named, query)
    following = [each["href"] for each in page["links"] if each["rel"] == "next"]
    return following[0].partition("cursor=")[2].partition("&")[0] if following else None


def _box(at: Arranged, drawn: Any) -> Any:
    """The same corners within the system, the lowest first."""
    crs = at.query.get("bbox-crs", _CRS84)
    sides = list(_SIDES["metres" if crs == RD else "degrees"])
    if "EPSG" in crs and crs != RD:
        sides.reverse()
    return _each(drawn, lambda numbers: _within(list(map(float, numbers)), sides))


def _within(numbers: list[float], sides: Sequence[tuple[float, float]]) -> list[float]:
    half = len(numbers) // 2
    for i, (low, high) in enumerate(sides):
        ends = (min(max(numbers[j], low), high) for j in (i, half + i))
        numbers[i], numbers[half + i] = sorted(ends)
    return numbers


def _when(at: Arranged, drawn: str) -> str:
    ends = drawn.split("/")
    return "/".join(sorted(ends)) if len(ends) == 2 and all(ends) and ".." not in ends else drawn


def _filter(at: Arranged, drawn: str) -> str:
    """The same in the language, and about the properties, that the request says."""
    found = _DRAWN[drawn]
    if drawn == EXAMPLE.text:
        # It is what Schemathesis sends most; others are as good.
        found = drawn_filter(zlib.crc32(repr(sorted(at.query.items())).encode()))
    if at.collection.startswith("focus"):
        found = found.renamed(dict.fromkeys(OF_AREAS, "programma"))
    figures = at.there.figures(at.collection)
    if NUMBER not in figures:
        found = found.renamed({NUMBER: "code", f"{NUMBER}_status": "code"})
    if found.names(COUNT):
        at.query.setdefault("stapeling", at.there.definitions[0])
    if found.has_geometry:
        crs = at.query.get("filter-crs", _CRS84)
        if found.in_metres != (crs == RD):
            at.query["filter-crs"] = RD if found.in_metres else _CRS84
    return found.json if at.query.get("filter-lang") == "cql2-json" else found.text


_ARRANGED: Mapping[str, Callable[[Arranged, Any], Any]] = {
    "publicatie": _number,
    "nummer": _number,
    "niveau": _level,
    "indeling": _vintage,
    "slug": _slug,
    "code": _code,
    "gemeenteCode": _gemeente,
    "collectionId": _collection,
    "id": _item,
    "tileMatrixSetId": _matrix_set,
    "tileMatrix": _zoom,
    "tileRow": _place,
    "tileCol": _place,
    "programma": _programme,
    "buitenProgramma": _programme,
    "sinds": _since,
    "definitie": _definition,
    "stapeling": _definition,
    "domeinen": _domains,
    "vereist": _required,
    "indicator": _indicators,
    "indicatoren": _indicators,
    "jaar": _year,
    "referentie": _reference,
    "properties": _property,
    "bbox": _box,
    "datetime": _when,
    "filter": _filter,
    "cursor": _cursor,
}
"""In this order: what comes later may follow from what came before."""
_THERE: dict[int, There] = {}


def register() -> None:
    """Tell Schemathesis, for all schemas of this process and in all its phases."""
    _kept(EXAMPLE)
    seeds = st.integers(0, 2**31)
    schemathesis.openapi.format("cql2", seeds.map(lambda seed: _kept(drawn_filter(seed))))
    schemathesis.hook("before_call")(_before_call)


def _before_call(context: Any, case: Any, kwargs: Any) -> None:
    if case.meta is not None and case.meta.generation.mode.is_positive:
        schema = case.operation.schema
        there = _THERE.setdefault(id(schema), There(schema))
        Arranged(there, case).arrange()
