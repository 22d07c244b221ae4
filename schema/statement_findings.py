"""What facts and figures of this publication say about a statement, worked out when it is asked.

Nothing is written down beforehand, and nothing is joined on a code of another year unless it is
stated that the code stayed the same and the name did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from db.core.levels import Level
from db.core.programme import FocusArea, MunicipalityGroupList, Precision
from db.core.statement import HowTested, StatementTest
from schema.context import Context
from schema.errors import NoListOnDate
from schema.fact_enums import FindingAbsence, FindingBasis
from schema.gemeente_sizes import People, people_of

Texts = tuple[str, str]
"""Dutch and English."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The source of a StatementFinding."""

    basis: FindingBasis
    text: Texts
    on: date | None = None
    on_precision: Precision = Precision.DAY
    count: int | None = None
    out_of: int | None = None
    claimed: int | None = None
    exact: bool = True
    """Whether the claimed number is meant exactly."""
    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    focus_areas: tuple[FocusArea, ...] = ()
    absence: FindingAbsence | None = None

    @property
    def agrees(self) -> bool | None:
        if self.count is None or self.claimed is None or not self.exact:
            return None
        return self.count == self.claimed


def findings_of(context: Context, test: StatementTest) -> list[Finding]:
    """All findings of a test; none where another question or no open data answers it."""
    match test.kind:
        case HowTested.FOCUS_AREAS_IN_GROUP:
            by_size = [_by_size(context, test, year) for year in sorted(test.size_years)]
            return [_by_list(context, test), *by_size]
        case HowTested.PROGRAMME_TOTALS:
            return _totals(context, test)
        case HowTested.FUNDING_ENDS:
            return _ends(context, test)
        case _:
            return []


def _areas(context: Context, test: StatementTest) -> list[FocusArea]:
    found = context.facts.focus_areas.items()
    return [each for _, each in sorted(found) if each.programme == test.programme]


def _by_list(context: Context, test: StatementTest) -> Finding:
    areas, group = _areas(context, test), context.facts.groups[test.group or ""]
    begun = Finding(
        FindingBasis.LIST,
        (
            f"Focusgebieden in gemeenten op de lijst van {group.name_nl}.",
            f"Focus areas in gemeenten on the list of {group.name_en}.",
        ),
        test.list_on,
        out_of=len(areas),
        claimed=test.claimed,
    )
    try:
        listed = context.facts.list_at(group.slug, test.list_on)
    except NoListOnDate:
        return _absent(begun, FindingAbsence.NO_LIST)
    dated = _dated(begun, listed.as_of, listed.as_of_precision)
    if not _same_codes(areas, listed, test.same_codes):
        return _absent(dated, FindingAbsence.OTHER_CODES)
    members = dict(listed.members)
    inside = [each for each in areas if each.gemeente_code in members]
    return _counted(dated, inside, [members[each.gemeente_code] for each in inside])


def _same_codes(
    areas: Sequence[FocusArea], listed: MunicipalityGroupList, same: Sequence[int]
) -> bool:
    return all(
        each.gemeente_vintage == listed.vintage
        or {each.gemeente_vintage, listed.vintage} <= {*same}
        for each in areas
    )


def _by_size(context: Context, test: StatementTest, year: int) -> Finding:
    areas, smallest, largest = _areas(context, test), test.smallest or 0, test.largest or 0
    begun = Finding(
        FindingBasis.SIZE,
        (
            f"Focusgebieden in gemeenten met {smallest} t/m {largest} inwoners op 1 januari.",
            f"Focus areas in gemeenten with {smallest} to {largest} inhabitants on 1 January.",
        ),
        date(year, 1, 1),
        out_of=len(areas),
        claimed=test.claimed,
    )
    if any(each.gemeente_vintage != year for each in areas) and not (
        {year, *(each.gemeente_vintage for each in areas)} <= {*test.same_codes}
    ):
        return _absent(begun, FindingAbsence.OTHER_CODES)
    people = people_of(context, year)
    if people is None:
        return _absent(begun, FindingAbsence.NOT_LOADED)
    if any(_renamed(context, each, people) for each in areas):
        return _absent(begun, FindingAbsence.NAMES_DIFFER)
    inside = [
        each
        for each in areas
        if smallest <= people.get(each.gemeente_code, ("", float("nan")))[1] <= largest
    ]
    names = [people[each.gemeente_code][0] for each in inside]
    unknown = _unknown(areas, people)
    return _counted(begun, inside, names, unknown)


def _unknown(areas: Sequence[FocusArea], people: People) -> list[str]:
    """Codes of gemeenten without a number of inhabitants."""
    lacking = {
        each.gemeente_code
        for each in areas
        if not people.get(each.gemeente_code, ("", float("nan")))[1] >= 0
    }
    return sorted(lacking)


def _renamed(context: Context, area: FocusArea, people: People) -> bool:
    """Whether the code has another name where both years are loaded: it may be another gemeente."""
    if area.gemeente_vintage not in context.vintages(Level.GEMEENTE):
        return False
    table = context.table(Level.GEMEENTE, area.gemeente_vintage)
    at, then = table.ordinals.get(area.gemeente_code), people.get(area.gemeente_code)
    return at is not None and then is not None and table.names[at] != then[0]


def _totals(context: Context, test: StatementTest) -> list[Finding]:
    areas = _areas(context, test)
    gemeenten = sorted({each.gemeente_code for each in areas})
    published = [each for each in areas if each.published_population is not None]
    days = {each.published_population_date for each in published}
    people = Finding(
        FindingBasis.PUBLISHED_POPULATION,
        (
            "Inwoners die voor de focusgebieden zijn gepubliceerd, opgeteld.",
            "Inhabitants that are published for the focus areas, added up.",
        ),
        days.pop() if len(days) == 1 else None,
        out_of=None,
        claimed=test.claimed_inhabitants,
        exact=False,
        unknown=tuple(each.name for each in areas if each.published_population is None),
        focus_areas=tuple(published),
    )
    total = sum(each.published_population or 0 for each in published)
    partly = None if len(published) == len(areas) else FindingAbsence.NOT_STATED
    counted = Finding(
        FindingBasis.FOCUS_AREAS,
        ("Focusgebieden van het programma.", "Its focus areas."),
        count=len(areas),
        claimed=test.claimed,
        focus_areas=tuple(areas),
    )
    return [
        counted,
        Finding(
            FindingBasis.GEMEENTEN,
            ("Gemeenten waarin ze liggen.", "The gemeenten in which they lie."),
            count=len(gemeenten), claimed=test.claimed_gemeenten, names=tuple(gemeenten),
        ),
        replace(people, count=total if published else None, absence=partly),
    ]  # fmt: skip


def _ends(context: Context, test: StatementTest) -> list[Finding]:
    streams = [
        each
        for _, each in sorted(context.facts.funding.items())
        if each.programme == test.programme
    ]
    by_day: dict[tuple[date, Precision], list[Texts]] = {}
    for stream in streams:
        for ends, precision in {
            (each.period.ends, each.period.ends_precision) for each in stream.amounts
        }:
            if ends is not None:
                by_day.setdefault((ends, precision), []).append((stream.name_nl, stream.name_en))
    text = (
        "Geldstromen waarvan een stuk zegt dat ze op deze dag niet meer lopen.",
        "Streams of which a document says that they no longer run on this day.",
    )
    if not by_day:
        none = Finding(FindingBasis.ENDS_STATED, text, out_of=len(streams))
        return [_absent(none, FindingAbsence.NOT_STATED)]
    return [
        Finding(
            FindingBasis.ENDS_STATED, text, day, precision, len(names), len(streams),
            names=tuple(nl if context.language == "nl" else en for nl, en in names),
        )
        for (day, precision), names in sorted(by_day.items(), key=lambda each: each[0][0])
    ]  # fmt: skip


def _counted(
    begun: Finding, inside: Sequence[FocusArea], names: Sequence[str], unknown: Sequence[str] = ()
) -> Finding:
    """Where something is unknown there is no count: it might be one more."""
    return replace(
        begun,
        count=None if unknown else len(inside),
        names=tuple(sorted(set(names))),
        unknown=tuple(unknown),
        focus_areas=tuple(inside),
        absence=FindingAbsence.NO_VALUE if unknown else None,
    )


def _dated(begun: Finding, on: date, precision: Precision) -> Finding:
    return replace(begun, on=on, on_precision=precision)


def _absent(begun: Finding, why: FindingAbsence) -> Finding:
    return replace(begun, absence=why)
