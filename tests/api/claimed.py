"""The sample country with the money, interventions, statements and compositions of a test."""

from dataclasses import replace
from typing import Any

from db.core.programme import Reference
from db.demo.claims import funding, interventions, members_of_versions, statements, versions
from tests.api.sample import REFERENCE, SampleStore

_AREAS = {"kwakelhaven-havenkant": "aadorp-centrum", "dobbermeer-oost": "elstad"}


def _moved(fact: Any) -> Any:
    """A fact of Voorbeeldland as one of the sample country."""
    amounts = tuple(
        replace(
            each,
            parts=tuple(replace(one, focus_area=_AREAS[one.focus_area]) for one in each.parts),
        )
        for each in fact.amounts
    )
    return replace(fact, programme="kans", amounts=amounts)


def claimed(**changed: Any) -> SampleStore:
    """The sample country with streams and another composition, or with what a test gives."""
    made: dict[str, Any] = {
        "funding": tuple(map(_moved, funding())),
        "versions": tuple(replace(each, focus_area="aadorp-centrum") for each in versions()),
        "memberships": REFERENCE.memberships
        + tuple(
            replace(each, focus_area="aadorp-centrum", code="WK900101", level=each.level)
            for each in members_of_versions()[:1]
        ),
        "interventions": interventions(),
        "statements": statements(),
    }
    reference: Reference = replace(REFERENCE, **{**made, **changed})
    return SampleStore(reference=reference)
