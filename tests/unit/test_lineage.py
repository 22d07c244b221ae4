"""A border keeps one name through codes and years, and no two borders share it."""

from collections.abc import Mapping
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from db.core.area_links import AreaLinks, Vintage, link
from db.core.lineage import lineages
from db.core.link_forms import stated
from tests.unit.ground import Pairs, ground


def vintage(codes: str, year: int) -> Vintage:
    return Vintage(year, tuple(codes), tuple(codes))


def mapped(pairs: Pairs, old: Vintage, new: Vintage) -> AreaLinks:
    """Links from what two maps share: (old row, new row): hectares."""
    return link(ground(pairs, len(old.codes), len(new.codes)), old, new)


def test_a_border_keeps_its_lineage_through_codes_and_a_reused_code_has_its_own() -> None:
    years = [vintage("AB", 2016), vintage("CA", 2017), vintage("DA", 2018)]
    links = {
        (2016, 2017): mapped({(0, 0): 5, (1, 1): 7}, years[0], years[1]),
        (2017, 2018): mapped({(0, 0): 5, (1, 0): 1, (1, 1): 6}, years[1], years[2]),
    }

    assert lineages(years, links) == [
        ("A@2016", "B@2016"),
        ("A@2016", "B@2016"),
        ("D@2018", "A@2018"),
    ]


def test_one_vintage_is_the_beginning_of_its_lineages() -> None:
    assert lineages([vintage("AB", 2016)], {}) == [("A@2016", "B@2016")]
    assert lineages([], {}) == []


def test_maps_carry_a_lineage_across_a_year_without_one() -> None:
    years = [vintage("AB", 2019), vintage("AB", 2020), vintage("AC", 2022)]
    links = {
        (2019, 2020): stated(years[0], years[1], [1, 3]),
        (2019, 2022): mapped({(0, 0): 5, (1, 1): 7}, years[0], years[2]),
    }

    assert lineages(years, links) == [
        ("A@2019", "B@2019"),
        ("A@2019", "B@2020"),
        ("A@2019", "B@2019"),
    ]


def test_a_statement_never_gives_an_area_the_lineage_that_maps_gave_another() -> None:
    years = [vintage("AB", 2019), vintage("AB", 2020), vintage("BA", 2021)]
    links = {
        (2019, 2020): stated(years[0], years[1], [1, 1]),
        (2019, 2021): mapped({(0, 0): 5}, years[0], years[2]),
        (2020, 2021): stated(years[1], years[2], [1, 1]),
    }

    assert lineages(years, links)[2] == ("A@2019", "A@2021")


def overlaps(areas: int) -> st.SearchStrategy[Pairs]:
    row = st.integers(0, areas - 1)
    return st.dictionaries(st.tuples(row, row), st.integers(1, 9).map(float), max_size=12)


CODES = st.permutations("ABCDEFG").map(lambda letters: "".join(letters[:5]))


@given(st.lists(overlaps(5), max_size=3), st.lists(CODES, min_size=4, max_size=4), st.data())
def test_no_two_areas_of_a_vintage_share_a_lineage(
    maps: list[Pairs], codes: list[str], data: st.DataObject
) -> None:
    years = [vintage(each, 2016 + i) for i, each in enumerate(codes[: len(maps) + 1])]
    links: dict[tuple[int, int], AreaLinks] = {}
    for (old, new), pairs in zip(pairwise(years), maps, strict=True):
        links[old.year, new.year] = mapped(pairs, old, new)
    skipping: Mapping[tuple[int, int], AreaLinks] = {
        (old.year, new.year): stated(
            old, new, data.draw(st.lists(st.sampled_from([1, 3]), min_size=5, max_size=5))
        )
        for old, new in zip(years, years[2:], strict=False)
    }

    for found in lineages(years, {**links, **skipping}):
        assert len(set(found)) == 5
