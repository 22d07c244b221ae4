"""How fresh every dataset is: what is served of it, and how the newest try to load it ended.

A try that fails publishes nothing, so how tries ended is of no publication: it is read for each
request and kept by nobody. No source that is read here gives a date for its next edition (CBS says
of its tables that they are irregular, or in words that no more updates are expected), and so
nothing here does.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry

from db.core import publication
from db.core.cursor import MalformedCursor
from schema.connections import Edge, PageInfo
from schema.context import Context, Info
from schema.enums import described
from schema.errors import BadArgument
from schema.fields import (
    AfterArgument,
    BeforeArgument,
    FirstArgument,
    LastArgument,
    argument,
    field,
)
from schema.language import LanguageArgument, said
from schema.paging import ItemListing, Page, Window, cut
from schema.publications import Load, Source, source_of

FLEETING_FIELDS = frozenset({"deliveries"})
"""Root fields of which the answer may be another the next moment, of the same publication."""


class Outcome(Enum):
    """How a try ended; the value is the text for people, or its beginning, Dutch and English."""

    PUBLISHED = (
        "De laatste keer kwam er iets nieuws.",
        "The last time something new came.",
    )
    UNCHANGED = (
        "De laatste keer was er niets nieuws.",
        "The last time there was nothing new.",
    )
    REFUSED = (
        "De laatste keer klopte het bestand niet",
        "The last time something was wrong with the file",
    )
    FAILED = (
        "Ophalen of lezen mislukte de laatste keer",
        "Fetching or reading it failed the last time",
    )


described(
    Outcome,
    "How the newest try to load a dataset ended.",
    name="DeliveryOutcome",
    PUBLISHED="Something new came, and is served.",
    UNCHANGED="There was nothing new.",
    REFUSED="Something was wrong with the file; what there was, if anything, is still served.",
    FAILED="Fetching or reading it failed; what there was, if anything, is still served.",
)
_FAULTY = (Outcome.REFUSED, Outcome.FAILED)
_STILL_SERVED = ("wat er was wordt nog geleverd.", "what there was is still served.")
_NEVER_LOADED = ("er is nog nooit iets van geladen.", "nothing of it was ever loaded.")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The source of a DeliveryType: a dataset, what is served of it, and the newest try."""

    dataset: str
    load: publication.Load | None
    attempt: publication.Attempt | None

    @property
    def attempted_at(self) -> datetime | None:
        return None if self.attempt is None else self.attempt.at

    @property
    def outcome(self) -> Outcome | None:
        return None if self.attempt is None else Outcome[self.attempt.outcome.upper()]

    @property
    def faulty(self) -> bool:
        return self.outcome in _FAULTY

    @property
    def texts(self) -> tuple[str, str] | None:
        """How the newest try ended, in Dutch and in English."""
        if self.outcome is None:
            return None
        dutch, english = self.outcome.value
        if not self.faulty:
            return dutch, english
        after = _NEVER_LOADED if self.load is None else _STILL_SERVED
        return f"{dutch}; {after[0]}", f"{english}; {after[1]}"


def deliveries(context: Context) -> list[Delivery]:
    """Every dataset that is served or was tried, by name."""
    loads = context.facts.head.loads
    # Later ids are of later loads, and replace the earlier.
    newest = {loads[id_].dataset: loads[id_] for id_ in sorted(loads)}
    tried = {each.dataset: each for each in context.attempts()}
    return [
        Delivery(dataset, newest.get(dataset), tried.get(dataset))
        for dataset in sorted({*newest, *tried})
    ]


@dataclass(frozen=True, slots=True)
class DeliveryListing(ItemListing[Delivery]):
    """Datasets by name."""

    faulty: int
    """Of how many of all datasets the newest try went wrong."""

    def key(self, place: int) -> str:
        return self.items[place].dataset

    def places(self, key: str) -> tuple[int, int]:
        """Also of a dataset that has left the list since: a try may end between two pages."""
        if not key:
            raise MalformedCursor
        before = sum(each.dataset < key for each in self.items)
        return before, before + any(each.dataset == key for each in self.items)


def delivery_source(source: strawberry.Parent[Delivery], info: Info) -> Any:
    return source.load and source_of(info.context, source.load.source)


def delivery_text(
    source: strawberry.Parent[Delivery], info: Info, language: LanguageArgument = None
) -> str | None:
    return None if source.texts is None else said(source.texts, info.context, language)


@strawberry.type(
    name="Delivery",
    description="A dataset of a publisher: what is served of it, and how the newest try to load it "
    "ended. A try that fails leaves what there was. When the next edition comes is not said: no "
    "source that is read here gives a date of it.",
)
class DeliveryType:
    dataset: str = field("Our name of the dataset.")
    source: Source | None = field(
        "Whose it is; null where nothing of it was ever loaded.", delivery_source
    )
    load: Load | None = field(
        "What is served of it: when that was fetched, the publisher's own date of it, and the "
        "publication it came in with. Null where nothing of it was ever loaded."
    )
    attempted_at: datetime | None = field(
        "When it was last fetched or tried; null where no try is on record."
    )
    outcome: Outcome | None = field("How that ended; null where no try is on record.")
    text: str | None = field("How that ended, in a sentence.", delivery_text)
    faulty: bool = field("Whether it went wrong: refused or failed.")


def faulty_deliveries(source: strawberry.Parent[Page]) -> int:
    assert isinstance(source.listing, DeliveryListing)
    return source.listing.faulty


@strawberry.type(description="A page of datasets, by name.")
class DeliveryConnection:
    faulty: int = field(
        "Of how many datasets the newest try went wrong, whatever the list shows.",
        faulty_deliveries,
    )
    total_count: int = field("How many datasets the whole list has.")
    nodes: list[DeliveryType] = field("The datasets of this page.")
    edges: list[Edge[DeliveryType]] = field("The datasets of this page, each with its cursor.")
    page_info: PageInfo = field("Where this page stands in the list.")


def list_deliveries(
    info: Info,
    faulty: Annotated[
        bool | None,
        argument("Only those of which the newest try went wrong, or did not. Null: all."),
    ] = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> Page:
    context = info.context
    if context.is_pinned:
        raise BadArgument(
            "how the newest try to load a dataset ended is of no publication: ask `deliveries` "
            "without `extensions.publication`, or `publication(number:)` for what came in with one",
            "hoe de laatste poging om een bestand te laden afliep is van geen publicatie: vraag "
            "`deliveries` zonder `extensions.publication`, of `publication(number:)` voor wat er "
            "met een publicatie meekwam",
            argument="extensions.publication",
        )
    every = deliveries(context)
    return cut(
        DeliveryListing(
            [each for each in every if faulty in (None, each.faulty)],
            sum(each.faulty for each in every),
        ),
        Window(first, after, last, before),
        publication=context.number,
        definition=lambda: ["deliveries", faulty],
    )
