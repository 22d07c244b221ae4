"""The catalogue keeps to DCAT-AP-NL 3, says the same in both formats, and leads to what is there.

The profile's own shapes are not in this project: text of others stays out of it. Ours, in
`shapes/dcat_ap_nl.ttl`, ask for what it makes mandatory and recommends, and for classes and lists.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, RDF, SH, SKOS, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

from db.core.programme import Source
from db.core.publication import Publication
from db.reference.facts import load_reference
from service.rest.dcat import catalogue
from service.rest.dcat_agents import kind_of
from service.rest.dcat_listed import Listed, licence_of
from service.rest.dcat_terms import CC_BY, CC_ZERO
from service.rest.operator import Operator
from service.rest.resources.catalogue import operation
from service.rest.turtle import turtle
from tests.api.resting import PUBLIC_URL, rest_client

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
_SHAPES = Path(__file__).resolve().parent / "shapes" / "dcat_ap_nl.ttl"
_ADDRESS = "/v1/catalogus"
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_DCAT_3 = Namespace(str(DCAT))
"""With the words that rdflib does not know yet."""


async def _graph(query: str, format_: str) -> Graph:
    async with rest_client() as (client, _):
        answer = await client.get(f"{_ADDRESS}?{query}")
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.content, format=format_)


async def test_both_formats_say_the_same() -> None:
    linked = await _graph("f=jsonld", "json-ld")
    assert len(linked) > 100
    assert isomorphic(linked, await _graph("f=ttl", "turtle"))


async def test_the_catalogue_has_all_that_the_profile_asks() -> None:
    valid, _, text = _judged(await _graph("f=jsonld", "json-ld"))
    assert valid, text


def _judged(graph: Graph, *, strictly: bool = False) -> tuple[bool, Graph, str]:
    """By the shapes; what is recommended of that which nobody may know counts where `strictly`."""
    valid, report, text = pyshacl.validate(
        graph, shacl_graph=Graph().parse(_SHAPES), allow_warnings=not strictly
    )
    assert isinstance(report, Graph)
    return valid, report, text


def _by(operator: Operator, *, publisher: str = "CBS", fictional: bool = False) -> Graph:
    """The catalogue of a service that somebody runs, with figures of somebody."""
    publication = Publication(1, datetime(2026, 1, 1, tzinfo=UTC), fictional, None, {})
    listed = Listed(publication, [_source(CC_BY, publisher)], [2023, 2024])
    made = catalogue(PUBLIC_URL, [listed], operator)
    return Graph().parse(data=turtle(made), format="turtle")


_GEMEENTE = Operator("Gemeente Utrecht", "https://identifier.overheid.nl/tooi/id/gemeente/gm0344")


def test_a_catalogue_of_a_listed_organisation_keeps_to_all_that_is_recommended() -> None:
    valid, _, text = _judged(_by(_GEMEENTE), strictly=True)
    assert valid, text


@pytest.mark.parametrize(
    ("operator", "publisher", "fictional", "lacking"),
    [
        (Operator(), "CBS", False, {DCTERMS.publisher, DCTERMS.type}),
        (_GEMEENTE, "Voorbeeldland (fictief)", True, {DCTERMS.spatial, DCTERMS.type}),
    ],
)
def test_only_what_nobody_told_us_is_lacking(
    operator: Operator, publisher: str, fictional: bool, lacking: set[URIRef]
) -> None:
    _, report, _ = _judged(_by(operator, publisher=publisher, fictional=fictional), strictly=True)
    found = report.objects(None, SH.result)
    assert {report.value(each, SH.resultPath) for each in found} == lacking


@pytest.mark.parametrize(
    ("list_", "kind"),
    [
        ("gemeente/gm0344", "LocalAuthority"),
        ("provincie/pv26", "RegionalAuthority"),
        ("ministerie/mnre1034", "NationalAuthority"),
        ("oorg/oorg10001", None),
    ],
)
def test_the_kind_of_whoever_runs_the_service_follows_from_the_list_it_is_in(
    list_: str, kind: str | None
) -> None:
    address = f"https://identifier.overheid.nl/tooi/id/{list_}"
    graph = _by(Operator("Wij", address, "data@wij.example"))
    said = graph.value(URIRef(address), DCTERMS.type)
    assert (None if said is None else str(said).rpartition("/")[2]) == kind
    contact = graph.value(URIRef(f"{PUBLIC_URL}/v1/catalogus"), DCAT.contactPoint)
    assert graph.value(contact, _VCARD.hasEmail) == URIRef("mailto:data@wij.example")


def test_the_kind_of_every_publisher_that_we_load_is_known() -> None:
    publishers = {each.publisher for each in load_reference().sources}
    unknown = {each for each in publishers if kind_of(each) is None}
    assert unknown == {"M50", "Wie de gegevens laadt"}


def test_another_operator_is_another_answer() -> None:
    assert operation(_GEMEENTE).follows != operation(Operator()).follows


@pytest.mark.parametrize(
    ("kind", "left_out"),
    [
        (DCAT.Distribution, DCTERMS.license),
        (DCAT.Distribution, DCAT.downloadURL),
        (_DCAT_3.DatasetSeries, _DCAT_3.seriesMember),
        (_DCAT_3.DatasetSeries, DCTERMS.temporal),
        (DCTERMS.LinguisticSystem, SKOS.inScheme),
        (DCTERMS.RightsStatement, SKOS.inScheme),
        (DCAT.DataService, DCAT.keyword),
        (DCAT.Dataset, DCTERMS.temporal),
        (DCTERMS.PeriodOfTime, RDF.type),
        (DCAT.Catalog, DCAT.themeTaxonomy),
    ],
)
async def test_a_catalogue_that_lacks_something_is_found_out(
    kind: URIRef, left_out: URIRef
) -> None:
    graph = await _graph("f=jsonld", "json-ld")
    found = list(graph.subjects(RDF.type, kind))
    assert found
    for subject in found:
        graph.remove((subject, left_out, None))
    valid, _, text = _judged(graph)
    assert not valid
    word = re.split("[/#]", left_out)[-1]
    assert {"type": "PeriodOfTime", "inScheme": "does not conform"}.get(word, word) in text


async def test_a_dataset_says_whose_figures_of_which_years_it_has() -> None:
    graph = await _graph("f=jsonld", "json-ld")
    dataset = URIRef(f"{PUBLIC_URL}/v1/publicaties/2")
    period = graph.value(dataset, DCTERMS.temporal)
    assert [str(graph.value(period, each)) for each in (DCAT.startDate, DCAT.endDate)] == [
        "2024-01-01",
        "2024-12-31",
    ]
    assert list(map(str, graph.objects(dataset, DCTERMS.creator))) == [
        f"{PUBLIC_URL}/v1/bronnen#bureau"
    ]


def test_a_licence_is_claimed_for_the_whole_only_where_every_source_gives_it() -> None:
    def of(*addresses: str | None) -> str:
        return licence_of(PUBLIC_URL, [_source(each) for each in addresses])[0]

    assert of(CC_ZERO, CC_ZERO) == CC_ZERO
    assert of(CC_ZERO, CC_BY) == CC_BY
    assert of(CC_BY, None) == f"{PUBLIC_URL}/v1/bronnen"
    assert of(CC_BY, "https://example.org/own-terms") == f"{PUBLIC_URL}/v1/bronnen"


def _source(licence_url: str | None, publisher: str = "P") -> Source:
    home = "https://example.org"
    return Source("s", publisher, "S", "S", home, "L", licence_url, "Bron", "Source")


async def test_every_publication_is_a_dataset_of_the_series_and_its_addresses_answer() -> None:
    graph = await _graph("f=jsonld", "json-ld")
    series = URIRef(f"{PUBLIC_URL}/#reeks")
    datasets = sorted(map(str, graph.subjects(_DCAT_3.inSeries, series)))
    assert datasets == [f"{PUBLIC_URL}/v1/publicaties/{number}" for number in (1, 2, 3)]
    async with rest_client() as (client, _):
        for address in {*datasets, *map(str, graph.objects(None, DCAT.accessURL))}:
            assert (await client.get(address)).status_code == 200, address


async def test_a_pinned_catalogue_knows_no_later_publication() -> None:
    graph = await _graph("publicatie=2", "json-ld")
    datasets = set(map(str, graph.subjects(RDF.type, DCAT.Dataset)))
    assert datasets == {f"{PUBLIC_URL}/v1/publicaties/{number}" for number in (1, 2)}
