"""Publications, what was loaded into them, and the sources with their terms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import strawberry

from db.core import programme, publication
from db.core.indicator import Origin
from schema.connections import Edge, PageInfo
from schema.context import Context, Info
from schema.fields import (
    AfterArgument,
    BeforeArgument,
    FirstArgument,
    LastArgument,
    argument,
    field,
)
from schema.handle_errors import NoSuchPublication
from schema.language import bilingual
from schema.nodes import Node
from schema.paging import Page, PublicationListing, Window, cut


@strawberry.type(description="A publisher's product and the terms it is used under.")
class Source(Node):
    slug: str = field("Short name that stays the same.")
    publisher: str = field("Who publishes it.")
    name: str = field("What it is called.", bilingual("name"))
    url: str = field("Where it is to be found.")
    licence: str = field("SPDX identifier of the licence, or the publisher's own words.")
    licence_url: str | None = field("The terms in full.")
    attribution: str = field("How to name the source beside a figure.", bilingual("attribution"))
    note: str | None = field("What to know before using it.", bilingual("note"))
    origin: Origin = field("Whether it is a publisher's, or of who runs this instance.")

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, programme.Source)


PublicationItem = Annotated["Publication", strawberry.lazy("schema.publications")]


def source_of(context: Context, slug: str) -> programme.Source | None:
    """The source of a slug, or None where this publication does not state it."""
    return context.facts.sources.get(slug)


def load_source(load: strawberry.Parent[publication.Load], info: Info) -> Any:
    return source_of(info.context, load.source)


def load_publication(load: strawberry.Parent[publication.Load], info: Info) -> Any:
    return info.context.facts.publications.get(load.publication)


@strawberry.type(description="One dataset as it was fetched once; every value leads to its load.")
class Load:
    dataset: str = field("Our name of the dataset.")
    table: str | None = field("The publisher's table or layer.")
    title: str | None = field("What the publisher calls it.")
    vintage: int = field("Year of the boundaries of its areas.")
    source: Source | None = field("Whose it is, and under which terms.", load_source)
    location: str = field("The publisher's address, or the file's name in a mirror of it.")
    retrieved_at: datetime = field("When it was fetched.")
    modified: str | None = field("The publisher's own time stamp or version of the edition.")
    checksum: str = field("SHA-256 of the bytes as received, in hexadecimal.")
    publication: PublicationItem | None = field(
        "The publication it came in with.", load_publication
    )
    note: str | None = field("What is odd about this dataset.", bilingual("note"))


@strawberry.type(description="How many things of one sort a publication changed.")
class ChangeCount:
    what: str = field("What was changed, such as `cells opened`.")
    count: int = field("How many.")


def change_counts(source: strawberry.Parent[publication.Publication]) -> Any:
    counts: Mapping[str, int] = source.counts
    return [ChangeCount(what=name.replace("_", " "), count=n) for name, n in counts.items()]


def publication_loads(source: strawberry.Parent[publication.Publication], info: Info) -> Any:
    loads = info.context.facts.head.loads.values()
    return sorted((each for each in loads if each.publication == source.number), key=_load_id)


def _load_id(load: publication.Load) -> int:
    return load.id


def is_served(source: strawberry.Parent[publication.Publication], info: Info) -> bool:
    return source.number == info.context.number


@strawberry.type(
    description="A numbered, immutable state of all data. One answer is of one publication."
)
class Publication(Node):
    number: int = field("Its number; later ones are higher.")
    published_at: datetime = field("When it was published.")
    fictional: bool = field(
        "Whether all of it is invented: the demonstration country Voorbeeldland (fictief)."
    )
    note: str | None = field("What was said when it was published.")
    served: bool = field("Whether this answer is of it.", is_served)
    changes: list[ChangeCount] = field("What it changed, counted.", change_counts)
    loads: list[Load] = field(
        "Datasets that came in with it and are still in use.", publication_loads
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, publication.Publication)


@strawberry.type(description="A page of publications, newest first.")
class PublicationConnection:
    total_count: int = field("How many publications there are.")
    nodes: list[Publication] = field("The publications of this page.")
    edges: list[Edge[Publication]] = field("The publications, each with its cursor.")
    page_info: PageInfo = field("Where this page stands in the list.")


def find_publication(
    info: Info,
    number: Annotated[
        int | None, argument("Its number. Null: the one that this answer is of.")
    ] = None,
) -> Any:
    wanted = info.context.number if number is None else number
    if wanted not in info.context.facts.publications:
        raise NoSuchPublication(wanted, sorted(info.context.facts.publications))
    return info.context.facts.publications[wanted]


def list_publications(
    info: Info,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> Page:
    return cut(
        PublicationListing(info.context.facts.head.publications),
        Window(first, after, last, before),
        publication=info.context.number,
        definition=lambda: ["publications"],
    )


def list_sources(info: Info) -> Any:
    return sorted(info.context.facts.sources.values(), key=lambda each: each.slug)
