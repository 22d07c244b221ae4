"""A definition of stacking as a caller gives it."""

import strawberry

from db.core.percentiles import MINIMUM_INHABITANTS, Weighting
from db.core.stacking_definition import StackingDefinition, StackingDomain, WeightedIndicator
from schema import comparison_enums  # noqa: F401  enums are described before a type uses them


@strawberry.input(description="An indicator of a domain.")
class WeightedIndicatorInput:
    slug: str = strawberry.field(description="Its slug; a neutral indicator cannot be stacked.")
    weight: float = strawberry.field(
        default=1.0, description="Above 0, relative to the others of its domain."
    )


@strawberry.input(description="A domain: a part of the count.")
class StackingDomainInput:
    slug: str = strawberry.field(description="A short name of your own, once.")
    indicators: list[WeightedIndicatorInput] = strawberry.field(
        description="At least one; each indicator once in the whole definition."
    )
    threshold: float | None = strawberry.field(
        default=None, description="Its own threshold. Null: that of the definition."
    )


@strawberry.input(
    description="A definition of your own: at most 20 domains and 100 indicators. The answer has "
    "its id, which stands for all that decides the counts."
)
class StackingDefinitionInput:
    domains: list[StackingDomainInput] = strawberry.field(description="At least one.")
    threshold: float = strawberry.field(
        default=90.0, description="Percentile above 50 and below 100."
    )
    minimum_share: float = strawberry.field(
        default=0.5, description="A domain has a score where this share of its weight is known."
    )
    minimum_inhabitants: int = strawberry.field(
        default=MINIMUM_INHABITANTS, description="Areas with fewer inhabitants take no part."
    )
    weighting: Weighting = strawberry.field(
        default=Weighting.INHABITANTS, description="What each area counts for."
    )


def definition_of(given: StackingDefinitionInput) -> StackingDefinition:
    """The definition, not yet checked."""
    return StackingDefinition(
        slug="own",
        version=1,
        name_nl="Eigen definitie van de vrager",
        name_en="The caller's own definition",
        domains=tuple(
            StackingDomain(
                each.slug,
                each.slug,
                each.slug,
                tuple(WeightedIndicator(one.slug, one.weight) for one in each.indicators),
                each.threshold,
            )
            for each in given.domains
        ),
        threshold=given.threshold,
        minimum_share=given.minimum_share,
        minimum_inhabitants=given.minimum_inhabitants,
        weighting=given.weighting,
    )
