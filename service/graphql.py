"""GraphQL over HTTP, after the draft specification: media types, methods, status codes.

Decisions: a refused document or variable is 400 under application/graphql-response+json (the
audits; the draft's text wants 422) and 200 under application/json, as both of them recommend.
"""

from collections.abc import Callable, Mapping, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from service.answering import Answering, Asked
from service.answers import Errors, refused, status_of, written
from service.coding import Coding, acceptable
from service.document import RequestRefused
from service.engine import Cost as Cost
from service.headers import Field, received
from service.heads import Answer
from service.limits import ClientGone, read_body
from service.negotiation import Media, accepted
from service.replies import Replies
from service.representation import Sent
from service.request import Refused, check_body_headers, method_not_allowed
from service.rest import conditions

ALLOWED = "GET, HEAD, POST, OPTIONS"
_READING = ("GET", "HEAD")
_ODD = {b"content-encoding", b"transfer-encoding"}


class GraphQLEndpoint:
    """The ASGI application at the GraphQL address; its answers have all their headers."""

    def __init__(
        self,
        answering: Answering,
        *,
        errors: Errors,
        replies: Replies,
        page: ASGIApp,
    ) -> None:
        self._answering = answering
        self._errors = errors
        self._replies = replies
        self._page = page

    def on_the_spot(
        self, method: bytes, url: bytes, headers: Sequence[Field], body: bytes
    ) -> Sent | None:
        """What to send for a request that is here whole, where nothing has to be waited for."""
        answer = self.hear(method, url, headers)
        return None if answer is None else answer(body)

    def hear(self, method: bytes, url: bytes, headers: Sequence[Field]) -> Answer | None:
        """Who answers the body of a request with this head, where that needs no waiting.

        None also for what is refused, as it gives None for bodies that are: the ordinary way
        says why.
        """
        path, _, query = url.partition(b"?")
        fields = received(headers)
        media = accepted(fields.get(b"accept"), html=method == b"GET")
        if path != b"/graphql" or media is None or media is Media.HTML:
            return None
        codings = acceptable(fields.get(b"accept-encoding"))
        at_once = self._answering.at_once
        if method == b"GET":
            if b"if-match" in fields:
                return None
            asked = Asked(True, media, codings, query, fields.get(b"if-none-match"))
            return _got(at_once, asked)
        if fields.get(b"content-type") == b"application/json" and not _ODD & fields.keys():
            return _posted(at_once, media, codings)
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        fields = received(scope["headers"])
        media = accepted(fields.get(b"accept"), html=method in _READING)
        if media is Media.HTML:
            await self._page(scope, receive, send)
            return
        try:
            sent = await self._sent(scope, fields, media, receive)
        except ClientGone:
            return
        except Exception as error:
            # The edge of a request: whatever it was, the caller gets an answer and we a log line.
            sent = self._explained(error, media)
        content = b"" if method == "HEAD" else sent.body
        await send({"type": "http.response.start", "status": sent.status, "headers": sent.fields})
        await send({"type": "http.response.body", "body": content})

    async def _sent(
        self, scope: Scope, fields: Mapping[bytes, bytes], media: Media | None, receive: Receive
    ) -> Sent:
        method = scope["method"]
        if method == "OPTIONS":
            return self._replies.methods(ALLOWED)
        if method != "POST" and method not in _READING:
            raise method_not_allowed(f"{method} is not a way to ask; use GET or POST", ALLOWED)
        if media is None:
            raise Refused(
                f"we answer with {Media.GRAPHQL} or {Media.JSON}; accept one of them",
                status=406,
                code="NOT_ACCEPTABLE",
            )
        codings = acceptable(fields.get(b"accept-encoding"))
        if method == "POST":
            _check_body_fields(fields)
            body = await read_body(fields.get(b"content-length"), receive)
            return await self._answering.sent(Asked(False, media, codings, body), receive)
        known = fields.get(b"if-none-match")
        asked = Asked(True, media, codings, scope["query_string"], known)
        return _insisted(await self._answering.sent(asked, receive), fields)

    def _explained(self, error: Exception, media: Media | None) -> Sent:
        """What is sent in place of an answer."""
        if isinstance(error, Refused):
            body = written(errors=[refused(error)])
            return self._replies.other(error.status, body, media, error.headers)
        if isinstance(error, RequestRefused):
            body = written(errors=[self._errors.shown(each) for each in error.errors])
            return self._replies.other(400 if media is Media.GRAPHQL else 200, body, media)
        shown = [self._errors.of_exception(error)]
        body = written(errors=shown)
        return self._replies.failed(status_of(shown, otherwise=500), body, media)


def _insisted(sent: Sent, fields: Mapping[bytes, bytes]) -> Sent:
    """The answer, unless the client wants it only as one that it knows, and this is another."""
    tag = dict(sent.own).get(b"etag") if b"if-match" in fields else None
    if tag is not None and conditions.refused(fields, tag, None):
        raise Refused(
            "the answer is another than the one that If-Match names",
            status=412,
            code="PRECONDITION_FAILED",
        )
    return sent


def _got(at_once: Callable[[Asked], Sent | None], asked: Asked) -> Answer:
    def answer(_: bytes) -> Sent | None:
        try:
            return at_once(asked)
        except Exception:
            return None

    return answer


def _posted(
    at_once: Callable[[Asked], Sent | None], media: Media, codings: tuple[Coding, ...]
) -> Answer:
    def answer(body: bytes) -> Sent | None:
        try:
            return at_once(Asked(False, media, codings, body))
        except Exception:
            return None

    return answer


def _check_body_fields(fields: Mapping[bytes, bytes]) -> None:
    if fields.get(b"content-type") != b"application/json" or b"content-encoding" in fields:
        text = {name.decode("latin-1"): value.decode("latin-1") for name, value in fields.items()}
        check_body_headers(text)
