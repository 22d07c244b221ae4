"""The ASGI endpoint of an operation: reads, refuses or answers, and says so in headers.

In this order: the method, the publication, the parameters (all that is wrong at once), the format,
whether the client holds the answer already. Only then is anything worked out.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar

from cachetools import LRUCache
from starlette.types import ASGIApp, Receive, Scope, Send

from db.core.errors import PublicationWithdrawn, UnknownPublication
from schema.context import Context, NotAtHand, patiently
from schema.errors import code_of
from schema.refusal import Refusal
from service.coding import acceptable
from service.conditional import etag, is_any, matched
from service.headers import received
from service.problems import log_fault
from service.representation import VARY_CODED
from service.rest import conditions, refusals
from service.rest.absences import WITHDRAWN, absence, of_publication
from service.rest.common import LANGUAGE, PUBLICATION, format_parameter
from service.rest.conditions import last_modified
from service.rest.invalid import Invalid, read
from service.rest.leaving import Left
from service.rest.licences import licensed
from service.rest.operation import Answer, Asked, Examining, Faulty, Missing, Operation
from service.rest.parameter import Malformed, Parameter
from service.rest.sending import VARY_SPOKEN, Body, Measure, Unchanged, lifetime
from service.rest.wishes import Wishes
from service.web.landing import language_of

T = TypeVar("T")
_SECONDS = 10.0
_MEASURES = 256
"""Files whose length and digest are remembered, each some hundred bytes."""
_ASKED_WRONGLY = {"BAD_USER_INPUT", "KIND_NOT_ALLOWED", "LIMIT_OUT_OF_RANGE"}
"""What only what is there can tell, and yet asks what nobody could answer."""
SERVICE = "Dienst"
"""The tag of what has no figures, and so no licence of those."""

Open = Callable[[int | None], Awaitable[Context]]
"""Opens a publication by number, the newest for None; UnknownPublication where there is none."""


@cache
def _release() -> str:
    """Read off the disk once for all addresses: it takes half a millisecond."""
    return version("leefbaarheid")


class Door:
    """What answers at the address of one operation."""

    def __init__(self, operation: Operation, opened: Open, public_url: str) -> None:
        self._operation = operation
        self._answer, self._fetch = operation.answer, operation.fetch
        self._pin = operation.pinned_by or PUBLICATION.name
        self._opened = opened
        self._public_url = public_url
        self._made_by = (_release(), public_url, operation.follows)
        self._formats = list(operation.formats)
        self._format = format_parameter(self._formats)
        self._wished = Wishes(self._formats)
        self._measures: LRUCache[bytes, Measure] = LRUCache(_MEASURES)
        self.parameters: dict[str, Parameter[Any]] = {
            each.name: each for each in parameters_of(operation)
        }
        in_query = [each for each in self.parameters.values() if each.where == "query"]
        self._known = [each.name for each in in_query]
        self._required = [each.name for each in in_query if each.required]
        self._defaults = {each.name: each.default for each in in_query if each.default is not None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await refusals.method(scope, receive, send)
            return
        try:
            reply = await self._reply(scope, receive)
        except Left:
            return
        except Exception as error:
            reply = refused(error, absence(error, self._pin, self.parameters))
        # Outside the try: what fails from here on must break the answer off, not begin another.
        await reply(scope, receive, send)

    async def _reply(self, scope: Scope, receive: Receive) -> ASGIApp:
        headers = received(scope["headers"])
        reply = await self._sent(await self._question(scope, headers), headers)
        if isinstance(reply, Body):
            await reply.prepare(scope, receive)
        return reply

    async def _question(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Asked:
        """What is asked; all that is wrong with it at once."""
        faults, values, given = self._values(scope)
        format_ = values.get(self._format.name) or self._wished(headers.get(b"accept"))
        if format_ is None:
            faults.append(refusals.not_acceptable(self._formats))
        context, absent = await self._context(values, lenient=bool(faults))
        if context is not None:
            if faults:
                # Where a parameter cannot be read its default says nothing about the others.
                wrong = {each.name for each in faults}
                sure = {name: value for name, value in values.items() if name not in wrong}
                faults += await self._examined(self._operation.diagnose, context, sure)
            absent += await self._examined(self._operation.examine, context, values)
            if faults or absent or format_ is None:
                absent += (await self._found(context, values))[1]
        if faults or absent or format_ is None or context is None:
            raise Faulty([*faults, *absent], _status(faults, absent))
        language = "nl"
        if format_.spoken:
            wish = headers.get(b"accept-language", b"").decode("latin-1")
            language = language_of(values.get(LANGUAGE.name), wish)
        return Asked(context, format_, scope["path"], given, values, self._public_url, language)

    async def _sent(self, question: Asked, headers: Mapping[bytes, bytes]) -> ASGIApp:
        """The answer, or that the client holds it or insists on another."""
        format_, kept = question.format, lifetime(pinned=self._pin in question.values)
        vary = VARY_SPOKEN if format_.spoken else VARY_CODED
        coding, *others = acceptable(None if format_.dense else headers.get(b"accept-encoding"))
        digest, known = self._digest(question), headers.get(b"if-none-match")
        tag = etag(digest, coding)
        held = None if known is None else matched(known, digest, (coding, *others))
        if held is not None and not conditions.insists(headers):
            return Unchanged(held, kept, vary)
        answer = await self._answered(question)
        changed = conditions.changed_at(question.context.snapshot.head.publication.published_at)
        if conditions.refused(headers, tag, changed):
            return refusals.precondition_failed()
        moment = last_modified(changed, datetime.now(UTC))
        if held is not None or is_any(known) or (moment and conditions.held(headers, changed)):
            return Unchanged(held or tag, kept, vary)
        licences = licensed(answer, question.context) if self._operation.tag != SERVICE else ()
        spoken = ((b"content-language", question.language.encode()),) if format_.spoken else ()
        answer = replace(answer, fields=(*answer.fields, *licences, *moment, *spoken))
        sent_as = answer.content_type or format_.sent_as
        return Body(answer, sent_as, coding, tag, kept, vary, measures=self._measures)

    async def _context(
        self, values: Mapping[str, Any], *, lenient: bool
    ) -> tuple[Context | None, list[Invalid]]:
        """The publication to answer from; where `lenient`, what is wrong where there is none."""
        by = self._operation
        pinned = self._pin in values
        if lenient and not (pinned or by.examine or by.find or by.diagnose):
            return None, []
        try:
            return await self._opened(values.get(self._pin)), []
        except Exception as error:
            if not lenient:
                raise
            absent = of_publication(error, self._pin, self.parameters)
            return None, [] if absent is None else [absent]

    async def _examined(
        self, examine: Examining | None, context: Context, values: Mapping[str, Any]
    ) -> Sequence[Invalid]:
        """What turns out to be wrong or not to be there, of what could be read."""
        if examine is None:
            return []
        async with asyncio.timeout(_SECONDS):
            return await patiently(lambda: examine(context, values))

    async def _found(
        self, context: Context, values: Mapping[str, Any]
    ) -> tuple[Any, Sequence[Invalid]]:
        """What the answer is made of, where that is worked out before, and what is not there."""
        find = self._operation.find
        if find is None:
            return None, []

        def once() -> tuple[Any, Sequence[Invalid]]:
            lacking: list[Invalid] = []
            return find(context, values, lacking), lacking

        async with asyncio.timeout(_SECONDS):
            return await patiently(once)

    async def _answered(self, question: Asked) -> Answer:
        if self._fetch is not None:
            async with asyncio.timeout(_SECONDS):
                return await self._fetch(question)
        answer = self._answer
        assert answer is not None
        if self._operation.find is not None:
            found, lacking = await self._found(question.context, question.values)
            if lacking:
                raise Faulty(lacking, _status([], lacking))
            question = replace(question, found=found)
        try:
            # Nearly always all of it is in memory: then there is nothing to bound.
            return answer(question)
        except NotAtHand as lacking:
            missing = lacking
        async with asyncio.timeout(_SECONDS):
            await missing.context.load(missing.keys)
            return await patiently(lambda: answer(question))

    def _values(self, scope: Scope) -> tuple[list[Invalid], dict[str, Any], dict[str, str]]:
        """What is wrong, the values, and the texts they were read from."""
        given, faults = read(scope["query_string"], self._known, self._required)
        texts = {**given, **scope.get("path_params", {})}
        values: dict[str, Any] = dict(self._defaults)
        for name, text in texts.items():
            parameter = self.parameters[name]
            try:
                values[name] = parameter.read(text)
            except Malformed as wrong:
                faults.append(refusals.invalid(parameter, wrong))
        return faults, values, given

    def _digest(self, asked: Asked) -> str:
        words = (
            *self._made_by, repr(asked.context.facts.edition), asked.path,
            asked.format.name, asked.language, repr(sorted(asked.given.items())),
        )  # fmt: skip
        return hashlib.blake2b("\0".join(words).encode(), digest_size=12).hexdigest()


def parameters_of(operation: Operation) -> list[Parameter[Any]]:
    """All parameters that an operation takes, those that every operation has included."""
    found = list(operation.parameters)
    if operation.can_be_pinned:
        found.append(PUBLICATION)
    if operation.is_spoken and LANGUAGE not in found:
        found.append(LANGUAGE)
    if operation.formats and operation.endpoint is None:
        found.append(format_parameter(list(operation.formats)))
    return found


def _status(faults: Sequence[Invalid], absent: Sequence[Invalid]) -> int:
    """Of a refusal: what is asked wrongly goes before what is not there, and that before how it
    would be sent.
    """
    if any(each.where != "header" for each in faults):
        return 400
    if any(each.code in _ASKED_WRONGLY for each in absent):
        return 400
    if any(each.code == WITHDRAWN for each in absent):
        return 410
    return 404 if absent else 406


def refused(error: Exception, about: Invalid | None = None) -> ASGIApp:
    """The problem that an error is shown as, `about` the parameter that asked for it; a fault of
    ours gets a number and no words.
    """
    if isinstance(error, Faulty):
        return refusals.faulty(error)
    if isinstance(error, Missing):
        return refusals.missing(error, about)
    if isinstance(error, TimeoutError):
        return refusals.away()
    if isinstance(error, PublicationWithdrawn):
        return refusals.gone(error, about)
    if isinstance(error, UnknownPublication) and error.number is None:
        return refusals.away()
    known = code_of(error)
    if known is None:
        return refusals.fault(log_fault(error))
    code, more = known
    if isinstance(error, Refusal):
        # Its arguments are GraphQL's; the parameters of REST have names of their own.
        rest = {name: each for name, each in more.items() if name != "argument"}
        return refusals.known(error.en, code, {**rest, "messageNl": error.nl}, about)
    if about is not None:
        return refusals.known(about.en, code, {**more, "messageNl": about.nl}, about)
    return refusals.known(str(error), code, more)
