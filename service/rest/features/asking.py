"""What can be asked of features, beside what every address takes."""

import re
from datetime import UTC, date, datetime, time

from db.core.simplify import Detail
from service.rest.common import CURSOR, LIMIT
from service.rest.features.filters.reading import MOST_CHARACTERS, Language
from service.rest.features.stacking import STACKING
from service.rest.features.systems import system_parameter
from service.rest.parameter import Malformed, Parameter, one_of, text, words
from service.rest.resources.figures import INDICATORS, YEAR

_NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
_FARTHEST = 10_000_000
"""The greatest number of a box, in degrees or metres: more than twice from pole to equator."""
_LEAP_DAY = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
_DAY = (
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]"
    f"|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP_DAY})"
)
_CLOCK = (
    "[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:[.][0-9]+)?"
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_MOMENT = f"{_DAY}(?:{_CLOCK})?"
_WHEN = f"{_MOMENT}(?:/(?:{_MOMENT}|[.][.])?)?|(?:[.][.])?/{_MOMENT}"
"""A day or moment of RFC 3339, or two with a slash between them, either of which may be open."""
_FORM = re.compile(_WHEN)
_LEAP_SECOND = re.compile(r":60(?:[.][0-9]+)?")
_SHOWN = 60
_OPEN = ("", "..")

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Interval = tuple[datetime | None, datetime | None]
"""First and last moment, both included; None where it is open."""


def _box(given: str) -> list[float]:
    parts = given.split(",")
    if len(parts) not in (4, 6) or not all(_NUMBER.fullmatch(each) for each in parts):
        raise Malformed(
            "MALFORMED",
            f"bbox is {given[:_SHOWN]!r}; it must be 4 or 6 numbers with commas between them, "
            "the lower corner first",
            f"bbox is {given[:_SHOWN]!r}; het moeten 4 of 6 getallen zijn met komma's ertussen, "
            "de laagste hoek eerst",
        )
    numbers = [float(each) for each in parts]
    if max(map(abs, numbers)) > _FARTHEST:
        raise Malformed(
            "OUT_OF_RANGE",
            f"bbox has a number outside -{_FARTHEST} to {_FARTHEST}",
            f"bbox heeft een getal buiten -{_FARTHEST} tot en met {_FARTHEST}",
        )
    return numbers


def _interval(given: str) -> Interval:
    if not _FORM.fullmatch(given):
        raise _no_moment(given)
    ends = given.split("/")
    first, last = _moment(ends[0], time.min), _moment(ends[-1], time.max)
    if first is not None and last is not None and first > last:
        raise _no_moment(given)
    return first, last


def _moment(text: str, of_day: time) -> datetime | None:
    """A moment, or the first or last of a day; None for an open end.

    What is before or after all years that can be counted with is the first or last moment of those.
    """
    if text in _OPEN:
        return None
    if text.startswith("0000"):
        return _FIRST
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), of_day, UTC)
    local = datetime.fromisoformat(_LEAP_SECOND.sub(":59.999999", text.upper()))
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return _FIRST if local.year == 1 else _LAST


def _no_moment(given: str) -> Malformed:
    return Malformed(
        "MALFORMED",
        f"datetime is {given[:_SHOWN]!r}; it must be a day or moment (RFC 3339), or two with a / "
        "between them, the first not after the last, `..` for an open end",
        f"datetime is {given[:_SHOWN]!r}; het moet een dag of moment zijn (RFC 3339), of twee met "
        "een / ertussen, de eerste niet na de laatste, `..` voor een open eind",
    )


BBOX = Parameter(
    "bbox",
    "Alleen wat deze rechthoek raakt, getoetst aan de grens zelf en niet aan haar omhullende; "
    "laagste hoek eerst. Een westgrens groter dan de oostgrens gaat over de datumgrens.",
    {
        "type": "array",
        "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)],
        "items": {"type": "number", "minimum": -_FARTHEST, "maximum": _FARTHEST},
    },
    _box,
    example=[4.9, 52.0, 5.3, 52.2],
)
BBOX_CRS = system_parameter("bbox-crs", "Coördinatenstelsel van `bbox`, als URI.")
CRS = system_parameter("crs", "Coördinatenstelsel van het antwoord, als URI.")
DATETIME = Parameter(
    "datetime",
    "Alleen wat op deze dag, dit moment of in deze periode gold: `2024-05-01`, `2024-01-01/..`. "
    "De gebieden van een collectie gelden in het jaar van haar indeling.",
    {"type": "string", "pattern": f"^(?:{_WHEN})$"},
    _interval,
    example="2024-05-01",
)
DETAIL = one_of(
    "geometrie",
    "Hoe fijn de grens is: `overzicht` (250 m), `middel` (40 m) of `volledig`.",
    {"overzicht": Detail.OVERVIEW, "middel": Detail.MEDIUM, "volledig": Detail.FULL},
    default="volledig",
)
SOME_INDICATORS = Parameter(
    INDICATORS.name,
    INDICATORS.nl + " Elk wordt een eigenschap, met status, reden en jaar ernaast.",
    INDICATORS.schema,
    INDICATORS.read,
    example=INDICATORS.example,
)
CHOSEN = (SOME_INDICATORS, YEAR, STACKING)
"""Taken by every address of features, and carried along by its links: a client that is given an
address with these keeps them."""
PROPERTIES = words(
    "properties",
    "Alleen deze eigenschappen, met komma's ertussen: die van /schema, of slugs van indicatoren. "
    "Een indicator komt altijd met status, reden en jaar. De grens en `id` blijven.",
    pattern="[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
    most=120,
    example="naam",
)
COLLECTION = text(
    "collectionId",
    "De naam van een collectie: wat voor gebieden en het jaar van de indeling.",
    pattern="[a-z]{1,40}-[0-9]{4}",
    what_en="the name of a collection such as wijken-2024",
    what_nl="de naam van een collectie zoals wijken-2024",
    example="wijken-2024",
).in_path()
FEATURE = text(
    "id",
    "De code van het gebied, of de korte naam van het focusgebied.",
    pattern="[A-Za-z0-9_-]{1,80}",
    what_en="a code such as WK034403",
    what_nl="een code zoals WK034403",
).in_path()
PAGE = (LIMIT, CURSOR)
FILTER = Parameter(
    "filter",
    "Een voorwaarde in CQL2 over de eigenschappen op /queryables: `terrein = 'land' AND population "
    "> 5000`. Een vergelijking met iets dat ontbreekt is nooit waar.",
    {"type": "string", "format": "cql2", "maxLength": MOST_CHARACTERS},
    str,
    example="terrein = 'land'",
)
FILTER_LANG = one_of(
    "filter-lang",
    "De taal van `filter`; `cql-text` is die van de ontwerpen, die GDAL schrijft.",
    {each.value: each for each in Language},
    default=Language.TEXT.value,
)
FILTER_CRS = system_parameter("filter-crs", "Coördinatenstelsel van geometrieën in `filter`.")
