"""Which vintage is meant where none is named: the newest whole one with a publisher's figures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from db.core.absence import Status
from db.core.block import SeriesKey
from db.core.completeness import STATUSES, Counted
from db.core.indicator import Aggregation, Direction, Domain, Indicator, Kind, Nature, Origin
from db.core.levels import Level
from db.core.publication import Publication
from db.snapshot.store import Head
from schema.default_vintage import DefaultVintage
from tests.api.sample import REFERENCE

WIJK, BUURT = Level.WIJK, Level.BUURT
_PUBLISHED = Indicator(
    "population", "Inwoners", "Inhabitants", "", "", Domain.POPULATION, "", "",
    Direction.NEUTRAL, Kind.COUNT, Aggregation.SUM, Nature.MEASURED, "cbs-kwb",
)  # fmt: skip
_OWN = replace(_PUBLISHED, slug="own", origin=Origin.OWN)
_SAYS: Mapping[str, tuple[str, Status]] = {
    "published": ("population", Status.OBSERVED),
    "own": ("own", Status.OBSERVED),
    "absent": ("population", Status.NOT_PUBLISHED),
}
"""What a level and vintage may have: the indicator, and the status of all its cells."""


def head(loaded: Mapping[tuple[Level, int], str], *, in_part: set[tuple[Level, int]]) -> Head:
    """A publication with these levels and vintages; each has what a word of `_SAYS` says, or ''."""
    counted = {}
    for (level, vintage), word in loaded.items():
        if word:
            slug, status = _SAYS[word]
            counts = tuple(3 * (each is status) for each in STATUSES)
            counted[SeriesKey(slug, level, vintage)] = Counted(3, counts)
    vintages = {level: sorted(v for at, v in loaded if at is level) for level, _ in loaded}
    published = Publication(1, datetime(2025, 1, 1, tzinfo=UTC), False, None, {})
    return Head(
        publication=published,
        publications=(published,),
        loads={},
        indicators={"population": _PUBLISHED, "own": _OWN},
        reference=REFERENCE,
        vintages={level: tuple(found) for level, found in vintages.items()},
        series=dict.fromkeys(counted, (2024,)),
        partial=frozenset(in_part),
        counted=counted,
    )


def meant(*vintages: tuple[int, str], in_part: tuple[int, ...] = ()) -> int | None:
    """Of wijken on these vintages."""
    loaded = {(WIJK, vintage): word for vintage, word in vintages}
    made = head(loaded, in_part={(WIJK, vintage) for vintage in in_part})
    return DefaultVintage(made).of([WIJK])


def test_a_newer_list_of_codes_does_not_hide_the_figures() -> None:
    assert meant((2023, "published"), (2024, "published"), (2025, "")) == 2024


def test_somebodys_own_indicator_makes_no_vintage_that_of_everybody() -> None:
    assert meant((2024, "published"), (2025, "own")) == 2024
    assert meant((2024, ""), (2023, "own")) == 2023


def test_a_series_that_is_absent_everywhere_is_no_figure() -> None:
    assert meant((2024, "published"), (2025, "absent")) == 2024


def test_where_nobody_counted_a_series_it_has_figures() -> None:
    made = head({(WIJK, 2024): "published", (WIJK, 2025): "absent"}, in_part=set())

    assert DefaultVintage(replace(made, counted={})).of([WIJK]) == 2025


def test_without_any_figure_it_is_the_newest_that_is_whole() -> None:
    assert meant((2023, ""), (2024, ""), (2025, ""), in_part=(2025,)) == 2024


def test_a_sample_of_this_year_does_not_hide_the_country_of_last_year() -> None:
    assert meant((2024, "published"), (2025, "published"), in_part=(2025,)) == 2024


def test_where_none_is_whole_it_is_the_newest_with_figures() -> None:
    assert meant((2023, "published"), (2024, ""), in_part=(2023, 2024)) == 2023
    assert meant((2023, "published"), (2024, "published"), in_part=(2023, 2024)) == 2024


def test_for_several_levels_it_is_one_that_is_good_for_each() -> None:
    made = head(
        {
            (WIJK, 2023): "published", (WIJK, 2024): "published", (WIJK, 2025): "",
            (BUURT, 2023): "published", (BUURT, 2024): "published", (BUURT, 2025): "",
        },
        in_part={(BUURT, 2024)},
    )  # fmt: skip
    found = DefaultVintage(made)

    assert (found.of([WIJK]), found.of([BUURT]), found.of([WIJK, BUURT])) == (2024, 2023, 2023)


def test_where_one_level_has_figures_nowhere_the_other_decides() -> None:
    loaded = {(WIJK, 2024): "published", (WIJK, 2025): "", (BUURT, 2024): "", (BUURT, 2025): ""}
    found = DefaultVintage(head(loaded, in_part=set()))

    assert (found.of([BUURT]), found.of([WIJK, BUURT])) == (2025, 2024)


def test_levels_without_a_vintage_in_common_have_none_that_is_meant() -> None:
    made = head({(WIJK, 2023): "published", (BUURT, 2024): "published"}, in_part=set())

    assert DefaultVintage(made).of([WIJK, BUURT]) is None
    assert DefaultVintage(made).of([]) is None
    assert DefaultVintage(made).of([Level.LAND]) is None


def test_of_what_a_fact_is_stated_for_the_rule_is_the_same() -> None:
    made = head({(WIJK, 2024): "published", (WIJK, 2025): ""}, in_part=set())
    found = DefaultVintage(made)

    assert found.among([(WIJK, 2025), (WIJK, 2024)]) == 2024
    assert found.among([(WIJK, 2025), (WIJK, 2016)]) == 2025
    assert found.among([(WIJK, 2016)]) is None


@given(
    st.dictionaries(st.integers(2010, 2030), st.sampled_from(["", *_SAYS]), min_size=1),
    st.sets(st.integers(2010, 2030)),
)
def test_no_other_vintage_is_whole_and_has_figures_where_the_one_meant_lacks_either(
    vintages: dict[int, str], parts: set[int]
) -> None:
    found = meant(*vintages.items(), in_part=tuple(parts))

    good = [each for each, word in vintages.items() if word == "published" and each not in parts]
    assert found == max(good) if good else found in vintages
