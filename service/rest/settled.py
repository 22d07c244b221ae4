"""A text that is there before anybody asks: sent, unless the client turns out to hold it."""

import hashlib
from datetime import UTC, datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from service.coding import acceptable
from service.conditional import etag, is_any, matched
from service.headers import Field, received
from service.representation import REVALIDATE, VARY_CODED
from service.rest import conditions, refusals
from service.rest.operation import Answer
from service.rest.sending import Body, Unchanged


class Settled:
    """One text under one address; its tag is of what it says, so that any process gives the same.

    `changed` is when it last became another text; None where nobody can tell.
    """

    def __init__(
        self,
        body: bytes,
        sent_as: bytes,
        fields: tuple[Field, ...] = (),
        *,
        vary: Field = VARY_CODED,
        lifetime: Field = REVALIDATE,
        changed: datetime | None = None,
    ) -> None:
        self._body, self._sent_as, self._fields = body, sent_as, fields
        self._vary, self._lifetime, self._changed = vary, lifetime, changed
        self._digest = hashlib.blake2b(sent_as + body, digest_size=12).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._reply(received(scope["headers"]))(scope, receive, send)

    def _reply(self, headers: dict[bytes, bytes]) -> ASGIApp:
        coding, *others = acceptable(headers.get(b"accept-encoding"))
        tag = etag(self._digest, coding)
        if conditions.refused(headers, tag, self._changed):
            return refusals.precondition_failed()
        moment = conditions.last_modified(self._changed, datetime.now(UTC))
        known = headers.get(b"if-none-match")
        held = matched(known, self._digest, (coding, *others)) if known is not None else None
        if (
            held is not None
            or is_any(known)
            or (moment and conditions.held(headers, self._changed))
        ):
            return Unchanged(held or tag, self._lifetime, self._vary)
        answer = Answer(self._body, (*self._fields, *moment))
        return Body(answer, self._sent_as, coding, tag, self._lifetime, self._vary)
