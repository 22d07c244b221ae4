"""Suggestions resemble what was asked, best first, and are never made up."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.suggest import nearest_codes, nearest_slugs, respelt
from db.reference.indicators import load_indicators

_CATALOGUE = {each.slug: (each.name_nl, each.name_en) for each in load_indicators()}
_CODES = ["WK034401", "WK034402", "WK034403", "WK035403", "WK059910", "GM0344"]


def test_codes_of_the_same_gemeente_come_before_codes_with_the_same_end() -> None:
    assert nearest_codes("WK034404", _CODES)[:3] == ["WK034401", "WK034402", "WK034403"]


def test_two_swapped_characters_count_as_one_difference() -> None:
    assert nearest_codes("WK030443", ["WK034430", "WK034403", "WK030999"])[0] == "WK034403"


def test_codes_of_another_length_are_not_suggested() -> None:
    assert "GM0344" not in nearest_codes("WK0344", _CODES[:5])


def test_codes_that_differ_in_too_much_are_not_suggested() -> None:
    assert nearest_codes("WK999999", _CODES) == []


def test_no_codes_give_no_suggestions() -> None:
    assert nearest_codes("WK034404", []) == []


@given(st.from_regex(r"WK\d{4}[0-9A-Z]{2}", fullmatch=True))
def test_suggested_codes_exist_and_are_named_once(code: str) -> None:
    found = nearest_codes(code, _CODES)

    assert set(found) <= set(_CODES)
    assert len(found) == len(set(found))


def test_a_national_list_of_buurten_takes_milliseconds() -> None:
    codes = [f"BU{i:08d}" for i in range(15_000)]
    started = time.process_time()

    nearest_codes("BU0000999X", codes)

    assert time.process_time() - started < 0.2


def test_a_code_without_its_leading_zero_is_respelt() -> None:
    assert respelt(" wk34403") == ["WK034403"]


def test_text_that_resembles_no_code_is_not_respelt() -> None:
    assert [respelt("Utrecht"), respelt("GM"), respelt("GM12345")] == [[], [], []]


def test_a_misspelt_slug_finds_its_own() -> None:
    assert nearest_slugs("populaton", _named("population", "men", "women")) == ["population"]


def test_a_part_of_a_slug_finds_all_that_have_it() -> None:
    slugs = _named("crime_theft", "crime_violence", "population")

    assert sorted(nearest_slugs("crime", slugs)) == ["crime_theft", "crime_violence"]


def test_dashes_and_underscores_are_the_same_when_guessing() -> None:
    assert nearest_slugs("crime-theft", _named("crime_theft")) == ["crime_theft"]


@pytest.mark.parametrize("text", ["  ", "-", "_", "?!"])
def test_nothing_is_suggested_for_nothing(text: str) -> None:
    assert nearest_slugs(text, _named("population")) == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("inhabitants", "population"),
        ("Inwoners", "population"),
        ("number_of_inhabitants", "population"),
        ("populatoin", "population"),
        ("crimetotal", "crime_total"),
        ("woz", "woz_value"),
        ("lonly", "loneliness"),
        ("unemployment_rate", "unemployment_benefits"),
    ],
)
def test_the_catalogue_is_searched_by_slug_and_by_name(text: str, slug: str) -> None:
    assert nearest_slugs(text, _CATALOGUE)[0] == slug


@pytest.mark.parametrize("text", ["mental_health", "mentl"])
def test_what_only_looks_alike_is_not_suggested(text: str) -> None:
    assert not {"median_wealth", "men", "women"} & set(nearest_slugs(text, _CATALOGUE))


def test_a_word_that_half_of_the_names_have_points_at_none() -> None:
    assert nearest_slugs("dog_share", _CATALOGUE) == []


def test_diacritics_and_case_of_a_name_do_not_matter() -> None:
    assert nearest_slugs("WMO-clienten", _CATALOGUE)[0] == "wmo_clients"


@given(st.text(max_size=200))
def test_suggested_slugs_exist_and_are_at_most_five(text: str) -> None:
    found = nearest_slugs(text, _CATALOGUE)

    assert set(found) <= set(_CATALOGUE)
    assert len(found) == len(set(found)) <= 5


def test_the_most_words_of_the_catalogue_are_looked_up_in_milliseconds() -> None:
    started = time.process_time()

    nearest_slugs(" ".join(f"{first}tal" for first in "abcdefghijklmnop"), _CATALOGUE)

    assert time.process_time() - started < 0.1


def _named(*slugs: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(slugs, ())
