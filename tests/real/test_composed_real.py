"""Focus areas of the real country, made of wijken of which publishers give figures and shapes."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from db.core.absence import Reason
from db.core.aggregate import Cells, Method, Parts, aggregate
from db.core.crs import RD
from db.core.figures import Floats
from db.core.harmonise import Published
from db.core.simplify import Detail
from db.core.union import union_text
from tests.api.sample import INDICATORS

pytestmark = pytest.mark.real

_OVERVECHT = ("WK034403",)
_ROTTERDAM_ZUID = ("WK059910", "WK059912", "WK059915")


@cache
def _figures(folder: Path) -> dict[str, dict[str, Any]]:
    file = folder / "kwb" / "85984NED_2024_wijk_gemeente_8fields.json.gz"
    found: dict[str, dict[str, Any]] = json.loads(gzip.decompress(file.read_bytes()))
    return found


def _shapes(folder: Path) -> dict[str, str]:
    file = folder / "geo" / "wijk_2022_rd.geojson.gz"
    features = json.loads(gzip.decompress(file.read_bytes()))["features"]
    return {f["properties"]["code"]: json.dumps(f["geometry"]) for f in features}


def _sum(folder: Path, codes: tuple[str, ...]) -> tuple[float, Reason, Method]:
    people: Floats = np.array([[_inhabitants(folder, code)] for code in codes], np.float64)
    parts = Parts(np.ones(len(codes)), people[:, 0])
    found = aggregate(INDICATORS["population"], parts, Cells(Published(people)))
    assert found.coverage[0] == 1
    return (
        float(found.values[0]),
        Reason(int(found.reasons[0])),
        Method(int(found.methods[0])),
    )


def _inhabitants(folder: Path, code: str) -> float:
    return float(_figures(folder)[code]["AantalInwoners_5"])


def test_overvecht_is_one_wijk_and_has_its_published_value(real_data: Path) -> None:
    published = _inhabitants(real_data, _OVERVECHT[0])

    assert _sum(real_data, _OVERVECHT) == (published, Reason.OBSERVED, Method.ONE_PART)


def test_rotterdam_zuid_is_the_sum_of_its_three_wijken(real_data: Path) -> None:
    people = sum(_inhabitants(real_data, code) for code in _ROTTERDAM_ZUID)

    assert _sum(real_data, _ROTTERDAM_ZUID) == (people, Reason.RECODED, Method.SUM)
    # CBS counts some 215,000 people in the focus area on 1 January 2025.
    assert abs(people - 215_000) < 6_000


def test_a_union_of_wijken_has_exactly_their_ground(real_data: Path) -> None:
    shapes = _shapes(real_data)
    for prefix in ("WK0599", "WK0363", "WK0344"):
        texts = [text for code, text in shapes.items() if code.startswith(prefix)]
        joined = shapely.from_geojson(union_text(texts, Detail.FULL, RD) or b"")

        assert joined.is_valid
        ground = shapely.area(shapely.from_geojson(texts)).sum()
        assert joined.area == pytest.approx(ground, rel=1e-9)
