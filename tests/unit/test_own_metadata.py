"""A metadata file of somebody's own is read strictly, and told all that is wrong at once."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.indicator import Measures, Origin
from db.core.levels import Level
from db.core.own import Problems
from db.sources.own_metadata import read_metadata
from tests.unit.own_files import METADATA, metadata, refused


def test_what_is_stated_is_read_and_marked_as_own() -> None:
    found = metadata()

    (indicator,), (table,) = found.indicators, found.tables
    assert (indicator.slug, indicator.source) == ("hardship", "own-bureau-advies")
    assert (indicator.origin, found.source.origin) == (Origin.OWN, Origin.OWN)
    assert indicator.measures is Measures.STOCK
    assert (table.level, table.vintage, table.separator) == (Level.WIJK, 2024, ";")
    assert table.absent == {"x": Reason.CONFIDENTIAL, "": Reason.UNKNOWN_TO_PUBLISHER}


def test_all_that_is_wrong_is_told_at_once_with_what_is_allowed() -> None:
    wrong = (
        METADATA.replace('publisher = "Bureau"\n', "")
        .replace('kind = "share"', 'kind = "percentage"')
        .replace('measures = "stock"\n', "")
        .replace('separator = ";"', 'separator = ":"')
        .replace('"SUPPRESSED"', '"SECRET"')
        .replace("decimals = 1", 'decimals = "one"\ncolour = "red"')
    )

    assert sorted(refused(wrong)) == [
        "indicators.hardship: decimals must be a whole number",
        "indicators.hardship: kind is 'percentage'; expected one of count, share, rate, mean, "
        "median, index, class",
        "indicators.hardship: measures is missing; stock: what there is; flow: what came",
        "indicators.hardship: unknown key colour",
        "source: publisher is missing",
        "tables hardship.csv: absent.'x' must be one of SUPPRESSED, UNKNOWN, NOT_APPLICABLE, "
        "NOT_MEASURED, NOT_YET_PUBLISHED",
        "tables hardship.csv: separator is ':'; expected one of ';', ',', '\\t', '|'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "bureau-advies"', 'id = "Bureau Advies"', "id must be small letters"),
        ('"https://example.org"', '"javascript:alert(1)"', "url must begin with https://"),
        ("[indicators.hardship]", '[indicators."Hard Ship"]', "a slug has small letters"),
        ('aggregation = "weighted_mean"', 'aggregation = "sum"', "cannot be aggregated by sum"),
        ('file = "hardship.csv"', 'file = "../secret.csv"', "must lie in the folder"),
        ('file = "hardship.csv"', 'file = "/etc/passwd"', "must lie in the folder"),
        ('decimal = ","', 'decimal = ";"', "decimal is ';'"),
        ('separator = ";"', 'separator = ","', "cannot be the same mark"),
        ('year = "jaar"\n', "", "either the table names a column `year`, or each of columns"),
        ("vintage = 2024", "vintage = 99999", "vintage must be a year from 1990 to 2100"),
        ('value = "deel"', 'value = "deel", lower = "van"', "give lower and upper, or neither"),
        ('indicator = "hardship"', 'indicator = "other"', "indicators does not have"),
        ('name_nl = "Ongemak"', 'name_nl = "a\\u0000b"', "characters that cannot be shown"),
        ('measures = "stock"', 'measures = "stock"\nsource = "cbs-kwb"', "unknown key source"),
        ("decimals = 1", "decimals = 99", "decimals must be from 0 to 10"),
        ("decimals = 1", "decimals = " + "9" * 5000, "is no TOML"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(old: str, new: str, told: str) -> None:
    assert old in METADATA

    assert any(told in each for each in refused(METADATA.replace(old, new)))


def test_what_is_no_toml_is_refused() -> None:
    assert refused("a = [")[0].startswith("is no TOML")
    assert refused(b"\xff\xfe") == ["the text is not UTF-8, as TOML is"]
    assert refused("a = " + "[" * 20_000)[0].startswith("is no TOML")


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_stands_for_a_value_is_told_and_never_fails(
    data: st.DataObject,
) -> None:
    lines = METADATA.splitlines()
    place = data.draw(st.sampled_from([i for i, line in enumerate(lines) if "=" in line]))
    key = lines[place].split("=")[0]
    lines[place] = f"{key}= {data.draw(_values.map(_as_toml))}"
    text = "\n".join(lines)
    problems = Problems()

    found = read_metadata("own.toml", text.encode("utf-8", "replace"), problems)

    assert (found is None) == bool(problems)


def _as_toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            inside = ", ".join(f"{_as_toml(str(k))} = {_as_toml(v)}" for k, v in value.items())
            return f"{{{inside}}}"
        case list():
            return f"[{', '.join(map(_as_toml, value))}]"
        case str():
            return '"' + "".join(f"\\U{ord(mark):08x}" for mark in value) + '"'
    return repr(value)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_bytes_a_metadata_file_has_it_is_refused_and_never_fails(content: bytes) -> None:
    problems = Problems()

    assert read_metadata("own.toml", content, problems) is None
    assert problems


def test_the_metadata_of_these_tests_is_toml() -> None:
    assert tomllib.loads(METADATA)["id"] == "bureau-advies"
