"""Sums of money, where there are any, and which streams end: refused or told apart, not guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import strawberry

from db.core import funding
from db.core import programme as core
from db.core.funding import AmountBound, Ending, NotAdded
from schema.context import Info
from schema.errors import LimitOutOfRange
from schema.fields import argument, field
from schema.funding import (
    EurosPerInhabitant,
    FundingAmount,
    FundingStream,
    PerHead,
    per_head,
    streams_of,
)
from schema.language import LanguageArgument, chosen

_MOST_STREAMS = 100
_WHY = {
    NotAdded.NOT_SPLIT: (
        "een bedrag is alleen voor heel het land bekend",
        "an amount is known for the whole country only",
    ),
    NotAdded.DISAGREE: (
        "stukken noemen verschillende bedragen voor een stroom",
        "documents name different amounts for a stream",
    ),
    NotAdded.KINDS: ("de bedragen zijn van verschillende soort", "the amounts differ in kind"),
    NotAdded.PERIODS: ("de bedragen zijn voor andere jaren", "the amounts are for other years"),
    NotAdded.ALL_ABSENT: ("geen stroom heeft een bedrag", "no stream has an amount"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """The source of a FundingRow: an amount with its stream."""

    stream: funding.FundingStream
    amount: funding.FundingAmount


@dataclass(frozen=True, slots=True)
class Total:
    """The source of a FundingSum."""

    found: funding.FundingSum
    area: core.FocusArea | None

    @property
    def euros(self) -> float | None:
        return self.found.euros

    @property
    def bound(self) -> AmountBound | None:
        return None if self.found.euros is None else self.found.bound

    @property
    def complete(self) -> bool:
        return self.found.euros is not None and not self.found.left_out

    @property
    def refusals(self) -> tuple[NotAdded, ...]:
        return self.found.refusals

    @property
    def concerns(self) -> tuple[str, ...]:
        return self.found.concerns if self.found.refusals else ()

    @property
    def added(self) -> list[Row]:
        return [Row(*each) for each in self.found.added]

    @property
    def absent(self) -> list[Row]:
        return [Row(*each) for each in self.found.left_out]

    @property
    def per_inhabitant(self) -> PerHead | None:
        return None if self.area is None else per_head(self.found.euros, self.area)


def total_text(
    source: strawberry.Parent[Total], info: Info, language: LanguageArgument = None
) -> str:
    english = chosen(info.context, language) == "en"
    found = source.found
    if found.refusals:
        begun = "Not added up: " if english else "Niet opgeteld: "
        return begun + "; ".join(_WHY[each][english] for each in found.refusals) + "."
    count, rest = len(found.added), len(found.left_out)
    if english:
        left = f" {rest} without an amount left out." if rest else ""
        return f"Sum of {count} amounts.{left}"
    left = f" {rest} zonder bedrag blijft erbuiten." if rest else ""
    return f"Som van {count} bedragen.{left}"


@strawberry.type(description="An amount with the stream that it is of.")
class FundingRow:
    stream: FundingStream = field("The stream.")
    amount: FundingAmount = field("What a document says of it.")


@strawberry.type(
    description="Streams added up, or why not. Amounts of several kinds or periods, amounts that "
    "documents disagree about, and amounts of the country asked for one area are no sum; an "
    "amount that is absent is left out and named."
)
class FundingSum:
    euros: float | None = field("The sum; null where there is none: see `refusals`.")
    bound: AmountBound | None = field("How the sum is meant: as the least precise of its amounts.")
    complete: bool = field("Whether there is a sum and nothing was left out of it.")
    refusals: list[NotAdded] = field("Why it was not added up; empty where it was.")
    concerns: list[str] = field("Slugs of the streams that the refusals are about.")
    text: str = field("What was done, in a sentence.", total_text)
    added: list[FundingRow] = field("The amounts in the sum.")
    absent: list[FundingRow] = field("Amounts that are absent and not in the sum.")
    per_inhabitant: EurosPerInhabitant | None = field(
        "The sum by inhabitant of the focus area asked for; null where none was, where there is no "
        "sum, and where no inhabitants are published for it."
    )


def funding_sum(
    info: Info,
    streams: Annotated[list[str], argument("Streams by slug, 1 to 100 different ones.")],
    focus_area: Annotated[
        str | None,
        argument("Only what this focus area gets, by slug. Null: for the whole programme."),
    ] = None,
) -> Any:
    facts = info.context.facts
    wanted = list(dict.fromkeys(streams))
    if not 1 <= len(wanted) <= _MOST_STREAMS:
        raise LimitOutOfRange("streams", len(wanted), 1, _MOST_STREAMS)
    for slug in wanted:
        facts.require("funding stream", slug, "streams")
    if focus_area is not None:
        facts.require("focus area", focus_area, "focusArea")
    area = None if focus_area is None else facts.focus_areas[focus_area]
    chosen_streams = [facts.funding[slug] for slug in sorted(wanted)]
    return Total(funding.add_up(chosen_streams, focus_area), area)


@dataclass(frozen=True, slots=True)
class Ends:
    """The source of a FundingEnding."""

    by: date
    streams: Sequence[funding.FundingStream]

    def rows(self, where: Ending) -> list[Row]:
        return [
            Row(stream, each)
            for stream in self.streams
            for each in stream.amounts
            if funding.ending(each, self.by) is where
        ]


def ends(source: strawberry.Parent[Ends]) -> list[Row]:
    return source.rows(Ending.ENDS_BEFORE)


def continues(source: strawberry.Parent[Ends]) -> list[Row]:
    return source.rows(Ending.CONTINUES)


def not_said(source: strawberry.Parent[Ends]) -> list[Row]:
    return source.rows(Ending.NOT_STATED)


@strawberry.type(
    description="Every amount of a programme, by whether it has ended on a date. Which areas lose "
    "something stands in `focusAreas` of each stream: where no document names them "
    "(`reachStated`), it is not known which of the areas of the programme do."
)
class FundingEnding:
    by: date = field("The date.")
    ending: list[FundingRow] = field("Stated to have ended by the date.", ends)
    continuing: list[FundingRow] = field("Stated to run on, or structural.", continues)
    end_not_stated: list[FundingRow] = field(
        "Without a stated end: neither may be assumed.", not_said
    )


def funding_ending(
    info: Info,
    programme: Annotated[str, argument("The programme, by slug.")],
    by: Annotated[date, argument("The date by which they have ended.")],
) -> Any:
    return Ends(by, streams_of(info.context, programme, None))
