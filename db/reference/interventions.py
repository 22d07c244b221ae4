"""What was done in places, as the service ships it."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable

from db.core.document import FactCertainty
from db.core.intervention import Intervention
from db.reference.documents import document, period, units
from db.reference.entries import read_entries

_FILE = "interventions.toml"


def interventions(home: Traversable) -> Iterator[Intervention]:
    """Every intervention of `interventions.toml`."""
    if not (home / _FILE).is_file():
        return
    for entry in read_entries(home, _FILE, key="intervention", name="slug"):
        name_nl, name_en = entry.both("name")
        what_nl, what_en = entry.both("what")
        who_nl, who_en = entry.both("who")
        note_nl, note_en = entry.both_or_none("note")
        yield Intervention(
            slug=entry.text("slug"),
            name_nl=name_nl,
            name_en=name_en,
            programme=entry.text_or_none("programme"),
            focus_area=entry.text_or_none("focus_area"),
            gemeente_code=entry.text("gemeente_code"),
            gemeente_vintage=entry.number("gemeente_vintage"),
            place=entry.text("place"),
            units=units(entry, "units"),
            within=units(entry, "within"),
            what_nl=what_nl,
            what_en=what_en,
            who_nl=who_nl,
            who_en=who_en,
            period=period(entry),
            document=document(entry),
            certainty=entry.choice("certainty", FactCertainty),
            note_nl=note_nl,
            note_en=note_en,
        )
        entry.close()
