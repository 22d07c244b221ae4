"""Everything the GraphQL address sends that is not a kept answer, with all its headers."""

from collections.abc import Mapping

from service.headers import Field, common_fields, with_common
from service.negotiation import Media
from service.representation import (
    NO_STORE,
    REVALIDATE,
    SMALLEST_CODED,
    VARY,
    VARY_CODED,
    Common,
    Representation,
    Sent,
    vary,
)

_CONTENT_TYPES: dict[Media, Field] = {
    media: (b"content-type", media.content_type.encode()) for media in Media
}

_NOTHING = Common([])


class Replies:
    """Writes headers; which ones all answers share is worked out once."""

    def __init__(self, *, https: bool) -> None:
        self._common = Common(common_fields(https=https))
        self._begun = {
            media: b"HTTP/1.1 200 OK\r\n%b: %b\r\ncontent-length: " % _CONTENT_TYPES[media]
            for media in Media
        }
        """What comes before the length of an answer that nobody may keep."""
        self._ended, self._ended_coded = [
            b"\r\n" + Common([vary(size), NO_STORE]).lines + self._common.lines
            for size in (0, SMALLEST_CODED)
        ]
        """What comes after it: where the answer is small, and where it may be coded."""
        self._without_content = Common(common_fields(https=https, content=False))

    def answer(self, body: bytes, media: Media, digest: str | None) -> Representation:
        """An answer of status 200 without errors."""
        return Representation(body, _CONTENT_TYPES[media], self._common, digest)

    def once(self, body: bytes, media: Media) -> Sent:
        """The same to a POST that is not asked for again: nothing of it is kept."""
        size = len(body)
        ended = self._ended if size < SMALLEST_CODED else self._ended_coded
        return Sent(200, [], self._common, body, b"%b%d%b" % (self._begun[media], size, ended))

    def other(
        self, status: int, body: bytes, media: Media | None, own: Mapping[str, str] | None = None
    ) -> Sent:
        """Anything else; it is not stored unless its own headers say so."""
        shown_as = media or Media.JSON
        headers = [
            _CONTENT_TYPES[shown_as],
            (b"content-length", b"%d" % len(body)),
            VARY,
            *((name.encode(), value.encode()) for name, value in (own or {}).items()),
        ]
        complete = with_common(with_common(headers, [NO_STORE]), self._common.fields)
        return Sent(status, complete, _NOTHING, body)

    def failed(self, status: int, body: bytes, media: Media | None) -> Sent:
        """Something went wrong on our side, which may be over in a moment."""
        return self.other(status, body, media, {"retry-after": "1"} if status == 503 else {})

    def methods(self, allowed: str) -> Sent:
        """What the address can be asked for; it has no content."""
        headers = [VARY, (b"allow", allowed.encode()), NO_STORE]
        return Sent(204, headers, self._common, b"")

    def unchanged(self, tag: bytes) -> Sent:
        """What the client holds under this tag is still what we would send."""
        varies = VARY_CODED if b"." in tag else VARY
        return Sent(304, [(b"etag", tag), varies, REVALIDATE], self._without_content, b"")
