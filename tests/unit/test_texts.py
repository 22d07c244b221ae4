"""Texts for people: each exists in Dutch and in English, and the two differ."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from db.core.errors import InvalidReference
from db.core.programme import Reference
from db.demo.programmes import fictional_reference
from db.reference.facts import load_reference
from db.sources.datasets import DATASETS

_OPTIONAL = {"note"}
# The name of a product may be the same in both languages: Leefbaarometer 3.0.
_MAY_BE_EQUAL = {"name"}
_SOURCED = ("programmes", "memberships", "groups", "group_lists")


def pairs(told: Any) -> Iterator[tuple[str, str | None, str | None]]:
    """What a fact says in Dutch and in English, by the name that the two share."""
    for name in (each.name[:-3] for each in fields(told) if each.name.endswith("_nl")):
        yield name, getattr(told, f"{name}_nl"), getattr(told, f"{name}_en")


def facts(reference: Reference) -> Iterator[Any]:
    for kind in (*_SOURCED, "sources", "focus_areas"):
        yield from getattr(reference, kind)


@pytest.mark.parametrize("load", [load_reference, fictional_reference])
def test_every_text_of_the_facts_is_in_two_languages_that_differ(
    load: Callable[[], Reference],
) -> None:
    told = [pair for fact in facts(load()) for pair in pairs(fact)]
    stated = [each for each in told if each[1:] != (None, None) or each[0] not in _OPTIONAL]
    wrong = [
        (name, nl, en)
        for name, nl, en in stated
        if not nl or not en or (nl == en and name not in _MAY_BE_EQUAL)
    ]
    assert stated
    assert wrong == []


def test_everything_sourced_says_so_in_two_languages() -> None:
    reference = load_reference()
    for kind in _SOURCED:
        for fact in getattr(reference, kind):
            assert "source_text" in {name for name, _, _ in pairs(fact)}


def test_an_english_text_has_one_dutch_text() -> None:
    told = [pair for fact in facts(load_reference()) for pair in pairs(fact)]
    dutch = {(name, en): nl for name, nl, en in told}
    assert [(nl, en) for name, nl, en in told if dutch[name, en] != nl] == []


def test_every_note_of_a_dataset_is_in_two_languages_that_differ() -> None:
    noted = [d for d in DATASETS if d.note_nl is not None or d.note_en is not None]
    assert noted
    assert [d.id for d in noted if not d.note_nl or not d.note_en or d.note_nl == d.note_en] == []


@pytest.mark.parametrize(
    ("file", "key", "missing"),
    [
        ("programmes.toml", "source_nl", "source_nl is missing"),
        ("groups.toml", "source_en", "source_en is missing"),
    ],
)
def test_a_text_in_one_language_only_is_refused(
    tmp_path: Path, file: str, key: str, missing: str
) -> None:
    copy_facts(tmp_path)
    lines = (tmp_path / file).read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.startswith(f"{key} = "))
    (tmp_path / file).write_text("".join(lines[:first] + lines[first + 1 :]), encoding="utf-8")
    with pytest.raises(InvalidReference, match=missing):
        load_reference(tmp_path)


@pytest.mark.parametrize("key", ["source", "note"])
def test_a_unit_does_not_borrow_the_other_language_from_its_area(tmp_path: Path, key: str) -> None:
    copy_facts(tmp_path)
    file = tmp_path / "memberships.toml"
    text = file.read_text(encoding="utf-8")
    unit = '{ code = "WK034403", name = "Wijk 03 Overvecht" }'
    assert unit in text
    alone = unit.replace(" }", f', {key}_nl = "Alleen Nederlands" }}')
    file.write_text(text.replace(unit, alone), encoding="utf-8")
    with pytest.raises(InvalidReference, match=f"WK034403: {key}_en is missing"):
        load_reference(tmp_path)


def copy_facts(folder: Path) -> None:
    for file in files("db.reference").iterdir():
        if file.name.endswith(".toml"):
            (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
