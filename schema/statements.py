"""What papers claim, with what this publication finds when it is put to the test."""

from datetime import date
from typing import Annotated, Any

import strawberry

from db.core import statement
from db.core.programme import Precision
from db.core.statement import HowTested
from schema.context import Context, Info
from schema.documents import SourceDocument
from schema.fact_enums import FindingAbsence, FindingBasis, StatementStatus
from schema.fields import SlugArgument, argument, field
from schema.indicators import Indicator
from schema.language import LanguageArgument, bilingual, said
from schema.nodes import Node
from schema.references import FocusAreaItem, GroupItem, ProgrammeItem
from schema.statement_findings import Finding, findings_of

_HOW = {
    HowTested.FOCUS_AREAS_IN_GROUP: (
        "Door te tellen: op de lijst van de groep, en apart daarvan op omvang.",
        "By counting: on the list of the group, and apart from it by size.",
    ),
    HowTested.PROGRAMME_TOTALS: (
        "Door focusgebieden, gemeenten en gepubliceerde inwoners te tellen.",
        "By counting focus areas, gemeenten and published inhabitants.",
    ),
    HowTested.FUNDING_ENDS: (
        "Door de einddata te tellen die stukken noemen.",
        "By counting the end dates that documents name.",
    ),
    HowTested.OTHER_QUERY: (
        "Door een andere vraag, die hier met name wordt genoemd.",
        "By another question, which is named here.",
    ),
    HowTested.NO_OPEN_DATA: (
        "Niet: van wat het zegt bestaat geen open landelijke tabel. Eigen cijfers kunnen het wel.",
        "Not: no open national table has what it is about. Figures of one's own can.",
    ),
}
_ABSENT = {
    FindingAbsence.NOT_LOADED: (
        "Van dat jaar zijn geen inwoners van gemeenten geladen.",
        "No inhabitants of gemeenten in that year are loaded.",
    ),
    FindingAbsence.NO_LIST: (
        "Van die dag is geen lijst bekend.",
        "No list is known on that day.",
    ),
    FindingAbsence.OTHER_CODES: (
        "Nergens staat dat de gemeenten in dat jaar dezelfde code hebben.",
        "It is not stated that the gemeenten have the same codes in that year.",
    ),
    FindingAbsence.NAMES_DIFFER: (
        "Een code heeft in dat jaar een andere naam: het kan een andere gemeente zijn.",
        "A code has another name in that year: it may be another gemeente.",
    ),
    FindingAbsence.NO_VALUE: (
        "Van sommige gemeenten is het aantal inwoners niet bekend: zie `unknown`.",
        "Of some gemeenten the number of inhabitants is not known: see `unknown`.",
    ),
    FindingAbsence.NOT_STATED: (
        "Van sommige of alle is dit nergens vermeld: zie `unknown`.",
        "Of some or all this is not stated anywhere: see `unknown`.",
    ),
}


def finding_text(
    source: strawberry.Parent[Finding], info: Info, language: LanguageArgument = None
) -> str:
    return said(source.text, info.context, language)


def absence_text(
    source: strawberry.Parent[Finding], info: Info, language: LanguageArgument = None
) -> str | None:
    if source.absence is None:
        return None
    return said(_ABSENT[source.absence], info.context, language)


@strawberry.type(
    description="One thing that this publication finds about a statement, with what it rests on."
)
class StatementFinding:
    basis: FindingBasis = field("What it was counted by.")
    text: str = field("What was counted.", finding_text)
    on: date | None = field("The day that it is of: of the list, of the size, of the end.")
    on_precision: Precision = field("How precisely that day is known.")
    count: int | None = field("How many; null where it is absent or a part is unknown.")
    out_of: int | None = field("Of how many.")
    claimed: int | None = field("The number that the statement names.")
    agrees: bool | None = field(
        "Whether the count is the claimed number; null without a count, and where the statement "
        "means its number roughly."
    )
    names: list[str] = field("Names of the gemeenten or streams, or codes where there is no name.")
    unknown: list[str] = field("What is not known: codes of gemeenten, names of focus areas.")
    focus_areas: list[FocusAreaItem] = field("The focus areas that were counted.")
    absence: FindingAbsence | None = field("Why there is no count, or only of a part.")
    absence_text: str | None = field("The same in a sentence.", absence_text)


def how_text(
    source: strawberry.Parent[statement.StatementTest],
    info: Info,
    language: LanguageArgument = None,
) -> str:
    return said(_HOW[source.kind], info.context, language)


def tested_programme(source: strawberry.Parent[statement.StatementTest], info: Info) -> Any:
    return info.context.facts.programmes.get(source.programme or "")


def tested_group(source: strawberry.Parent[statement.StatementTest], info: Info) -> Any:
    return info.context.facts.groups.get(source.group or "")


def tested_gaps(source: strawberry.Parent[statement.StatementTest], info: Info) -> Any:
    known = info.context.facts.head.indicators
    return [known[slug] for slug in source.gaps if slug in known]


@strawberry.type(description="What would settle a statement.")
class StatementTest:
    kind: HowTested = field("How it is tested.")
    text: str = field("The same in a sentence.", how_text)
    document: str | None = field(
        "Name of the published GraphQL document that asks it (`docs/stories.md`)."
    )
    programme: ProgrammeItem | None = field("The programme that it is about.", tested_programme)
    group: GroupItem | None = field("The group of gemeenten that it is about.", tested_group)
    smallest: int | None = field("Inhabitants from which a gemeente is of the size meant.")
    largest: int | None = field("Inhabitants up to which, included.")
    gaps: list[Indicator] = field(
        "Indicators that it needs and of which no open national table exists.", tested_gaps
    )


def _found(context: Context, source: statement.Statement) -> list[Finding]:
    key = ("findings", source.slug)
    if key not in context.memo:
        context.memo[key] = findings_of(context, source.test)
    found: list[Finding] = context.memo[key]
    return found


def findings(source: strawberry.Parent[statement.Statement], info: Info) -> list[Finding]:
    return _found(info.context, source)


def status(source: strawberry.Parent[statement.Statement], info: Info) -> StatementStatus:
    if source.test.kind is HowTested.OTHER_QUERY:
        return StatementStatus.OTHER_QUERY
    if source.test.kind is HowTested.NO_OPEN_DATA:
        return StatementStatus.NO_OPEN_DATA
    found = _found(info.context, source)
    absent = sum(each.absence is not None for each in found)
    if not absent:
        return StatementStatus.ANSWERED
    whole = absent == len(found) and all(each.count is None for each in found)
    return StatementStatus.NOT_ANSWERED if whole else StatementStatus.PARTLY_ANSWERED


@strawberry.type(
    description="What a paper claims, in our own words. That it stands here does not make it true."
)
class Statement(Node):
    slug: str = field("Short name that stays the same.")
    text: str = field("What is claimed.", bilingual("text"))
    who: str = field("Who claims it.", bilingual("who"))
    document: SourceDocument = field("The document that claims it.")
    status: StatementStatus = field("Whether it can be tested, and was.", status)
    test: StatementTest = field("What would settle it.")
    findings: list[StatementFinding] | None = field(
        "What facts and figures of this publication say, each with its basis and its day; worked "
        "out now. Empty where another question or no open data tests it.",
        findings,
    )
    note: str | None = field("What to know about it.", bilingual("note"))

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, statement.Statement)


def list_statements(
    info: Info,
    programme: Annotated[
        str | None, argument("That are tested with this programme, by slug. Null: all.")
    ] = None,
) -> Any:
    if programme is not None:
        info.context.facts.require("programme", programme, "programme")
    found = sorted(info.context.facts.statements.items())
    return [each for _, each in found if programme in (None, each.test.programme)]


def find_statement(info: Info, slug: SlugArgument) -> Any:
    info.context.facts.require("statement", slug)
    return info.context.facts.statements[slug]
