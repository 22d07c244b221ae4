"""Whether a value is worse than what it is compared with by more than chance: yes, no, or unsaid.

A value differs where its own limits do not hold the benchmark, which is taken as exact. Without
limits nothing is said: neither that it is worse nor that it is not.
"""

from dataclasses import dataclass
from enum import Enum

import strawberry

from db.core.indicator import Direction
from db.core.uncertainty import Basis
from schema.context import Context, Info
from schema.enums import described
from schema.fields import field
from schema.figures import Figure
from schema.intervals import Limits, limits_of
from schema.language import LanguageArgument, chosen


class SignificantlyWorse(Enum):
    YES = "yes"
    NO = "no"
    CANNOT_BE_SAID = "cannot_be_said"


class SignificanceGround(Enum):
    WORSE = "worse"
    BETTER = "better"
    WITHIN_LIMITS = "within_limits"
    NO_LIMITS = "no_limits"
    NEUTRAL = "neutral"
    NOT_ALIKE = "not_alike"
    NO_VALUE = "no_value"
    NO_BENCHMARK = "no_benchmark"


described(
    SignificantlyWorse,
    "Whether a value is worse than a benchmark by more than chance.",
    YES="Its limits lie wholly on the worse side.",
    NO="Its limits lie wholly on the better side.",
    CANNOT_BE_SAID="What is known does not decide; never to be read as a no.",
)
described(
    SignificanceGround,
    "What it rests on whether a value is significantly worse.",
    WORSE="All of its limits are on the worse side: YES.",
    BETTER="All of its limits are on the better side: NO.",
    WITHIN_LIMITS="The benchmark lies within its limits: CANNOT_BE_SAID.",
    NO_LIMITS="Nothing, or only how the source rounds, is known of its limits: CANNOT_BE_SAID.",
    NEUTRAL="The indicator is neutral, and has no worse side: CANNOT_BE_SAID.",
    NOT_ALIKE="The benchmark is a sum of areas, and no measure of one: CANNOT_BE_SAID.",
    NO_VALUE="There is no value: CANNOT_BE_SAID.",
    NO_BENCHMARK="There is nothing to compare with: CANNOT_BE_SAID.",
)
_ANSWERS = {
    SignificanceGround.WORSE: SignificantlyWorse.YES,
    SignificanceGround.BETTER: SignificantlyWorse.NO,
}
_TEXTS = {
    SignificanceGround.WORSE: ("Significant slechter.", "Significantly worse."),
    SignificanceGround.BETTER: ("Significant beter.", "Significantly better."),
    SignificanceGround.WITHIN_LIMITS: (
        "Het verschil kan toeval zijn.",
        "The difference may be chance.",
    ),
    SignificanceGround.NO_LIMITS: (
        "Of het verschil meer is dan toeval is niet te zeggen: hoe zeker de waarde is, is niet "
        "bekend.",
        "Whether the difference is more than chance cannot be said: it is not known how certain "
        "the value is.",
    ),
    SignificanceGround.NEUTRAL: (
        "De indicator is neutraal: hoger is niet goed en niet slecht.",
        "The indicator is neutral: higher is neither good nor bad.",
    ),
    SignificanceGround.NOT_ALIKE: (
        "De som van een groep is geen maat voor één gebied.",
        "The sum of a group is no measure of one area.",
    ),
    SignificanceGround.NO_VALUE: ("Er is geen waarde.", "There is no value."),
    SignificanceGround.NO_BENCHMARK: (
        "Er is niets om mee te vergelijken.",
        "There is nothing to compare with.",
    ),
}
_TESTS = {
    Basis.PUBLISHER: ("de eigen marges van de bron", "the source's own margins"),
    Basis.BINOMIAL: ("het interval van Wilson", "Wilson's interval"),
    Basis.POISSON: ("het interval van Byar", "Byar's interval"),
}
_CAVEAT = (
    "De waarde verschilt als de vergeleken waarde buiten {limits} ligt; die geldt daarbij als "
    "exact, en het gebied kan zelf in de groep zitten. Niet gecorrigeerd voor het aantal "
    "vergelijkingen.",
    "The value differs where what it is compared with lies outside {limits}; that is taken as "
    "exact, and the area may itself be in the group. Not corrected for the number of comparisons.",
)


@dataclass(frozen=True, slots=True)
class Significance:
    """The source of a Significance."""

    ground: SignificanceGround
    limits: Limits | None = None

    @property
    def significantly_worse(self) -> SignificantlyWorse:
        return _ANSWERS.get(self.ground, SignificantlyWorse.CANNOT_BE_SAID)

    @property
    def tested(self) -> bool:
        """Whether there was a test at all, whatever came of it."""
        return self.limits is not None

    @property
    def basis(self) -> Basis:
        return Basis.NONE if self.limits is None else self.limits.basis

    @property
    def lower(self) -> float | None:
        return None if self.limits is None else self.limits.lower

    @property
    def upper(self) -> float | None:
        return None if self.limits is None else self.limits.upper

    @property
    def level(self) -> float | None:
        return None if self.limits is None else self.limits.level

    def text(self, language: str) -> str:
        return _TEXTS[self.ground][language == "en"]

    def test(self, language: str) -> str | None:
        """Which limits were looked at, by name; None where nothing was tested."""
        if self.limits is None:
            return None
        name, level = _TESTS[self.limits.basis][language == "en"], self.limits.level
        if level is None:
            return name
        shown = f"{100 * level:g}"
        if language == "en":
            return f"{name} of {shown} per cent"
        return f"{name} van {shown.replace('.', ',')} procent"


def significance_of(
    context: Context, figure: Figure, against: float | None, *, summed: bool, level: float
) -> Significance:
    """What the limits of a value say of a benchmark."""
    if figure.value is None:
        return Significance(SignificanceGround.NO_VALUE)
    if against is None:
        return Significance(SignificanceGround.NO_BENCHMARK)
    if figure.indicator.direction is Direction.NEUTRAL:
        return Significance(SignificanceGround.NEUTRAL)
    if summed:
        return Significance(SignificanceGround.NOT_ALIKE)
    limits = limits_of(context, figure, level)
    if limits is None or limits.basis not in _TESTS or limits.lower is None or limits.upper is None:
        return Significance(SignificanceGround.NO_LIMITS)
    return Significance(_ground(limits.lower, limits.upper, against, figure), limits)


def _ground(lower: float, upper: float, against: float, figure: Figure) -> SignificanceGround:
    if lower <= against <= upper:
        return SignificanceGround.WITHIN_LIMITS
    more_is_worse = figure.indicator.direction is Direction.LOWER_IS_BETTER
    worse = (lower > against) == more_is_worse
    return SignificanceGround.WORSE if worse else SignificanceGround.BETTER


def _text(
    source: strawberry.Parent[Significance], info: Info, language: LanguageArgument = None
) -> str:
    return source.text(chosen(info.context, language))


def _method(
    source: strawberry.Parent[Significance], info: Info, language: LanguageArgument = None
) -> str | None:
    spoken = chosen(info.context, language)
    test = source.test(spoken)
    return None if test is None else _CAVEAT[spoken == "en"].format(limits=test)


@strawberry.type(
    name="Significance",
    description="Whether a value is worse than a benchmark by more than chance, and by which test.",
)
class SignificanceType:
    significantly_worse: SignificantlyWorse = field("Yes, no, or it cannot be said.")
    ground: SignificanceGround = field("What that rests on.")
    basis: Basis = field("What the limits of the value rest on; NONE: there was no test.")
    lower: float | None = field("Lower limit of the value; null without a test.")
    upper: float | None = field("Upper limit of the value; null without a test.")
    level: float | None = field(
        "Probability that the limits are made for; null without a test, and for the source's own "
        "margins."
    )
    text: str = field("What is found, in a sentence.", _text)
    method: str | None = field("The test, in a sentence; null without one.", _method)
