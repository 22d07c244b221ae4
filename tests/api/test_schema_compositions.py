"""Several answers to what a focus area is made of, each beside its published inhabitants."""

from dataclasses import replace
from typing import Any

import pytest

from db.core.programme import Extent, Membership
from tests.api.asking import data
from tests.api.claimed import claimed
from tests.api.sample import REFERENCE, SampleStore

_COMPOSITIONS = """query ($slug: String!) { focusArea(slug: $slug) { compositions {
  slug name countsEverywhere publishedPopulation certainty document { title }
  members { code certainty counts version } composition { counted candidate complete }
  membersPopulation { value }
  reconciliation { published publishedOn least most difference tolerance fit year vintage units
    withoutFigure uncertain unidentified text } } } }"""


async def _versions(slug: str, store: SampleStore | None = None) -> Any:
    answer = await data(_COMPOSITIONS, {"slug": slug}, store=store or claimed(), language="en")
    return answer["focusArea"]["compositions"]


async def test_the_one_that_counts_stands_first_and_others_beside_it() -> None:
    own, other = await _versions("aadorp-centrum")

    assert (own["slug"], own["countsEverywhere"], own["document"]) == ("counts", True, None)
    assert (other["slug"], other["countsEverywhere"]) == ("gemeente", False)
    assert (other["publishedPopulation"], other["certainty"]) == (21_000, "CHECKED")
    assert [(each["code"], each["version"]) for each in other["members"]] == [
        ("WK900101", "gemeente")
    ]
    assert {each["version"] for each in own["members"]} == {None}


async def test_units_of_another_composition_count_nowhere_else() -> None:
    query = """{ focusArea(slug: "aadorp-centrum") { members { code } composition { counted } }
      wijk(code: "WK900101") { memberships { focusArea { slug } version } }
      wijken(filter: { focusArea: "aadorp-centrum" }) { nodes { code } } }"""

    assert await data(query, store=claimed()) == await data(query)


async def test_a_candidate_and_a_unit_without_a_figure_give_bounds_and_no_number() -> None:
    """WK900101 counts and has 1010, WK900102 perhaps and 0, WK900103 counts and is withheld."""
    own, _ = await _versions("aadorp-centrum")

    found = own["reconciliation"]
    assert (found["least"], found["most"], found["difference"]) == (1010, None, 90)
    assert (found["units"], found["withoutFigure"], found["uncertain"]) == (2, 1, 1)
    assert (found["fit"], found["publishedOn"], found["year"]) == (
        "WITHIN_BOUNDS", "2025-01-01", 2024,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("published", "fit"),
    [(905, "WITHIN_ROUNDING"), (907, "WITHIN_ROUNDING"), (910, "WITHIN_ROUNDING"),
     (1000, "WITHIN_ROUNDING"), (920, "OUTSIDE"), (880, "OUTSIDE"), (None, "NOT_COMPARED")],
)  # fmt: skip
async def test_whole_units_fit_but_for_rounding_or_not(published: int | None, fit: str) -> None:
    """One wijk of 905, rounded to 5; a published number in tens may be 5 off, in thousands 500."""
    (own,) = await _versions("elstad", _published("elstad", published))

    found = own["reconciliation"]
    assert (found["fit"], found["least"], found["most"]) == (fit, 905, 905)
    assert (found["tolerance"] is None) == (published is None)


def _published(slug: str, people: int | None) -> SampleStore:
    areas = [
        replace(each, published_population=people) if each.slug == slug else each
        for each in REFERENCE.focus_areas
    ]
    return claimed(focus_areas=tuple(areas))


async def test_a_part_counts_for_its_share_and_without_one_for_nothing_to_all() -> None:
    def parted(share: float | None) -> SampleStore:
        def changed(each: Membership) -> Membership:
            mine = each.focus_area == "elstad-deels"
            return replace(each, extent=Extent.PART, share=share) if mine else each

        return claimed(memberships=tuple(map(changed, REFERENCE.memberships)), versions=())

    (shared,) = await _versions("elstad-deels", parted(0.4))
    (unknown,) = await _versions("elstad-deels", parted(None))

    bounds = [(each["reconciliation"]["least"], each["reconciliation"]["most"])
              for each in (shared, unknown)]  # fmt: skip
    assert bounds == [(362, 362), (0, 905)]
    assert shared["membersPopulation"]["value"] is None


async def test_a_composition_of_which_only_a_number_is_known_cannot_be_compared() -> None:
    _, other = await _versions("aadorp-centrum", claimed(memberships=REFERENCE.memberships))

    assert other["reconciliation"]["fit"] == "NOT_COMPARED"
    assert other["reconciliation"]["text"] == "It names no units."
    assert other["members"] == []
