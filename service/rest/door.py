"""The ASGI endpoint of an operation: reads, refuses or answers, and says so in headers.

In this order: the method, the publication, the parameters (all that is wrong at once), the format,
whether the client holds the answer already. Only then is anything worked out.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from db.core.errors import UnknownPublication
from schema.context import Context, patiently
from schema.errors import code_of
from service.coding import acceptable
from service.conditional import etag, is_any, matched
from service.headers import received
from service.problems import log_fault
from service.representation import VARY_CODED
from service.rest import refusals
from service.rest.common import LANGUAGE, PUBLICATION, format_parameter
from service.rest.invalid import Invalid, read
from service.rest.licences import licensed
from service.rest.operation import Answer, Asked, Faulty, Missing, Operation
from service.rest.parameter import Malformed, Parameter
from service.rest.sending import VARY_SPOKEN, Body, Unchanged
from service.rest.wishes import wished
from service.web.landing import language_of

T = TypeVar("T")
_SECONDS = 10.0
SERVICE = "Dienst"
"""The tag of what has no figures, and so no licence of those."""

Open = Callable[[int | None], Awaitable[Context]]
"""Opens a publication by number, the newest for None; UnknownPublication where there is none."""


class Door:
    """What answers at the address of one operation."""

    def __init__(self, operation: Operation, opened: Open, public_url: str) -> None:
        self._operation = operation
        self._answer, self._fetch = operation.answer, operation.fetch
        self._pin = operation.pinned_by or PUBLICATION.name
        self._opened = opened
        self._public_url = public_url
        self._software = version("leefbaarheid")
        self._formats = list(operation.formats)
        self._format = format_parameter(self._formats)
        self.parameters: dict[str, Parameter[Any]] = {
            each.name: each for each in parameters_of(operation)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await refusals.method(scope, receive, send)
            return
        try:
            reply = await self._reply(scope)
        except Exception as error:
            reply = refused(error)
        # Outside the try: what fails from here on must break the answer off, not begin another.
        await reply(scope, receive, send)

    async def _reply(self, scope: Scope) -> ASGIApp:
        headers = received(scope["headers"])
        asked = self._values(scope)
        faults, values, given = asked
        format_ = values.get(self._format.name) or wished(headers.get(b"accept"), self._formats)
        if format_ is None:
            faults.append(refusals.not_acceptable(self._formats))
        context = await self._context(values, lenient=bool(faults))
        absent = [] if context is None else await self._examined(context, values)
        if faults or absent or format_ is None or context is None:
            raise Faulty([*faults, *absent], _status(faults, absent))
        language, vary = "nl", VARY_CODED
        if format_.spoken:
            wish = headers.get(b"accept-language", b"").decode("latin-1")
            language, vary = language_of(values.get(LANGUAGE.name), wish), VARY_SPOKEN
        question = Asked(context, format_, scope["path"], given, values, self._public_url, language)
        taken = None if format_.dense else headers.get(b"accept-encoding")
        coding, *others = acceptable(taken)
        digest = self._digest(question)
        known = headers.get(b"if-none-match")
        pinned = self._pin in values
        if known is not None and not is_any(known):
            held = matched(known, digest, (coding, *others))
            if held is not None:
                return Unchanged(held, pinned=pinned, vary=vary)
        async with asyncio.timeout(_SECONDS):
            answer = await self._answered(question)
        if self._operation.tag != SERVICE:
            answer = replace(answer, fields=(*answer.fields, *licensed(answer, context)))
        tag = etag(digest, coding)
        if is_any(known):
            return Unchanged(tag, pinned=pinned, vary=vary)
        sent_as = answer.content_type or format_.sent_as
        return Body(answer, sent_as, coding, tag, pinned=pinned, vary=vary)

    async def _context(self, values: Mapping[str, Any], *, lenient: bool) -> Context | None:
        """The publication to answer from; None where `lenient` and there is none."""
        if lenient and self._operation.examine is None:
            return None
        try:
            return await self._opened(values.get(self._pin))
        except Exception:
            if lenient:
                return None
            raise

    async def _examined(self, context: Context, values: Mapping[str, Any]) -> Sequence[Invalid]:
        """What the publication does not have of what is asked."""
        examine = self._operation.examine
        if examine is None:
            return []
        async with asyncio.timeout(_SECONDS):
            return await patiently(lambda: examine(context, values))

    async def _answered(self, question: Asked) -> Answer:
        if self._fetch is not None:
            return await self._fetch(question)
        answer = self._answer
        assert answer is not None
        return await patiently(lambda: answer(question))

    def _values(self, scope: Scope) -> tuple[list[Invalid], dict[str, Any], dict[str, str]]:
        """What is wrong, the values, and the texts they were read from."""
        in_query = [each for each in self.parameters.values() if each.where == "query"]
        given, faults = read(
            scope["query_string"],
            [each.name for each in in_query],
            [each.name for each in in_query if each.required],
        )
        texts = {**given, **scope.get("path_params", {})}
        values: dict[str, Any] = {
            each.name: each.default for each in in_query if each.default is not None
        }
        for name, text in texts.items():
            parameter = self.parameters[name]
            try:
                values[name] = parameter.read(text)
            except Malformed as wrong:
                faults.append(refusals.invalid(parameter, wrong))
        return faults, values, given

    def _digest(self, asked: Asked) -> str:
        words = (
            self._software, self._public_url, repr(asked.context.facts.edition), asked.path,
            asked.format.name, asked.language, repr(sorted(asked.given.items())),
        )  # fmt: skip
        return hashlib.blake2b("\0".join(words).encode(), digest_size=12).hexdigest()


def parameters_of(operation: Operation) -> list[Parameter[Any]]:
    """All parameters that an operation takes, those that every operation has included."""
    found = list(operation.parameters)
    if operation.can_be_pinned:
        found.append(PUBLICATION)
    if operation.formats and operation.endpoint is None:
        found.append(format_parameter(list(operation.formats)))
    return found


def _status(faults: Sequence[Invalid], absent: Sequence[Invalid]) -> int:
    """Of a refusal: what cannot be read goes before what is not there."""
    if not faults:
        return 404
    return 406 if not absent and all(each.where == "header" for each in faults) else 400


def refused(error: Exception) -> ASGIApp:
    """The problem that an error is shown as; a fault of ours gets a number and no words."""
    if isinstance(error, Faulty):
        return refusals.faulty(error)
    if isinstance(error, Missing):
        return refusals.missing(error)
    if isinstance(error, TimeoutError):
        return refusals.away()
    if isinstance(error, UnknownPublication) and error.number is None:
        return refusals.away()
    known = code_of(error)
    if known is None:
        return refusals.fault(log_fault(error))
    return refusals.known(str(error), *known)
