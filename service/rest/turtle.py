"""Linked data as Turtle, from the flat JSON-LD that we write ourselves. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.term import Identifier


def turtle(document: Mapping[str, Any]) -> bytes:
    """The same statements: every node of the graph has an address, and nothing is nested."""
    prefixes: Mapping[str, str] = document["@context"]
    graph = Graph(bind_namespaces="none")
    for prefix, address in prefixes.items():
        graph.bind(prefix, address)
    for node in document["@graph"]:
        subject = URIRef(node["@id"])
        for name, value in node.items():
            if name == "@id":
                continue
            predicate = RDF.type if name == "@type" else _full(name, prefixes)
            for said in _values(value, prefixes, are_names=name == "@type"):
                graph.add((subject, predicate, said))
    return graph.serialize(format="turtle", encoding="utf-8")


def _full(name: str, prefixes: Mapping[str, str]) -> URIRef:
    prefix, _, rest = name.partition(":")
    return URIRef(prefixes[prefix] + rest)


def _values(value: Any, prefixes: Mapping[str, str], *, are_names: bool) -> Iterator[Identifier]:
    for each in value if isinstance(value, list) else [value]:
        if are_names:
            yield _full(each, prefixes)
        elif isinstance(each, str):
            yield Literal(each)
        elif "@id" in each:
            yield URIRef(each["@id"])
        elif "@language" in each:
            yield Literal(each["@value"], lang=each["@language"])
        else:
            yield Literal(each["@value"], datatype=_full(each["@type"], prefixes))
