"""What is the same as long as the process runs, in the language of its reader.

Each language is made when it is first asked for: most processes are asked for one.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from starlette.types import Receive, Scope, Send

from service.headers import Field, received
from service.rest.common import LANGUAGE
from service.rest.fixed import Fixed
from service.rest.invalid import read
from service.rest.operation import Format
from service.rest.parameter import Parameter
from service.rest.sending import VARY_SPOKEN
from service.web.landing import language_of

Write = Callable[[str], bytes]
"""The text in a language."""


class Spoken:
    """One text in formats that differ in their name only, and in Dutch and English."""

    def __init__(
        self,
        formats: Sequence[Format],
        write: Write | None = None,
        fields: tuple[Field, ...] = (),
        carried: Sequence[Parameter[Any]] = (),
        changed: datetime | None = None,
    ) -> None:
        self.formats = formats
        self.write = write
        self.parameters = (*carried, LANGUAGE)
        self._fields, self._changed = fields, changed
        self._made: dict[str, Fixed] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given, _ = read(scope["query_string"], [LANGUAGE.name], ())
        wish = received(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
        # A language that we do not have is refused with all else that is wrong.
        await self._in(language_of(given.get(LANGUAGE.name), wish))(scope, receive, send)

    def _in(self, language: str) -> Fixed:
        found = self._made.get(language)
        if found is None:
            assert self.write is not None
            found = self._made[language] = Fixed(
                self.formats,
                self.write(language),
                (*self._fields, (b"content-language", language.encode())),
                self.parameters,
                self._changed,
                VARY_SPOKEN,
            )
        return found
