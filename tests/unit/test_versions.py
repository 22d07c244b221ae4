"""The version of a map is told from what publications say they did, on the careful side."""

from datetime import UTC, datetime

from db.core.levels import Level
from db.core.publication import Load, Publication
from db.repository.versions import area_versions, last_facts

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def publication(number: int, *counts: str) -> Publication:
    return Publication(number, NOW, False, None, dict.fromkeys(counts, 1))


def load(publication: int, vintage: int) -> Load:
    return Load(
        publication, publication, "toy", "toy", None, None, vintage, "", NOW, None, "", 1, None,
        None, {},
    )  # fmt: skip


def versions(*publications: Publication, loads: tuple[Load, ...]) -> dict[int, int]:
    newest_first = sorted(publications, key=lambda each: -each.number)
    told = area_versions(newest_first, loads, {Level.WIJK: (2023, 2024)})
    return {vintage: version for (_, vintage), version in told.items()}


FIRST = publication(1, "areas_opened", "cells_opened", "facts_opened")
LOADS = (load(1, 2023), load(1, 2024))


def test_figures_facts_addresses_and_tiles_change_no_map() -> None:
    second = publication(
        2, "cells_opened", "cells_closed", "facts_opened", "address_counts_opened", "tiles_closed"
    )
    assert versions(FIRST, second, loads=(*LOADS, load(2, 2024))) == {2023: 1, 2024: 1}


def test_areas_and_shapes_change_the_maps_of_the_vintages_that_were_loaded() -> None:
    for count in ("areas_closed", "shapes_opened"):
        second = publication(2, count)
        assert versions(FIRST, second, loads=(*LOADS, load(2, 2024))) == {2023: 1, 2024: 2}


def test_leaving_the_demonstration_changes_every_map() -> None:
    second = publication(2, "demonstration_areas", "areas_opened")
    assert versions(FIRST, second, loads=(*LOADS, load(2, 2024))) == {2023: 2, 2024: 2}


def test_a_kind_of_change_that_is_not_known_changes_every_map_it_may() -> None:
    assert versions(FIRST, publication(2, "borders_moved"), loads=LOADS) == {2023: 2, 2024: 2}


def test_a_map_that_no_publication_owns_up_to_is_taken_over_from_none() -> None:
    second = publication(2, "cells_opened")
    assert versions(publication(1), second, loads=LOADS) == {2023: 2, 2024: 2}


def test_facts_are_as_old_as_the_last_publication_that_may_have_changed_any() -> None:
    quiet = publication(2, "cells_opened", "areas_opened", "shapes_closed", "tiles_opened")
    for count in ("facts_closed", "demonstration_facts", "something_else"):
        changing = publication(2, count)
        assert last_facts((publication(3, "cells_opened"), changing, FIRST)) is changing
    assert last_facts((quiet, FIRST)) is FIRST
    assert last_facts((quiet,)) is quiet
