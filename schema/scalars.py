"""Scalars of the contract, each with the standard it follows. A malformed one is a clean error."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

GeoJSON = NewType("GeoJSON", object)
"""Bytes of a geometry that are spliced into the answer: an `orjson.Fragment`."""
PointInput = NewType("PointInput", tuple[float, float])
"""x and y; NaN for what is missing or no number, because an error would repeat the point."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(_DATE.pattern + r"T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})")


def _parse_date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise StrawberryInputCoercionError("expected a date of the calendar such as 2024-01-01")


def _parse_moment(value: object) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise StrawberryInputCoercionError("expected a moment such as 2024-01-01T12:00:00Z")


def _write_date(value: date) -> str:
    return value.isoformat()


def _write_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _same(value: Any) -> Any:
    return value


def _parse_point(value: object) -> tuple[float, float]:
    if not isinstance(value, Mapping):
        return math.nan, math.nan
    return _coordinate(value.get("x")), _coordinate(value.get("y"))


def _coordinate(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _refuse_point(value: object) -> object:
    raise StrawberryInputCoercionError("points are taken in only")


def _refuse(value: object) -> object:
    raise StrawberryInputCoercionError("GeoJSON is given out only")


SCALARS: Mapping[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar: 2024-01-01.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=_write_date,
        parse_value=_parse_date,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment, in UTC where given out: 2024-01-01T12:00:00Z.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=_write_moment,
        parse_value=_parse_moment,
    ),
    GeoJSON: strawberry.scalar(
        name="GeoJSON",
        description="A geometry object as in RFC 7946: `type` and `coordinates`, x (longitude) "
        "first. In RD the numbers are metres, which RFC 7946 leaves to be agreed.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc7946",
        serialize=_same,
        parse_value=_refuse,
    ),
    PointInput: strawberry.scalar(
        name="PointInput",
        description="A point to look for: an object with the numbers `x` (longitude, or RD x) and "
        "`y` (latitude, or RD y). What is missing or no number is no error here, because an error "
        "would repeat the point: the answer says so in the place of that point.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259#section-4",
        serialize=_refuse_point,
        parse_value=_parse_point,
    ),
}
