"""Which units a focus area is made of, as the files state it: the composition, and other ones."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable

from db.core.document import FactCertainty
from db.core.levels import Level
from db.core.programme import Certainty, CompositionVersion, Extent, Membership
from db.reference.documents import document
from db.reference.entries import Entry, read_entries

_FILE = "compositions.toml"


def membership(area: Entry, unit: Entry, slug: str, version: str | None = None) -> Membership:
    """A unit may say for itself what otherwise holds for the whole focus area."""

    def stated(key: str) -> Entry:
        return unit if unit.has(key) else area

    def told(key: str) -> Entry:
        # A text in one language only must be refused, not completed with the area's other one.
        return unit if unit.has(f"{key}_nl") or unit.has(f"{key}_en") else area

    extent = stated("extent").choice("extent", Extent)
    share = unit.share_or_none("share")
    valid_from, precision = stated("valid_from").moment_or_none("valid_from")
    code = unit.text_or_none("code")
    source_nl, source_en = told("source").both("source")
    note_nl, note_en = unit.both_or_none("note")
    made = Membership(
        focus_area=slug,
        level=stated("level").choice("level", Level),
        code=code,
        vintage=None if code is None else stated("vintage").number("vintage"),
        name=unit.text_or_none("name"),
        extent=extent,
        share=1.0 if extent is Extent.WHOLE and share is None else share,
        valid_from=valid_from,
        valid_from_precision=precision,
        valid_until=stated("valid_until").day_or_none("valid_until"),
        certainty=stated("certainty").choice("certainty", Certainty),
        legal_basis=stated("legal_basis").text_or_none("legal_basis"),
        source_text_nl=source_nl,
        source_text_en=source_en,
        note_nl=note_nl,
        note_en=note_en,
        version=version,
    )
    unit.close()
    return made


def versions(home: Traversable) -> Iterator[tuple[CompositionVersion, list[Membership]]]:
    """Other compositions of focus areas, each with the units that it names, if any."""
    if not (home / _FILE).is_file():
        return
    for entry in read_entries(home, _FILE, key="composition", name="focus_area"):
        area, slug = entry.text("focus_area"), entry.text("slug")
        name_nl, name_en = entry.both("name")
        note_nl, note_en = entry.both_or_none("note")
        version = CompositionVersion(
            focus_area=area,
            slug=slug,
            name_nl=name_nl,
            name_en=name_en,
            published_population=entry.number_or_none("published_population"),
            published_population_date=entry.day_or_none("published_population_date"),
            document=document(entry),
            certainty=entry.choice("document_certainty", FactCertainty),
            note_nl=note_nl,
            note_en=note_en,
        )
        units = entry.entries("units", "code") if entry.has("units") else ()
        members = [membership(entry, unit, area, slug) for unit in units]
        entry.close()
        yield version, members
