"""TopoJSON to polygons. GDAL does not recognise the publisher's own files (`arcs` comes first).

Refuses a topology quantised so coarsely that borders are fiction: the buurten of 2014 exist only
on a grid of 260 by 310 m, on which a third of them cannot be built.
"""

from pathlib import Path
from typing import Any

import numpy as np
import orjson

from db.core.errors import BrokenLoad, RefusedFile, TruncatedAnswer
from db.core.figures import Floats
from db.core.geometry import Ring
from db.sources.files import read_bytes
from db.sources.geojson import stated_crs
from db.sources.layer import Layer, LayerBuilder

MAX_GRAIN = 100.0
"""Metres between neighbouring positions of the grid."""

_METRES_PER_DEGREE = np.array([111_320 * np.cos(np.radians(52.2)), 111_320])

Record = dict[str, Any]


def read(path: Path) -> Layer:
    """Every polygon of every object; a label without a polygon is an area without a shape."""
    try:
        topology = orjson.loads(read_bytes(path))
    except orjson.JSONDecodeError as error:
        raise TruncatedAnswer(f"{path.name}: malformed JSON ({error})") from None
    if not isinstance(topology, dict) or topology.get("type") != "Topology":
        raise BrokenLoad(f"{path.name}: a Topology was expected")
    try:
        _refuse_coarse(topology, path.name)
        return _layer(topology)
    except (AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
        raise BrokenLoad(f"{path.name}: malformed topology ({type(error).__name__})") from None


def decode_arcs(arcs: list[list[list[float]]], transform: Record | None) -> list[Floats]:
    """Positions of every arc: quantised arcs hold steps, to be added up, scaled and moved."""
    lengths = np.array([len(arc) for arc in arcs], np.int64)
    flat = np.array([position[:2] for arc in arcs for position in arc], np.float64).reshape(-1, 2)
    starts = np.cumsum(lengths) - lengths
    if transform is not None:
        total = np.cumsum(flat, axis=0)
        # The running total restarts at every arc: subtract what the arcs before it added up to.
        before = np.vstack([np.zeros(2), total])[starts]
        steps = total - np.repeat(before, lengths, axis=0)
        flat = steps * transform["scale"] + transform["translate"]
    return [flat[start : start + length] for start, length in zip(starts, lengths, strict=True)]


def ring_of(indices: list[int], arcs: list[Floats]) -> Ring:
    """Arcs joined end to start; ~i is arc i backwards, and the joint counts once."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    if not pieces:
        return np.empty((0, 2))
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _refuse_coarse(topology: Record, name: str) -> None:
    transform = topology.get("transform")
    if not isinstance(transform, dict):
        return
    scale = np.array(transform["scale"], np.float64)
    grain = scale * _METRES_PER_DEGREE if (scale < 0.1).all() else scale
    if (grain > MAX_GRAIN).any():
        raise RefusedFile(
            f"{name}: quantised to a grid of {grain[0]:.0f} by {grain[1]:.0f} m, "
            f"coarser than {MAX_GRAIN:.0f} m: borders would be fiction"
        )


def _layer(topology: Record) -> Layer:
    arcs = decode_arcs(topology["arcs"], topology.get("transform"))
    members = {
        name: [m for m in found.get("geometries", [found]) if isinstance(m, dict)]
        for name, found in topology["objects"].items()
    }
    builder = LayerBuilder()
    drawn = [name for name, found in members.items() if any(map(_is_polygon, found))]
    for name in drawn:
        for member in members[name]:
            builder.add(member.get("properties") or {}, _polygons(member, arcs))
    _add_labels(builder, [m for name, found in members.items() if name not in drawn for m in found])
    stated = (stated_crs(found) for found in topology["objects"].values())
    return builder.layer(next((crs for crs in stated if crs), None))


def _add_labels(builder: LayerBuilder, labels: list[Record]) -> None:
    """WK024316 has a label point and no polygon in 2014, and null geometry in 2016."""
    known = builder.values("statcode")
    for label in labels:
        properties = label.get("properties") or {}
        code = properties.get("statcode")
        if code is not None and code not in known:
            builder.add(properties, [])
            builder.notes["label-without-polygon"] += 1


def _is_polygon(member: Record) -> bool:
    return member.get("type") in ("Polygon", "MultiPolygon")


def _polygons(member: Record, arcs: list[Floats]) -> list[list[Ring]]:
    match member:
        case {"type": "Polygon", "arcs": list(rings)}:
            return [[ring_of(ring, arcs) for ring in rings]]
        case {"type": "MultiPolygon", "arcs": list(parts)}:
            return [[ring_of(ring, arcs) for ring in rings] for rings in parts]
    return []
