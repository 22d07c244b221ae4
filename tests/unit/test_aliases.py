"""Aliases as the service ships them, and how a wrong one is refused."""

from pathlib import Path

import pytest

from db.core.errors import InvalidReference
from db.core.levels import Level
from db.core.programme import Alias, Reference
from db.reference.aliases import aliases
from db.reference.facts import load_reference
from db.repository.facts import bodies

_GOOD = """[[alias]]
name = "De Kern"
level = "wijk"
code = "WK900101"
vintage = 2023
last_vintage = 2024
source_nl = "Krant"
source_en = "Paper"
"""


def _read(folder: Path, text: str) -> list[Alias]:
    (folder / "aliases.toml").write_text(text, "utf-8")
    return list(aliases(folder))


def test_those_of_the_netherlands_lead_where_they_should() -> None:
    found = {(each.name, each.level, each.code) for each in load_reference().aliases}

    assert found == {
        ("Den Haag", Level.GEMEENTE, "GM0518"),
        ("Den Bosch", Level.GEMEENTE, "GM0796"),
        ("Schilderswijk", Level.WIJK, "WK051829"),
        ("Vollenhoven", Level.BUURT, "BU03550205"),
        ("Wilgensingel", Level.GEMEENTE, "GM0177"),
    }


def test_vollenhoven_is_stated_year_by_year_and_wilgensingel_says_that_it_is_no_unit() -> None:
    stated = load_reference().aliases
    found = {each.name: each for each in stated}

    years = [each.vintage for each in stated if each.name == "Vollenhoven"]
    assert years == list(range(2014, 2026))
    assert "No unit of CBS" in str(found["Wilgensingel"].note_en)


def test_an_alias_is_stated_once_for_each_vintage_from_the_first_to_the_last(
    tmp_path: Path,
) -> None:
    assert [each.vintage for each in _read(tmp_path, _GOOD)] == [2023, 2024]
    once = _read(tmp_path, _GOOD.replace("last_vintage = 2024\n", ""))
    assert [(each.vintage, each.note_nl) for each in once] == [(2023, None)]


def test_a_folder_without_the_file_has_none(tmp_path: Path) -> None:
    assert list(aliases(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"wijk"', '"buurt"', "no code of a buurt"),
        ("WK900101", "WK9", "no code of a wijk"),
        ("= 2024", "= 2023", "last_vintage must be after"),
        ('source_en = "Paper"\n', "", "source_en is missing"),
        ("[[alias]]", '[[alias]]\nnote_nl = "Ja"', "note_en is missing"),
        ("[[alias]]", "[[alias]]\nvintages = 3", "unknown key vintages"),
        ("[[alias]]", _GOOD + "[[alias]]", "stated twice"),
    ],
)
def test_a_wrong_alias_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(InvalidReference, match=problem):
        _read(tmp_path, _GOOD.replace(old, new, 1))


def test_every_alias_is_stored_under_a_key_of_its_own() -> None:
    shipped = load_reference().aliases

    stored = bodies(Reference((), (), (), (), (), (), aliases=shipped), ())

    assert len(stored) == len(shipped)
    assert stored["alias", "WK051829 2024 Schilderswijk"]["level"] == "wijk"
