"""The bytes of one answer on their way to disk, over one attempt or several.

Written as received (a gzip body stays gzip, so that Range can resume it) and inflated alongside in
small steps, to count what it becomes. Refuses bodies that inflate past the limit or the ratio.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx

from db.core.errors import AnswerTooLarge, BrokenDownload, NotWhatWasAsked
from db.sources.ask import Ask, check_kind
from db.sources.policy import FetchPolicy
from db.sources.retry import Transient

_STEP = 1 << 16
_HEAD = 512
# Below this a high ratio is ordinary: a page of nulls, an empty feature list.
_RATIO_FROM = 8_000_000


class _Gunzip:
    """Inflates a gzip stream of one or more members, never more than a step at a time."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._fed = False

    def pieces(self, raw: bytes) -> Iterator[bytes]:
        while raw:
            if self._member.eof:
                self._member = zlib.decompressobj(wbits=31)
            self._fed = True
            yield self._member.decompress(raw, _STEP)
            raw = self._member.unconsumed_tail or self._member.unused_data

    @property
    def complete(self) -> bool:
        return self._fed and self._member.eof


class Download:
    def __init__(self, ask: Ask, part: Path, policy: FetchPolicy) -> None:
        self.ask = ask
        self.part = part
        self.headers: dict[str, str] = {}
        self.received = 0
        self.inflated = 0
        self._limit = min(ask.limit or policy.max_bytes, policy.max_bytes)
        self._ratio = policy.max_ratio
        self._file: IO[bytes] | None = None
        self._gunzip: _Gunzip | None = None
        self._head = b""
        self._checked = False
        self._announced: int | None = None

    @property
    def encoded(self) -> bool:
        return self._gunzip is not None

    def resume_headers(self) -> dict[str, str]:
        """Range and If-Range for what is missing; empty where only a restart is safe.

        A weak ETag says 'equivalent', not 'the same bytes', so it cannot glue two halves.
        """
        etag = self.headers.get("etag", "")
        if not self.received or not etag.startswith('"'):
            return {}
        return {"Range": f"bytes={self.received}-", "If-Range": etag}

    def begin(self, response: httpx.Response) -> None:
        """Take position for this response's body: at the end of what there is, or at zero."""
        if response.status_code == 206:
            self._continue(response)
            return
        self.reset()
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self._gunzip = self._decoder(self.headers.get("content-encoding", "identity"))
        self._announced = _number(self.headers.get("content-length"))
        if self._gunzip is None and (self._announced or 0) > self._limit:
            raise self._too_large()
        self._file = self.part.open("wb")

    def accept(self, raw: bytes) -> None:
        if self._file is None:
            raise AssertionError("begin() comes before accept()")
        self._file.write(raw)
        self.received += len(raw)
        if self._gunzip is None:
            self._count(raw)
            return
        try:
            for piece in self._gunzip.pieces(raw):
                self._count(piece)
        except zlib.error as broken:
            self.reset()
            raise self._broken("its gzip does not inflate") from broken

    def finish(self) -> None:
        """Close what is complete; Transient when bytes are missing."""
        if self._announced is not None and self.received != self._announced:
            raise self._broken(f"{self.received} of {self._announced} bytes arrived")
        if self._gunzip is not None and not self._gunzip.complete:
            self.reset()
            raise self._broken("its gzip ends too early")
        if not self._checked:
            self._check_head()
        if self._file is not None:
            self._file.close()
            self._file = None

    def reset(self) -> None:
        """Forget every byte; the next attempt starts over."""
        self.discard()
        self.received = self.inflated = 0
        self.headers = {}
        self._head, self._checked = b"", False
        self._announced = self._gunzip = None

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self.part.unlink(missing_ok=True)

    def _continue(self, response: httpx.Response) -> None:
        first, total = _content_range(response.headers.get("content-range", ""))
        same = response.headers.get("etag", self.headers.get("etag")) == self.headers.get("etag")
        encoding = response.headers.get("content-encoding", "identity")
        if first != self.received or not same or (encoding == "gzip") != self.encoded:
            self.reset()
            raise self._broken("the rest offered does not fit what had arrived")
        self._announced = total if total is not None else self._announced

    def _decoder(self, encoding: str) -> _Gunzip | None:
        match encoding.strip().lower():
            case "gzip" | "x-gzip":
                return _Gunzip()
            case "" | "identity":
                return None
        raise NotWhatWasAsked(f"{self.ask.what}: asked for gzip, the answer is {encoding[:20]!r}")

    def _count(self, piece: bytes) -> None:
        self.inflated += len(piece)
        steep = self.inflated > _RATIO_FROM and self.inflated > self.received * self._ratio
        if self.inflated > self._limit or steep:
            raise self._too_large()
        if not self._checked:
            self._head += piece[: _HEAD - len(self._head)]
            if len(self._head) >= _HEAD:
                self._check_head()

    def _check_head(self) -> None:
        check_kind(self.ask, self.headers.get("content-type", ""), self._head)
        self._checked = True

    def _too_large(self) -> AnswerTooLarge:
        return AnswerTooLarge(
            f"{self.ask.what}: the answer is larger than {self._limit // 1_000_000} MB "
            f"or inflates more than {self._ratio} times"
        )

    def _broken(self, why: str) -> Transient:
        return Transient(BrokenDownload(f"{self.ask.what}: the download broke off, {why}"))


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdecimal() else None


def _content_range(header: str) -> tuple[int | None, int | None]:
    """First byte and total of 'bytes 100-199/200'."""
    span, _, total = header.removeprefix("bytes ").partition("/")
    return _number(span.partition("-")[0]), _number(total)
