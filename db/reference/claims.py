"""Whether money, interventions, statements and other compositions agree with the other facts."""

from collections.abc import Iterable, Iterator

from db.core.codes import level_of
from db.core.document import Period
from db.core.funding import AmountBound, FundingAmount, FundingSplit, FundingStream
from db.core.intervention import Intervention, PlaceUnit
from db.core.levels import Level
from db.core.programme import Reference
from db.core.statement import HowTested, Statement

Problems = Iterator[tuple[str, str, str]]
"""File, entry, what is wrong with it."""
_NEEDED: dict[HowTested, tuple[str, ...]] = {
    HowTested.FOCUS_AREAS_IN_GROUP: (
        "programme", "group", "list_on", "smallest", "largest", "size_years", "same_codes",
        "claimed",
    ),
    HowTested.PROGRAMME_TOTALS: (
        "programme", "claimed", "claimed_gemeenten", "claimed_inhabitants"
    ),
    HowTested.FUNDING_ENDS: ("programme",),
    HowTested.OTHER_QUERY: ("document",),
    HowTested.NO_OPEN_DATA: ("gaps",),
}  # fmt: skip


def claim_problems(reference: Reference) -> Problems:
    """What contradicts itself or another fact."""
    areas = {each.slug: each.programme for each in reference.focus_areas}
    programmes = {each.slug for each in reference.programmes}
    groups = {each.slug for each in reference.groups}
    for stream in reference.funding:
        yield from _told("funding.toml", stream.slug, _stream(stream, programmes, areas))
    for done in reference.interventions:
        yield from _told("interventions.toml", done.slug, _intervention(done, programmes, areas))
    for said in reference.statements:
        yield from _told("statements.toml", said.slug, _statement(said, programmes, groups))
    yield from _versions(reference, set(areas))


def _told(file: str, entry: str, problems: Iterable[str]) -> Problems:
    yield from ((file, entry, problem) for problem in problems)


def _stream(stream: FundingStream, programmes: set[str], areas: dict[str, str]) -> Iterator[str]:
    if stream.programme not in programmes:
        yield f"no programme {stream.programme!r} in programmes.toml"
    if not stream.amounts:
        yield "no document says anything of it"
    for amount in stream.amounts:
        yield from _amount(amount)
        yield from _period(amount.period)
        for part in amount.parts:
            if areas.get(part.focus_area) != stream.programme:
                yield f"{part.focus_area!r} is no focus area of its programme"
        named = [part.focus_area for part in amount.parts]
        if len(set(named)) < len(named):
            yield "a focus area gets two parts of one amount"


def _amount(amount: FundingAmount) -> Iterator[str]:
    if (amount.euros is None) != (amount.absence_en is not None):
        yield "an amount, or the reason why there is none: one of the two"
    if amount.euros is not None and amount.euros <= 0:
        yield "an amount is more than 0 euros"
    if (amount.split is FundingSplit.BY_AREA) != bool(amount.parts):
        yield "parts are stated where it is split by area, and only there"
    if any(part.euros < 0 for part in amount.parts):
        yield "a part is no negative amount"
    exact = amount.euros is not None and amount.bound is AmountBound.EXACT
    if exact and sum(part.euros for part in amount.parts) > (amount.euros or 0):
        yield "the parts are more than the amount"


def _period(period: Period) -> Iterator[str]:
    if period.begins and period.ends and period.ends <= period.begins:
        yield "ends is not after begins"


def _intervention(done: Intervention, programmes: set[str], areas: dict[str, str]) -> Iterator[str]:
    if done.programme is not None and done.programme not in programmes:
        yield f"no programme {done.programme!r} in programmes.toml"
    if done.focus_area is not None and done.focus_area not in areas:
        yield f"no focus area {done.focus_area!r} in memberships.toml"
    if level_of(done.gemeente_code) is not Level.GEMEENTE:
        yield f"{done.gemeente_code!r} is no code of a gemeente"
    if not (done.units or done.within):
        yield "neither the unit that it is nor one that it lies in is stated"
    if done.units and done.within:
        yield "what is a unit itself is not stated as lying in one"
    yield from _units(done.units)
    yield from _units(done.within)
    yield from _period(done.period)


def _units(units: tuple[PlaceUnit, ...]) -> Iterator[str]:
    for unit in units:
        if level_of(unit.code) is not unit.level:
            yield f"{unit.code!r} is no code of a {unit.level.value}"
    if len({(unit.level, unit.vintage) for unit in units}) < len(units):
        yield "two units of one level and year"


def _statement(said: Statement, programmes: set[str], groups: set[str]) -> Iterator[str]:
    test = said.test
    for name in _NEEDED[test.kind]:
        if getattr(test, name) in (None, ()):
            yield f"its test needs {name}"
    if test.programme is not None and test.programme not in programmes:
        yield f"no programme {test.programme!r} in programmes.toml"
    if test.group is not None and test.group not in groups:
        yield f"no group {test.group!r} in groups.toml"
    if test.smallest is not None and test.largest is not None and test.smallest > test.largest:
        yield "smallest is more than largest"


def _versions(reference: Reference, areas: set[str]) -> Problems:
    file = "compositions.toml"
    known = set()
    for version in reference.versions:
        entry = f"{version.focus_area} {version.slug}"
        if version.focus_area not in areas:
            yield file, entry, "belongs to no known focus area"
        if (version.focus_area, version.slug) in known:
            yield file, entry, "the version occurs twice"
        known.add((version.focus_area, version.slug))
    for member in reference.memberships:
        at = (member.focus_area, member.version)
        if member.version is not None and at not in known:
            yield file, f"{member.focus_area} {member.version}", "is no known version"
