"""The catalogue keeps to DCAT-AP-NL 3, says the same in both formats, and leads to what is there.

The profile's own shapes are not in this project. `shapes/dcat_ap_nl.ttl` asks in our words for what
it makes mandatory, and for the classes of what is referred to.
"""

from pathlib import Path

import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef
from rdflib.compare import isomorphic

from tests.api.resting import PUBLIC_URL, rest_client

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
_SHAPES = Path(__file__).resolve().parent / "shapes" / "dcat_ap_nl.ttl"
_ADDRESS = "/v1/catalogus"


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


async def test_a_catalogue_without_a_licence_is_found_out() -> None:
    graph = await _graph("f=jsonld", "json-ld")
    for subject in graph.subjects(RDF.type, DCAT.Distribution):
        graph.remove((subject, DCTERMS.license, None))
    valid, _, text = pyshacl.validate(graph, shacl_graph=Graph().parse(_SHAPES))
    assert not valid
    assert "license" in text


async def test_every_publication_is_a_dataset_of_the_series_and_its_addresses_answer() -> None:
    graph = await _graph("f=jsonld", "json-ld")
    series = URIRef(f"{PUBLIC_URL}/#reeks")
    datasets = sorted(map(str, graph.subjects(URIRef(f"{DCAT}inSeries"), series)))
    assert datasets == [f"{PUBLIC_URL}/v1/publicaties/{number}" for number in (1, 2, 3)]
    async with rest_client() as (client, _):
        for address in {*datasets, *map(str, graph.objects(None, DCAT.accessURL))}:
            assert (await client.get(address)).status_code == 200, address


async def test_a_pinned_catalogue_knows_no_later_publication() -> None:
    graph = await _graph("publicatie=2", "json-ld")
    datasets = set(map(str, graph.subjects(RDF.type, DCAT.Dataset)))
    assert datasets == {f"{PUBLIC_URL}/v1/publicaties/{number}" for number in (1, 2)}
