"""Tables of a few rows in the publishers' shapes, so that most tests need no real files."""

from collections.abc import Mapping, Sequence

from tests.publishers.features import Features
from tests.publishers.odata import EntitySet

Rows = Sequence[Mapping[str, object]]
AREAS = ("NL00", "GM9001", "WK900101", "WK900102", "BU90010100", "BU90010101", "BU90010200")
OFFENCES = ("0.0.0 ", "1.1.1 ", "1.1.2 ")


def table_infos(identifier: str, modified: str = "2026-03-27T02:00:00") -> EntitySet:
    return EntitySet.of([{"ID": 0, "Identifier": identifier, "Modified": modified}])


def properties(dimensions: Sequence[str], topics: Sequence[str]) -> EntitySet:
    kinds = [(name, "Dimension", "") for name in dimensions]
    kinds += [(name, "Topic", "aantal") for name in topics]
    rows = [
        {"odata.type": f"Cbs.OData.{kind}", "ID": i, "Type": kind, "Key": key, "Title": key}
        | {"Unit": unit}
        for i, (key, kind, unit) in enumerate(kinds)
    ]
    return EntitySet.of(rows)


def keys(names: Sequence[str], width: int) -> EntitySet:
    return EntitySet.of([{"Key": name.ljust(width), "Title": name} for name in names])


def wide(areas: Sequence[str] = AREAS) -> dict[str, EntitySet]:
    """A table like KWB: one row per area, keys padded to ten characters."""
    rows = [
        {"ID": i, "WijkenEnBuurten": area.ljust(10), "AantalInwoners_5": 100 + i}
        for i, area in enumerate(areas)
    ]
    return {
        "TableInfos": table_infos("90001NED"),
        "DataProperties": properties(["WijkenEnBuurten"], ["AantalInwoners_5"]),
        "WijkenEnBuurten": keys(areas, 10),
        "TypedDataSet": EntitySet.of(rows),
    }


def police(empty: str | None = None, areas: Sequence[str] = AREAS) -> dict[str, EntitySet]:
    """A table like 47018NED: offence keys end in a space, total and parts share one column."""
    rows = [
        {
            "ID": 100 * i + j,
            "SoortMisdrijf": offence,
            "WijkenEnBuurten": area.ljust(10),
            "Perioden": "2023JJ00",
            "GeregistreerdeMisdrijven_1": 3 * j if i == 0 else j,
        }
        for i, offence in enumerate(OFFENCES)
        for j, area in enumerate(areas)
        if offence != empty
    ]
    dimensions = ["SoortMisdrijf", "WijkenEnBuurten", "Perioden"]
    return {
        "TableInfos": table_infos("47018NED"),
        "DataProperties": properties(dimensions, ["GeregistreerdeMisdrijven_1"]),
        "SoortMisdrijf": keys(OFFENCES, 6),
        "WijkenEnBuurten": keys(areas, 10),
        "Perioden": keys(["2023JJ00"], 8),
        "TypedDataSet": EntitySet.of(rows),
    }


def long(cells: int) -> dict[str, EntitySet]:
    """A version 4 table: one row per cell."""
    observations: Rows = [
        {
            "Id": i,
            "Measure": "T001036",
            "ValueAttribute": "None" if i % 5 else "Confidential",
            "Value": float(i) if i % 5 else None,
            "StringValue": None,
            "WijkenEnBuurten": f"BU9001{i:04d}",
        }
        for i in range(cells)
    ]
    return {
        "Dimensions": EntitySet.of([{"Identifier": "WijkenEnBuurten", "Kind": "GeoDetail"}]),
        "MeasureCodes": EntitySet.of([{"Identifier": "T001036", "Title": "Aantal inwoners"}]),
        "MeasureGroups": EntitySet.of([{"Id": "M000352", "Title": "Bevolking"}]),
        "WijkenEnBuurtenCodes": EntitySet.of(
            [{"Identifier": f"BU9001{i:04d}", "Title": f"Buurt {i}"} for i in range(cells)]
        ),
        "Observations": EntitySet.of(observations),
    }


def features(number: int, code: str = "wijkcode") -> Features:
    """Squares in a row, each with a code."""
    made = [
        {
            "type": "Feature",
            "id": f"wijken.{i}",
            "properties": {
                code: f"WK9001{i:02d}",
                "naam": f'Wijk "{i}" \\ {{[',
                "jaarcode": 2024 + i // 20,
            },
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[i, 0], [i + 1, 0], [i + 1, 1], [i, 1], [i, 0]]],
            },
        }
        for i in range(number)
    ]
    return Features.of(made, code, "jaarcode")
