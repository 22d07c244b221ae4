"""Which publications the catalogue lists, whose figures they have, and the licence. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.core.programme import Source
from db.core.publication import Load, Publication
from service.rest import dcat_terms as terms

_MOST_DATASETS = 100
"""The newest; all are listed at /v1/publicaties."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A publication, with what had been loaded by then."""

    publication: Publication
    sources: Sequence[Source]
    vintages: Sequence[int]


def listed(
    publications: Iterable[Publication], loads: Iterable[Load], sources: Mapping[str, Source]
) -> list[Listed]:
    """The newest publications, newest first, each with the sources and vintages loaded until it."""
    newest = sorted(publications, key=lambda each: -each.number)[:_MOST_DATASETS]
    loads = list(loads)
    found: list[Listed] = []
    for publication in newest:
        until = [each for each in loads if each.publication <= publication.number]
        slugs = sorted({each.source for each in until} & sources.keys())
        vintages = sorted({each.vintage for each in until})
        found.append(Listed(publication, [sources[slug] for slug in slugs], vintages))
    return found


def licence_of(public_url: str, sources: Sequence[Source]) -> tuple[str, str]:
    """Of the whole, and its kind: the strictest of the open licences.

    Where a source has other terms there is none for the whole: it then leads to the sources.
    """
    given = {each.licence_url for each in sources}
    if given == {terms.CC_ZERO}:
        return terms.CC_ZERO, terms.PUBLIC_DOMAIN
    if given <= {terms.CC_ZERO, terms.CC_BY}:
        return terms.CC_BY, terms.ATTRIBUTION
    return f"{public_url}/v1/bronnen", terms.MIXED
