"""The folder of shared blocks: private, gone with its service, and cleared after a killed one."""

import tempfile
from pathlib import Path

import pytest

from service.shared import folder_of_blocks


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_only_its_user_may_enter_it_and_it_goes_with_the_service(place: Path) -> None:
    with folder_of_blocks() as folder:
        (folder / "block").write_bytes(b"1")
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(place.iterdir()) == []


def test_the_folder_of_a_service_that_lives_is_left_alone(place: Path) -> None:
    with folder_of_blocks() as first, folder_of_blocks() as second:
        assert first != second
        assert first.exists()


def test_what_a_killed_service_left_behind_is_removed(place: Path) -> None:
    left = place / "leefbaarheid-workers-killed"
    left.mkdir(0o700)
    (left / "block").write_bytes(b"1")

    with folder_of_blocks() as folder:
        assert list(place.iterdir()) == [folder]


def test_a_link_of_that_name_is_not_followed(place: Path) -> None:
    other = place / "other"
    other.mkdir()
    (place / "leefbaarheid-workers-link").symlink_to(other)

    with folder_of_blocks():
        assert other.exists()
