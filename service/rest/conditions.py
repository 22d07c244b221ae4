"""What a client holds already, and what it insists on (RFC 9110, 13). Pure.

If-None-Match is in `service.conditional`, which knows a tag before an answer is made. Here are the
others: tags that must still hold (If-Match), and moments, which are worth less: they have no
fractions of a second.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from service.conditional import is_any
from service.headers import Field

_STRONG = re.compile(r'(?<![/"])"([^"]*)"')
_LONGEST = 64
"""Characters of a date in any of the forms that HTTP has had."""
STARTED = datetime.now(UTC)
"""Since when this software answers: what it says may be other than what the last release said."""


def changed_at(published: datetime, started: datetime = STARTED) -> datetime:
    """When an answer last became another one: the first whole second after it."""
    return max(published, started).replace(microsecond=0) + timedelta(seconds=1)


def last_modified(changed: datetime | None, now: datetime) -> tuple[Field, ...]:
    """The header; none in the second of a publication, in which there may be another."""
    return (_header(changed),) if changed is not None and changed < now else ()


@lru_cache(maxsize=64)
def _header(changed: datetime) -> Field:
    return b"last-modified", format_datetime(changed.astimezone(UTC), usegmt=True).encode()


def insists(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the client wants an answer only if it is the one that it knows."""
    return b"if-match" in headers or b"if-unmodified-since" in headers


def refused(headers: Mapping[bytes, bytes], tag: bytes, changed: datetime | None) -> bool:
    """Whether what the client insists on is not what it would get."""
    wanted = headers.get(b"if-match")
    if wanted is not None:
        tags = (f'"{each}"' for each in _STRONG.findall(wanted.decode("latin-1")))
        return not is_any(wanted) and tag.decode() not in tags
    since = _moment(headers.get(b"if-unmodified-since"))
    return since is not None and changed is not None and changed > since


def held(headers: Mapping[bytes, bytes], changed: datetime | None) -> bool:
    """Whether the client holds the answer, by a moment; a tag that it sends goes before that."""
    if changed is None or b"if-none-match" in headers:
        return False
    since = _moment(headers.get(b"if-modified-since"))
    return since is not None and changed <= since


def _moment(text: bytes | None) -> datetime | None:
    """None for what is no date: it is ignored."""
    if text is None or len(text) > _LONGEST:
        return None
    try:
        found = parsedate_to_datetime(text.decode("latin-1"))
    except (TypeError, ValueError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
