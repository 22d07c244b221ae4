"""Voorbeeldland published three times, each time with other figures, names and facts."""

from collections.abc import Sequence
from dataclasses import replace

import asyncpg
import numpy as np

from db.core.catalogue import Catalogue
from db.core.figures import Parsed
from db.demo.country import Entry, build_country
from db.ingest.run import Country, run
from db.ingest.tasks import parsed_task
from db.reference.indicators import load_indicators
from db.repository.facts import bodies
from service.loading import _by_slug, _digest, now
from tests.quiet import Quiet

MOST = 3


async def publish(connection: asyncpg.Connection, number: int, *only: str) -> None:
    """The publication of this number, from 2 on; the ones before it must be there.

    `only` are the datasets that are revised; without, those of the newest boundaries.
    """
    made, indicators = build_country(), load_indicators()
    programmes = tuple(
        replace(each, name=f"{each.name} ({number})") for each in made.reference.programmes
    )
    areas = tuple(
        replace(each, name=f"{each.name} {number}") for each in made.reference.focus_areas
    )
    renamed = tuple(replace(each, name_nl=f"{each.name_nl} ({number})") for each in indicators)
    reference = replace(made.reference, programmes=programmes, focus_areas=areas)
    tasks = [
        parsed_task(dataset, parsed, _digest(parsed), indicators, now)
        for dataset, parsed in _revised(made.parsed, number, only)
    ]
    country = Country(bodies(reference, renamed), Catalogue(_by_slug(indicators)), fictional=True)
    done = await run(connection, tasks, country, clock=now, reporter=Quiet())
    assert done.publication == number


def _revised(entries: Sequence[Entry], number: int, only: Sequence[str]) -> list[Entry]:
    """The tables of the newest boundaries, with other values and other names of areas."""
    newest = max(dataset.vintage for dataset, _ in entries)
    return [
        (dataset, _other(parsed, number))
        for dataset, parsed in entries
        if (dataset.id in only if only else dataset.vintage == newest)
    ]


def _other(parsed: Parsed, number: int) -> Parsed:
    figures = [replace(each, values=_moved(each.values, number)) for each in parsed.figures]
    areas = [
        replace(each, names=[f"{name} {number}" if name else name for name in each.names])
        for each in parsed.areas
    ]
    return replace(parsed, figures=figures, areas=areas)


def _moved(values: np.ndarray, number: int) -> np.ndarray:
    """Whole numbers stay whole, and everything that can be lower is."""
    return np.where(values >= 10, values - number, values)
