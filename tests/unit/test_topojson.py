"""TopoJSON as CBS map makers publish it: arcs first, quantised, and sometimes too coarse."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import BrokenLoad, RefusedFile, TruncatedAnswer
from db.sources import topojson

FINE = {"scale": [0.0004, 0.0003], "translate": [5.0, 52.0]}


def topology(**changed: Any) -> dict[str, Any]:
    """Two areas with one shared arc, and labels of which one has no polygon."""
    return {
        "arcs": [
            [[0, 0], [10, 0], [0, 10]],
            [[10, 10], [-10, 0], [0, -10]],
            [[10, 0], [10, 10], [-10, 0]],
        ],
        "objects": {
            "labels": {
                "type": "GeometryCollection",
                "geometries": [_label("WK000300"), _label("WK024316")],
            },
            "layer": {
                "type": "GeometryCollection",
                "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"statcode": "WK000300"}},
                    {
                        "type": "MultiPolygon",
                        "arcs": [[[2, ~0, ~0]], [[3]]],
                        "properties": {"statcode": "WK000301"},
                    },
                ],
            },
        },
        "transform": FINE,
        "type": "Topology",
        **changed,
    }


def _label(code: str) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [3, 4], "properties": {"statcode": code}}


def written(folder: Path, content: Any) -> Path:
    path = folder / "map.topojson"
    path.write_bytes(orjson.dumps(content))
    return path


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=2, max_size=6),
        max_size=6,
    )
)
def test_quantised_steps_decode_to_the_positions_they_came_from(
    arcs: list[list[tuple[int, int]]],
) -> None:
    steps = [np.diff(np.array(arc), axis=0, prepend=[[0, 0]]).tolist() for arc in arcs]
    decoded = topojson.decode_arcs(steps, FINE)
    for arc, positions in zip(arcs, decoded, strict=True):
        assert np.allclose(positions, np.array(arc) * FINE["scale"] + FINE["translate"])


def test_positions_without_quantisation_are_taken_as_they_are() -> None:
    decoded = topojson.decode_arcs([[[5.5, 52.5], [5.6, 52.6]]], None)
    assert decoded[0].tolist() == [[5.5, 52.5], [5.6, 52.6]]


def test_a_ring_joins_arcs_once_at_each_joint_and_turns_complements_around() -> None:
    arcs = [np.array([[0.0, 0], [1, 0], [1, 1]]), np.array([[0.0, 0], [0, 1], [1, 1]])]
    assert topojson.ring_of([0, ~1], arcs).tolist() == [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def test_areas_come_from_the_polygons_and_labels_without_one_have_no_shape(tmp_path: Path) -> None:
    content = topology()
    content["arcs"].append([[0, 0], [5, 5], [-5, -5]])
    content["objects"]["layer"]["geometries"][1]["arcs"] = [[[2, ~1]], [[3]]]
    layer = topojson.read(written(tmp_path, content))
    assert layer.columns["statcode"] == ["WK000300", "WK000301", "WK024316"]
    assert layer.shapes is not None
    assert layer.shapes[0].bounds == pytest.approx((5.0, 52.0, 5.004, 52.003))
    assert layer.shapes[2] is None
    assert (layer.crs, layer.notes["label-without-polygon"], layer.notes["lost-ring"]) == (
        4326,
        1,
        1,
    )


def test_a_grid_coarser_than_100_m_is_refused_by_its_grain(tmp_path: Path) -> None:
    coarse = topology(transform={"scale": [0.003868, 0.002807], "translate": [3.4, 50.8]})
    with pytest.raises(RefusedFile, match="264 by 312 m"):
        topojson.read(written(tmp_path, coarse))


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"type": "FeatureCollection"},
        topology(arcs=[]),
        topology(arcs=3),
        topology(objects=7),
        topology(transform={"scale": "wide"}),
        topology(arcs=[[["x", "y"]]]),
    ],
)
def test_a_malformed_topology_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(BrokenLoad):
        topojson.read(written(tmp_path, content))


def test_a_cut_off_topology_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, topology())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(TruncatedAnswer):
        topojson.read(path)
