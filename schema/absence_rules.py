"""What may be made of a value or of its absence: the table that the arithmetic itself reads."""

from typing import Annotated, Any

import strawberry

from db.core.absence import Status
from db.core.absence_rules import Effect, Rule, rules_for
from db.core.indicator import Kind
from schema.context import Info
from schema.fields import argument, field
from schema.language import LanguageArgument, chosen
from schema.observations import ReasonType


def rule_status(source: strawberry.Parent[Rule]) -> Status:
    return source.reason.status


def rule_text(
    source: strawberry.Parent[Rule], info: Info, language: LanguageArgument = None
) -> str:
    """The effects in one line, in the order of the fields."""
    english = chosen(info.context, language) == "en"
    names = ("sum", "mean", "count", "rank", "trend")
    dutch = ("som", "gemiddelde", "telling", "rang", "trend")
    words = (
        f"{name if english else nl}: {getattr(source, name).text('en' if english else 'nl')}"
        for name, nl in zip(names, dutch, strict=True)
    )
    return " ".join(words)


def absence_rules(
    info: Info,
    kind: Annotated[
        Kind, argument("What sort of number; some uses have no meaning for some sorts.")
    ] = Kind.COUNT,
) -> Any:
    return rules_for(kind)


@strawberry.type(
    description="What becomes of a value with this reason, or of its absence, in what is made of "
    "several. `rank`: ranks, percentiles and comparisons; benchmarks of a group, which is no area, "
    "pass over what is absent as ranks do, and say how much they cover."
)
class AbsenceRule:
    reason: ReasonType = field("Why a value is there or not.")
    status: Status = field("The status that the reason belongs to.", rule_status)
    sum: Effect = field("In the sum of an area that is made of parts.")
    mean: Effect = field("In a rate, share or mean of an area that is made of parts.")
    count: Effect = field("In how many areas meet a condition.")
    rank: Effect = field("In comparisons of areas with each other.")
    trend: Effect = field("As a year of a series.")
    text: str = field("All five in sentences.", rule_text)
