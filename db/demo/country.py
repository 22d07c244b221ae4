"""Voorbeeldland, the fictional country: everything that ingest needs to load it, made in memory.

It holds every difficulty of the real country and no publisher's data; all of it says 'fictief'.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from db.core.figures import Account, Figures, Parsed
from db.core.programme import Reference
from db.demo.addition import Rows, rows_of
from db.demo.history import divisions
from db.demo.keyfigures import key_figures
from db.demo.maps import addresses, maps
from db.demo.people import People, make_ground, people
from db.demo.programmes import SOURCE, fictional_reference
from db.demo.surveys import crime, health, liveability
from db.sources.dataset import Dataset, Family, Payload

HEALTH_VINTAGE, HEALTH_YEARS = 2022, (2016, 2020, 2022)
LIVEABILITY_EDITIONS = {2022: (2020, 2022), 2024: (2020, 2022, 2024)}
"""Boundaries of an edition and the years it states on them."""

_FAMILY = {
    "kaart": Family.BOUNDARIES,
    "adressen": Family.ADDRESSES,
    "kerncijfers": Family.KWB,
    "misdrijven": Family.POLICE,
    "gezondheid": Family.HEALTH,
    "leefbaarheid": Family.LBM,
}

Entry = tuple[Dataset, Parsed]


@dataclass(frozen=True, slots=True)
class DemoCountry:
    reference: Reference
    parsed: tuple[Entry, ...]


def build_country() -> DemoCountry:
    redrawn = divisions()
    ground = make_ground(redrawn[0])
    rows = {division.vintage: rows_of(division, ground) for division in redrawn}
    years = {year: people(ground, year) for year in {*HEALTH_YEARS, *rows}}
    entries: list[Entry] = []
    for division, drawn in zip(redrawn, maps(redrawn), strict=True):
        vintage = division.vintage
        entries.append(_entry("kaart", vintage, drawn))
        counted = addresses(division, ground, years[vintage].totals["dwellings"])
        entries.append(_entry("adressen", vintage, counted))
    entries += _tables(rows, years)
    return DemoCountry(fictional_reference(), tuple(entries))


def _tables(rows: dict[int, Rows], years: dict[int, People]) -> Iterator[Entry]:
    newest = max(rows)
    for vintage, areas in rows.items():
        yield _table("kerncijfers", vintage, key_figures(areas, years[vintage]))
        past = tuple(sorted(rows)) if vintage == newest else (vintage,)
        offences = crime(areas, [years[year] for year in past])
        yield _table("misdrijven", vintage, offences)
    asked = health(rows[HEALTH_VINTAGE], [years[year] for year in HEALTH_YEARS])
    yield _table("gezondheid", HEALTH_VINTAGE, asked)
    for vintage, stated in LIVEABILITY_EDITIONS.items():
        scores = liveability(rows[vintage], [years[year] for year in stated])
        yield _table("leefbaarheid", vintage, scores)


def _table(subject: str, vintage: int, figures: Figures) -> Entry:
    account = Account()
    account.accept(len(figures.codes))
    parsed = Parsed(
        account=account,
        figures=[figures],
        title=f"{subject.capitalize()} Voorbeeldland {vintage} (fictief)",
        modified=f"{vintage + 1}-03-01",
    )
    return _entry(subject, vintage, parsed)


def _entry(subject: str, vintage: int, parsed: Parsed) -> Entry:
    dataset = Dataset(
        id=f"voorbeeldland-{subject}-{vintage}",
        source=SOURCE,
        family=_FAMILY[subject],
        vintage=vintage,
        loader=_returning(parsed),
        table=f"VBL-{subject}-{vintage}",
        note_nl="Verzonnen cijfers van een verzonnen land (fictief).",
        note_en="Invented figures of an invented country (fictional).",
    )
    return dataset, parsed


def _returning(parsed: Parsed) -> Callable[[Dataset, Payload], Parsed]:
    """The loader of a dataset that is made, not fetched: the same answer whatever the payload."""

    def load(dataset: Dataset, payload: Payload) -> Parsed:
        return parsed

    return load
