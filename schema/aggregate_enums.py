"""The enums of areas made of parts, and of the rules for what absence does."""

from enum import Enum

from db.core.absence_rules import Effect
from db.core.aggregate import Method
from schema.enums import described


class NotCounted(Enum):
    """Why something is no unit of an area made of parts."""

    CANDIDATE = "candidate"
    UNIDENTIFIED = "unidentified"
    NOT_LOADED = "not_loaded"
    CONTAINED = "contained"
    OTHER_VINTAGE = "other_vintage"


class CoverageBy(Enum):
    """What coverage is measured in."""

    INHABITANTS = "inhabitants"
    UNITS = "units"


described(
    Effect,
    "What becomes of a value, or of its absence, in what is made of several.",
    name="AbsenceEffect",
    TAKES_PART="The value takes part.",
    LEFT_OUT="As if it were not there: there is nothing to count.",
    NOT_USED="Passed over and counted; the rest is told without it.",
    UNDECIDED="Counted apart, so that the result has a least and a most.",
    BLOCKS="The whole is absent, and names the part that is.",
    NOT_ALLOWED="This cannot be done with numbers of this sort.",
)
described(
    Method,
    "How the value of an area was made of those of its units.",
    name="AggregateMethod",
    NONE="There is no value.",
    ONE_PART="The area is one whole unit: the value that the source gives for that.",
    SUM="The values of the units added up.",
    QUOTIENT="Published numerators added up, over published denominators added up.",
    MEAN="The mean of the units, each by its own denominator in the same year, which makes the "
    "numerator of the whole again.",
    MEAN_BY_STAND_IN="The mean of the units by another number than their denominator in that year "
    "(see `weightsIndicator`): an estimate, that lies among the values of the units.",
)
described(
    NotCounted,
    "Why something that was named is no unit of an area.",
    CANDIDATE="It may belong to it; a candidate does not count.",
    UNIDENTIFIED="A part is known to exist, but not which unit it is.",
    NOT_LOADED="It is not among the areas loaded for this vintage.",
    CONTAINED="It lies in another unit, which counts it already.",
    OTHER_VINTAGE="It is stated for another vintage only; codes are not joined across vintages.",
)
described(
    CoverageBy,
    "What coverage is measured in.",
    INHABITANTS="Inhabitants of the units, in the year of the boundaries or the newest.",
    UNITS="Units, because the inhabitants of some are not known.",
)
