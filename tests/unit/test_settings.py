"""Settings: their defaults, what is refused, and what is never shown."""

import dataclasses
from pathlib import Path

import pytest

from db.core.errors import SettingsWrong
from service.settings import SETTINGS, Settings

_MEBIBYTE = 1024 * 1024


def test_without_variables_everything_has_a_default() -> None:
    assert Settings.from_environ({"HOME": "/home/anna"}) == Settings(
        database_url=None,
        host="127.0.0.1",
        port=8000,
        data_dir=Path("/home/anna/.local/share/leefbaarheid"),
        public_url="http://127.0.0.1:8000",
        contact="postmaster@127.0.0.1",
        snapshot_bytes=256 * _MEBIBYTE,
    )


def test_every_variable_is_read() -> None:
    settings = Settings.from_environ(
        {
            "DATABASE_URL": "postgresql://reader:geheim@db.example/leefbaarheid",
            "LEEFBAARHEID_HOST": "0.0.0.0",
            "LEEFBAARHEID_PORT": "80",
            "LEEFBAARHEID_DATA_DIR": "/srv/data",
            "LEEFBAARHEID_PUBLIC_URL": "https://leefbaarheid.example.nl/api/",
            "LEEFBAARHEID_CONTACT": "beheer@example.nl",
            "LEEFBAARHEID_OPERATOR": "Gemeente Kwakelhaven",
            "LEEFBAARHEID_OPERATOR_ID": "https://identifier.overheid.nl/tooi/id/gemeente/gm9001",
            "LEEFBAARHEID_SNAPSHOT_BYTES": "33554432",
        }
    )

    assert settings == Settings(
        database_url="postgresql://reader:geheim@db.example/leefbaarheid",
        host="0.0.0.0",
        port=80,
        data_dir=Path("/srv/data"),
        public_url="https://leefbaarheid.example.nl/api",
        contact="beheer@example.nl",
        operator="Gemeente Kwakelhaven",
        operator_id="https://identifier.overheid.nl/tooi/id/gemeente/gm9001",
        snapshot_bytes=32 * _MEBIBYTE,
    )


def test_an_empty_variable_is_as_if_not_set() -> None:
    empty = {setting.name: "" for setting in SETTINGS}

    assert Settings.from_environ({"HOME": "/h", **empty}) == Settings.from_environ({"HOME": "/h"})


def test_all_that_is_wrong_is_told_at_once_and_no_value_is() -> None:
    wrong = {
        "DATABASE_URL": "mysql://root:geheim@db",
        "LEEFBAARHEID_HOST": "two hosts",
        "LEEFBAARHEID_PORT": "65536",
        "LEEFBAARHEID_PUBLIC_URL": "www.gemeente.example",
        "LEEFBAARHEID_OPERATOR": "two\nlines",
        "LEEFBAARHEID_OPERATOR_ID": "gm9001",
        "LEEFBAARHEID_SNAPSHOT_BYTES": "256MB",
    }

    with pytest.raises(SettingsWrong) as raised:
        Settings.from_environ({"HOME": "/h", **wrong})

    assert {problem.split()[0] for problem in raised.value.problems} == set(wrong)
    assert len(raised.value.problems) == len(wrong)
    assert "a whole number from 0 to 65535" in str(raised.value)
    assert not any(value in str(raised.value) for value in wrong.values())
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize("port", ["", " 8000 ", "0", "65535"])
def test_a_port_in_range_is_taken(port: str) -> None:
    assert Settings.from_environ({"HOME": "/h", "LEEFBAARHEID_PORT": port}).port in (0, 8000, 65535)


@pytest.mark.parametrize("port", ["-1", "65536", "8000.0", "1e3", "٣", "9" * 20, "http"])
def test_a_port_out_of_range_is_refused(port: str) -> None:
    with pytest.raises(SettingsWrong, match=r"^LEEFBAARHEID_PORT must be"):
        Settings.from_environ({"HOME": "/h", "LEEFBAARHEID_PORT": port})


@pytest.mark.parametrize(
    "address", ["ftp://x", "https://", "http://x?a=1", "http://x#a", "http://x:99999", "http://["]
)
def test_an_address_that_cannot_be_linked_to_is_refused(address: str) -> None:
    with pytest.raises(SettingsWrong, match=r"^LEEFBAARHEID_PUBLIC_URL must be"):
        Settings.from_environ({"HOME": "/h", "LEEFBAARHEID_PUBLIC_URL": address})


def test_a_password_is_in_no_text_made_of_settings() -> None:
    settings = Settings.from_environ({"HOME": "/h", "DATABASE_URL": "postgresql://a:geheim@b/c"})

    assert "geheim" not in f"{settings!r} {settings}"


def test_the_data_folder_follows_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    named = Settings.from_environ({"HOME": "/h", "XDG_DATA_HOME": "/x"}).data_dir
    monkeypatch.setattr("sys.platform", "darwin")
    on_macos = Settings.from_environ({"HOME": "/h"}).data_dir

    assert named == Path("/x/leefbaarheid")
    assert on_macos == Path("/h/Library/Application Support/leefbaarheid")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("a.nl", "http://a.nl:8000"),
    ],
)
def test_without_a_public_address_it_follows_host_and_port(host: str, expected: str) -> None:
    settings = Settings.from_environ({"HOME": "/h", "LEEFBAARHEID_HOST": host})

    assert settings.public_url == expected


def test_the_table_names_every_setting_in_both_languages() -> None:
    names = [setting.name.removeprefix("LEEFBAARHEID_").lower() for setting in SETTINGS]

    assert names == [field.name for field in dataclasses.fields(Settings)]
    assert all(setting.nl and setting.en and setting.nl != setting.en for setting in SETTINGS)


def test_a_contact_must_be_an_address_to_write_to() -> None:
    with pytest.raises(SettingsWrong, match="LEEFBAARHEID_CONTACT"):
        Settings.from_environ({"HOME": "/h", "LEEFBAARHEID_CONTACT": "bel mij"})


def test_names_in_the_own_network_have_a_port_each() -> None:
    def inside(text: str) -> frozenset[str]:
        given = {"HOME": "/home/anna", "LEEFBAARHEID_WEBHOOK_INSIDE": text}
        return Settings.from_environ(given).webhook_inside

    assert inside("Localhost:8443, hooks.intern:443,") == {"localhost:8443", "hooks.intern:443"}
    for wrong in ("localhost", "https://localhost:443", "a:0", "a:443 b:443", "*:443", "a:443/x"):
        with pytest.raises(SettingsWrong, match="LEEFBAARHEID_WEBHOOK_INSIDE"):
            inside(wrong)
