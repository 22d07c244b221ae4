"""The document that states a fact, and the period that it states."""

from datetime import date

import strawberry

from db.core.programme import Precision
from schema.fields import field
from schema.language import bilingual


@strawberry.type(description="A paper, decision or page that states something.")
class SourceDocument:
    title: str = field("What it is, in our words.", bilingual("title"))
    dated: date | None = field("Its date; null where it has none.")
    dated_precision: Precision = field("How precisely the date is known.")
    url: str | None = field("Its address, where it has one.")


@strawberry.type(description="From when until when, as precisely as a document says.")
class StatedPeriod:
    begins: date | None = field("First day; null where it is not stated.")
    begins_precision: Precision = field("How precisely the first day is known.")
    ends: date | None = field("First day on which it no longer ran; null where none is stated.")
    ends_precision: Precision = field("How precisely the end is known.")
