"""Where a reader of the change feed is, as text: `12`, or `12-5f0c1a2b-9qTfjFszLDE3LDQwM10`.

A number alone is behind that publication, so that whoever has a snapshot of it can begin. A cursor
also carries a stamp of the moment of its publication: another store, or this one set back to an
older copy, counts from the same numbers again, and must not be taken for the one that was read. And
it carries a check of itself: damaged it would be another place, and changes be passed over.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping

import orjson

from db.core.change import Place, Section, after
from db.core.publication import Publication
from service.rest.invalid import Invalid
from service.rest.operation import Faulty
from service.rest.parameter import Parameter, text

_NUMBER = r"[0-9]{1,9}"
SINCE: Parameter[str] = text(
    "sinds",
    "Waarna: de `cursor` van de vorige bladzijde, of het nummer van de publicatie waarvan u de "
    "gegevens al hebt (0: alles). Zonder: de nieuwste publicatie, om bij te beginnen.",
    pattern=rf"{_NUMBER}(?:-[0-9a-f]{{8}}-[A-Za-z0-9_-]{{2,400}})?",
    what_en="a `cursor` as it was given, or the number of a publication",
    what_nl="een `cursor` zoals die gegeven is, of het nummer van een publicatie",
    example="0",
)
_CHECK = 4


def _is_text(part: object) -> bool:
    return isinstance(part, str) and "\0" not in part


def _is_whole(part: object) -> bool:
    return type(part) is int and abs(part) < 2**31


def _is_year(part: object) -> bool:
    return type(part) is int and 0 <= part < 2**15


_FORMS: Mapping[Section, tuple[Callable[[object], bool], ...]] = {
    Section.FACTS: (_is_text, _is_text),
    Section.AREAS: (_is_whole,),
    Section.RECODINGS: (_is_text, _is_year, _is_year, _is_whole),
    Section.OBSERVATIONS: (_is_whole, _is_whole),
    Section.PUBLICATION: (_is_whole,),
}
"""What a key is made of, as the store has it."""


def write(place: Place, published: Mapping[int, Publication]) -> str:
    """The text of a place."""
    stamp = _stamp(published.get(place.publication))
    raw = orjson.dumps([place.section, *place.key])
    return f"{place.publication}-{stamp}-{_checked(stamp, raw)}"


def read(
    given: str | None, published: Mapping[int, Publication], newest: int, *, pinned: bool = False
) -> Place:
    """The place that a text names; Faulty with 410 for one that this store never had, and with
    400 for one behind the publication that a request is `pinned` to.
    """
    if given is None:
        return after(newest)
    number, _, rest = given.partition("-")
    publication = int(number)
    if not rest and publication == 0:
        return Place(1)
    if publication not in published:
        raise _behind(publication, newest) if pinned and publication > newest else _gone(newest)
    if not rest:
        return after(publication)
    stamp, _, key = rest.partition("-")
    if stamp != _stamp(published[publication]):
        raise _gone(newest)
    return _place(publication, stamp, key)


def _stamp(publication: Publication | None) -> str:
    moment = "" if publication is None else publication.published_at.isoformat()
    return hashlib.blake2s(moment.encode(), digest_size=4).hexdigest()


def _checked(stamp: str, raw: bytes) -> str:
    check = hashlib.blake2s(stamp.encode() + raw, digest_size=_CHECK).digest()
    return urlsafe_b64encode(check + raw).decode().rstrip("=")


def _place(publication: int, stamp: str, text: str) -> Place:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))[_CHECK:]
        section, *key = orjson.loads(raw)
        place = Place(publication, Section(section), tuple(key))
    except (NotBase64, ValueError, TypeError):
        raise _unreadable() from None
    form = _FORMS[place.section]
    fits = len(key) == len(form) and all(is_it(part) for part, is_it in zip(key, form, strict=True))
    if (key and not fits) or _checked(stamp, raw) != text:
        raise _unreadable()
    return place


def _unreadable() -> Faulty:
    en = "this is no cursor that was given out; use `cursor` as the last page has it"
    nl = "dit is geen cursor die gegeven is; gebruik `cursor` zoals de vorige bladzijde hem heeft"
    return Faulty([Invalid(SINCE.name, "MALFORMED", en, nl)])


def _behind(publication: int, last: int) -> Faulty:
    en = (
        f"this place lies after publication {publication}, and all that is asked for ends with "
        f"publicatie={last}; leave publicatie out, or begin at a place before its end"
    )
    nl = (
        f"deze plaats ligt na publicatie {publication}, en wat gevraagd is eindigt met "
        f"publicatie={last}; laat publicatie weg, of begin op een plaats voor het eind daarvan"
    )
    return Faulty([Invalid(SINCE.name, "OUT_OF_RANGE", en, nl)])


def _gone(newest: int) -> Faulty:
    en = (
        "this cursor is of a publication that this store does not have: it was replaced or set "
        f"back; take the data anew and go on from sinds={newest}"
    )
    nl = (
        "deze cursor is van een publicatie die hier niet is: de gegevens zijn vervangen of "
        f"teruggezet; haal alles opnieuw en ga verder vanaf sinds={newest}"
    )
    return Faulty([Invalid(SINCE.name, "CURSOR_EXPIRED", en, nl)], 410)
