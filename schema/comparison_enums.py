"""The enums of comparing and finding: percentiles, stacking, benchmarks, trends, search, places."""

from enum import Enum

from db.core.area_links import LinkKind, Method
from db.core.benchmarks import Refusal, WeighedBy
from db.core.carrying import Carrying
from db.core.likeness import Measure
from db.core.locate import Placement as PointPlacement
from db.core.names import How, NameKind
from db.core.percentiles import Placement, Weighting
from db.core.trend import Answer, Change, Ground
from db.core.uncertainty import Basis
from schema.enums import described


class Exceeded(Enum):
    """Whether a domain is exceeded; the value is the core's own."""

    YES = 1
    NO = 0
    UNKNOWN = -1


described(
    Weighting,
    "What one area counts for in the percentiles of the others.",
    INHABITANTS="As many as its inhabitants in the year of the boundaries.",
    AREAS="Each area the same.",
)
described(
    Placement,
    "Whether an area is ranked among the others, or why not.",
    RANKED="It has a percentile and a rank.",
    NO_VALUE="It would take part, but has no value: `status` says why.",
    TOO_FEW_INHABITANTS="It has fewer inhabitants than the minimum.",
    UNINHABITED="Nobody lives there, whatever value a source gives it.",
    INHABITANTS_UNKNOWN="Its inhabitants on these boundaries are not known.",
    NOT_LAND="Water, or abroad.",
    OUTSIDE_REFERENCE="It is not among those that are compared.",
)
described(
    Exceeded,
    "Whether an area is among the worst in a domain.",
    YES="It is.",
    NO="It is not.",
    UNKNOWN="Not known: never counted as either.",
)
described(
    Change,
    "What a trend means.",
    name="TrendChange",
    INSUFFICIENT_DATA="Fewer than five values: nothing can be said.",
    NO_CLEAR_CHANGE="No trend is shown; that does not make the area stable.",
    IMPROVING="A trend for the better.",
    WORSENING="A trend for the worse.",
)
described(
    Answer,
    "Whether an area is worse and worsening.",
    name="WorseAndWorseningAnswer",
    CANNOT_BE_SAID="It cannot be said; never to be read as a no.",
    NO="It is not worse, or it is improving.",
    YES="It is both.",
)
described(
    Ground,
    "What it rests on whether an area is worse and worsening.",
    name="WorseAndWorseningGround",
    BOTH="Worse, and a trend for the worse: YES.",
    NOT_WORSE="Not worse, whatever its trend: NO.",
    IMPROVING="A trend for the better, worse or not known to be: NO.",
    WORSE_UNKNOWN="Not known whether it is worse, and no trend for the better: CANNOT_BE_SAID.",
    NO_CLEAR_CHANGE="Worse, and no trend is shown: CANNOT_BE_SAID.",
    INSUFFICIENT_DATA="Worse, and fewer than five values: CANNOT_BE_SAID.",
)


class BenchmarkGroup(Enum):
    """The areas that a value is compared with."""

    GEMEENTE = "gemeente"
    REST_OF_GEMEENTE = "rest_of_gemeente"
    NATIONAL = "national"
    FOCUS_AREAS = "focus_areas"
    OUTSIDE_FOCUS_AREAS = "outside_focus_areas"
    PEERS = "peers"


class BenchmarkBase(Enum):
    """What of a group a value is compared with."""

    AGGREGATE = "aggregate"
    MEDIAN = "median"


class BenchmarkRefusal(Enum):
    """Why a group has no aggregate or quartiles; below 100 the value is that of the core."""

    NO_RULE = int(Refusal.NO_RULE)
    NO_VALUE = int(Refusal.NO_VALUE)
    WEIGHTS_UNKNOWN = int(Refusal.WEIGHTS_UNKNOWN)
    LOW_COVERAGE = int(Refusal.LOW_COVERAGE)
    PARTS_NOT_LOADED = 100
    TOO_FEW_AREAS = 101
    WOULD_REVEAL = 102
    NOT_STATED = 103
    NOT_DIVIDED = 104
    NOT_LAND = 105
    PEERS_UNKNOWN = 106


described(
    BenchmarkGroup,
    "The areas that a value is compared with: all of them on land, of the same level and vintage.",
    GEMEENTE="Those in the same gemeente, the area itself included.",
    REST_OF_GEMEENTE="The same without the area itself.",
    NATIONAL="All of them.",
    FOCUS_AREAS="Members of a programme, stated for exactly this vintage: no candidates, and only "
    "those that belong to it as a whole.",
    OUTSIDE_FOCUS_AREAS="All that are no member of it, not even in part; candidates are none.",
    PEERS="Those most like it in their context, by a definition that `peers` of the answer names; "
    "never the area itself.",
)
described(
    BenchmarkBase,
    "What of a group a value is compared with.",
    AGGREGATE="The aggregate.",
    MEDIAN="The median, because there is no aggregate.",
)
described(
    WeighedBy,
    "What each area counts for in means, quartiles and coverage.",
    DENOMINATOR="By what the indicator is a share or mean of, in the same year.",
    INHABITANTS="By its inhabitants, because the denominator of that year is not loaded for these "
    "boundaries or the indicator has none.",
    AREAS="Each area the same.",
)
described(
    BenchmarkRefusal,
    "Why there is no aggregate, or why there are no quartiles.",
    NO_RULE="Values of this kind can neither be added up nor averaged.",
    NO_VALUE="No area that counts has a value.",
    WEIGHTS_UNKNOWN="Of too many areas it is unknown what they count for.",
    LOW_COVERAGE="The value is known for less than 80 per cent of the group; for a sum, not for "
    "all of it.",
    PARTS_NOT_LOADED="Numerator or denominator of that year is not loaded for these boundaries.",
    TOO_FEW_AREAS="A count of the rest of a gemeente, or of peers, in which fewer than 3 areas "
    "have a value.",
    WOULD_REVEAL="With what is published, the sum would tell a value that the source withholds.",
    NOT_STATED="The programme states no members of this level and vintage.",
    NOT_DIVIDED="At this level the group would be a single area.",
    NOT_LAND="Water and abroad are compared with nothing.",
    PEERS_UNKNOWN="Too little of the context is known, in the year of the value and on these "
    "boundaries, to say which areas are the peers.",
)
described(
    Measure,
    "How the differences on the indicators become one distance.",
    name="LikenessMeasure",
    EUCLIDEAN="The root of the mean squared difference in z over the indicators that both areas "
    "have: 1 is a standard deviation on average. An area that lacks more than half is not judged.",
    MAHALANOBIS="Mahalanobis' distance: what correlated indicators have in common does not count "
    "twice. The correlations R are shrunk, 0.9 R + 0.1 I. An area that lacks any is not judged.",
)
described(
    NameKind,
    "What a text is to an area or focus area.",
    name="SearchNameKind",
    NAME="Its name in the vintage searched.",
    ALIAS="What people call it as well, as a source states.",
    FORMER_NAME="What the same code was called in an older vintage, in the same gemeente. It may "
    "have been another area.",
    CODE="Its code.",
    LATER_NAME="What the same code is called in a later vintage than is searched, in the same "
    "gemeente. It may be another area.",
)
described(
    How,
    "How a text matches, the better ways first.",
    name="SearchHow",
    CODE="It is the code.",
    EXACT="It is the name, with or without the number before it and the brackets after it.",
    ALIAS="It is an alias.",
    FORMER_NAME="It is a former name.",
    LATER_NAME="It is a name of a later vintage.",
    PREFIX="It is the beginning of a name of any kind: see `kind`.",
    WORD="Each of its words begins a word of the name, in any order.",
    CONTAINS="It is somewhere in the name.",
    TYPING_ERROR="It differs from the name in one letter, or in two of a longer text.",
)
described(
    PointPlacement,
    "Where a point lies, or why it was not looked for.",
    name="PointPlacement",
    IN_ONE="In exactly one area.",
    ON_SHARED_BORDER="On the border of several areas; the first by row is given.",
    IN_SEVERAL="In several areas, whose shapes overlap; the first by row is given.",
    NEAR="In none, but within 100 metres of one: `nearest`. It is not said to lie there.",
    OUTSIDE="In none, and none is within 100 metres.",
    IN_NONE_DRAWN="In none that has a shape, on a map of which some areas have none: it may lie in "
    "one of those. `nearest` is of the others.",
    NOT_A_NUMBER="A coordinate is missing or is no number.",
    OUT_OF_RANGE="Not in the Netherlands and its waters: swapped axes, or another system.",
)
described(
    Basis,
    "What the limits of a value rest on.",
    name="IntervalBasis",
    NONE="Nothing is known of how certain it is.",
    PUBLISHER="The source's own margins.",
    BINOMIAL="Chance in a share: Wilson's interval.",
    POISSON="Chance in small numbers: Byar's approximation.",
    HARMONISATION="Bounds of a conversion from other boundaries.",
    ROUNDING="Only how the source rounds.",
)
described(
    LinkKind,
    "How two areas of different vintages hang together, as far as both maps can show.",
    name="AreaLinkKind",
    SAME="Same border, same code.",
    RECODED="Same border, other code.",
    MERGED="Several whole old areas make up one new one.",
    SPLIT="One old area is made up of several whole new ones.",
    REDRAWN="Any other change of border.",
    NEW="No old area lies where the new one is.",
    GONE="No new area lies where the old one was.",
    UNPLACED="Nothing can be said: the area has no shape, or its code has none on the other map.",
)
described(
    Method,
    "What the share of an area that lies in another was measured in.",
    name="AreaLinkMethod",
    SURFACE="Surface: misleads for people, who live unevenly.",
    ADDRESSES="Addresses.",
    POPULATION="Inhabitants.",
    STATED="Nothing was measured: the publisher states that the area is as it was.",
)
described(
    Carrying,
    "How values published on other boundaries are carried to those of an area.",
    name="CarryingRule",
    COUNT="Counts are added up, each by the share of the old area that lies in the new one.",
    RATIO="Numerator and denominator are carried as counts, and then divided.",
    MEAN="Weighted by the denominator, which is carried as a count.",
    UNCHANGED="Only where the border did not change: medians, classes, indices, and what has no "
    "denominator in the catalogue.",
)
