"""What an indicator means. Meaning drives behaviour: what may be summed, compared, carried over."""

from dataclasses import dataclass
from enum import Enum


class Domain(Enum):
    """The six NPLV domains, and what stands beside them."""

    EDUCATION = "education"
    POVERTY = "poverty"
    HEALTH = "health"
    WORK = "work"
    HOUSING = "housing"
    SAFETY = "safety"
    POPULATION = "population"
    AMENITIES = "amenities"
    ENVIRONMENT = "environment"
    ECONOMY = "economy"
    COMPOSITE = "composite"


class Direction(Enum):
    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"
    NEUTRAL = "neutral"


class Kind(Enum):
    """What sort of number it is; decides which arithmetic is allowed."""

    COUNT = "count"
    SHARE = "share"
    RATE = "rate"
    MEAN = "mean"
    MEDIAN = "median"
    INDEX = "index"
    CLASS = "class"


class Aggregation(Enum):
    """How values of parts make the value of the whole."""

    SUM = "sum"
    WEIGHTED_MEAN = "weighted_mean"
    """Weighted by the indicator named in `denominator`."""
    RECOMPUTE = "recompute"
    """From `numerator` and `denominator`."""
    NONE = "none"


class Nature(Enum):
    MEASURED = "measured"
    MODELLED = "modelled"
    PERCEIVED = "perceived"


class Measures(Enum):
    """Whether a figure is what there is, or what came or happened in a year."""

    STOCK = "stock"
    FLOW = "flow"


class Origin(Enum):
    """Who brought a fact in: the service with its publishers, or who runs this instance."""

    PUBLISHED = "published"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """From `year` on, values are not comparable with those before it."""

    year: int
    text_nl: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Matcher:
    """How one publisher's column is recognised as this indicator.

    Exactly one of `stem`, `title`, `measure`, `short`, `path` is set.
    """

    family: str
    """Value of db.sources.dataset.Family."""
    stem: str | None = None
    """OData v3 key without its number: 'AantalInwoners' for 'AantalInwoners_5'."""
    title: str | None = None
    """Title of the column (spaces folded, no-break spaces too, case ignored)."""
    measure: str | None = None
    """OData v4 measure code or category key."""
    short: str | None = None
    """Short name in a file, any case: 'AANT_INW', 'a_inw', 'aantalInwoners'."""
    path: str | None = None
    """StatLine topic path without unit: 'Bevolking/Geslacht/Mannen'."""
    group: str | None = None
    """A topic group that must stand above it, where the stem or title is not unique."""
    unit: str | None = None
    """Unit the column must have, where the stem or title is not unique."""
    vintages: tuple[int, int] | None = None
    """First and last vintage in which the match holds, both included."""
    scale: float = 1.0
    """Exact factor from the column's unit to the indicator's: 100 for km2 to ha."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the catalogue. Texts in Dutch and English; units in `unit`."""

    slug: str
    name_nl: str
    name_en: str
    description_nl: str
    description_en: str
    domain: Domain
    unit_nl: str
    unit_en: str
    direction: Direction
    kind: Kind
    aggregation: Aggregation
    nature: Nature
    source: str
    """Slug in sources.toml."""
    decimals: int = 0
    denominator: str | None = None
    numerator: str | None = None
    rounding: int | None = None
    """Counts below gemeente level are rounded to a multiple of this."""
    breaks: tuple[SeriesBreak, ...] = ()
    note_nl: str | None = None
    note_en: str | None = None
    gap: bool = False
    """True where no open national table exists (users load their own)."""
    matchers: tuple[Matcher, ...] = ()
    factor: float = 1.0
    """A rate is numerator / denominator times this: 100 for per km2 from hectares, 1000 for per
    thousand inhabitants. 1 for a rate of which that is not stated."""
    measures: Measures | None = None
    """None where the catalogue does not state it."""
    origin: Origin = Origin.PUBLISHED
