"""Why a value is present or absent. A null is never zero and never unexplained.

Every cell carries a Reason; a Reason belongs to exactly one Status, the word of the contract.
Codes are stored in a byte: append new ones, never renumber.
"""

from enum import Enum, IntEnum
from typing import NamedTuple


class Status(Enum):
    """The status of a value, as every door of the service spells it."""

    OBSERVED = "OBSERVED"
    MODELLED = "MODELLED"
    RECODED = "RECODED"
    ESTIMATED = "ESTIMATED"
    SUPPRESSED = "SUPPRESSED"
    UNKNOWN = "UNKNOWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_COMPARABLE = "NOT_COMPARABLE"
    NOT_PUBLISHED = "NOT_PUBLISHED"

    @property
    def has_value(self) -> bool:
        return self in _WITH_VALUE


_WITH_VALUE = frozenset({Status.OBSERVED, Status.MODELLED, Status.RECODED, Status.ESTIMATED})


class Reason(IntEnum):
    """Why the cell is as it is. 0 to 9 have a value, all others have none."""

    OBSERVED = 0
    MODELLED = 1
    RECODED = 2
    ESTIMATED = 3
    CONFIDENTIAL = 10
    WITHHELD_ELSEWHERE = 11
    DOT = 20
    NO_FIGURE = 21
    MISSING_CODE = 22
    UNKNOWN_TO_PUBLISHER = 23
    PART_UNKNOWN = 24
    SHARE_UNKNOWN = 25
    NO_UNITS = 26
    WATER_OR_ABROAD = 30
    IMPOSSIBLE = 31
    OTHER_BOUNDARIES = 40
    BORDER_CHANGED = 41
    NO_LINKS = 42
    NO_DENOMINATOR = 43
    NOT_ADDITIVE = 44
    NO_WEIGHT = 45
    NOT_YET_PUBLISHED = 50
    NOT_MEASURED = 51
    NO_ROW = 52
    NOT_LOADED = 53

    @property
    def status(self) -> Status:
        return _TEXTS[self].status

    @property
    def slug(self) -> str:
        return self.name.lower().replace("_", "-")

    def text(self, language: str) -> str:
        """The explanation for people, in `nl` or `en`."""
        texts = _TEXTS[self]
        return texts.nl if language == "nl" else texts.en


class _Text(NamedTuple):
    status: Status
    nl: str
    en: str


_TEXTS: dict[Reason, _Text] = {
    Reason.OBSERVED: _Text(
        Status.OBSERVED,
        "Waarde zoals de bron die publiceert.",
        "Value as the source publishes it.",
    ),
    Reason.MODELLED: _Text(
        Status.MODELLED,
        "Schatting uit een model van de bron, geen telling.",
        "Estimate from a model of the source, not a count.",
    ),
    Reason.RECODED: _Text(
        Status.RECODED,
        "Overgenomen van een gebied met dezelfde grens en een andere code, of exact opgeteld.",
        "Carried over from an area with the same border and another code, or summed exactly.",
    ),
    Reason.ESTIMATED: _Text(
        Status.ESTIMATED,
        "Omgerekend van andere grenzen, met een onder- en bovengrens.",
        "Converted from other boundaries, with a lower and an upper bound.",
    ),
    Reason.CONFIDENTIAL: _Text(
        Status.SUPPRESSED,
        "Door de bron geheim gehouden, omdat het aantal te klein is om te tonen.",
        "Withheld by the source, because the number is too small to show.",
    ),
    Reason.WITHHELD_ELSEWHERE: _Text(
        Status.SUPPRESSED,
        "Niet gegeven, omdat daaruit een cijfer zou volgen dat de bron op andere grenzen geheim "
        "houdt.",
        "Not given, because a figure that the source withholds on other boundaries would follow "
        "from it.",
    ),
    Reason.DOT: _Text(
        Status.UNKNOWN,
        "De bron geeft een punt: onbekend, onvoldoende betrouwbaar of geheim.",
        "The source shows a dot: unknown, not reliable enough, or secret.",
    ),
    Reason.NO_FIGURE: _Text(
        Status.UNKNOWN,
        "De bron geeft hier geen cijfer en zegt niet of het onbekend, geheim of onmogelijk is.",
        "The source has no figure here and does not say whether it is unknown, secret or "
        "impossible.",
    ),
    Reason.MISSING_CODE: _Text(
        Status.UNKNOWN,
        "De bron geeft een code voor ontbrekend (zoals -99997): onbekend of geheim.",
        "The source gives a code for missing (such as -99997): unknown or secret.",
    ),
    Reason.UNKNOWN_TO_PUBLISHER: _Text(
        Status.UNKNOWN,
        "De bron noemt de waarde onbekend.",
        "The source says that the value is unknown.",
    ),
    Reason.PART_UNKNOWN: _Text(
        Status.UNKNOWN,
        "Van een deel van het gebied ontbreekt het cijfer; de delen die er wel zijn, zijn niet "
        "voor het geheel gegeven.",
        "The figure of a part of the area is absent; the parts that are there are not given for "
        "the whole.",
    ),
    Reason.SHARE_UNKNOWN: _Text(
        Status.UNKNOWN,
        "Een gebied hoort er voor een deel bij, en welk deel is niet bekend: er zijn alleen een "
        "onder- en bovengrens.",
        "An area belongs to it in part, and which part is not known: there are only bounds.",
    ),
    Reason.NO_UNITS: _Text(
        Status.UNKNOWN,
        "Op deze grenzen telt geen wijk of buurt als deel van dit gebied, en dus is er niets "
        "waaruit het cijfer zou volgen.",
        "On these boundaries no wijk or buurt counts as a part of this area, so there is nothing "
        "that the figure would follow from.",
    ),
    Reason.WATER_OR_ABROAD: _Text(
        Status.NOT_APPLICABLE,
        "Water of buitenland: hier wonen geen mensen en bestaan geen cijfers.",
        "Water or abroad: nobody lives here and there are no figures.",
    ),
    Reason.IMPOSSIBLE: _Text(
        Status.NOT_APPLICABLE,
        "De bron laat de cel leeg: het cijfer kan hier niet voorkomen.",
        "The source leaves the cell blank: the figure cannot occur here.",
    ),
    Reason.OTHER_BOUNDARIES: _Text(
        Status.NOT_COMPARABLE,
        "Dit jaar is gepubliceerd op grenzen van een ander jaar; dezelfde code kan een ander "
        "gebied zijn.",
        "This year was published on the boundaries of another year; the same code may be "
        "another area.",
    ),
    Reason.BORDER_CHANGED: _Text(
        Status.NOT_COMPARABLE,
        "Sinds dit jaar is de grens veranderd, en een cijfer als dit (mediaan, klasse, index) is "
        "niet om te rekenen.",
        "The border has changed since this year, and a figure of this sort (median, class, index) "
        "cannot be converted.",
    ),
    Reason.NO_LINKS: _Text(
        Status.NOT_COMPARABLE,
        "Dit jaar is gepubliceerd op grenzen waarvan niet bekend is hoe zij met deze samenhangen: "
        "een kaart ontbreekt.",
        "This year was published on boundaries of which it is not known how they hang together "
        "with these: a map is lacking.",
    ),
    Reason.NO_DENOMINATOR: _Text(
        Status.NOT_COMPARABLE,
        "De grens is veranderd, en het aantal waarover dit cijfer gaat is voor dit jaar niet op "
        "dezelfde grenzen gepubliceerd: zonder gewicht wordt niets gemiddeld.",
        "The border has changed, and the number that this figure is over is not published for "
        "this year on the same boundaries: nothing is averaged without weights.",
    ),
    Reason.NOT_ADDITIVE: _Text(
        Status.NOT_COMPARABLE,
        "Een cijfer als dit (zoals een mediaan, klasse of index) is uit delen niet samen te "
        "stellen; vraag het van de delen.",
        "A figure of this sort (such as a median, class or index) cannot be made of parts; ask it "
        "of the parts.",
    ),
    Reason.NO_WEIGHT: _Text(
        Status.NOT_COMPARABLE,
        "Het aantal waarover dit cijfer gaat, of een ander gewicht, is op deze grenzen niet "
        "geladen: zonder gewicht wordt niets gemiddeld.",
        "The number that this figure is over, or another weight, is not loaded on these "
        "boundaries: nothing is averaged without weights.",
    ),
    Reason.NOT_YET_PUBLISHED: _Text(
        Status.NOT_PUBLISHED,
        "De bron heeft deze kolom in deze uitgave nog niet gevuld.",
        "The source has not filled this column yet in this edition.",
    ),
    Reason.NOT_MEASURED: _Text(
        Status.NOT_PUBLISHED,
        "In dit jaar niet gemeten.",
        "Not measured in this year.",
    ),
    Reason.NO_ROW: _Text(
        Status.NOT_PUBLISHED,
        "De bron heeft voor dit gebied in dit jaar geen regel.",
        "The source has no row for this area in this year.",
    ),
    Reason.NOT_LOADED: _Text(
        Status.NOT_PUBLISHED,
        "In deze publicatie is voor dit gebied en dit jaar geen bron geladen.",
        "No source was loaded for this area and year in this publication.",
    ),
}
