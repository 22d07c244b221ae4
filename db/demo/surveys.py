"""Health, registered crime and liveability scores: tables with their own years and boundaries."""

from collections.abc import Callable, Sequence

import numpy as np

from db.core.absence import Reason
from db.core.figures import Bytes, Column, Figures, Floats
from db.demo.addition import Rows
from db.demo.keyfigures import PROVISIONAL
from db.demo.noise import swing
from db.demo.people import People

Scores = Callable[[Floats, Floats], Floats]

HEALTH: dict[str, Scores] = {
    "health_good": lambda hardship, urban: 77 - 7 * hardship - urban,
    "smoker": lambda hardship, urban: 15 + 4 * hardship + 2 * urban,
    "severe_loneliness": lambda hardship, urban: 10 + 3 * hardship + 2 * urban,
    "psychological_complaints": lambda hardship, urban: 17 + 3 * hardship + 3 * urban,
    "difficulty_making_ends_meet": lambda hardship, urban: 12 + 7 * hardship + urban,
}
_NOT_ASKED = {(2016, "psychological_complaints")}

LIVEABILITY: dict[str, Scores] = {
    "lbm_housing": lambda hardship, urban: -0.03 * hardship - 0.02 * urban,
    "lbm_physical": lambda hardship, urban: -0.02 * hardship - 0.03 * urban,
    "lbm_amenities": lambda hardship, urban: 0.12 * urban - 0.01 * hardship,
    "lbm_social_cohesion": lambda hardship, urban: -0.03 * hardship - 0.03 * urban,
    "lbm_nuisance_safety": lambda hardship, urban: -0.06 * hardship - 0.04 * urban,
}
_MEAN_SCORE = 4.1


def health(rows: Rows, editions: Sequence[People]) -> Figures:
    """Modelled shares with margins. As in life, the model speaks of a port without inhabitants."""
    blocks = [_health_in(rows, people) for people in editions]
    values = np.vstack([values for values, _, _ in blocks])
    margins = np.vstack([margins for _, margins, _ in blocks])
    reasons = np.vstack([reasons for _, _, reasons in blocks])
    values[reasons >= Reason.CONFIDENTIAL] = np.nan
    return Figures(
        codes=rows.codes * len(editions),
        periods=np.repeat([people.year for people in editions], len(rows.codes)).astype(np.int32),
        columns=[Column(key=slug) for slug in HEALTH],
        values=values,
        reasons=reasons,
        lower=np.round(np.clip(values - margins, 0.0, 100.0), 1).astype(np.float64),
        upper=np.round(np.clip(values + margins, 0.0, 100.0), 1).astype(np.float64),
    )


def _health_in(rows: Rows, people: People) -> tuple[Floats, Floats, Bytes]:
    persons = rows.add(people.totals["persons"])
    scores = [_scored(slug, one, rows=rows, people=people) for slug, one in HEALTH.items()]
    values = np.clip(np.column_stack(scores), 0.5, 99.0)
    spread = 1 + 90 / np.sqrt(persons + 150)
    margins = np.repeat(spread[:, None], values.shape[1], axis=1)
    reasons = np.full(values.shape, Reason.MODELLED, np.uint8)
    few = rows.small & (persons < 60) & [code.startswith("BU") for code in rows.codes]
    reasons[few] = Reason.DOT
    for column, slug in enumerate(HEALTH):
        if (people.year, slug) in _NOT_ASKED:
            reasons[:, column] = Reason.NOT_MEASURED
    return np.round(values, 1), margins, reasons


def _scored(slug: str, score: Scores, *, rows: Rows, people: People, spread: float = 1.5) -> Floats:
    """A score by area, from the hardship and urbanity of its people (or of its ground)."""
    weight = people.totals["persons"] + 1e-3
    living = np.maximum(people.totals["persons"], 1e-9)
    hardship = people.totals["hardship"] / living
    urban = people.totals["urban"] / living
    mean = rows.add(weight * score(hardship, urban)) / rows.add(weight)
    chance = [swing(slug, code, people.year) for code in rows.codes]
    return mean + spread * np.array(chance)


def crime(rows: Rows, editions: Sequence[People]) -> Figures:
    """Offences where they happen. An area without any has no row, as in the register of police."""
    counts = [np.round(rows.add(people.totals["offences"])) for people in editions]
    kept = [np.flatnonzero(count) for count in counts]
    years = [np.full(len(at), people.year) for at, people in zip(kept, editions, strict=True)]
    values = np.concatenate([count[at] for count, at in zip(counts, kept, strict=True)])
    periods = np.concatenate(years).astype(np.int32)
    return Figures(
        codes=[rows.codes[row] for at in kept for row in at],
        periods=periods,
        columns=[Column(key="crime_total")],
        values=values[:, None],
        reasons=np.full((len(values), 1), Reason.OBSERVED, np.uint8),
        provisional=(periods == PROVISIONAL)[:, None],
    )


def liveability(rows: Rows, editions: Sequence[People]) -> Figures:
    """Scores that add up to the deviation from the country; only where enough dwellings stand."""
    dwellings = rows.add(editions[-1].totals["dwellings"])
    kept = np.flatnonzero(dwellings >= 100)
    values = np.vstack([_liveability_in(rows, people)[kept] for people in editions])
    return Figures(
        codes=[rows.codes[row] for row in kept] * len(editions),
        periods=np.repeat([people.year for people in editions], len(kept)).astype(np.int32),
        columns=[Column(key=slug) for slug in (*LIVEABILITY, "lbm_deviation", "lbm_total")],
        values=values,
        reasons=np.full(values.shape, Reason.MODELLED, np.uint8),
    )


def _liveability_in(rows: Rows, people: People) -> Floats:
    scores = [
        _scored(slug, one, rows=rows, people=people, spread=0.01)
        for slug, one in LIVEABILITY.items()
    ]
    table = np.column_stack(scores)
    parts = np.round(table - table[0], 3)
    deviation = np.round(parts.sum(axis=1), 3)
    # Adding 0 makes the -0.0 of rounding a plain 0.
    return np.column_stack([parts, deviation, np.round(deviation + _MEAN_SCORE, 3)]) + 0.0
