"""A dataset's cache folder: bodies of earlier answers with the validators they came with.

A small JSON file remembers, per URL, ETag, Last-Modified and the body's file, so that a second
run can ask "changed since?". Hands out a body only when it is there in its full size.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from db.sources.ask import Ask, suffix_of
from db.sources.download import Download

STATE = "fetched.json"
_KEPT_HEADERS = ("content-crs", "content-type", "last-modified", "etag")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer on disk; `unchanged` when the publisher said 304 and no body was sent."""

    url: str
    path: Path
    headers: Mapping[str, str]
    size: int
    """Inflated bytes."""
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    file: str
    stored: int
    inflated: int
    headers: dict[str, str]

    def validators(self) -> dict[str, str]:
        pairs = {
            "If-None-Match": self.headers.get("etag"),
            "If-Modified-Since": self.headers.get("last-modified"),
        }
        return {name: value for name, value in pairs.items() if value}


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._known = _read_state(folder / STATE)

    def known(self, url: str) -> Known | None:
        entry = self._known.get(url)
        if entry is None or not entry.validators():
            return None
        path = self.folder / entry.file
        return entry if path.is_file() and path.stat().st_size == entry.stored else None

    def part(self, ask: Ask) -> Path:
        return self.folder / f"{self._stem(ask)}.part"

    def keep(self, download: Download) -> Fetched:
        """Give the finished download its name and remember its validators."""
        ask = download.ask
        suffix = suffix_of(ask.url, ask.kind) + (".gz" if download.encoded else "")
        path = download.part.replace(self.folder / (self._stem(ask) + suffix))
        kept = {name: download.headers[name] for name in _KEPT_HEADERS if name in download.headers}
        self._known[ask.url] = Known(path.name, download.received, download.inflated, kept)
        self._write_state()
        return Fetched(ask.url, path, kept, download.inflated)

    def unchanged(self, ask: Ask, known: Known) -> Fetched:
        return Fetched(ask.url, self.folder / known.file, known.headers, known.inflated, True)

    def retain(self, paths: Iterable[Path]) -> None:
        """Remove every body that is not one of these: pages of an earlier edition."""
        names = {path.name for path in paths}
        self._known = {url: entry for url, entry in self._known.items() if entry.file in names}
        self._sweep(names)

    def retain_revalidatable(self) -> None:
        """After a failure: keep whole answers that can be asked for conditionally, only those."""
        self._known = {url: e for url, e in self._known.items() if e.validators()}
        self._sweep({entry.file for entry in self._known.values()})

    def clear(self) -> None:
        self.retain(())

    def _stem(self, ask: Ask) -> str:
        return f"{ask.name}-{hashlib.sha256(ask.url.encode()).hexdigest()[:12]}"

    def _sweep(self, names: set[str]) -> None:
        self._write_state()
        for path in self.folder.iterdir():
            if path.is_file() and path.name not in names | {STATE}:
                path.unlink(missing_ok=True)

    def _write_state(self) -> None:
        state = {url: asdict(entry) for url, entry in self._known.items()}
        fresh = self.folder / f"{STATE}.new"
        fresh.write_text(json.dumps(state, indent=1), encoding="utf-8")
        fresh.replace(self.folder / STATE)


def _read_state(path: Path) -> dict[str, Known]:
    """What an earlier run remembered; nothing when the file is absent or damaged."""
    try:
        state: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        known = {url: Known(**entry) for url, entry in state.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return {url: entry for url, entry in known.items() if Path(entry.file).name == entry.file}
