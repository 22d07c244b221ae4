"""The catalogue keeps to DCAT-AP-NL 3, says the same in both formats, and leads to what is there.

The profile's own shapes are not in this project: text of others stays out of it. Ours, in
`shapes/dcat_ap_nl.ttl`, ask for what it makes mandatory and recommends, and for classes and lists.
"""

import re
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

from db.core.programme import Source
from service.rest.dcat_listed import licence_of
from service.rest.dcat_terms import CC_BY, CC_ZERO
from tests.api.resting import PUBLIC_URL, rest_client

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
_SHAPES = Path(__file__).resolve().parent / "shapes" / "dcat_ap_nl.ttl"
_ADDRESS = "/v1/catalogus"
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
    valid, _, text = pyshacl.validate(
        await _graph("f=jsonld", "json-ld"), shacl_graph=Graph().parse(_SHAPES)
    )
    assert valid, text


@pytest.mark.parametrize(
    ("kind", "left_out"),
    [
        (DCAT.Distribution, DCTERMS.license),
        (DCAT.Distribution, DCAT.downloadURL),
        (_DCAT_3.DatasetSeries, _DCAT_3.seriesMember),
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
    valid, _, text = pyshacl.validate(graph, shacl_graph=Graph().parse(_SHAPES))
    assert not valid
    assert ("PeriodOfTime" if left_out == RDF.type else re.split("[/#]", left_out)[-1]) in text


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


def _source(licence_url: str | None) -> Source:
    return Source("s", "P", "S", "S", "https://example.org", "L", licence_url, "Bron", "Source")


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
