"""How evenly a problem lies over areas, without putting them in order.

Every result says what it rests on (db.core.burden) and is NaN exactly where its verdict is not
TOLD. All groups are told at once.
"""

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from db.core.burden import Basis, Burden, Counts, Mask, Places, Verdict, ratio, totals
from db.core.figures import Floats


@dataclass(frozen=True, slots=True)
class Shares:
    """The areas that measures are made of; the parts of a group add up to 1."""

    rows: Places
    """Their places among the areas given, ascending."""
    member: Places
    """Their groups, as places in the labels."""
    population: Floats
    """Part of the population of its group (p)."""
    problem: Floats
    """Part of the problem of its group (q)."""


class Against(Enum):
    """What the problem is compared with."""

    REST = "rest"
    """The population without the problem, as in Duncan and Duncan (1955)."""
    ALL = "all"
    """The whole population: the index of Hoover (1936)."""


@dataclass(frozen=True, slots=True)
class Quotients:
    """Location quotients: 1 is the share of the whole group, 2 is twice that."""

    values: Floats
    """One an area, as given; NaN for areas that do not take part."""
    basis: Basis


@dataclass(frozen=True, slots=True)
class Dissimilarity:
    """Part of the people with the problem who would have to move for an even spread, 0 to 1."""

    values: Floats
    against: Against
    basis: Basis


@dataclass(frozen=True, slots=True)
class SetShare:
    """What a set of areas (focus areas) bears, one entry a group.

    Both parts are taken over the same areas: those whose problem and membership are known.
    """

    problem: Floats
    """Part of the problem that lies in the set, 0 to 1."""
    population: Floats
    """Part of the population that lives in the set, 0 to 1."""
    lower: Floats
    upper: Floats
    """Between these the part of the problem lies, whatever the unknown figures are. They need no
    coverage, but a problem that is a part of the population, that is known somewhere, and areas
    whose population is known; else NaN. Exact for areas wholly in or out, wider than need be for
    areas partly in."""
    areas: Counts
    """Areas that take part and lie in the set, wholly or partly."""
    unknown: Counts
    """Areas in the set, or perhaps in it, that do not take part."""
    basis: Basis

    @property
    def quotients(self) -> Floats:
        """Location quotient of the set; NaN where it has no population that takes part."""
        return ratio(self.problem, self.population)


def shares_of(burden: Burden) -> Shares:
    """The parts that areas have in the groups that can be told."""
    basis, rows = burden.basis, np.flatnonzero(burden.known)
    rows = rows[basis.told[burden.groups.member[rows]]]
    member = burden.groups.member[rows]
    return Shares(
        rows=rows,
        member=member,
        population=burden.population[rows] / basis.population[member],
        problem=burden.problem[rows] / basis.problem[member],
    )


def location_quotients(burden: Burden) -> Quotients:
    """LQ = q / p: the share in an area over the share in its group, both from what is known."""
    shares = shares_of(burden)
    values = np.full(len(burden.problem), np.nan)
    values[shares.rows] = shares.problem / shares.population
    return Quotients(values, burden.basis)


def dissimilarity(burden: Burden, against: Against = Against.REST) -> Dissimilarity:
    """D = sum |a/A - b/B| / 2 (Duncan and Duncan 1955), b the rest or the whole population.

    Against the rest it is 1 where nobody with the problem shares an area with somebody without.
    It cannot be told where the problem exceeds the population by more than the burden's slack;
    an excess within the slack counts as no rest. Chance alone makes D larger than zero where
    numbers are small.
    """
    shares = shares_of(burden)
    groups = len(burden.basis.labels)
    if against is Against.ALL:
        apart = np.abs(shares.problem - shares.population)
        basis = burden.basis
    else:
        rest = np.maximum((burden.population - burden.problem)[shares.rows], 0.0)
        total = totals(rest, shares.member, groups)
        basis = _with_rest(burden.basis, total)
        apart = np.abs(shares.problem - ratio(rest, total[shares.member]))
    values = np.where(basis.told, totals(apart, shares.member, groups) / 2, np.nan)
    return Dissimilarity(values, against, basis)


def _with_rest(basis: Basis, rest: Floats) -> Basis:
    """The basis, with a reason where there is no rest to compare with."""
    reasons = np.where(basis.part, np.uint8(Verdict.NO_REST), np.uint8(Verdict.NOT_A_PART))
    without = basis.told & (~basis.part | (rest <= 0))
    return replace(basis, verdicts=np.where(without, reasons, basis.verdicts))


def share_within(burden: Burden, inside: Floats | Mask) -> SetShare:
    """What the areas of a set bear, against their part of the population.

    `inside` has for each area the part of its inhabitants in the set, 0 to 1 (or whether it is in
    it); NaN where that is unknown: such areas are left out and widen the bounds. Within an area
    the problem is taken to be evenly spread.
    """
    inside = inside.astype(np.float64)
    taken = burden.among(~np.isnan(inside))
    shares, basis, groups = shares_of(taken), taken.basis, burden.groups
    lower, upper = _bounds(taken, inside)
    return SetShare(
        problem=_part(shares, shares.problem, inside, basis),
        population=_part(shares, shares.population, inside, basis),
        lower=lower,
        upper=upper,
        areas=groups.count(taken.known & (inside > 0)),
        unknown=groups.count(taken.peopled & ~taken.known & (inside != 0)),
        basis=basis,
    )


def _part(shares: Shares, parts: Floats, inside: Floats, basis: Basis) -> Floats:
    within = totals(parts * inside[shares.rows], shares.member, len(basis.labels))
    return np.where(basis.told, np.clip(within, 0.0, 1.0), np.nan)


def _bounds(taken: Burden, inside: Floats) -> tuple[Floats, Floats]:
    """The set's part if all that is unknown lies outside it, and if all of it lies within."""
    groups, known, unsure = taken.groups, taken.known, taken.peopled & ~taken.known
    most = np.where(~np.isnan(taken.problem), taken.problem, taken.population + taken.slack)
    placed = ~np.isnan(inside)
    within = groups.total(taken.problem * inside, known)
    beyond = groups.total(taken.problem * (1 - inside), known)
    more_within = groups.total(most * np.where(placed, inside, 1.0), unsure)
    more_beyond = groups.total(most * np.where(placed, 1 - inside, 1.0), unsure)
    lower = ratio(within, within + beyond + more_beyond)
    upper = ratio(within + more_within, within + more_within + beyond)
    holds = _may_be_bounded(taken.basis)
    return np.where(holds, lower, np.nan), np.where(holds, upper, np.nan)


def _may_be_bounded(basis: Basis) -> Mask:
    figures = basis.told | ((basis.verdicts == Verdict.LOW_COVERAGE) & (basis.problem > 0))
    may: Mask = figures & basis.part & (basis.unweighted == 0)
    return may
