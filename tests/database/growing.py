"""A country in which everything that has a list grows and is renamed with every publication."""

from dataclasses import replace
from datetime import date

import asyncpg

from db.core.figures import Areas
from db.core.levels import Level, Terrain
from db.core.programme import (
    Certainty,
    Extent,
    FocusArea,
    Membership,
    MunicipalityGroup,
    Precision,
    Programme,
    Reference,
    Source,
)
from tests.database.country import SOURCE, dataset, indicator, parsed, publish


async def publish_turn(connection: asyncpg.Connection, turn: int) -> None:
    """The publication of this turn: more of everything than in the last, under other names."""
    count = 6 + turn
    wijken = [f"WK9001{n:02d}" for n in range(count)]
    cells = {"population": {code: float(100 + turn) for code in wijken}}
    made = parsed(cells, names={code: f"Wijk {code} in {turn}" for code in wijken}, shapes=True)
    gemeenten = [f"GM90{n:02d}" for n in range(count)]
    buurten = [f"BU900100{n:02d}" for n in range(count)]
    areas = [
        *made.areas,
        _areas(Level.GEMEENTE, gemeenten, turn),
        _areas(Level.BUURT, buurten, turn),
    ]
    indicators = [indicator("population"), *(indicator(f"thing-{n:02d}") for n in range(count))]
    named = tuple(replace(each, name_nl=f"{each.slug} in {turn}") for each in indicators)
    await publish(
        connection,
        (dataset(), replace(made, areas=areas)),
        indicators=named,
        reference=_reference(count, turn),
    )


def _areas(level: Level, codes: list[str], turn: int) -> Areas:
    terrains: list[Terrain | None] = [None] * len(codes)
    names: list[str | None] = [f"{code} in {turn}" for code in codes]
    return Areas(level, codes, names, terrains, [None] * len(codes))


def _reference(count: int, turn: int) -> Reference:
    numbers = range(count)
    return Reference(
        sources=(SOURCE, *(_source(n, turn) for n in numbers)),
        programmes=tuple(_programme(n, turn) for n in numbers),
        focus_areas=tuple(
            FocusArea(f"focus-{n:02d}", "programme-00", f"Focus {n} in {turn}", "GM9001", 2024)
            for n in numbers
        ),
        memberships=tuple(_membership(n) for n in range(6)),
        groups=tuple(
            MunicipalityGroup(
                f"group-{n:02d}", f"Groep in {turn}", "Group", "Wat", "What", "Bron", "Source"
            )
            for n in numbers
        ),
        group_lists=(),
    )


def _source(n: int, turn: int) -> Source:
    name = f"Bron {n} in {turn}"
    return Source(f"source-{n:02d}", "X", name, name, "https://x.nl", "CC0-1.0", None, "", "")


def _programme(n: int, turn: int) -> Programme:
    return Programme(
        f"programme-{n:02d}", f"Programma {n} in {turn}", "Wat", "What", date(2022, 1, 1),
        Precision.DAY, None, None, "Bron", "Source",
    )  # fmt: skip


def _membership(n: int) -> Membership:
    return Membership(
        f"focus-{n:02d}", Level.WIJK, f"WK9001{n:02d}", 2024, "Wijk", Extent.WHOLE, 1.0,
        date(2022, 1, 1), Precision.DAY, None, Certainty.OFFICIAL, None, "Bron", "Source",
    )  # fmt: skip
