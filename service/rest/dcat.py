"""The catalogue by DCAT-AP-NL 3: publications as a series of datasets, and the services. Pure.

Every node has an address, so that the same publication is written the same every time. All that
the profile makes mandatory or recommends is there, but for the kind of a body that we do not know.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from db.core.programme import Source
from db.core.publication import Publication
from service.rest import dcat_agents as agents
from service.rest import dcat_terms as terms
from service.rest.dcat_listed import Listed, licence_of
from service.rest.dcat_terms import Node, at, both, nl, typed
from service.rest.operator import Operator

_NAME = ("Leefbaarheid van wijken en buurten", "Liveability of Dutch neighbourhoods")
_ABOUT = (
    "Cijfers over de leefbaarheid van Nederlandse gemeenten, wijken en buurten door de jaren, met "
    "hun grenzen en de focusgebieden van programma's. Een waarde die ontbreekt zegt waarom.",
    "Figures on the liveability of Dutch municipalities and neighbourhoods through the years, with "
    "their boundaries and the focus areas of programmes. An absent value says why.",
)
_FICTIONAL = (
    "Fictieve gegevens van het niet bestaande Voorbeeldland. ",
    "Fictional data of Voorbeeldland, which does not exist. ",
)
_KEYWORDS_NL = ("leefbaarheid", "wijken", "buurten", "gemeenten", "focusgebieden", "indicatoren")
_KEYWORDS_EN = ("liveability", "neighbourhoods", "municipalities", "indicators")
_SERVICES = (
    ("rest", "REST en OGC API Features", "REST and OGC API Features", "v1", "v1/openapi.json",
     (terms.DESIGN_RULES, terms.FEATURES)),
    ("graphql", "GraphQL", "GraphQL", "graphql", "graphql", (terms.GRAPHQL,)),
)  # fmt: skip


def catalogue(
    public_url: str, publications: Sequence[Listed], operator: Operator
) -> dict[str, Any]:
    """The catalogue as JSON-LD; `publications` newest first."""
    made = _Catalogue(public_url, publications, operator)
    return {"@context": terms.PREFIXES, "@graph": list(made.nodes())}


class _Catalogue:
    """Writes the nodes; addresses are those of the service at `url`."""

    def __init__(self, public_url: str, publications: Sequence[Listed], operator: Operator) -> None:
        self.url = public_url
        self.operator = operator
        self.operator_address = agents.operator_address(operator, public_url)
        self.publications = publications
        self.sources = publications[0].sources
        self.fictional = publications[0].publication.fictional
        self.place = f"{public_url}/#voorbeeldland" if self.fictional else terms.NETHERLANDS
        self.licence, self._licence_kind = licence_of(public_url, self.sources)

    def nodes(self) -> Iterator[Node]:
        yield from terms.terms()
        names = ("Voorbeeldland (fictief)", "Voorbeeldland (fictional)")
        yield terms.place(self.place, *(names if self.fictional else ("Nederland", "Netherlands")))
        yield from self._own()
        makers = {source.slug: source for each in self.publications for source in each.sources}
        for _, source in sorted(makers.items()):
            yield agents.making(source, self._maker_address(source))
        for service in _SERVICES:
            yield self._service(*service)
        yield self._series()
        yield from self._period(f"{self.url}/#reeks", self._years())
        for each in self.publications:
            yield self._dataset(each)
            yield from self._period(self._address(each), each.vintages)
            yield self._package(each)
        yield self._catalog()

    def _own(self) -> Iterator[Node]:
        """Whoever offers this, and the terms."""
        yield agents.offering(self.operator, self.url)
        yield agents.contact(self.operator, self.url)
        yield {"@id": f"{self.url}/", "@type": "foaf:Document"}
        yield {"@id": f"{self.url}/v1/docs", "@type": "foaf:Document"}
        yield {
            "@id": self.licence,
            "@type": "dct:LicenseDocument",
            "dct:type": at(self._licence_kind),
        }
        yield self._rights()

    def _rights(self) -> Node:
        """Each source has terms of its own: said in full beside the licence of the whole."""
        said = (
            [f"{it.attribution_nl.rstrip('.')}. Licentie: {it.licence}." for it in self.sources],
            [f"{it.attribution_en.rstrip('.')}. Licence: {it.licence}." for it in self.sources],
        )
        dutch, english = map(" ".join, said)
        return {
            "@id": f"{self.url}/#rechten",
            "@type": "dct:RightsStatement",
            "rdfs:label": both(dutch or "Geen bronnen.", english or "No sources."),
        }

    def _service(
        self,
        name: str,
        dutch: str,
        english: str,
        path: str,
        described: str,
        standards: tuple[str, ...],
    ) -> Node:
        about = (f"{_ABOUT[0]} Te bevragen met {dutch}.", f"{_ABOUT[1]} To be asked by {english}.")
        return {
            "@id": f"{self.url}/#{name}",
            "@type": "dcat:DataService",
            **self._common(),
            **self._described(),
            "dct:title": both(f"Leefbaarheid: {dutch}", f"Liveability: {english}"),
            "dct:description": both(*about),
            "dct:identifier": f"{self.url}/#{name}",
            "dct:license": at(self.licence),
            "dct:conformsTo": [at(each) for each in standards],
            "dcat:endpointURL": at(f"{self.url}/{path}"),
            "dcat:endpointDescription": at(f"{self.url}/{described}"),
            "dcat:servesDataset": at(self._address(self.publications[0])),
        }

    def _series(self) -> Node:
        members = [self._address(each) for each in self.publications]
        return {
            "@id": f"{self.url}/#reeks",
            "@type": "dcat:DatasetSeries",
            **self._common(),
            "dct:title": both(*_NAME),
            "dct:description": both(*_about(self.fictional)),
            "dct:accrualPeriodicity": at(terms.IRREGULAR),
            "dct:spatial": at(self.place),
            **_temporal(f"{self.url}/#reeks", self._years()),
            "dcat:seriesMember": [at(each) for each in members],
            "dcat:last": at(members[0]),
        }

    def _dataset(self, each: Listed) -> Node:
        address, number = self._address(each), each.publication.number
        names = (f"{_NAME[0]}, publicatie {number}", f"{_NAME[1]}, publication {number}")
        makers = [at(self._maker_address(source)) for source in each.sources]
        return {
            "@id": address,
            "@type": "dcat:Dataset",
            **self._common(),
            **self._described(),
            **_temporal(address, each.vintages),
            "dct:title": both(*names),
            "dct:description": both(*_about(each.publication.fictional)),
            "dct:identifier": address,
            "dct:creator": makers or at(self.operator_address),
            "dct:rights": at(f"{self.url}/#rechten"),
            "dct:issued": _moment(each.publication),
            "dct:conformsTo": at(terms.DATA_PACKAGE),
            "dct:spatial": at(self.place),
            "dcat:version": str(number),
            "dcat:inSeries": at(f"{self.url}/#reeks"),
            "dcat:distribution": at(f"{address}/gegevenspakket"),
        }

    def _years(self) -> Sequence[int]:
        """Of the boundaries of all publications."""
        return sorted({year for each in self.publications for year in each.vintages})

    def _period(self, address: str, vintages: Sequence[int]) -> Iterator[Node]:
        """The years of the boundaries that figures are on."""
        for period in _temporal(address, vintages).values():
            yield {
                **period,
                "@type": "dct:PeriodOfTime",
                "dcat:startDate": typed(f"{vintages[0]}-01-01", "xsd:date"),
                "dcat:endDate": typed(f"{vintages[-1]}-12-31", "xsd:date"),
            }

    def _package(self, each: Listed) -> Node:
        address = f"{self._address(each)}/gegevenspakket"
        return {
            "@id": address,
            "@type": "dcat:Distribution",
            "dct:title": both("Gegevenspakket", "Data package"),
            "dct:description": both(
                "Alle bestanden van de publicatie met hun adres en de betekenis van elke kolom.",
                "All files of the publication with their addresses and the meaning of each column.",
            ),
            "dcat:accessURL": at(address),
            "dcat:downloadURL": at(address),
            "dcat:accessService": at(f"{self.url}/#rest"),
            "dct:license": at(self.licence),
            "dct:rights": at(f"{self.url}/#rechten"),
            "dct:conformsTo": at(terms.DATA_PACKAGE),
            "dct:format": at(terms.JSON),
            "dct:language": _languages(),
            "dct:issued": _moment(each.publication),
            "dcat:mediaType": at(terms.MEDIA_JSON),
            "dcatap:availability": at(terms.STABLE),
        }

    def _catalog(self) -> Node:
        newest, oldest = self.publications[0], self.publications[-1]
        return {
            "@id": f"{self.url}/v1/catalogus",
            "@type": "dcat:Catalog",
            **self._common(),
            "dct:title": both("Leefbaarheid", "Liveability"),
            "dct:description": both(*_ABOUT),
            "dct:creator": at(self.operator_address),
            "dct:license": at(self.licence),
            "dct:language": _languages(),
            "dct:issued": _moment(oldest.publication),
            "dct:modified": _moment(newest.publication),
            "dct:spatial": at(self.place),
            "foaf:homepage": at(f"{self.url}/"),
            "dcat:themeTaxonomy": at(terms.THEMES),
            "dcat:dataset": [at(self._address(each)) for each in self.publications],
            "dcat:service": [at(f"{self.url}/#{name}") for name, *_ in _SERVICES],
        }

    def _common(self) -> Node:
        """What a dataset, a series, a service and the catalogue all must say."""
        return {
            "dct:publisher": at(self.operator_address),
            "dcat:contactPoint": at(f"{self.url}/#contact"),
        }

    def _described(self) -> Node:
        """What a dataset and a service both say."""
        words = [nl(each) for each in _KEYWORDS_NL]
        words += [{"@value": each, "@language": "en"} for each in _KEYWORDS_EN]
        return {
            "dct:creator": at(self.operator_address),
            "dct:accessRights": at(terms.PUBLIC),
            "dct:language": _languages(),
            "dcat:keyword": words,
            "dcat:theme": at(terms.SOCIETY),
            "dcat:landingPage": at(f"{self.url}/"),
            "foaf:page": at(f"{self.url}/v1/docs"),
        }

    def _address(self, each: Listed) -> str:
        return f"{self.url}/v1/publicaties/{each.publication.number}"

    def _maker_address(self, source: Source) -> str:
        return f"{self.url}/v1/bronnen#{source.slug}"


def _temporal(address: str, vintages: Sequence[int]) -> Node:
    """Which period something covers, if any."""
    mark = "-periode" if "#" in address else "#periode"
    return {"dct:temporal": at(f"{address}{mark}")} if vintages else {}


def _about(fictional: bool) -> tuple[str, str]:
    return (_FICTIONAL[0] + _ABOUT[0], _FICTIONAL[1] + _ABOUT[1]) if fictional else _ABOUT


def _moment(publication: Publication) -> Node:
    return typed(publication.published_at.isoformat(), "xsd:dateTime")


def _languages() -> list[Node]:
    return [at(terms.DUTCH), at(terms.ENGLISH)]
