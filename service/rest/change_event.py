"""One change as the contract has it: what, of which kind, and all that it is now."""

from collections.abc import Mapping
from typing import Any

from db.core.change import (
    AreaChange,
    CellChange,
    Change,
    FactChange,
    PublicationChange,
    Section,
    Subject,
)
from db.core.codes import gemeente_code
from db.core.levels import Level
from schema.context import Context
from schema.provenance import provenance_of
from service.rest.record import (
    ANY_OBJECT,
    MOMENT,
    TEXT,
    TRUTH,
    WHOLE,
    Member,
    Record,
    chosen_from,
    or_null,
)

_FACTS = {
    "indicator": "indicator",
    "source": "bron",
    "programme": "programma",
    "focus_area": "focusgebied",
    "membership": "lidmaatschap",
    "group": "groep",
    "group_list": "groepslijst",
    "stacking_definition": "stapelingsdefinitie",
    "alias": "andereNaam",
    "composition": "samenstelling",
    "funding_stream": "geldstroom",
    "intervention": "interventie",
    "statement": "uitspraak",
    "withdrawal": "intrekking",
}
KINDS: Mapping[str, tuple[Section, str | None]] = {
    **{nl: (Section.FACTS, kind) for kind, nl in _FACTS.items()},
    "gebied": (Section.AREAS, None),
    "waarneming": (Section.OBSERVATIONS, None),
    "publicatie": (Section.PUBLICATION, None),
}


def kind_of(subject: Subject) -> str:
    """The word of the contract for what changed."""
    match subject:
        case FactChange():
            return _FACTS.get(subject.kind, subject.kind)
        case AreaChange():
            return "gebied"
        case CellChange():
            return "waarneming"
        case PublicationChange():
            return "publicatie"


def key_of(subject: Subject) -> dict[str, object]:
    """What tells the thing that changed from all others of its kind."""
    match subject:
        case FactChange():
            return {"sleutel": subject.key}
        case AreaChange():
            level, vintage = subject.level.value, subject.vintage
            return {"niveau": level, "indeling": vintage, "code": subject.code}
        case CellChange():
            indicator, of_level, vintage = subject.series
            return {
                "indicator": indicator,
                "niveau": of_level.value,
                "indeling": vintage,
                "code": subject.code,
                "jaar": subject.period,
            }
        case PublicationChange():
            return {"nummer": subject.number}


def content_of(subject: Subject, context: Context) -> dict[str, Any] | None:
    """What it is now; None where it is gone."""
    match subject:
        case FactChange():
            return None if subject.body is None else dict(subject.body)
        case AreaChange():
            return _area(subject)
        case CellChange():
            return _cell(subject, context)
        case PublicationChange():
            published = context.facts.publications[subject.number]
            return {
                "gepubliceerd": published.published_at,
                "fictief": published.fictional,
                "toelichting": published.note,
                "aantallen": dict(published.counts),
            }


def _area(change: AreaChange) -> dict[str, Any] | None:
    state = change.state
    if state is None:
        return None
    former = state.recoded_from
    return {
        "naam": state.name,
        "terrein": state.terrain.value,
        "gemeenteCode": None if change.level is Level.LAND else gemeente_code(change.code),
        "ouderCode": state.parent_code,
        "grens": state.border,
        "hercodeerdUit": former and {"code": former.code, "indeling": former.vintage},
    }


def _cell(change: CellChange, context: Context) -> dict[str, Any] | None:
    cell = change.cell
    if cell is None:
        return None
    load = provenance_of(context, cell.load)
    return {
        "waarde": cell.value,
        "status": cell.reason.status.name,
        "reden": cell.reason.name,
        "ondergrens": cell.lower,
        "bovengrens": cell.upper,
        "voorlopig": cell.provisional,
        "bron": None if load is None else load.source,
        "bestand": None if load is None else load.dataset,
    }


def event_id(change: Change) -> str:
    """The same whenever it is asked for: publication, kind and key."""
    parts = [change.place.publication, kind_of(change.subject), *key_of(change.subject).values()]
    return "/".join(map(str, parts))


CHANGE: Record[Change] = Record(
    "Wijziging",
    "Eén ding dat met een publicatie kwam, anders werd of verviel.",
    [
        Member(
            "id",
            TEXT,
            "Altijd hetzelfde voor dezelfde wijziging: wie hem al heeft kan hem overslaan.",
            lambda it, _: event_id(it),
        ),
        Member("publicatie", WHOLE, "Waarmee.", lambda it, _: it.place.publication),
        Member(
            "gepubliceerd",
            MOMENT,
            "Wanneer.",
            lambda it, context: context.facts.publications[it.place.publication].published_at,
        ),
        Member("soort", chosen_from(*KINDS), "Wat.", lambda it, _: kind_of(it.subject)),
        Member(
            "vervallen",
            TRUTH,
            "Of het er niet meer is; anders is `inhoud` wat het nu is.",
            lambda it, context: content_of(it.subject, context) is None,
        ),
        Member(
            "sleutel",
            ANY_OBJECT,
            "Waarmee het van al het andere van zijn soort te onderscheiden is.",
            lambda it, _: key_of(it.subject),
        ),
        Member(
            "inhoud",
            or_null(ANY_OBJECT),
            "Alles wat het nu is, niet alleen wat anders is; van een gebied is `grens` het SHA-256 "
            "van de grens, en `hercodeerdUit` het gebied met dezelfde grens en een andere code. "
            "Leeg als het vervallen is.",
            lambda it, context: content_of(it.subject, context),
        ),
    ],
)
