"""How much of a problem lies on each area of a group, and what a measure of it rests on.

A problem is a count (people on benefits) or a share; the population is whom it could befall
(inhabitants, households, dwellings). Unknown figures are NaN and nothing is filled in for them.
Several years are told at once by a label for each group and year.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Bytes, Floats

Places = NDArray[np.intp]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

COVERAGE = 0.8
"""Part of the population whose problem must be known, unless the caller says otherwise."""
FEW = 10
"""Below this many areas a measure is called noisy; a choice, not a test."""


class Verdict(IntEnum):
    """Whether a measure can be told of a group, and if not, the first reason why."""

    TOLD = 0
    NEGATIVE = 1
    NO_POPULATION = 2
    LOW_COVERAGE = 3
    FEW_AREAS = 4
    NO_PROBLEM = 5
    NOT_A_PART = 6
    NO_REST = 7

    def text(self, language: str) -> str:
        """The explanation for people, in `nl` or `en`."""
        dutch, english = _TEXTS[self]
        return dutch if language == "nl" else english


_TEXTS: dict[Verdict, tuple[str, str]] = {
    Verdict.TOLD: ("Berekend.", "Computed."),
    Verdict.NEGATIVE: (
        "Een waarde of gewicht is lager dan nul; daarvan bestaat geen verdeling.",
        "A value or weight is below zero; such values have no distribution.",
    ),
    Verdict.NO_POPULATION: ("Er is geen bevolking.", "There is no population."),
    Verdict.LOW_COVERAGE: (
        "Van een te klein deel van de bevolking is de waarde bekend.",
        "The value is known for too small a part of the population.",
    ),
    Verdict.FEW_AREAS: (
        "Er zijn minder dan twee gebieden met een waarde.",
        "Fewer than two areas have a value.",
    ),
    Verdict.NO_PROBLEM: (
        "Het komt in geen van de gebieden voor, dus er is niets te verdelen.",
        "It occurs in none of the areas, so there is nothing to distribute.",
    ),
    Verdict.NOT_A_PART: (
        "In een gebied is het aantal groter dan de bevolking, dus is er geen rest.",
        "In an area the number exceeds the population, so there is no rest.",
    ),
    Verdict.NO_REST: (
        "Het geldt voor de hele bevolking, dus er is geen rest.",
        "It holds for the whole population, so there is no rest.",
    ),
}


@dataclass(frozen=True, slots=True)
class Groups:
    """Areas sorted into groups, made once and used for every indicator."""

    labels: Counts
    """One a group, ascending."""
    member: Places
    """One an area: the place of its group in `labels`, -1 for none."""

    def count(self, areas: Mask) -> Counts:
        """How many of these areas each group has."""
        return np.bincount(self.member[areas], minlength=len(self.labels)).astype(np.int64)

    def total(self, values: Floats, areas: Mask) -> Floats:
        """The sum over these areas in each group; 0 where a group has none of them."""
        return totals(values[areas], self.member[areas], len(self.labels))


def grouped(labels: NDArray[np.integer]) -> Groups:
    """Groups of equal labels; an area with a negative label takes part in nothing."""
    named = labels >= 0
    found, places = np.unique(labels[named], return_inverse=True)
    member = np.full(len(labels), -1, np.intp)
    member[named] = places
    return Groups(found.astype(np.int64), member)


def together(areas: int) -> Groups:
    """All areas in one group with label 0."""
    return Groups(np.zeros(1, np.int64), np.zeros(areas, np.intp))


@dataclass(frozen=True, slots=True)
class Basis:
    """What a measure rests on and whether it can be told; arrays with one entry a group."""

    labels: Counts
    verdicts: Bytes
    areas: Counts
    """Areas that take part: a known problem and a population above zero."""
    unknown: Counts
    """Areas with a population that lack another figure; left out."""
    unweighted: Counts
    """Areas whose population is unknown; left out, and invisible in `coverage`."""
    empty: Counts
    """Areas without population; left out."""
    population: Floats
    """Of the areas that take part."""
    population_unknown: Floats
    """Of the areas that lack another figure."""
    problem: Floats
    """Sum over the areas that take part."""
    problem_left_out: Floats
    """Known in areas that do not take part, such as offences where nobody lives."""
    effective_areas: Floats
    """How many equally large areas differ in size as these do: inverse of Simpson (1949)."""
    part: Mask
    """Whether the problem nowhere exceeds the population, as a part of it cannot."""

    @property
    def told(self) -> Mask:
        told: Mask = self.verdicts == Verdict.TOLD
        return told

    @property
    def coverage(self) -> Floats:
        """Part of the known population that takes part, 0 to 1; NaN without any."""
        return ratio(self.population, self.population + self.population_unknown)

    def few(self, below: int = FEW) -> Mask:
        """Groups whose measures are noisy for the small number of areas."""
        small: Mask = self.areas < below
        return small


@dataclass(frozen=True, slots=True)
class Burden:
    """A problem and a population, one entry an area, in groups."""

    problem: Floats
    population: Floats
    groups: Groups
    peopled: Mask
    """In a group, with a known population other than zero."""
    known: Mask
    """Those of them that take part."""
    needed: float
    """Coverage below which nothing is told."""
    slack: float
    """By how much the problem may exceed the population because counts are rounded."""
    basis: Basis

    def among(self, known: Mask) -> "Burden":
        """The burden of the areas that are known in another respect too; the others are unknown."""
        return _burden(
            self.problem, self.population, self.groups, self.known & known, self.needed, self.slack
        )


def burden_of_counts(
    problem: Floats,
    population: Floats,
    groups: Groups | None = None,
    *,
    needed: float = COVERAGE,
    slack: float = 0.0,
) -> Burden:
    """The burden of counted people or households; without groups all areas are one.

    An infinite figure is unknown. `slack` is the multiple to which small-area counts
    are rounded (5 at CBS), so that a rounded part may exceed a rounded whole.
    """
    groups = together(len(problem)) if groups is None else groups
    problem = np.where(np.isfinite(problem), problem, np.nan)
    population = np.where(np.isfinite(population), population, np.nan)
    return _burden(problem, population, groups, ~np.isnan(problem), needed, slack)


def burden_of_shares(
    shares: Floats,
    weights: Floats,
    groups: Groups | None = None,
    *,
    whole: float = 1.0,
    needed: float = COVERAGE,
) -> Burden:
    """The burden of published shares, weighted by inhabitants; `whole` is 100 for percentages."""
    with np.errstate(invalid="ignore", over="ignore"):
        problem = shares / whole * weights
    return burden_of_counts(problem, weights, groups, needed=needed)


def totals(values: Floats, member: Places, groups: int) -> Floats:
    """Sums by group of values with one entry a row."""
    return np.bincount(member, values, minlength=groups).astype(np.float64)


def ratio(top: Floats, bottom: Floats) -> Floats:
    """Quotients; NaN where the divisor is zero or unknown."""
    quotients = np.full(len(top), np.nan)
    np.divide(top, bottom, out=quotients, where=bottom != 0)
    return quotients


def _burden(
    problem: Floats, population: Floats, groups: Groups, known: Mask, needed: float, slack: float
) -> Burden:
    inside = groups.member >= 0
    weighted = inside & ~np.isnan(population)
    peopled = weighted & (population != 0)
    known = peopled & known
    size = groups.total(population, known)
    basis = Basis(
        labels=groups.labels,
        verdicts=np.zeros(len(groups.labels), np.uint8),
        areas=groups.count(known),
        unknown=groups.count(peopled & ~known),
        unweighted=groups.count(inside & ~weighted),
        empty=groups.count(weighted & ~peopled),
        population=size,
        population_unknown=groups.total(population, peopled & ~known),
        problem=groups.total(problem, known),
        problem_left_out=groups.total(problem, inside & ~known & ~np.isnan(problem)),
        effective_areas=ratio(size**2, groups.total(population**2, known)),
        part=groups.count(inside & (problem > population + slack)) == 0,
    )
    negative = groups.count(inside & ((problem < 0) | (population < 0))) > 0
    basis = replace(basis, verdicts=_verdicts(basis, negative, needed))
    return Burden(problem, population, groups, peopled, known, needed, slack, basis)


def _verdicts(basis: Basis, negative: Mask, needed: float) -> Bytes:
    """Unknown populations hide from coverage, so areas with a known one must reach it too."""
    peopled = basis.areas + basis.unknown
    weighted = peopled >= needed * (peopled + basis.unweighted)
    covered = basis.population >= needed * (basis.population + basis.population_unknown)
    found = {
        Verdict.NEGATIVE: negative,
        Verdict.NO_POPULATION: peopled + basis.unweighted == 0,
        Verdict.LOW_COVERAGE: ~(weighted & covered),
        Verdict.FEW_AREAS: basis.areas < 2,
        Verdict.NO_PROBLEM: basis.problem <= 0,
    }
    choices = [np.uint8(verdict) for verdict in found]
    return np.select(list(found.values()), choices, np.uint8(Verdict.TOLD))
