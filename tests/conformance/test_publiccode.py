"""The repository says by the rules what it is, whose, under which terms, and whom to warn."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((_ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    return found


def test_publiccode_has_all_that_is_mandatory_of_the_kinds_that_are_allowed(
    said: dict[str, Any],
) -> None:
    assert isinstance(said["publiccodeYmlVersion"], str)
    assert said["name"]
    assert re.fullmatch(r"https://[^ ]+", said["url"])
    assert said["platforms"]
    assert said["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert re.fullmatch(
        "standalone/(mobile|iot|desktop|web|backend|other)|addon|library|configurationFiles",
        said["softwareType"],
    )
    assert said["legal"]["license"] == "EUPL-1.2"
    assert said["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(each["name"] for each in said["maintenance"]["contacts"])
    assert isinstance(said["localisation"]["localisationReady"], bool)
    for media in (*said["inputTypes"], *said["outputTypes"]):
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", media)


def test_publiccode_describes_itself_at_length_in_every_language_it_speaks(
    said: dict[str, Any],
) -> None:
    assert set(said["description"]) == set(said["localisation"]["availableLanguages"])
    for text in said["description"].values():
        assert 0 < len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_every_file_says_whose_it_is_and_under_which_licence() -> None:
    if shutil.which("git") is None or not (_ROOT / ".git").exists():
        pytest.skip("no git clone, so nothing says which files are ours")
    command = [str(Path(sys.executable).parent / "reuse"), "lint"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_licence_is_the_same_wherever_it_stands() -> None:
    beside = (_ROOT / "LICENSES" / "EUPL-1.2.txt").read_bytes()
    assert beside == (_ROOT / "LICENSE").read_bytes()


def test_every_page_of_the_documentation_is_in_its_list() -> None:
    folder = _ROOT / "docs"
    listed = set(re.findall(r"\]\(([a-z_]+\.md)\)", (folder / "README.md").read_text()))
    assert listed == {path.name for path in folder.glob("*.md")} - {"README.md"}
