"""What is the same for as long as the process runs: the description of the API, and the like."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from starlette.types import Receive, Scope, Send

from service.headers import Field, received
from service.representation import VARY_CODED
from service.rest import refusals
from service.rest.invalid import Invalid, read
from service.rest.operation import Faulty, Format
from service.rest.parameter import Malformed, Parameter
from service.rest.settled import Settled
from service.rest.wishes import wished


class Fixed:
    """One text in formats that differ in their name only."""

    def __init__(
        self,
        formats: Sequence[Format],
        body: bytes,
        fields: tuple[Field, ...] = (),
        carried: Sequence[Parameter[Any]] = (),
        changed: datetime | None = None,
        vary: Field = VARY_CODED,
    ) -> None:
        self.formats = formats
        self.carried = {each.name: each for each in carried}
        """Parameters that change nothing here: some clients carry them from address to address."""
        self._settled = {
            each.name: Settled(body, each.sent_as, fields, vary=vary, changed=changed)
            for each in formats
        }

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
        await self._settled[format_.name](scope, receive, send)

    def _faults(self, query_string: bytes) -> list[Invalid]:
        given, faults = read(query_string, list(self.carried), ())
        for name, text in given.items():
            try:
                self.carried[name].read(text)
            except Malformed as wrong:
                faults.append(refusals.invalid(self.carried[name], wrong))
        return faults
