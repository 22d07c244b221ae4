"""Inhabitants of smaller areas say how a division went; where some are unknown, surface does."""

import numpy as np
import pytest

from db.core.area_links import AreaLinks, Method, Vintage, link
from db.ingest.link_weights import Finer, by_population, divided_by_surface
from tests.unit.ground import Pairs, ground

SURFACE, POPULATION = Method.SURFACE, Method.POPULATION
NAN = float("nan")


def mapped(pairs: Pairs, old: str, new: str) -> AreaLinks:
    sides = Vintage(2019, tuple(old), tuple(old)), Vintage(2022, tuple(new), tuple(new))
    return link(ground(pairs, len(old), len(new)), *sides)


# Haaren (H) goes to Vught (V), Oisterwijk (O) and others (B); Vught was there before. The villages
# Helvoirt, Haaren and Esch with Biezenmortel are wijken of 2022, beside one of Vught itself.
HAAREN = mapped({(0, 0): 45, (0, 1): 28, (0, 2): 27, (1, 0): 55}, "HV", "VOB")
VILLAGES: Pairs = {(0, 0): 45, (1, 0): 28, (2, 0): 27, (3, 1): 55}


def villages(*people: float, shared: Pairs = VILLAGES) -> Finer:
    """Wijken of 2022 in the new gemeenten, over the old ones."""
    return Finer(
        ground(shared, 4, 2), np.array([0, 1, 2, 0], np.int32), np.array(people), in_new=True
    )


def test_a_division_goes_by_the_inhabitants_of_the_villages_that_went() -> None:
    links = by_population(HAAREN, villages(34, 41, 25, 186))

    assert links.of_old.tolist() == pytest.approx([0.34, 0.41, 0.25, 1])
    assert links.of_new.tolist() == pytest.approx([34 / 220, 1, 1, 186 / 220])
    assert links.methods.tolist() == [*[POPULATION] * 3, SURFACE]


def test_a_village_on_an_old_border_is_shared_out_by_its_surface() -> None:
    links = by_population(HAAREN, villages(40, 41, 25, 186, shared={**VILLAGES, (0, 1): 15}))

    # 40 inhabitants on 60 hectares, 45 of which were Haaren's.
    assert links.of_old[0] == pytest.approx(30 / (30 + 41 + 25))


def test_where_the_inhabitants_of_one_are_unknown_all_that_share_ground_stay_by_surface() -> None:
    pairs = {(0, 0): 45.0, (0, 1): 28, (0, 2): 27, (1, 0): 55, (2, 3): 6, (2, 4): 2}
    both = mapped(pairs, "HVX", "VOBYZ")
    finer = Finer(
        ground({**VILLAGES, (4, 2): 6, (5, 2): 2}, 6, 3),
        np.array([0, 1, 2, 0, 3, 4], np.int32),
        np.array([34, NAN, 25, 186, 10, 30]),
        in_new=True,
    )

    links = by_population(both, finer)

    assert links.of_old[:4].tolist() == pytest.approx([0.45, 0.28, 0.27, 1])
    assert links.of_old[4:].tolist() == pytest.approx([0.25, 0.75])
    assert links.methods.tolist() == [*[SURFACE] * 4, *[POPULATION] * 2]


def test_a_village_with_people_and_without_a_shape_is_not_left_out_in_silence() -> None:
    without = {pair: metres for pair, metres in VILLAGES.items() if pair[0] != 2}

    kept = by_population(HAAREN, villages(34, 41, 25, 186, shared=without))
    nobody = by_population(HAAREN, villages(34, 41, 0, 186, shared=without))

    assert kept.methods.tolist() == [SURFACE] * 4
    assert nobody.of_old.tolist() == pytest.approx([34 / 75, 41 / 75, 0, 1])


def test_smaller_areas_of_the_old_map_do_as_well() -> None:
    old_villages = Finer(
        ground({(0, 0): 45, (1, 1): 28, (2, 2): 27, (3, 0): 55}, 4, 3),
        np.array([0, 0, 0, 1], np.int32),
        np.array([34.0, 41, 25, 186]),
        in_new=False,
    )

    links = by_population(HAAREN, old_villages)

    assert links.of_old.tolist() == pytest.approx([0.34, 0.41, 0.25, 1])


def test_only_what_is_divided_and_measured_in_surface_needs_people() -> None:
    def told(links: AreaLinks) -> list[list[bool]]:
        return [side.tolist() for side in divided_by_surface(links)]

    assert told(HAAREN) == [[True, True], [True, True, True]]
    mixed = mapped({(0, 0): 1, (1, 0): 2, (2, 1): 3}, "ABC", "DC")
    assert told(mixed) == [[True, True, False], [True, False]]
    assert told(mapped({(0, 0): 1, (1, 1): 2}, "AB", "AC")) == [[False] * 2] * 2
    weighed = by_population(HAAREN, villages(34, 41, 25, 186))
    assert told(weighed) == [[False] * 2, [False] * 3]
