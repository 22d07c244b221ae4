"""What papers claim, as the service ships it: in our own words, with what would settle it."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable

from db.core.statement import HowTested, Statement, StatementTest
from db.reference.documents import document
from db.reference.entries import Entry, read_entries

_FILE = "statements.toml"


def statements(home: Traversable) -> Iterator[Statement]:
    """Every statement of `statements.toml`."""
    if not (home / _FILE).is_file():
        return
    for entry in read_entries(home, _FILE, key="statement", name="slug"):
        text_nl, text_en = entry.both("text")
        who_nl, who_en = entry.both("who")
        note_nl, note_en = entry.both_or_none("note")
        (test,) = entry.entries("test", "kind")
        yield Statement(
            slug=entry.text("slug"),
            text_nl=text_nl,
            text_en=text_en,
            who_nl=who_nl,
            who_en=who_en,
            document=document(entry),
            test=_test(test),
            note_nl=note_nl,
            note_en=note_en,
        )
        entry.close()


def _test(entry: Entry) -> StatementTest:
    test = StatementTest(
        kind=entry.choice("kind", HowTested),
        document=entry.text_or_none("document"),
        programme=entry.text_or_none("programme"),
        group=entry.text_or_none("group"),
        list_on=entry.moment_or_none("list_on")[0],
        smallest=entry.number_or_none("smallest"),
        largest=entry.number_or_none("largest"),
        size_years=entry.numbers("size_years"),
        same_codes=entry.numbers("same_codes"),
        claimed=entry.number_or_none("claimed"),
        claimed_gemeenten=entry.number_or_none("claimed_gemeenten"),
        claimed_inhabitants=entry.number_or_none("claimed_inhabitants"),
        gaps=entry.texts("gaps"),
    )
    entry.close()
    return test
