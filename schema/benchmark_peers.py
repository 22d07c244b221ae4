"""Who the peers of an area are, as GraphQL shows it: by which definition, and how far they are."""

import strawberry

from db.core.likeness import Measure
from schema.fields import field
from schema.likeness import Found
from schema.peers import PeerDefinition, Peers
from schema.references import ComparableItem


def _indicators(source: strawberry.Parent[PeerDefinition]) -> list[str]:
    return sorted(source.indicators)


@strawberry.type(
    name="PeerDefinition", description="Which areas count as the peers of an area, so that it can "
    "be cited: equal definitions have equal ids."
)  # fmt: skip
class PeerDefinitionType:
    id: str = field("Follows from all that changes an answer, and from nothing else.")
    label: str | None = field(
        "Name and version of the context, such as context@1; null for indicators of your own."
    )
    indicators: list[str] = field("Slugs of the context, by slug.", _indicators)
    count: int = field("How many peers an area has at most.")
    measure: Measure = field("How distance is measured.")
    exclude_own_gemeente: bool = field("Whether areas of its own gemeente are no peers.")


def compared(source: strawberry.Parent[Peers]) -> Found:
    return source.found


@strawberry.type(
    description="The peers of an area: those nearest to it on the indicators of a definition, of "
    "the same level and vintage and of the year of the value. The indicator that is compared is "
    "left out of them."
)
class BenchmarkPeers:
    definition: PeerDefinitionType = field("Who counts as a peer.")
    number: int = field("How many peers there are; those without a value are in `unknown`.")
    compared: ComparableItem = field(
        "The peers with their distances, the indicators that were used and left out, and the "
        "areas that could not be judged.",
        compared,
    )
