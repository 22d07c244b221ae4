"""What whoever runs the service may set, by environment variable. The only file that reads it.

Refuses to start on a wrong value, with every problem at once; a secret is in no text it makes.
"""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from db.core.errors import SettingsWrong


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the README's table."""

    name: str
    default: str
    nl: str
    en: str


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "",
        "PostgreSQL 15 tot en met 18 (postgresql://…); zonder start de dienst een eigen.",
        "PostgreSQL 15 to 18 (postgresql://…); without it the service starts one of its own.",
    ),
    Setting(
        "LEEFBAARHEID_HOST",
        "127.0.0.1",
        "Het adres waarop de dienst luistert.",
        "The address the service listens on.",
    ),
    Setting(
        "LEEFBAARHEID_PORT",
        "8000",
        "De poort waarop de dienst luistert; 0 kiest een vrije.",
        "The port the service listens on; 0 picks a free one.",
    ),
    Setting(
        "LEEFBAARHEID_DATA_DIR",
        "~/.local/share/leefbaarheid",
        "De map waarin de eigen PostgreSQL zijn gegevens bewaart.",
        "The folder in which the service's own PostgreSQL keeps its data.",
    ),
    Setting(
        "LEEFBAARHEID_PUBLIC_URL",
        "",
        "Het adres waaronder gebruikers de dienst kennen; zonder: host en poort.",
        "The address users know the service by; without it, host and port.",
    ),
    Setting(
        "LEEFBAARHEID_CONTACT",
        "",
        "E-mailadres van wie de dienst beheert; zonder: postmaster op het openbare adres.",
        "E-mail address of whoever runs the service; without it, postmaster at the public address.",
    ),
    Setting(
        "LEEFBAARHEID_OPERATOR",
        "Leefbaarheid",
        "Naam van wie de dienst beheert: de uitgever in de catalogus.",
        "Name of whoever runs the service: the publisher in the catalogue.",
    ),
    Setting(
        "LEEFBAARHEID_OPERATOR_ID",
        "",
        "Hun adres in een lijst van organisaties (https://identifier.overheid.nl/tooi/id/…).",
        "Their address in a list of organisations (https://identifier.overheid.nl/tooi/id/…).",
    ),
    Setting(
        "LEEFBAARHEID_SNAPSHOT_BYTES",
        "268435456",
        "Geheugen voor de cijfers die klaar staan om te antwoorden, in bytes.",
        "Memory for the figures kept ready to answer from, in bytes.",
    ),
    Setting(
        "LEEFBAARHEID_RESPONSE_CACHE_BYTES",
        "67108864",
        "Geheugen voor antwoorden die vaker gevraagd worden, in bytes; 0 bewaart er geen.",
        "Memory for answers that are asked for again, in bytes; 0 keeps none.",
    ),
    Setting(
        "LEEFBAARHEID_DOCUMENTS",
        "",
        "Een JSON-bestand met vertrouwde documenten: van elk het id (sha256:…) en de tekst.",
        "A JSON file of trusted documents: of each its id (sha256:…) and its text.",
    ),
    Setting(
        "LEEFBAARHEID_WEBHOOK_INSIDE",
        "",
        "Namen met poort in het eigen netwerk waarheen een webhook mag (naam:poort, naam:poort).",
        "Names with ports in your own network that a webhook may go to (name:port, name:port).",
    ),
)
_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}
_MEBIBYTE = 1024 * 1024
_MAILBOX = re.compile(r"[^@\s<>\"]{1,64}@[A-Za-z0-9.:\[\]-]{1,255}")
_IDENTIFIER = re.compile(r"https?://[a-z0-9.-]+/[A-Za-z0-9._~/#:@%-]{1,200}")
_PLACE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?:[1-9]\d{0,4}")
_HOST = re.compile(r"[A-Za-z0-9.:_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked."""

    # May hold a password.
    database_url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path
    public_url: str
    contact: str = "postmaster@localhost"
    operator: str = "Leefbaarheid"
    operator_id: str | None = None
    snapshot_bytes: int = 256 * _MEBIBYTE
    response_cache_bytes: int = 64 * _MEBIBYTE
    documents: Path | None = None
    webhook_inside: frozenset[str] = frozenset()

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Self:
        """From a mapping, else from this process's environment; empty counts as not set."""
        given = _Given(os.environ if environ is None else environ)
        host = given.host("LEEFBAARHEID_HOST")
        port = given.number("LEEFBAARHEID_PORT", least=0, most=65535)
        public_url = given.address("LEEFBAARHEID_PUBLIC_URL", otherwise=_address(host, port))
        settings = cls(
            database_url=given.database("DATABASE_URL"),
            host=host,
            port=port,
            data_dir=given.folder("LEEFBAARHEID_DATA_DIR"),
            public_url=public_url,
            contact=given.mailbox("LEEFBAARHEID_CONTACT", otherwise=_postmaster(public_url)),
            operator=given.name("LEEFBAARHEID_OPERATOR"),
            operator_id=given.identifier("LEEFBAARHEID_OPERATOR_ID"),
            snapshot_bytes=given.number(
                "LEEFBAARHEID_SNAPSHOT_BYTES", least=16 * _MEBIBYTE, most=2**40
            ),
            response_cache_bytes=given.number(
                "LEEFBAARHEID_RESPONSE_CACHE_BYTES", least=0, most=2**40
            ),
            documents=given.file("LEEFBAARHEID_DOCUMENTS"),
            webhook_inside=given.places("LEEFBAARHEID_WEBHOOK_INSIDE"),
        )
        if given.problems:
            raise SettingsWrong(given.problems)
        return settings


class _Given:
    """Reads one variable at a time and collects what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def _text(self, name: str) -> str:
        return self._environ.get(name, "").strip() or _DEFAULTS[name]

    def number(self, name: str, *, least: int, most: int) -> int:
        text = self._text(name)
        if re.fullmatch(r"[0-9]{1,15}", text) and least <= int(text) <= most:
            return int(text)
        self.problems.append(f"{name} must be a whole number from {least} to {most}")
        return least

    def host(self, name: str) -> str:
        text = self._text(name)
        if not _HOST.fullmatch(text):
            self.problems.append(f"{name} must be one host name or address, such as 0.0.0.0")
        return text

    def database(self, name: str) -> str | None:
        text = self._text(name)
        if text and not text.startswith(("postgresql://", "postgres://")):
            self.problems.append(f"{name} must start with postgresql://")
        return text or None

    def address(self, name: str, *, otherwise: str) -> str:
        text = self._text(name) or otherwise
        try:
            parts = urlsplit(text)
            whole = bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            whole = False
        if not whole or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
            self.problems.append(
                f"{name} must be an http or https address without ? or #, "
                "such as https://leefbaarheid.example.nl"
            )
        return text.rstrip("/")

    def mailbox(self, name: str, *, otherwise: str) -> str:
        text = self._text(name) or otherwise
        if not _MAILBOX.fullmatch(text):
            self.problems.append(f"{name} must be an e-mail address, such as beheer@example.nl")
        return text

    def name(self, name: str) -> str:
        text = self._text(name)
        if not (text.isprintable() and len(text) <= 200):
            self.problems.append(f"{name} must be one line of at most 200 characters")
        return text

    def identifier(self, name: str) -> str | None:
        text = self._text(name)
        if text and not _IDENTIFIER.fullmatch(text):
            self.problems.append(
                f"{name} must be an https address of an organisation, "
                "such as https://identifier.overheid.nl/tooi/id/gemeente/gm0000"
            )
        return text or None

    def folder(self, name: str) -> Path:
        text = self._environ.get(name, "").strip()
        if not text:
            return self._home_for_data() / "leefbaarheid"
        if "\0" in text:
            self.problems.append(f"{name} must be a folder")
        return Path(text).expanduser()

    def file(self, name: str) -> Path | None:
        text = self._text(name)
        if "\0" in text:
            self.problems.append(f"{name} must be a file")
            return None
        return Path(text).expanduser() if text else None

    def places(self, name: str) -> frozenset[str]:
        found = frozenset(each.strip().lower() for each in self._text(name).split(",")) - {""}
        if not all(_PLACE.fullmatch(each) for each in found):
            self.problems.append(f"{name} must be names with ports, such as hooks.intern:443")
        return found

    def _home_for_data(self) -> Path:
        """Where this kind of machine keeps a program's data."""
        if named := self._environ.get("XDG_DATA_HOME", "").strip():
            return Path(named)
        home = Path(self._environ.get("HOME", "").strip() or Path.home())
        if sys.platform == "darwin":
            return home / "Library" / "Application Support"
        return home / ".local" / "share"


def _address(host: str, port: int) -> str:
    named = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://[{named}]:{port}" if ":" in named else f"http://{named}:{port}"


def _postmaster(public_url: str) -> str:
    """The mailbox that every domain has (RFC 2142)."""
    try:
        host = urlsplit(public_url).hostname
    except ValueError:
        host = None
    return f"postmaster@{host or 'localhost'}"
