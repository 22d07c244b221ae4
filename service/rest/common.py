"""What every operation takes and every answer has."""

from schema.default_vintage import RULE_NL
from schema.enums import Crs
from service.headers import VERSIONED
from service.rest.operation import Format
from service.rest.parameter import Parameter, one_of, text, whole_number

ROOT = VERSIONED

PUBLICATION = whole_number(
    "publicatie",
    "Nummer van de publicatie waaruit geantwoord wordt; zonder: de nieuwste. Met een nummer blijft "
    "het antwoord voor altijd hetzelfde.",
    least=1,
    most=2_000_000_000,
)
VINTAGE = whole_number(
    "indeling",
    f"Jaar van de grenzen (indeling van 1 januari); zonder: {RULE_NL}. Een code betekent alleen "
    "iets samen met dit jaar.",
    least=1990,
    most=2100,
)
LIMIT = whole_number(
    "limit", "Hoeveel er hoogstens op een bladzijde staan.", least=1, most=5000, default=100,
    capped=True,
)  # fmt: skip
CURSOR = text(
    "cursor",
    "Waar de bladzijde begint: zoals de link `next` van de vorige bladzijde hem geeft.",
    pattern="[A-Za-z0-9_-]{8,400}",
    what_en="a cursor as a link `next` gives it",
    what_nl="een cursor zoals een link `next` die geeft",
)

CRS = one_of(
    "crs",
    "Coördinatenstelsel van de grens, als URI; lengte en breedte (CRS84) als niets gevraagd is.",
    {each.uri: each for each in Crs},
    default=Crs.CRS84.uri,
)
SLUG_FORM = "[a-z0-9][a-z0-9_-]{0,79}"
SLUG = text(
    "slug",
    "De korte naam.",
    pattern=SLUG_FORM,
    what_en="a slug: lower case letters, digits, - and _",
    what_nl="een slug: kleine letters, cijfers, - en _",
).in_path()
LANGUAGE = one_of(
    "lang",
    "De taal van teksten voor mensen; zonder: die de header Accept-Language het liefst heeft, en "
    "anders Nederlands.",
    {"nl": "nl", "en": "en"},
)


def format_parameter(formats: list[Format]) -> Parameter[Format]:
    """`f`: the format, where a header cannot be sent; it goes before Accept."""
    return one_of(
        "f",
        "Het formaat; gaat voor de header Accept.",
        {each.name: each for each in formats},
    )


OF_A_PART = {206: "Een deel van het bestand.", 416: "Zo'n deel heeft het bestand niet."}
"""Further outcomes where a part of a file can be asked for."""
