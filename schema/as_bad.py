"""Areas at least as bad as a reference, as GraphQL shows them, and those that cannot be judged.

Dominance, apart from average distance: much worse in one domain makes up for nothing in another.
"""

from typing import Annotated, Any

import strawberry

from db.core.area_links import Method
from db.core.levels import Level
from db.core.stacking_definition import StackingDefinition
from schema.areas import Area
from schema.as_bad_rows import DomainRow, Found, Row
from schema.belonging import Belonging
from schema.carried_members import CarriedFocusArea, brought, members_on
from schema.context import Context, Info
from schema.dominance import Standing, compared
from schema.enums import described
from schema.errors import LimitOutOfRange
from schema.fields import CodeArgument, argument, field
from schema.focus_areas import FocusArea
from schema.language import LanguageArgument, said
from schema.place import find
from schema.reference_area import (
    AreaReferenceInput,
    Reference,
    ReferenceUnits,
    find_reference,
)
from schema.stacked import stacked
from schema.stacking import (
    DefinitionArgument,
    OwnArgument,
    StackingDefinitionType,
    YearArgument,
    asked_definition,
)

MOST_LISTED = 1000

described(
    Standing,
    "What is said of an area beside the reference.",
    name="AsBadStanding",
    NO="It is better in so many domains that it cannot be as bad, whatever is unknown.",
    CANNOT_BE_SAID="What is known does not decide; never to be read as a no.",
    YES="It is known to be at least as bad in as many domains as required.",
    REFERENCE="It is the reference, or a part of it.",
    LEFT_OUT="It is a member of the programme that was left out.",
    NOT_JUDGED="Water, abroad, or with too few inhabitants or an unknown number.",
)
described(
    Belonging,
    "Whether an area is a member of a programme, of those memberships that have not ended.",
    name="ProgrammeBelonging",
    NOT_A_MEMBER="Nothing says so for this area of this vintage.",
    CANDIDATE="It may be: does not count as a member.",
    MEMBER_IN_PART="It counts as a member, in part or to an unknown extent; so does a wijk of "
    "which only buurten are members.",
    MEMBER="The whole of it counts as a member.",
)


def domain_name(
    source: strawberry.Parent[DomainRow], info: Info, language: LanguageArgument = None
) -> str:
    return said((source.of.name_nl, source.of.name_en), info.context, language)


@strawberry.type(description="One area of the reference, in one domain.")
class ReferenceUnit:
    area: Area = field("The area.")
    percentile: float | None = field("0 to 100, 100 the worst; null where it is unknown.")


@strawberry.type(description="One domain of the reference.")
class ReferenceDomain:
    domain: str = field("Short name of the domain.")
    name: str = field("What it is called.", domain_name)
    score: float | None = field(
        "Its score: of several units the mean by inhabitants, or for EVERY the worst."
    )
    percentile: float | None = field(
        "Where that score stands among the scores of all judged areas: 0 to 100, 100 the worst. "
        "Null where too little is known: then nobody can be compared in it."
    )
    each_unit: list[ReferenceUnit] = field("Each area that the reference is made of, by itself.")
    known: float = field(
        "Share of the reference's inhabitants that live where there is a score, 0 to 1."
    )


def ref_level(source: strawberry.Parent[Reference]) -> Level:
    return source.table.level


def ref_vintage(source: strawberry.Parent[Reference]) -> int:
    return source.table.vintage


def ref_codes(source: strawberry.Parent[Reference]) -> list[str]:
    return [source.table.codes[row] for row in source.rows]


@strawberry.type(description="What areas were compared with.")
class AreaReference:
    level: Level = field("Level of its units, and of all areas compared.", ref_level)
    vintage: int = field("Year of their boundaries.", ref_vintage)
    area: Area | None = field("The area; null for a focus area.")
    focus_area: FocusArea | None = field("The focus area; null for an area.")
    codes: list[str] = field("Codes of the units that the profile is of.", ref_codes)
    in_part: int = field("Counted units in part of a focus area: not in the profile.")
    uncertain: int = field(
        "Candidates of a focus area, and parts of which the unit is not known: not in the profile."
    )
    not_loaded: int = field("Counted whole units of a focus area that are not loaded.")
    units: ReferenceUnits = field("What several units are together.")
    carried_from: int | None = field(
        "The vintage that the units of a focus area are stated for, where that is another: they "
        "were found on these boundaries by the ground that they share, never by their code."
    )
    carried_by: list[Method] = field("What that ground was measured in; empty: nothing carried.")
    not_carried: int = field(
        "Of the units that were carried, how many are not wholly in `codes`: the profile is "
        "without that part of them."
    )


@strawberry.type(description="An area beside the reference in one domain.")
class AreaAsBadDomain:
    domain: str = field("Short name of the domain.")
    name: str = field("What it is called.", domain_name)
    percentile: float | None = field("Of the area: 0 to 100, 100 the worst; null where unknown.")
    margin: float | None = field(
        "Percentile of the area minus that of the reference: above 0 is worse. Null where either "
        "is unknown."
    )
    standing: Standing = field("YES, NO or CANNOT_BE_SAID: exactly as bad is as bad.")


@strawberry.type(description="An area beside the reference.")
class AreaAsBad:
    area: Area = field("The area.")
    standing: Standing = field("What is said of it.")
    belonging: Belonging | None = field(
        "Whether it is a member of `programme`; null where no programme is looked at, or nothing "
        "is stated for this level and vintage."
    )
    margin: float | None = field(
        "Mean of the margins of the domains that both have, in percentile points. It decides "
        "nothing: an area may be far worse on average and still be better in one domain."
    )
    count_min: int = field("Domains in which it is known to be at least as bad.")
    count_max: int = field("The same, with those in which it is not known.")
    domains: list[AreaAsBadDomain] = field("Domain by domain.")
    unknown_domains: list[str] = field("Domains in which the area or the reference is unknown.")


def _total(standing: Standing) -> Any:
    def number(source: strawberry.Parent[Found]) -> int:
        return source.compared.number(standing)

    return number


def judged(source: strawberry.Parent[Found]) -> int:
    return source.stacked.judged


def candidates(source: strawberry.Parent[Found]) -> int:
    verdicts = (Standing.YES, Standing.CANNOT_BE_SAID, Standing.NO)
    return sum(map(source.compared.number, verdicts))


def too_few(source: strawberry.Parent[Found]) -> int:
    return source.compared.few


def inhabitants_unknown(source: strawberry.Parent[Found]) -> int:
    return source.compared.unknown_inhabitants


@strawberry.type(
    description="How many areas there are of each sort: judged = reference + leftOut + candidates, "
    "and candidates = asBad + cannotBeSaid + better."
)
class AsBadTotals:
    judged: int = field("Areas that have percentiles: land, with enough inhabitants.", judged)
    reference: int = field("Judged areas that make up the reference.", _total(Standing.REFERENCE))
    left_out: int = field(
        "Judged members of `outsideProgramme`, whole or in part.", _total(Standing.LEFT_OUT)
    )
    candidates: int = field("Areas that were compared.", candidates)
    as_bad: int = field("YES: at least as bad.", _total(Standing.YES))
    cannot_be_said: int = field("CANNOT_BE_SAID.", _total(Standing.CANNOT_BE_SAID))
    better: int = field("NO.", _total(Standing.NO))
    too_few: int = field("Land that is not judged: too few inhabitants, or none.", too_few)
    inhabitants_unknown: int = field(
        "Land that is not judged: inhabitants unknown.", inhabitants_unknown
    )


def members_carried(source: strawberry.Parent[Found], info: Info) -> Any:
    return brought(info.context, source.members)


def position(source: strawberry.Parent[Found], info: Info, code: CodeArgument) -> Any:
    table = source.reference.table
    return Row(source, find(info.context, table.level, code, table.vintage).ordinal)


@strawberry.type(
    description="Areas of one level and vintage beside a reference, by the domains of a definition "
    "of stacking. What is unknown is never counted as bad nor as better."
)
class AreasAsBad:
    definition: StackingDefinitionType = field("Whose domains are compared.")
    required: int = field("In how many domains an area must be at least as bad.")
    reference: AreaReference = field("What is compared with.")
    profile: list[ReferenceDomain] = field("The reference, domain by domain.")
    as_bad: list[AreaAsBad] = field(
        "YES: the first of them, by margin, the worst first, and then by code."
    )
    cannot_be_said: list[AreaAsBad] = field(
        "CANNOT_BE_SAID: the first of them, in the same order. Never to be read as a no."
    )
    position: AreaAsBad | None = field(
        "Any area of the same level and vintage, whatever is said of it.", position
    )
    totals: AsBadTotals = field("How many there are of each.")
    programme: str | None = field(
        "Slug of the programme that `belonging` is about: `outsideProgramme`, or else that of the "
        "focus area compared with."
    )
    members_carried_from: list[int] = field(
        "The other vintages that members of that programme were carried from, ascending. Who was "
        "carried for the most part is a member, for some part in part."
    )
    members_carried: list[CarriedFocusArea] = field(
        "Focus areas of that programme whose units are stated for another vintage and were "
        "carried, each from the nearest of its own.",
        members_carried,
    )
    not_stated: list[str] = field(
        "Slugs of focus areas of that programme of which no counted unit, of whatever level, is "
        "stated for this vintage: their areas cannot be told from others."
    )


def beside(
    context: Context,
    meant: StackingDefinition,
    reference: AreaReferenceInput,
    *,
    year: int | None,
    outside_programme: str | None,
    carried: bool,
    required: int | None,
    first: int,
) -> Found:
    """All areas of a table beside a reference, at most `first` of them in each list."""
    domains = len(meant.domains)
    needed = domains if required is None else required
    if not 1 <= needed <= domains:
        raise LimitOutOfRange("required", needed, 1, domains)
    found = find_reference(context, reference, carried=carried)
    outside = members = None
    slug = outside_programme or (found.focus_area.programme if found.focus_area else None)
    if slug is not None:
        wanted = outside_programme is not None
        members = members_on(
            context,
            found.table,
            slug,
            carried=carried,
            required=wanted,
            argument="outsideProgramme",
        )
        outside = members if wanted else None
    whole = stacked(context, found.table, meant, year)
    judged = compared(context, whole, found, year=year, required=needed, outside=outside)
    return Found(found, whole, judged, members, needed, first)


def areas_as_bad_as(
    info: Info,
    reference: Annotated[AreaReferenceInput, argument("What to compare with.")],
    definition: DefinitionArgument = None,
    own: OwnArgument = None,
    year: YearArgument = None,
    outside_programme: Annotated[
        str | None,
        argument(
            "Leave out the counted members of this programme, by slug, that have not ended, whole "
            "or in part; candidates stay and are marked. An error where nothing is stated for this "
            "level and vintage. Null: leave out none."
        ),
    ] = None,
    carried: Annotated[
        bool,
        argument(
            "Whether units of a focus area and members of a programme that are stated for another "
            "vintage are looked for on these boundaries, by the ground that they share. 95 per "
            "cent of an area's ground is all of it, 5 per cent or less is none."
        ),
    ] = False,
    required: Annotated[
        int | None,
        argument("In how many domains an area must be at least as bad. Null: in all."),
    ] = None,
    first: Annotated[int, argument("At most so many areas in each list, 1 to 1000.")] = 100,
) -> Any:
    if not 1 <= first <= MOST_LISTED:
        raise LimitOutOfRange("first", first, 1, MOST_LISTED)
    meant = asked_definition(info.context, definition, own)
    return beside(
        info.context,
        meant,
        reference,
        year=year,
        outside_programme=outside_programme,
        carried=carried,
        required=required,
        first=first,
    )
