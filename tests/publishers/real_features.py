"""The real maps as feature services: wijken of 2024 at PDOK, buurten of the Leefbaarometer."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.publishers.documents import Rows, document, objects
from tests.publishers.features import Collection, Features, OgcApi, Wfs

WIJKEN_OGC = "api.pdok.nl/cbs/wijken-en-buurten-2024/ogc/v1/collections/wijken/items"
WIJKEN_WFS = "service.pdok.nl/cbs/wijkenbuurten/2024/wfs/v1_0"
LBM_WFS = "geo.leefbaarometer.nl/wfs"


def features_from(root: Path, *, wijken: int | None = None) -> tuple[OgcApi, Wfs]:
    published = _Once(lambda: _wijken(root)[:wijken])
    return (
        OgcApi(Collection(WIJKEN_OGC, "wijken", lambda: _snake(published()))),
        Wfs(
            Collection(WIJKEN_WFS, "wijken", lambda: _camel(published())),
            Collection(LBM_WFS, "lbm3:buurtscore24", lambda: _lbm(root, "buurt_PV*"), cap=None),
            Collection(LBM_WFS, "lbm3:gemeentescore24", lambda: _lbm(root, "gemeente"), cap=None),
        ),
    )


class _Once:
    """Two services publish the same features; they are read once."""

    def __init__(self, make: Callable[[], Rows]) -> None:
        self._make = make
        self._made: Rows | None = None

    def __call__(self) -> Rows:
        if self._made is None:
            self._made = self._make()
        return self._made


def _wijken(root: Path) -> Rows:
    """The map of 2024 with the figures we have; an area without figures is water or abroad."""
    figures = document(root / "kwb/85984NED_2024_wijk_gemeente_8fields.json.gz")
    features = objects(document(root / "geo/wijk_2024_wgs84.geojson.gz")["features"])
    return [_wijk(feature, figures) for feature in features]


def _wijk(feature: Mapping[str, object], figures: Mapping[str, object]) -> dict[str, object]:
    properties = feature["properties"]
    known = dict(properties) if isinstance(properties, dict) else {}
    code = str(known["wijkcode"])
    found = figures.get(code)
    given = found if isinstance(found, dict) else {}
    known |= {"jaar": 2024, "jrstatcode": f"2024{code}"}
    known["water"] = "NEE" if given else "B" if code.startswith("WK0998") else "JA"
    known["aantal_inwoners"] = given.get("AantalInwoners_5", -99997)
    known["mannen"] = given.get("Mannen_6", -99997)
    known["vrouwen"] = given.get("Vrouwen_7", -99997)
    return {"type": "Feature", "id": f"wijken.{code}", **feature, "properties": known}


def _snake(features: Rows) -> Features:
    return Features.of(features, "wijkcode", "gemeentecode", "water")


def _camel(features: Rows) -> Features:
    """The WFS spells the same attributes in camelCase."""
    made: list[dict[str, object]] = []
    for feature in features:
        properties = feature["properties"]
        known = dict(properties) if isinstance(properties, dict) else {}
        known["aantalInwoners"] = known.pop("aantal_inwoners")
        made.append({**feature, "properties": known})
    return Features.of(made, "wijkcode")


def _lbm(root: Path, files: str) -> Features:
    made: list[dict[str, object]] = []
    for path in sorted(root.glob(f"lbm/lbm3_2024_{files}_wgs84.geojson.gz")):
        for feature in objects(document(path)["features"]):
            given = feature["properties"]
            known = given if isinstance(given, dict) else {}
            names = {"id": known["code"], "name": known["naam"], "gemeente": known["gemeente"]}
            scores = {**names, "scale": files.partition("_")[0], **known["raw"]}
            made.append({**feature, "id": f"score24.{len(made)}", "properties": scores})
    return Features.of(made, "id")
