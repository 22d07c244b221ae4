"""Where a figure comes from: what was loaded, from whom and under which terms."""

import strawberry

from db.core import publication
from schema.context import Context
from schema.publications import Load


@strawberry.type(
    description="Where a figure or shape comes from: the dataset it was loaded from, as it was "
    "fetched, with its source and terms."
)
class Provenance(Load):
    pass


def provenance_of(context: Context, load: int | None) -> publication.Load | None:
    """What a load brought in; None where no load did."""
    return None if load is None else context.facts.head.loads.get(load)
