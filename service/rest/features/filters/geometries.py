"""Geometries that stand in a filter: bounded, checked, with their numbers in our order."""

from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from service.rest.features.filters.reading import Tree, unreadable
from service.rest.features.regions import DOMAIN, Region, box_region
from service.rest.features.systems import System
from service.rest.parameter import Malformed

MOST_VERTICES = 2000
MOST_PARTS = 4
_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_DEEP = 5


def regions_of(tree: Tree, system: System) -> list[Region]:
    """The regions that a geometry or a box in a filter means; Malformed where it is none."""
    if isinstance(tree, dict) and isinstance(tree.get("bbox"), list):
        box = tree["bbox"]
        if len(box) not in (4, 6) or not all(map(_is_number, box)):
            raise _no_geometry()
        return [box_region("filter", box, system)]
    kind = tree.get("type") if isinstance(tree, dict) else None
    if kind == "GeometryCollection" and isinstance(tree.get("geometries"), list):
        parts = tree["geometries"]
        if not 1 <= len(parts) <= MOST_PARTS:
            raise unreadable(
                f"a collection of geometries has 1 to {MOST_PARTS}",
                f"een verzameling van geometrieën heeft er 1 tot {MOST_PARTS}",
            )
        return [_region(each, system) for each in parts]
    return [_region(tree, system)]


def _region(tree: Tree, system: System) -> Region:
    if not isinstance(tree, dict) or tree.get("type") not in _TYPES:
        raise _no_geometry()
    return Region(_within(_read(tree, system), system), system.stored)


def _read(tree: Any, system: System) -> BaseGeometry:
    coordinates = tree.get("coordinates")
    if _counted(coordinates, 0) > 3 * MOST_VERTICES:
        raise unreadable(
            f"a geometry has more than {MOST_VERTICES} vertices",
            f"een geometrie heeft meer dan {MOST_VERTICES} hoekpunten",
        )
    plain = orjson.dumps({"type": tree["type"], "coordinates": coordinates})
    try:
        found: BaseGeometry = shapely.force_2d(shapely.from_geojson(plain))
    except (shapely.errors.ShapelyError, ValueError):
        raise _no_geometry() from None
    if system.latitude_first:
        found = shapely.transform(found, lambda xy: xy[:, ::-1])
    if found.is_empty or not np.isfinite(shapely.get_coordinates(found)).all():
        raise _no_geometry()
    if not found.is_valid:
        why = shapely.is_valid_reason(found)
        raise unreadable(f"a geometry is not valid: {why}", f"een geometrie is niet geldig: {why}")
    return found


def _within(found: BaseGeometry, system: System) -> BaseGeometry:
    """The part where the numbers of the system mean something; refused where none does."""
    domain = shapely.box(*DOMAIN[system.stored])
    if (system.is_degrees and not domain.covers(found)) or not domain.intersects(found):
        raise unreadable(
            f"a geometry lies outside {system.uri}", f"een geometrie ligt buiten {system.uri}"
        )
    return found if domain.covers(found) else found.intersection(domain)


def _counted(coordinates: Any, depth: int) -> int:
    """How many numbers there are; Malformed for anything but lists of numbers."""
    if not isinstance(coordinates, list) or depth > _DEEP:
        raise _no_geometry()
    if all(map(_is_number, coordinates)):
        return len(coordinates)
    return sum(_counted(each, depth + 1) for each in coordinates)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12


def _no_geometry() -> Malformed:
    return unreadable(
        "a geometry was expected: a bbox of 4 or 6 numbers, or a " + ", ".join(_TYPES),
        "er werd een geometrie verwacht: een bbox van 4 of 6 getallen, of een " + ", ".join(_TYPES),
    )
