"""Whether reference facts agree with each other: the Netherlands' and Voorbeeldland's alike.

It judges form and consistency, not truth: that a code exists in its year is for ingest to see.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from db.core.codes import level_of
from db.core.errors import InvalidReference
from db.core.levels import Level
from db.core.programme import (
    Certainty,
    Extent,
    FocusArea,
    Membership,
    MunicipalityGroupList,
    Programme,
    Reference,
)
from db.reference.claims import claim_problems

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FIRST_VINTAGE, _LAST_VINTAGE = 1990, 2100
_Problems = Iterator[tuple[str, str, str]]
"""File, entry, what is wrong with it."""


def check_reference(reference: Reference) -> None:
    """InvalidReference for the first fact that contradicts itself or another."""
    for file, entry, problem in _problems(reference):
        raise InvalidReference(file, entry, problem)


def _problems(reference: Reference) -> _Problems:
    yield from _slugs("sources.toml", (source.slug for source in reference.sources))
    yield from _slugs("programmes.toml", (programme.slug for programme in reference.programmes))
    yield from _slugs("memberships.toml", (area.slug for area in reference.focus_areas))
    yield from _slugs("groups.toml", (group.slug for group in reference.groups))
    programmes = {programme.slug: programme for programme in reference.programmes}
    areas = {area.slug: area for area in reference.focus_areas}
    for programme in reference.programmes:
        yield from _programme(programme)
    for area in reference.focus_areas:
        yield from _focus_area(area, programmes)
    for membership in reference.memberships:
        yield from _membership(membership, areas, programmes)
    yield from _told_twice(reference.memberships)
    groups = {group.slug for group in reference.groups}
    for dated in reference.group_lists:
        yield from _group_list(dated, groups)
    yield from _slugs("funding.toml", (stream.slug for stream in reference.funding))
    yield from _slugs("interventions.toml", (done.slug for done in reference.interventions))
    yield from _slugs("statements.toml", (said.slug for said in reference.statements))
    yield from claim_problems(reference)


def _slugs(file: str, slugs: Iterable[str]) -> _Problems:
    for slug, times in Counter(slugs).items():
        if times > 1:
            yield file, slug, "the slug occurs twice"
        if not _KEBAB.fullmatch(slug):
            yield file, slug, "a slug has small letters and digits with hyphens between"


def _programme(programme: Programme) -> _Problems:
    starts, ends = programme.valid_from, programme.valid_until
    if starts and ends and ends <= starts:
        yield "programmes.toml", programme.slug, "valid_until is not after valid_from"


def _focus_area(area: FocusArea, programmes: dict[str, Programme]) -> _Problems:
    file = "memberships.toml"
    if area.programme not in programmes:
        yield file, area.slug, f"no programme {area.programme!r} in programmes.toml"
    if level_of(area.gemeente_code) is not Level.GEMEENTE:
        yield file, area.slug, f"{area.gemeente_code!r} is no code of a gemeente"
    if not _FIRST_VINTAGE <= area.gemeente_vintage <= _LAST_VINTAGE:
        yield file, area.slug, f"gemeente_vintage {area.gemeente_vintage} is no year"
    if (area.published_population is None) != (area.published_population_date is None):
        yield file, area.slug, "a published population needs its date, and a date its population"


def _membership(
    membership: Membership, areas: dict[str, FocusArea], programmes: dict[str, Programme]
) -> _Problems:
    place = ("memberships.toml", f"{membership.focus_area} {membership.code or membership.name}")
    area = areas.get(membership.focus_area)
    programme = programmes.get(area.programme) if area else None
    if programme is None:
        yield *place, "belongs to no known focus area"
    elif _begins_before(membership, programme):
        yield *place, "begins before its programme"
    for problem in (*_unit(membership), *_extent(membership)):
        yield *place, problem
    starts, ends = membership.valid_from, membership.valid_until
    if starts and ends and ends <= starts:
        yield *place, "valid_until is not after valid_from"


def _begins_before(membership: Membership, programme: Programme) -> bool:
    starts, begun = membership.valid_from, programme.valid_from
    return starts is not None and begun is not None and starts < begun


def _unit(membership: Membership) -> Iterator[str]:
    """A unit without a code is known to exist, not which one it is; it cannot be a member."""
    if membership.level not in (Level.WIJK, Level.BUURT):
        yield f"a {membership.level.value} cannot be part of a focus area"
    if membership.code is None:
        if membership.vintage is not None:
            yield "a vintage without a code"
        if membership.certainty is not Certainty.CANDIDATE:
            yield "a unit without a code must be a candidate"
        return
    if level_of(membership.code) is not membership.level:
        yield f"{membership.code!r} is no code of a {membership.level.value}"
    if membership.vintage is None or not _FIRST_VINTAGE <= membership.vintage <= _LAST_VINTAGE:
        yield "a code means nothing without its vintage"


def _extent(membership: Membership) -> Iterator[str]:
    share = membership.share
    match membership.extent:
        case Extent.WHOLE if share != 1.0:
            yield "the whole unit belongs to it, so its share is 1"
        case Extent.PART if share is not None and not 0.0 < share < 1.0:
            yield "a part has a share between 0 and 1, or none"
        case Extent.UNKNOWN if share is not None:
            yield "a share is stated although the extent is unknown"


def _told_twice(memberships: tuple[Membership, ...]) -> _Problems:
    """The same unit may belong to an area in several periods, not twice from the same day."""
    keys = Counter(
        (one.focus_area, one.code, one.vintage, one.valid_from, one.version)
        for one in memberships
        if one.code
    )
    for (area, code, *_), times in keys.items():
        if times > 1:
            yield "memberships.toml", f"{area} {code}", "the membership occurs twice"


def _group_list(dated: MunicipalityGroupList, groups: set[str]) -> _Problems:
    place = ("groups.toml", f"{dated.group} {dated.as_of}")
    if dated.group not in groups:
        yield *place, "belongs to no known group"
    if not dated.members:
        yield *place, "the list has no members"
    for code, times in Counter(code for code, _ in dated.members).items():
        if level_of(code) is not Level.GEMEENTE:
            yield *place, f"{code!r} is no code of a gemeente"
        if times > 1:
            yield *place, f"{code} occurs twice"
