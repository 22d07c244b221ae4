"""What an aggregate may do with a value or with its absence: one table, which the code reads too.

A row is a reason, a column a use. Which uses a sort of number has at all is a table of its own.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.figures import Bytes
from db.core.indicator import Kind

Mask = NDArray[np.bool_]


class Use(Enum):
    """What is made of the values of several areas, or of several years of one."""

    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"
    """How many areas meet a condition."""
    RANK = "rank"
    """Ranks, percentiles and comparisons of areas with each other."""
    TREND = "trend"


class Effect(IntEnum):
    """What becomes of a value or absence in a use."""

    TAKES_PART = 0
    LEFT_OUT = 1
    """As if it were not there, because there is nothing to count."""
    NOT_USED = 2
    """Passed over and counted: the others are told without it."""
    UNDECIDED = 3
    """Neither in nor out: counted apart, so that the result has a least and a most."""
    BLOCKS = 4
    """The whole is absent and says which part made it so."""
    NOT_ALLOWED = 5
    """The use has no meaning for numbers of this sort."""

    def text(self, language: str) -> str:
        """What it means, for people, in `nl` or `en`."""
        dutch, english = _TEXTS[self]
        return dutch if language == "nl" else english


_TEXTS = {
    Effect.TAKES_PART: ("De waarde doet mee.", "The value takes part."),
    Effect.LEFT_OUT: (
        "Weggelaten alsof het er niet is: hier valt niets te tellen.",
        "Left out as if it were not there: there is nothing to count here.",
    ),
    Effect.NOT_USED: (
        "Overgeslagen en geteld; het overige wordt zonder deze waarde verteld.",
        "Passed over and counted; the rest is told without this value.",
    ),
    Effect.UNDECIDED: (
        "Niet erin en niet eruit: apart geteld, zodat de uitkomst een minimum en maximum heeft.",
        "Neither in nor out: counted apart, so that the result has a least and a most.",
    ),
    Effect.BLOCKS: (
        "Het geheel ontbreekt, en noemt het deel dat ontbreekt.",
        "The whole is absent, and names the part that is absent.",
    ),
    Effect.NOT_ALLOWED: (
        "Met getallen van deze soort kan dit niet.",
        "This cannot be done with numbers of this sort.",
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of a cell with a reason, by use."""

    reason: Reason
    sum: Effect
    mean: Effect
    count: Effect
    rank: Effect
    trend: Effect

    def effect(self, use: Use) -> Effect:
        found: Effect = getattr(self, use.value)
        return found


_IN, _OUT, _PASSED = Effect.TAKES_PART, Effect.LEFT_OUT, Effect.NOT_USED
_OPEN, _STOP = Effect.UNDECIDED, Effect.BLOCKS


def _rule(reason: Reason) -> Rule:
    if reason is Reason.ESTIMATED:
        # A trend of estimates would be one of the weights that they were made with.
        return Rule(reason, _IN, _IN, _IN, _IN, _PASSED)
    if reason.status.has_value:
        return Rule(reason, _IN, _IN, _IN, _IN, _IN)
    if reason is Reason.WATER_OR_ABROAD:
        return Rule(reason, _OUT, _OUT, _OUT, _OUT, _OUT)
    return Rule(reason, _STOP, _STOP, _OPEN, _PASSED, _PASSED)


RULES: dict[Reason, Rule] = {reason: _rule(reason) for reason in Reason}

NOT_ALLOWED: dict[Kind, frozenset[Use]] = {
    Kind.COUNT: frozenset({Use.MEAN}),
    Kind.SHARE: frozenset({Use.SUM}),
    Kind.RATE: frozenset({Use.SUM}),
    Kind.MEAN: frozenset({Use.SUM}),
    Kind.MEDIAN: frozenset({Use.SUM, Use.MEAN}),
    Kind.INDEX: frozenset({Use.SUM, Use.MEAN}),
    Kind.CLASS: frozenset({Use.SUM, Use.MEAN}),
}
"""A share is recomputed (MEAN) and never added up; a count is added up and never averaged."""


def allows(kind: Kind, use: Use) -> bool:
    """Whether a use has a meaning for numbers of a sort."""
    return use not in NOT_ALLOWED[kind]


def rules_for(kind: Kind) -> list[Rule]:
    """The table for one sort of number, in the order of the reasons."""
    refused = {use.value: Effect.NOT_ALLOWED for use in NOT_ALLOWED[kind]}
    return [
        Rule(
            rule.reason,
            **{use.value: refused.get(use.value, rule.effect(use)) for use in Use},
        )
        for rule in RULES.values()
    ]


def _mask(use: Use, effect: Effect) -> Mask:
    mask = np.zeros(256, np.bool_)
    for reason, rule in RULES.items():
        mask[reason] = rule.effect(use) is effect
    return mask


_BLOCKING = {use: _mask(use, Effect.BLOCKS) for use in Use}
_LEFT_OUT = {use: _mask(use, Effect.LEFT_OUT) for use in Use}


def blocking(reasons: Bytes, use: Use) -> Mask:
    """Which cells make the whole absent, by their reasons."""
    found: Mask = _BLOCKING[use][reasons]
    return found


def left_out(reasons: Bytes, use: Use) -> Mask:
    """Which cells are passed by because there is nothing to count, by their reasons."""
    found: Mask = _LEFT_OUT[use][reasons]
    return found
