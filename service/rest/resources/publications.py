"""Publications: numbered, immutable states of all data."""

from collections.abc import Mapping
from functools import partial

import orjson

from db.core.programme import Source
from db.core.publication import Load, Publication
from schema.context import Context
from schema.workshop import Work
from service.rest.citation import Cited, bibtex, cff, csl, ris, text_en, text_nl
from service.rest.common import CURSOR, LANGUAGE, LIMIT, ROOT
from service.rest.datapackage import package, sums_of
from service.rest.operation import Answer, Asked, Format, Operation, json_of
from service.rest.page import in_order, listed, paged
from service.rest.parameter import whole_number
from service.rest.record import (
    ADDRESS,
    ANY_OBJECT,
    MOMENT,
    TEXT,
    TRUTH,
    WHOLE,
    Member,
    Record,
    list_of,
    or_null,
)
from service.rest.writing import written

LOAD: Record[Load] = Record(
    "Lading",
    "Een gegevensbestand zoals het één keer is opgehaald; elke waarde leidt naar een lading.",
    [
        Member("bestand", TEXT, "Onze naam van het bestand.", lambda load, _: load.dataset),
        Member("bron", TEXT, "De bron, zie /bronnen.", lambda load, _: load.source),
        Member("tabel", or_null(TEXT), "Tabel van de uitgever.", lambda load, _: load.table),
        Member("titel", or_null(TEXT), "Hoe de uitgever het noemt.", lambda load, _: load.title),
        Member("indeling", WHOLE, "Jaar van de grenzen.", lambda load, _: load.vintage),
        Member("adres", TEXT, "Waar het vandaan komt.", lambda load, _: load.location),
        Member("opgehaald", MOMENT, "Wanneer.", lambda load, _: load.retrieved_at),
        Member(
            "gewijzigd", or_null(TEXT), "Versie volgens de uitgever.", lambda load, _: load.modified
        ),
        Member("sha256", TEXT, "Van de bytes zoals ontvangen.", lambda load, _: load.checksum),
    ],
)


def _loads(context: Context) -> Mapping[int, list[Load]]:
    """The loads in the order of their ids, by the publication that they came with."""
    return context.facts.remember("loads by publication", lambda: _by_publication(context))


def _by_publication(context: Context) -> Mapping[int, list[Load]]:
    loads = context.facts.head.loads
    found: dict[int, list[Load]] = {}
    for id_ in sorted(loads):
        found.setdefault(loads[id_].publication, []).append(loads[id_])
    return found


PUBLICATION: Record[Publication] = Record(
    "Publicatie",
    "Een genummerde, onveranderlijke stand van alle gegevens.",
    [
        Member("nummer", WHOLE, "Het nummer; latere zijn hoger.", lambda each, _: each.number),
        Member("gepubliceerd", MOMENT, "Wanneer.", lambda each, _: each.published_at),
        Member(
            "fictief",
            TRUTH,
            "Of alles verzonnen is: het voorbeeldland Voorbeeldland.",
            lambda each, _: each.fictional,
        ),
        Member("toelichting", or_null(TEXT), "Wat erbij gezegd is.", lambda each, _: each.note),
        Member(
            "controlesommen",
            ADDRESS,
            "Waar van elk bestand bytes, rijen en SHA-256 staan.",
            lambda each, context: sums_of(f"{context.public_url}{ROOT}/publicaties/{each.number}"),
        ),
        Member(
            "ladingen",
            list_of(LOAD),
            "Bestanden die met deze publicatie kwamen en nog in gebruik zijn.",
            lambda each, context: [
                LOAD.write(load, context) for load in _loads(context).get(each.number, ())
            ],
        ),
    ],
    uses=(LOAD,),
)
PAGE = paged("Publicaties", "Een bladzijde met publicaties, oudste eerst.", PUBLICATION)

NUMBER = whole_number("nummer", "Nummer van de publicatie.", least=1, most=2_000_000_000).in_path()


def _key(each: Publication) -> str:
    return f"{each.number:010d}"


def _list(asked: Asked) -> Answer:
    known = in_order(asked, "publications", asked.context.facts.head.publications, _key)
    return written(asked, PAGE, listed(asked, known, _key))


def _one(asked: Asked) -> Answer:
    return written(asked, PUBLICATION, asked.context.snapshot.head.publication)


def _package(asked: Asked) -> Answer:
    """Written by a thread: of some thousand series it is 3 MB, and 20 ms."""
    head = asked.context.facts.head
    describe = partial(
        package,
        asked.public_url,
        head.publication.number,
        head.publication.published_at,
        fictional=head.publication.fictional,
        indicators=head.indicators,
        series=head.series,
        sources=sources_of(asked.context),
        language=asked.language,
    )
    name = ("data package", asked.public_url, asked.language)
    return Answer(asked.context.made(Work(name, lambda: orjson.dumps(describe()), lambda _: None)))


def _citation(asked: Asked) -> Answer:
    published = asked.context.facts.head.publication
    cited = Cited(
        published.number,
        published.published_at.date(),
        published.fictional,
        f"{asked.public_url}{ROOT}/publicaties/{published.number}",
        sources_of(asked.context),
    )
    if asked.format.name == "json":
        return written(asked, CITATION, cited)
    forms = {"cff": cff, "bibtex": bibtex, "ris": ris, "csl": csl, "tekst": text_nl}
    write = forms[asked.format.name]
    return Answer(write(cited).encode())


def sources_of(context: Context) -> list[Source]:
    """Those whose figures the publication has, by slug."""
    used = {load.source for load in context.facts.head.loads.values()}
    known = context.facts.sources
    return [known[slug] for slug in sorted(used) if slug in known]


CITATION: Record[Cited] = Record(
    "Citaat",
    "Hoe deze publicatie te citeren, met de bronnen zoals die genoemd willen worden.",
    [
        Member("nederlands", TEXT, "In het Nederlands.", lambda it, _: text_nl(it)),
        Member("engels", TEXT, "In het Engels.", lambda it, _: text_en(it)),
    ],
)
_CITATIONS = (
    json_of(CITATION),
    Format("cff", "application/yaml", "application/yaml", ANY_OBJECT),
    Format("bibtex", "application/x-bibtex", "application/x-bibtex", TEXT),
    Format("ris", "application/x-research-info-systems", schema=TEXT),
    Format("csl", "application/vnd.citationstyles.csl+json", schema=ANY_OBJECT),
    Format("tekst", "text/plain", "text/plain; charset=utf-8", TEXT),
)


OPERATIONS = (
    Operation(
        path="/publicaties",
        id="publicaties",
        tag="Publicaties",
        nl="Alle publicaties, oudste eerst.",
        parameters=(LIMIT, CURSOR),
        formats=(json_of(PAGE),),
        records=(PAGE,),
        answer=_list,
    ),
    Operation(
        path="/publicaties/{nummer}",
        id="publicatie",
        tag="Publicaties",
        nl="Eén publicatie.",
        parameters=(NUMBER,),
        formats=(json_of(PUBLICATION),),
        records=(PUBLICATION,),
        answer=_one,
        can_be_pinned=False,
        pinned_by=NUMBER.name,
    ),
    Operation(
        path="/publicaties/{nummer}/gegevenspakket",
        id="gegevenspakket",
        tag="Publicaties",
        nl="Een publicatie als gegevenspakket (Frictionless): alle bestanden met hun schema.",
        parameters=(NUMBER, LANGUAGE),
        formats=(json_of(ANY_OBJECT, spoken=True),),
        answer=_package,
        can_be_pinned=False,
        pinned_by=NUMBER.name,
    ),
    Operation(
        path="/publicaties/{nummer}/citaat",
        id="citaat",
        tag="Publicaties",
        nl="Hoe een publicatie te citeren: als zin, CITATION.cff, BibTeX, RIS of CSL.",
        parameters=(NUMBER,),
        formats=_CITATIONS,
        records=(CITATION,),
        answer=_citation,
        can_be_pinned=False,
        pinned_by=NUMBER.name,
    ),
)
