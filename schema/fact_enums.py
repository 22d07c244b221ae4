"""The enums of stated facts: money, interventions, statements and other compositions."""

from enum import Enum

from db.core.document import FactCertainty
from db.core.funding import AmountBound, Ending, FundingKind, FundingSplit, NotAdded
from db.core.statement import HowTested
from schema.enums import described


class AreaMoney(Enum):
    """What is known of an amount for one focus area."""

    PUBLISHED = "published"
    NATIONAL_ONLY = "national_only"
    NOT_NAMED = "not_named"
    NO_AMOUNT = "no_amount"


class StatementStatus(Enum):
    """Whether a statement can be tested, and whether all of its test could be done now."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    NOT_ANSWERED = "not_answered"
    OTHER_QUERY = "other_query"
    NO_OPEN_DATA = "no_open_data"


class FindingBasis(Enum):
    """What a finding was counted by."""

    LIST = "list"
    SIZE = "size"
    FOCUS_AREAS = "focus_areas"
    GEMEENTEN = "gemeenten"
    PUBLISHED_POPULATION = "published_population"
    ENDS_STATED = "ends_stated"


class FindingAbsence(Enum):
    """Why a finding could not be worked out, or only in part."""

    NOT_LOADED = "not_loaded"
    NO_LIST = "no_list"
    OTHER_CODES = "other_codes"
    NAMES_DIFFER = "names_differ"
    NO_VALUE = "no_value"
    NOT_STATED = "not_stated"


class CannotBeSaid(Enum):
    """Why an area cannot be put beside areas alike, before and after."""

    NO_UNIT = "no_unit"
    NO_START = "no_start"
    UNIT_NOT_LOADED = "unit_not_loaded"
    INDICATOR = "indicator"
    CLASS = "class"
    BREAK = "break"
    TOO_FEW_YEARS = "too_few_years"
    NO_CONTEXT_BEFORE = "no_context_before"
    NO_MATCHES = "no_matches"
    LIMIT = "limit"


class Fit(Enum):
    """Whether a composition has as many inhabitants as are published for the focus area."""

    WITHIN_ROUNDING = "within_rounding"
    WITHIN_BOUNDS = "within_bounds"
    OUTSIDE = "outside"
    NOT_COMPARED = "not_compared"


described(
    FactCertainty,
    "How sure a stated fact is.",
    CLAIMED="A document says so; nobody checked it.",
    CHECKED="It was found where it is decided or published.",
)
described(
    FundingKind,
    "What sort of money it is.",
    STRUCTURAL="The same amount each year, without an end.",
    ONE_OFF="One amount for the whole period.",
    GRANT_SCHEME="An amount that is granted on request, for the whole period.",
    NOT_STATED="The document does not say.",
)
described(
    AmountBound,
    "How an amount is meant.",
    EXACT="As the document writes it.",
    ABOUT="About so much.",
    MORE_THAN="More than this; how much more is not said.",
)
described(
    FundingSplit,
    "Whether it is published what each focus area gets.",
    NATIONAL_ONLY="Only for the country: nothing is said of single areas.",
    BY_AREA="By focus area, for those in `parts`.",
)
described(
    NotAdded,
    "Why amounts are not added up.",
    name="FundingNotAdded",
    NOT_SPLIT="An amount is for the country only, and was asked for one area.",
    DISAGREE="Two documents name an amount for one stream; which holds is not known.",
    KINDS="Amounts of several kinds: each year and once are no sum.",
    PERIODS="Amounts over different periods, or over periods that are not stated alike.",
    ALL_ABSENT="None of the streams has an amount.",
)
described(
    Ending,
    "Where an amount stands towards a date.",
    name="FundingEnd",
    ENDS_BEFORE="It is stated to have ended by then.",
    CONTINUES="It is stated to run on, or is structural.",
    NOT_STATED="No end is stated: neither may be assumed.",
)
described(
    HowTested,
    "How a statement is tested.",
    name="StatementTestKind",
    FOCUS_AREAS_IN_GROUP="Focus areas in gemeenten of a group, by its list and by size.",
    PROGRAMME_TOTALS="Focus areas, their gemeenten and their published inhabitants, counted.",
    FUNDING_ENDS="The stated ends of the streams of a programme.",
    OTHER_QUERY="By another question, whose document is named.",
    NO_OPEN_DATA="Not: no open national table has what it is about.",
)
described(
    AreaMoney,
    "What is known of an amount for one focus area.",
    PUBLISHED="It is published what the area gets.",
    NATIONAL_ONLY="Known for the country only: neither an amount nor one per inhabitant.",
    NOT_NAMED="It is split by area, and this area is not named.",
    NO_AMOUNT="The document names no amount at all.",
)
described(
    StatementStatus,
    "Whether a statement can be tested, and whether that was done.",
    ANSWERED="Every finding of its test is there.",
    PARTLY_ANSWERED="Some findings are absent or of a part: they say why.",
    NOT_ANSWERED="All findings are absent: they say why.",
    OTHER_QUERY="Another question tests it: see `test`.",
    NO_OPEN_DATA="It cannot be tested with open data: see `test`.",
)
described(
    FindingBasis,
    "What a finding was counted by.",
    LIST="Gemeenten on a dated list of the group.",
    SIZE="Gemeenten with so many inhabitants on 1 January of a year.",
    FOCUS_AREAS="Focus areas of the programme.",
    GEMEENTEN="Gemeenten in which focus areas of the programme lie.",
    PUBLISHED_POPULATION="Inhabitants that are published for the focus areas, added up.",
    ENDS_STATED="Streams of which a document states the end.",
)
described(
    FindingAbsence,
    "Why a finding is not there, or only in part.",
    NOT_LOADED="Inhabitants of gemeenten in that year are not loaded.",
    NO_LIST="No list of the group is known on that day.",
    OTHER_CODES="It is not stated that the gemeenten have the same codes in that year.",
    NAMES_DIFFER="A code has another name in that year: it may be another gemeente.",
    NO_VALUE="Some gemeenten have no number of inhabitants in that year.",
    NOT_STATED="The facts that it would be counted from are not stated.",
)
described(
    CannotBeSaid,
    "Why it cannot be said what changed beside areas alike.",
    name="CannotBeSaidReason",
    NO_UNIT="The place is smaller than a buurt: no figures exist of it.",
    NO_START="No source says when it began, so there is no before and after.",
    UNIT_NOT_LOADED="The boundaries on which the place is a unit are not loaded.",
    INDICATOR="The indicator has no figures of this place.",
    CLASS="Its values are classes by number, which have no differences.",
    BREAK="The values before and after are not comparable with each other.",
    TOO_FEW_YEARS="Fewer than two years with a value before it began, or after that year.",
    NO_CONTEXT_BEFORE="What areas are matched on has no figures of before it began.",
    NO_MATCHES="No area alike has values in all those years.",
    LIMIT="The request asks for more harmonised indicators than it may.",
)
described(
    Fit,
    "Whether a composition fits the inhabitants that are published for the focus area.",
    name="CompositionFit",
    WITHIN_ROUNDING="The sum is the published number, but for rounding.",
    WITHIN_BOUNDS="It lies between what surely and what at most belongs to it.",
    OUTSIDE="It does not fit; years that differ are one cause.",
    NOT_COMPARED="There is no published number, or no sum.",
)
