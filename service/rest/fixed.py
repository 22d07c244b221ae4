"""What is the same for as long as the process runs: the description of the API, and the like."""

import hashlib
from collections.abc import Sequence
from typing import Any

from starlette.types import Receive, Scope, Send

from service.coding import acceptable
from service.conditional import etag, is_any, matched
from service.headers import Field, received
from service.rest import conditions, refusals
from service.rest.invalid import Invalid, read
from service.rest.operation import Answer, Faulty, Format
from service.rest.parameter import Malformed, Parameter
from service.rest.sending import Body, Unchanged
from service.rest.wishes import wished


class Fixed:
    """One text in formats that differ in their name only."""

    def __init__(
        self,
        formats: Sequence[Format],
        body: bytes = b"",
        fields: tuple[Field, ...] = (),
        carried: Sequence[Parameter[Any]] = (),
    ) -> None:
        self.formats = formats
        self.body = body
        self.fields = fields
        self.carried = {each.name: each for each in carried}
        """Parameters that change nothing here: some clients carry them from address to address."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await refusals.method(scope, receive, send)
            return
        headers = received(scope["headers"])
        faults = self._faults(scope["query_string"])
        format_ = wished(headers.get(b"accept"), self.formats)
        if format_ is None:
            faults.append(refusals.not_acceptable(self.formats))
        if faults or format_ is None:
            status = 406 if all(each.where == "header" for each in faults) else 400
            await refusals.faulty(Faulty(faults, status))(scope, receive, send)
            return
        coding, *others = acceptable(headers.get(b"accept-encoding"))
        digest = hashlib.blake2b(format_.sent_as + self.body, digest_size=12).hexdigest()
        if conditions.refused(headers, etag(digest, coding), conditions.STARTED):
            await refusals.precondition_failed()(scope, receive, send)
            return
        known = headers.get(b"if-none-match")
        if known is not None:
            held = (
                etag(digest, coding) if is_any(known) else matched(known, digest, (coding, *others))
            )
            if held is not None:
                await Unchanged(held, pinned=False)(scope, receive, send)
                return
        body = Body(
            Answer(self.body, self.fields),
            format_.sent_as,
            coding,
            etag(digest, coding),
            pinned=False,
        )
        await body(scope, receive, send)

    def _faults(self, query_string: bytes) -> list[Invalid]:
        given, faults = read(query_string, list(self.carried), ())
        for name, text in given.items():
            try:
                self.carried[name].read(text)
            except Malformed as wrong:
                faults.append(refusals.invalid(self.carried[name], wrong))
        return faults
