"""The document that states a fact, and the period that it states."""

from datetime import date

import strawberry

from db.core import document
from db.core.programme import Precision
from schema.context import Info
from schema.fields import field
from schema.language import LanguageArgument, text_of


def document_title(
    source: strawberry.Parent[document.Document], info: Info, language: LanguageArgument = None
) -> str:
    return str(text_of(source, "title", info.context, language))


@strawberry.type(description="A paper, decision or page that states something.")
class SourceDocument:
    title: str = field("What it is, in our words.", document_title)
    dated: date | None = field("Its date; null where it has none.")
    dated_precision: Precision = field("How precisely the date is known.")
    url: str | None = field("Its address, where it has one.")


@strawberry.type(description="From when until when, as precisely as a document says.")
class StatedPeriod:
    begins: date | None = field("First day; null where it is not stated.")
    begins_precision: Precision = field("How precisely the first day is known.")
    ends: date | None = field("First day on which it no longer ran; null where none is stated.")
    ends_precision: Precision = field("How precisely the end is known.")
