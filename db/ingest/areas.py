"""Areas of a load become identities (given once) and versions (closed and reopened on change)."""

from dataclasses import replace

from db.core.codes import parent_code
from db.core.figures import Areas
from db.core.levels import Terrain
from db.ingest.publishing import Publishing
from db.ingest.roster import Entry, Roster
from db.sources.dataset import Dataset
from db.sql import queries

_AREAS = queries("areas")


async def put_areas(publishing: Publishing, dataset: Dataset, areas: Areas, load: int) -> None:
    """Open new areas and new states of known ones; what outranks this dataset stays."""
    roster = await publishing.roster(areas.level, dataset.vintage)
    await _give_identities(publishing, roster, areas.codes)
    changed: list[Entry] = []
    for row, code in enumerate(areas.codes):
        entry = roster.entries[code]
        said = _said(areas, row, code, entry)
        outranked = entry.load is not None and publishing.goes_before(entry.load, dataset)
        state = _filled(entry, said) if outranked else said
        if entry.since is None or _attributes(state) != _attributes(entry):
            state.load = load
            changed.append(state)
    await _write_versions(publishing, roster, changed)


def _said(areas: Areas, row: int, code: str, entry: Entry) -> Entry:
    """What this source says of an area; where it says nothing, what stood."""
    terrain, change = areas.terrains[row], areas.changes[row] if areas.changes else None
    return replace(
        entry,
        name=areas.names[row] or entry.name,
        terrain=terrain or entry.terrain,
        parent=areas.parents[row] or entry.parent or parent_code(code),
        change=entry.change if change is None else change,
    )


def _filled(entry: Entry, said: Entry) -> Entry:
    """What stood, with only its gaps filled. Water that anyone states is no gap to argue about."""
    return replace(
        entry,
        name=entry.name or said.name,
        terrain=said.terrain if entry.terrain is Terrain.LAND else entry.terrain,
        parent=entry.parent or said.parent,
        change=said.change if entry.change is None else entry.change,
    )


def _attributes(entry: Entry) -> tuple[str, Terrain, str | None, int | None]:
    return entry.name, entry.terrain, entry.parent, entry.change


async def _give_identities(publishing: Publishing, roster: Roster, codes: list[str]) -> None:
    fresh = [code for code in dict.fromkeys(codes) if code not in roster.entries]
    if not fresh:
        return
    next_id = await publishing.connection.fetchval(_AREAS["next_id"])
    records = []
    for offset, code in enumerate(sorted(fresh)):
        entry = Entry(
            next_id + offset, len(roster.entries), "", Terrain.LAND, None, None, None, None
        )
        roster.entries[code] = entry
        records.append((entry.id, roster.level.value, roster.vintage, code, entry.ordinal))
    await publishing.connection.copy_records_to_table(
        "area", records=records, columns=["id", "level", "vintage", "code", "ordinal"]
    )


async def _write_versions(publishing: Publishing, roster: Roster, changed: list[Entry]) -> None:
    if not changed:
        return
    number, connection = publishing.number, publishing.connection
    standing = [entry.id for entry in changed if entry.since is not None]
    if standing:
        await publishing.give_way("areas", _AREAS["forget"], _AREAS["close"], standing, number)
    codes = {entry.id: code for code, entry in roster.entries.items()}
    for entry in changed:
        entry.since = number
        roster.entries[codes[entry.id]] = entry
    publishing.opened("areas", len(changed))
    await connection.copy_records_to_table(
        "area_version",
        records=[
            (e.id, number, e.name, e.terrain.value, e.parent, e.change, e.load) for e in changed
        ],
        columns=[
            "area_id", "from_publication", "name", "terrain", "parent_code", "change", "load_id",
        ],
    )  # fmt: skip
