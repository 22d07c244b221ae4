"""What somebody's own indicators and figures are held against: the catalogue and the areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.core.errors import InvalidReference, UnknownPublication
from db.core.indicator import Indicator, Kind
from db.core.levels import Terrain
from db.core.own import OwnCell, OwnData, OwnTable, Problems, wrong_value
from db.ingest.publishing import Publishing
from db.reference.entries import Entry
from db.reference.indicators import check_parts
from db.repository.facts import own_indicators, read_open
from db.repository.publications import newest
from db.sql import queries

_OWN = queries("own")


@dataclass(frozen=True, slots=True)
class Series:
    """A series that stands, with the years of its block."""

    id: int
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store and the release have already."""

    catalogue: Mapping[str, Indicator]
    own: Mapping[str, Indicator]
    series: Mapping[tuple[str, str, int], Series]
    """Of the indicators that are given now, by slug, level and vintage."""
    files: Mapping[str, str]
    """The metadata file of each indicator that is given now."""


async def read_standing(
    publishing: Publishing, given: Sequence[OwnData], catalogue: Sequence[Indicator]
) -> Standing:
    if await newest(publishing.connection) is None:
        raise UnknownPublication(None)
    files = {each.slug: data.file for data in given for each in data.indicators}
    return Standing(
        {each.slug: each for each in catalogue},
        own_indicators(await read_open(publishing.connection)),
        await read_series(publishing, list(files)),
        files,
    )


async def read_series(
    publishing: Publishing, slugs: Sequence[str]
) -> dict[tuple[str, str, int], Series]:
    """The open series of indicators, by slug, level and vintage."""
    rows = await publishing.connection.fetch(_OWN["series"], list(slugs))
    return {
        (row["indicator"], row["level"], row["vintage"]): Series(row["id"], tuple(row["periods"]))
        for row in rows
    }


def check_indicators(given: Sequence[OwnData], standing: Standing, problems: Problems) -> None:
    """A slug means one thing, and what it is divided by is there and is a count."""
    owners = {slug: each.source for slug, each in standing.own.items()}
    seen: dict[str, str] = {}
    for data in given:
        if seen.setdefault(data.id, data.file) != data.file:
            problems.add(data.file, None, f"id {data.id} is the id of {seen[data.id]} too")
        for slug, owner in standing.own.items():
            if owner.source == data.source.slug and slug not in {i.slug for i in data.indicators}:
                problems.add(
                    data.file, None,
                    f"indicators.{slug} was here before; to take it away, use --withdraw {slug}",
                )  # fmt: skip
        known = {**standing.catalogue, **standing.own, **{i.slug: i for i in data.indicators}}
        for indicator in data.indicators:
            for problem in _collisions(indicator, owners, standing.catalogue):
                problems.add(data.file, None, f"indicators.{indicator.slug}: {problem}")
            try:
                check_parts(Entry(data.file, indicator.slug, {}), indicator, known)
            except InvalidReference as error:
                problems.add(data.file, None, f"indicators.{indicator.slug}: {error.problem}")
            owners.setdefault(indicator.slug, data.source.slug)


def _collisions(
    indicator: Indicator, owners: Mapping[str, str], catalogue: Mapping[str, Indicator]
) -> list[str]:
    owner = owners.get(indicator.slug, indicator.source)
    if owner != indicator.source:
        return [f"is given by {owner} already; withdraw that, or take another slug"]
    shipped = catalogue.get(indicator.slug)
    if shipped is None:
        return []
    if not shipped.gap:
        gaps = ", ".join(sorted(each.slug for each in catalogue.values() if each.gap))
        return [f"is an indicator of {shipped.source}; of the catalogue you may give only: {gaps}"]
    return [
        f"{what} is {getattr(indicator, what).value}; the catalogue says {stated.value}"
        for what in ("domain", "direction", "kind", "measures")
        if (stated := getattr(shipped, what)) is not None and getattr(indicator, what) != stated
    ]


async def check_cells(
    publishing: Publishing,
    table: OwnTable,
    read: Mapping[str, Sequence[OwnCell]],
    indicators: Mapping[str, Indicator],
    problems: Problems,
) -> None:
    """Every code is an area of the table's level and vintage, and every value can be."""
    roster = await publishing.roster(table.level, table.vintage)
    terrains = {
        code: entry.terrain for code, entry in roster.entries.items() if entry.since is not None
    }
    if not terrains:
        rows = await publishing.connection.fetch(_OWN["vintages"], table.level.value)
        loaded = ", ".join(str(row["vintage"]) for row in rows) or "none"
        problems.add(
            table.file, None,
            f"this store has no {table.level.value} of vintage {table.vintage}; loaded: {loaded}",
        )  # fmt: skip
        return
    lines: dict[str, int] = {}
    for slug, cells in read.items():
        for cell in cells:
            lines.setdefault(cell.code, cell.line)
            if problem := wrong_value(indicators[slug], cell):
                problems.add(table.file, cell.line, problem)
            elif cell.value and terrains.get(cell.code, Terrain.LAND) is not Terrain.LAND:
                _no_land(table, indicators[slug], cell, problems)
    unknown = [code for code in lines if code not in terrains]
    await _check_codes(publishing, table, unknown, lines, problems)


def _no_land(table: OwnTable, indicator: Indicator, cell: OwnCell, problems: Problems) -> None:
    if cell.value == cell.value and not (indicator.kind is Kind.COUNT and cell.value == 0):
        problems.add(
            table.file, cell.line, f"{cell.code} is water or abroad, and has no {indicator.slug}"
        )


async def _check_codes(
    publishing: Publishing,
    table: OwnTable,
    unknown: Sequence[str],
    lines: Mapping[str, int],
    problems: Problems,
) -> None:
    if not unknown:
        return
    rows = await publishing.connection.fetch(
        _OWN["vintages_of_codes"], list(unknown), table.level.value
    )
    elsewhere = {row["code"]: ", ".join(map(str, row["vintages"])) for row in rows}
    for code in unknown:
        told = f"; it is one of {elsewhere[code]}" if code in elsewhere else ""
        problems.add(
            table.file, lines[code],
            f"{code} is no {table.level.value} of vintage {table.vintage} here{told}",
        )  # fmt: skip
