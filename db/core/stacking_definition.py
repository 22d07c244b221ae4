"""What stacking means, as data: the domains, their indicators, and from where a domain is exceeded.

A definition names indicators and rules, never figures. The house's own is `nplv_definition`; a
caller's is checked by `problems_of` and cited by its id.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from db.core.indicator import Direction
from db.core.percentiles import MINIMUM_INHABITANTS, Weighting

METHOD = 1
"""Part of every id: raise it when db.core.stacking computes anything differently."""
MOST_DOMAINS = 20
MOST_INDICATORS = 100
"""Over all domains together."""
LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 50.0, 100.0
"""Neither is allowed itself: the better half is no problem, and nobody is above everybody."""

SCOPE_NL = (
    "Stapeling telt op hoeveel domeinen een gebied tot de slechtste hoort. Zij zegt niet dat "
    "dezelfde huishoudens die problemen hebben: dat vraagt andere gegevens."
)
SCOPE_EN = (
    "Stacking counts the domains in which an area is among the worst. It does not say that "
    "the same households have those problems: that needs other data."
)


@dataclass(frozen=True, slots=True)
class WeightedIndicator:
    """An indicator of a domain; its weight is relative to the others in that domain."""

    slug: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class StackingDomain:
    """A part of the count: exceeded, not exceeded or unknown."""

    slug: str
    name_nl: str
    name_en: str
    indicators: tuple[WeightedIndicator, ...]
    threshold: float | None = None
    """Percentile from which it is exceeded; None: the definition's."""

    @property
    def recipe(self) -> tuple[tuple[str, float], ...]:
        """(slug, weight) by slug, the heaviest weighing 1: all that its scores depend on."""
        heaviest = max((float(each.weight) for each in self.indicators), default=1.0) or 1.0
        return tuple(sorted((each.slug, each.weight / heaviest) for each in self.indicators))


@dataclass(frozen=True, slots=True)
class StackingDefinition:
    """A versioned definition: a domain is exceeded from its threshold on, and exactly at it."""

    slug: str
    version: int
    name_nl: str
    name_en: str
    domains: tuple[StackingDomain, ...]
    """In the order of the columns and parts of every answer."""
    threshold: float = 90.0
    minimum_share: float = 0.5
    """A domain has a score where at least this share of its weight has a value."""
    minimum_inhabitants: int = MINIMUM_INHABITANTS
    """Fewer, and an area is neither judged nor part of what others are compared with."""
    weighting: Weighting = Weighting.INHABITANTS

    @property
    def label(self) -> str:
        return f"{self.slug}@{self.version}"

    @property
    def thresholds(self) -> tuple[float, ...]:
        """One a domain."""
        return tuple(
            float(self.threshold if each.threshold is None else each.threshold)
            for each in self.domains
        )

    @property
    def id(self) -> str:
        """128 bits over all that changes an answer, the order of domains included.

        Slug, version and names do not, nor do the order of indicators inside a domain and the
        size that all their weights share: a caller's definition that does as ours has our id.
        """
        content = [
            METHOD,
            self.weighting.value,
            int(self.minimum_inhabitants),
            float(self.minimum_share).hex(),
            [
                [domain.slug, threshold.hex(), [(slug, w.hex()) for slug, w in domain.recipe]]
                for domain, threshold in zip(self.domains, self.thresholds, strict=True)
            ],
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]

    def at_threshold(self, threshold: float) -> "StackingDefinition":
        """The same with one threshold for all domains; its slug says so."""
        return replace(
            self,
            slug=f"{self.slug}-at-{threshold:.10g}",
            threshold=threshold,
            domains=tuple(replace(each, threshold=None) for each in self.domains),
        )


class Fault(Enum):
    """What can be wrong with a definition; the value is the text, English and Dutch."""

    NO_DOMAINS = ("give at least one domain", "geef minstens een domein")
    TOO_MANY_DOMAINS = (
        f"{{}} domains; at most {MOST_DOMAINS} are allowed",
        f"{{}} domeinen; hoogstens {MOST_DOMAINS} zijn toegestaan",
    )
    TOO_MANY_INDICATORS = (
        f"{{}} indicators over all domains; at most {MOST_INDICATORS} are allowed",
        f"{{}} indicatoren over alle domeinen; hoogstens {MOST_INDICATORS} zijn toegestaan",
    )
    DOMAIN_TWICE = (
        "{} is the slug of an earlier domain; give each domain its own",
        "{} is de slug van een eerder domein; geef elk domein een eigen slug",
    )
    NO_INDICATORS = (
        "domain {} has no indicators; give at least one",
        "domein {} heeft geen indicatoren; geef er minstens een",
    )
    INDICATOR_TWICE = (
        "indicator {} was given before; it may count once in a definition",
        "indicator {} is al eerder gegeven; hij mag een keer meetellen in een definitie",
    )
    UNKNOWN_INDICATOR = ("there is no indicator {}", "er is geen indicator {}")
    NOT_ORIENTED = (
        "indicator {} has no worse side (its direction is neutral), so it cannot be stacked",
        "indicator {} heeft geen slechte kant (de richting is neutraal) en kan dus niet stapelen",
    )
    THRESHOLD = (
        f"threshold {{}} must be above {LOWEST_THRESHOLD:g} and below {HIGHEST_THRESHOLD:g}",
        f"drempel {{}} moet boven {LOWEST_THRESHOLD:g} en onder {HIGHEST_THRESHOLD:g} liggen",
    )
    WEIGHT = (
        "weight {} must be a finite number above 0",
        "gewicht {} moet een eindig getal boven 0 zijn",
    )
    MINIMUM_SHARE = (
        "minimum share {} must be above 0 and at most 1",
        "minimumaandeel {} moet boven 0 liggen en hoogstens 1 zijn",
    )
    MINIMUM_INHABITANTS = (
        "minimum of inhabitants {} must not be negative",
        "minimum aantal inwoners {} mag niet negatief zijn",
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to change in a definition."""

    fault: Fault
    path: tuple[str | int, ...]
    """Where: ("domains", 0, "indicators", 2, "weight"), counted from 0."""
    given: str = ""

    @property
    def message(self) -> str:
        text: str = self.fault.value[0]
        return text.format(self.given)

    @property
    def message_nl(self) -> str:
        text: str = self.fault.value[1]
        return text.format(self.given)


def problems_of(
    definition: StackingDefinition, directions: Mapping[str, Direction]
) -> tuple[Problem, ...]:
    """All that is wrong with it; empty where it can be computed.

    `directions` of the indicators that there are, by slug.
    """
    return (
        *_of_whole(definition),
        *_of_repeats(definition),
        *(
            problem
            for at, domain in enumerate(definition.domains)
            for problem in _of_domain(domain, ("domains", at), directions)
        ),
    )


def nplv_definition(
    *,
    education: Sequence[str],
    poverty: Sequence[str],
    health: Sequence[str],
    work: Sequence[str],
    housing: Sequence[str],
    safety: Sequence[str],
    version: int = 1,
) -> StackingDefinition:
    """The house's own: the six NPLV domains, their indicators each with the same weight."""
    named = (
        ("education", "Onderwijs", "Education", education),
        ("poverty", "Armoede", "Poverty", poverty),
        ("health", "Gezondheid", "Health", health),
        ("work", "Werk", "Work", work),
        ("housing", "Wonen", "Housing", housing),
        ("safety", "Veiligheid", "Safety", safety),
    )
    return StackingDefinition(
        slug="nplv-like",
        version=version,
        name_nl="Stapeling in gebieden op de zes domeinen van het NPLV",
        name_en="Stacking in areas over the six domains of the NPLV",
        domains=tuple(
            StackingDomain(slug, nl, en, tuple(WeightedIndicator(each) for each in indicators))
            for slug, nl, en, indicators in named
        ),
    )


def _of_whole(definition: StackingDefinition) -> Iterator[Problem]:
    domains = len(definition.domains)
    indicators = sum(len(each.indicators) for each in definition.domains)
    if not domains:
        yield Problem(Fault.NO_DOMAINS, ("domains",))
    if domains > MOST_DOMAINS:
        yield Problem(Fault.TOO_MANY_DOMAINS, ("domains",), str(domains))
    if indicators > MOST_INDICATORS:
        yield Problem(Fault.TOO_MANY_INDICATORS, ("domains",), str(indicators))
    yield from _of_threshold(definition.threshold, ("threshold",))
    if not 0 < definition.minimum_share <= 1:
        yield Problem(Fault.MINIMUM_SHARE, ("minimum_share",), f"{definition.minimum_share}")
    if not definition.minimum_inhabitants >= 0:
        given = f"{definition.minimum_inhabitants}"
        yield Problem(Fault.MINIMUM_INHABITANTS, ("minimum_inhabitants",), given)


def _of_repeats(definition: StackingDefinition) -> Iterator[Problem]:
    domains: set[str] = set()
    indicators: set[str] = set()
    for at, domain in enumerate(definition.domains):
        if domain.slug in domains:
            yield Problem(Fault.DOMAIN_TWICE, ("domains", at, "slug"), _quoted(domain.slug))
        domains.add(domain.slug)
        for n, each in enumerate(domain.indicators):
            if each.slug in indicators:
                where = ("domains", at, "indicators", n, "slug")
                yield Problem(Fault.INDICATOR_TWICE, where, _quoted(each.slug))
            indicators.add(each.slug)


def _of_domain(
    domain: StackingDomain, path: tuple[str | int, ...], directions: Mapping[str, Direction]
) -> Iterator[Problem]:
    if not domain.indicators:
        yield Problem(Fault.NO_INDICATORS, (*path, "indicators"), _quoted(domain.slug))
    if domain.threshold is not None:
        yield from _of_threshold(domain.threshold, (*path, "threshold"))
    for n, each in enumerate(domain.indicators):
        where = (*path, "indicators", n)
        direction = directions.get(each.slug)
        if direction is None:
            yield Problem(Fault.UNKNOWN_INDICATOR, (*where, "slug"), _quoted(each.slug))
        if direction is Direction.NEUTRAL:
            yield Problem(Fault.NOT_ORIENTED, (*where, "slug"), _quoted(each.slug))
        if not (each.weight > 0 and math.isfinite(each.weight)):
            yield Problem(Fault.WEIGHT, (*where, "weight"), f"{each.weight}")


def _of_threshold(threshold: float, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not LOWEST_THRESHOLD < threshold < HIGHEST_THRESHOLD:
        yield Problem(Fault.THRESHOLD, path, f"{threshold}")


def _quoted(slug: str) -> str:
    return repr(slug[:60])
