"""Voorbeeldland as tests ask after it: by level, vintage, code and table."""

from functools import cache
from typing import Any

from db.core.codes import parse_code
from db.core.figures import Areas, Figures, Floats
from db.core.levels import Level, Terrain
from db.demo.country import DemoCountry, build_country

VINTAGES = (2020, 2021, 2022, 2023, 2024)


@cache
def demo_country() -> DemoCountry:
    """Built once for all tests; nobody may change it."""
    return build_country()


class Book:
    """Voorbeeldland as the tests ask after it."""

    def __init__(self, country: DemoCountry) -> None:
        self.parsed = {dataset.id: parsed for dataset, parsed in country.parsed}

    def areas(self, level: Level, vintage: int) -> Areas:
        drawn = self.parsed[f"voorbeeldland-kaart-{vintage}"].areas
        return next(one for one in drawn if one.level is level)

    def shapes(self, level: Level, vintage: int) -> dict[str, Any]:
        areas = self.areas(level, vintage)
        assert areas.shapes is not None
        return dict(zip(areas.codes, areas.shapes, strict=True))

    def wijk(self, code: str, vintage: int) -> Any:
        return self.shapes(Level.WIJK, vintage)[code]

    def gemeente(self, code: str, vintage: int) -> Any:
        return self.shapes(Level.GEMEENTE, vintage)[code]

    def change(self, code: str, vintage: int) -> int | None:
        areas = self.areas(parse_code(code)[0], vintage)
        assert areas.changes is not None
        return areas.changes[areas.codes.index(code)]

    def name(self, code: str, vintage: int) -> str | None:
        areas = self.areas(parse_code(code)[0], vintage)
        return areas.names[areas.codes.index(code)]

    def terrain(self, code: str, vintage: int) -> Terrain | None:
        areas = self.areas(parse_code(code)[0], vintage)
        return areas.terrains[areas.codes.index(code)]

    def table(self, subject: str, vintage: int) -> Figures:
        return self.parsed[f"voorbeeldland-{subject}-{vintage}"].figures[0]

    def column(self, slug: str, vintage: int) -> tuple[Floats, Any]:
        figures = self.table("kerncijfers", vintage)
        position = [column.key for column in figures.columns].index(slug)
        return figures.values[:, position], figures.reasons[:, position]

    def by_code(self, slug: str, vintage: int) -> dict[str, float]:
        codes = self.table("kerncijfers", vintage).codes
        return dict(zip(codes, self.column(slug, vintage)[0].tolist(), strict=True))

    def tables(self) -> list[Figures]:
        return [figures for parsed in self.parsed.values() for figures in parsed.figures]
