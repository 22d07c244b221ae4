"""Money of programmes as the service ships it: each stream with what each document says of it."""

from collections.abc import Iterator
from datetime import date
from importlib.resources.abc import Traversable

from db.core.document import FactCertainty
from db.core.funding import (
    AmountBound,
    FundingAmount,
    FundingKind,
    FundingPart,
    FundingSplit,
    FundingStream,
)
from db.core.indicator import Domain
from db.reference.documents import choices, document, period
from db.reference.entries import Entry, read_entries

_FILE = "funding.toml"


def funding_streams(home: Traversable) -> Iterator[FundingStream]:
    """Every stream of `funding.toml`."""
    if not (home / _FILE).is_file():
        return
    for entry in read_entries(home, _FILE, key="stream", name="slug"):
        name_nl, name_en = entry.both("name")
        target_nl, target_en = entry.both("target")
        note_nl, note_en = entry.both_or_none("note")
        amounts = [_amount(each) for each in entry.entries("amounts", "document_en")]
        yield FundingStream(
            slug=entry.text("slug"),
            programme=entry.text("programme"),
            name_nl=name_nl,
            name_en=name_en,
            target_nl=target_nl,
            target_en=target_en,
            domains=choices(entry, "domains", Domain),
            ministries=entry.texts("ministries"),
            amounts=tuple(sorted(amounts, key=lambda each: each.document.dated or date.max)),
            note_nl=note_nl,
            note_en=note_en,
        )
        entry.close()


def _amount(entry: Entry) -> FundingAmount:
    euros = entry.number_or_none("euros")
    absence_nl, absence_en = entry.both_or_none("absence")
    note_nl, note_en = entry.both_or_none("note")
    amount = FundingAmount(
        kind=entry.choice("kind", FundingKind),
        euros=None if euros is None else float(euros),
        bound=entry.choice("bound", AmountBound) if entry.has("bound") else AmountBound.EXACT,
        absence_nl=absence_nl,
        absence_en=absence_en,
        period=period(entry),
        split=entry.choice("split", FundingSplit),
        parts=tuple(_parts(entry)),
        document=document(entry),
        certainty=entry.choice("certainty", FactCertainty),
        note_nl=note_nl,
        note_en=note_en,
    )
    entry.close()
    return amount


def _parts(entry: Entry) -> Iterator[FundingPart]:
    if not entry.has("parts"):
        return
    for each in entry.entries("parts", "focus_area"):
        yield FundingPart(each.text("focus_area"), float(each.number("euros")))
        each.close()
