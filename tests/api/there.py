"""What a service has, asked of the service itself: codes, years, slugs and numbers."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

_PLURALS = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}
_ALL = 5000


class There:
    """Asks once, by the operations of a schema of Schemathesis."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._kept: dict[str, Any] = {}

    def asked(self, path: str, named: Mapping[str, Any], query: Mapping[str, Any]) -> Any:
        """The JSON of one address."""
        key = repr((path, sorted(named.items()), sorted(query.items())))
        if key not in self._kept:
            operation = self._schema[path]["GET"]
            case = operation.Case(path_parameters=dict(named), query=dict(query))
            self._kept[key] = case.call().json()
        return self._kept[key]

    def results(self, path: str, **query: object) -> list[dict[str, Any]]:
        """All that a list has."""
        found: list[dict[str, Any]] = self.asked(path, {}, {"limit": _ALL, **query})["resultaten"]
        return found

    def members(self, path: str, member: str, **query: object) -> list[Any]:
        """One member of all that a list has, each once."""
        found = [each[member] for each in self.results(path, **query)]
        return list(dict.fromkeys(each for each in found if each is not None))

    @cached_property
    def collections(self) -> list[str]:
        return [each["id"] for each in self.asked("/collections", {}, {})["collections"]]

    def items(self, collection: str) -> list[str]:
        path, named = "/collections/{collectionId}/items", {"collectionId": collection}
        return [each["id"] for each in self.asked(path, named, {"limit": 100})["features"]]

    def figures(self, collection: str) -> list[str]:
        """Indicators that a filter may compare."""
        path, named = "/collections/{collectionId}/queryables", {"collectionId": collection}
        found = self.asked(path, named, {"f": "plain"})["properties"]
        return [name for name in found if f"{name}_status" in found]

    def properties(self, collection: str) -> list[str]:
        """Those that features have whatever is asked."""
        path, named = "/collections/{collectionId}/schema", {"collectionId": collection}
        found = self.asked(path, named, {"f": "plain"})["properties"]
        return [
            name for name, each in found.items() if each.get("x-ogc-role") != "primary-geometry"
        ]

    def vintages(self, level: str | None) -> list[int]:
        """Of a level, the newest first; for the country and for nothing those of gemeenten."""
        start = _PLURALS.get(level or "", "gemeenten") + "-"
        found = [each.removeprefix(start) for each in self.collections if each.startswith(start)]
        return list(map(int, found))

    def newest(self, level: str | None) -> int:
        """Which boundaries are meant where nobody says."""
        newest: int = self.results(f"/{_PLURALS.get(level or '', 'gemeenten')}")[0]["indeling"]
        return newest

    def programmes(self, vintage: int) -> list[str]:
        """Those that last, with members stated for these boundaries."""
        name = f"focusgebieden-{vintage}"
        if name not in self.collections:
            return []
        path, named = "/collections/{collectionId}/items", {"collectionId": name}
        found = self.asked(path, named, {"limit": _ALL})["features"]
        lasting = [e["slug"] for e in self.results("/programmas") if e["geldigTot"] is None]
        of_areas = {each["properties"]["programma"] for each in found}
        return [each for each in lasting if each in of_areas]

    def codes(self, level: str, vintage: int) -> list[str]:
        return self.members(f"/{_PLURALS[level]}", "code", indeling=vintage)

    def gemeenten(self, level: str | None, vintage: int) -> list[str]:
        """Those in which there are areas of a level."""
        plural = _PLURALS.get(level or "", "gemeenten")
        return self.members(f"/{plural}", "gemeenteCode", indeling=vintage)

    @cached_property
    def loads(self) -> list[str]:
        """Indicators that can be spread over areas: none that others are set against."""
        found = self.results("/indicatoren")
        wholes = {each["noemer"] for each in found}
        spread = [each for each in found if each["soort"] in ("count", "share", "rate")]
        return [each["slug"] for each in spread if each["slug"] not in wholes]

    def years(self, level: str, vintage: int) -> dict[str, list[int]]:
        """Of each indicator with figures on these boundaries."""
        return {
            each["slug"]: loaded["jaren"]
            for each in self.results("/indicatoren")
            for loaded in each["beschikbaar"]
            if (loaded["niveau"], loaded["indeling"]) == (level, vintage)
        }

    @cached_property
    def definitions(self) -> list[str]:
        """Labels of stacking, which a refusal names."""
        path, named = "/collections/{collectionId}/schema", {"collectionId": self.collections[0]}
        (fault,) = self.asked(path, named, {"stapeling": "none-of-these"})["errors"]
        return list(map(str, fault["allowed"]))

    def judged(self, vintage: int, definition: str, year: object) -> list[str]:
        """Wijken of which a definition says for certain on how many domains they are worst."""
        path, named = "/collections/{collectionId}/items", {"collectionId": f"wijken-{vintage}"}
        query = {"stapeling": definition, "filter": "stapeling_status = 'COUNTED'", "limit": _ALL}
        if year is not None:
            query["jaar"] = year
        return [each["id"] for each in self.asked(path, named, query)["features"]]

    def domains(self, definition: str | None) -> list[str]:
        """Of a definition, which a refusal names; without one of the one that is taken then."""
        query = {"niveau": "wijk", "domeinen": "none-of-these"}
        if definition is not None:
            query["definitie"] = definition
        faults = self.asked("/bewijzen/stapeling", {}, query)["errors"]
        (fault,) = (each for each in faults if each["name"] == "domeinen")
        return list(map(str, fault["suggestions"]))

    def tiled(self, collection: str, matrix_set: str) -> list[dict[str, int]]:
        """Limits by zoom; none where nothing is drawn."""
        named = {"collectionId": collection, "tileMatrixSetId": matrix_set}
        path = "/collections/{collectionId}/tiles/{tileMatrixSetId}"
        limits: list[dict[str, int]] = self.asked(path, named, {}).get("tileMatrixSetLimits", [])
        return limits
