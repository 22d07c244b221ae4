"""From a request as it came to what is sent: found, waited for with others, or made.

An answer that was given before is found by the bytes of its request, before any of it is parsed.
"""

from collections.abc import Awaitable, Callable

from starlette.types import Receive

from db.core.errors import PublicationWithdrawn, UnknownPublication
from service import pinning
from service.answers import Errors, status_of, written
from service.coder import Coder
from service.coding import Coding
from service.conditional import is_any, matched
from service.document import Unread
from service.edition import Edition, Editions
from service.engine import Engine
from service.flight import Flight, Flights
from service.negotiation import Media
from service.prepared import Outcome, Prepared
from service.replies import Replies
from service.representation import SMALLEST_CODED, Representation, Sent
from service.request import GraphQLRequest, from_body, from_query_string
from service.response_cache import Key, ResponseCache
from service.trusted import TrustedDocuments

# What a request's resolvers share: one publication, its loaders. Called once a request.
ContextFactory = Callable[[], object]


class Asked:
    """One request before it is parsed: `raw` is its body, or the query string of a GET."""

    __slots__ = ("codings", "if_none_match", "is_get", "is_pinned", "key", "media", "raw")

    def __init__(
        self,
        is_get: bool,
        media: Media,
        codings: tuple[Coding, ...],
        raw: bytes,
        if_none_match: bytes | None = None,
    ) -> None:
        self.is_get = is_get
        self.media = media
        self.codings = codings
        self.raw = raw
        self.if_none_match = if_none_match
        self.is_pinned = False
        """Whether it is answered from a publication that it names."""
        self.key: Key = (is_get, media, raw)


class Answering:
    """Answers requests; RequestRefused, Refused and ClientGone are left to whoever asks."""

    def __init__(
        self,
        engine: Engine,
        *,
        context: ContextFactory,
        publication: pinning.OpenPublication | None = None,
        errors: Errors,
        editions: Editions,
        documents: TrustedDocuments,
        cache: ResponseCache,
        replies: Replies,
        deadline_seconds: float,
    ) -> None:
        self._engine = engine
        self._context = context
        self._publication = publication
        self._errors = errors
        self._editions = editions
        self._documents = documents
        self._cache = cache
        self._replies = replies
        self._coder = Coder()
        self._just_made: tuple[Edition, Key, Representation] | None = None
        self._flights: Flights[Representation | Sent] = Flights(deadline_seconds)

    def at_once(self, asked: Asked) -> Sent | None:
        """What to send, where it can be told without waiting for anything."""
        if pinning.may_name(asked.raw):
            return None
        context = self._context()
        edition = self._editions.of(context)
        if asked.if_none_match is not None and is_any(asked.if_none_match):
            return None
        try:
            found = self._begun(asked, context, edition, on_the_spot=True)
        except Unread:
            return None
        if not isinstance(found, Representation):
            # What was begun is under way; the ordinary way finds it and waits for it.
            return found if isinstance(found, Sent) else None
        coding = asked.codings[0]
        sent = found.ready(coding) or found.plain(coding) or self._coder.at_once(found, coding)
        if sent is None:
            if not found.is_private:
                # It is coded in a thread, which is waited for; what was made is not made again.
                self._just_made = (edition, asked.key, found)
            return None
        self._cache.weigh(found)
        return sent

    async def sent(self, asked: Asked, receive: Receive) -> Sent:
        """What to send for a request."""
        number = pinning.named(_request(asked)) if pinning.may_name(asked.raw) else None
        try:
            if number is None:
                context = self._context()
                edition = self._editions.of(context)
            else:
                asked.is_pinned = True
                context = await self._opened(number)
                edition = self._editions.older(context)
        except Exception:
            # Nothing to answer from: a request that is wrong is still told that it is.
            try:
                self._prepared(asked)
            except Unread as new:
                await self._engine.documents.read_aside(new.text)
                self._prepared(asked)
            raise
        try:
            found = self._begun(asked, context, edition)
        except Unread as new:
            await self._engine.documents.read_aside(new.text)
            found = self._begun(asked, context, edition)
        if isinstance(found, Flight):
            found = await found.landed(receive)
        assert found is not None
        return found if isinstance(found, Sent) else await self._coded(found, asked)

    async def _opened(self, number: int) -> object:
        """What to answer from that a request names by its number."""
        if self._publication is None:
            raise pinning.unknown(number)
        try:
            return await self._publication(number)
        except UnknownPublication as error:
            if error.number is None:
                raise
            raise pinning.unknown(number) from None
        except PublicationWithdrawn as error:
            raise pinning.withdrawn(error) from None

    def _begun(
        self, asked: Asked, context: object, edition: Edition, *, on_the_spot: bool = False
    ) -> "Sent | Representation | Flight[Representation | Sent] | None":
        """The answer, or the work that will bring it, shared by all who ask the same.

        None on the spot for what must not be run twice: the caller may have to ask again.
        """
        if asked.if_none_match is not None:
            tag = matched(asked.if_none_match, _digest(asked, edition), asked.codings)
            if tag is not None:
                return self._replies.unchanged(tag)
        key = asked.key
        # What is kept is of the newest publication only.
        answer = None if asked.is_pinned else self._cache.get(edition, key)
        if answer is not None:
            self._coder.asked_again(answer, asked.codings[0], self._cache.weigh)
            return answer
        just_made, self._just_made = self._just_made, None
        if just_made is not None and just_made[0] is edition and just_made[1] == key:
            return just_made[2]
        if self._flights.flying:
            flight = self._flights.under_way((edition, key))
            if flight is not None:
                return flight
        prepared = self._prepared(asked)
        if on_the_spot and not prepared.entry.only_asks:
            return None
        work = prepared.run(context)
        if isinstance(work, Outcome):
            return self._finished(work, prepared, asked, edition, alone=on_the_spot)
        return self._flights.begin(
            self._awaited(work, prepared, asked, edition),
            (edition, key) if prepared.only_asks else None,
        )

    async def _coded(self, answer: Representation, asked: Asked) -> Sent:
        """The answer in the client's coding, or that it is there, for who wants only a new one."""
        sent = answer.ready(asked.codings[0]) or answer.plain(asked.codings[0])
        if sent is None:
            sent = await self._coder.sent(answer, asked.codings[0])
        self._cache.weigh(answer)
        if is_any(asked.if_none_match) and answer.digest is not None:
            return self._replies.unchanged(dict(sent.fields)[b"etag"])
        return sent

    def _prepared(self, asked: Asked) -> Prepared:
        request = _request(asked)
        if request.extensions:
            pinning.check_spelling(request, asked.raw)
        query = request.query
        if request.document_id is not None:
            query = self._documents.text(request.document_id)
        return self._engine.prepare(
            query,
            request.operation_name,
            request.variables,
            is_get=asked.is_get,
            leave_long=True,
        )

    async def _awaited(
        self, work: Awaitable[Outcome], prepared: Prepared, asked: Asked, edition: Edition
    ) -> Representation | Sent:
        return self._finished(await work, prepared, asked, edition)

    def _finished(
        self,
        outcome: Outcome,
        prepared: Prepared,
        asked: Asked,
        edition: Edition,
        *,
        alone: bool = False,
    ) -> Representation | Sent:
        """The answer; ready to send where one client gets it on the spot, once and as it is."""
        if outcome.errors:
            return self._with_errors(outcome, prepared, asked, edition)
        body = edition.envelope(outcome.pieces, prepared.price)
        entry = prepared.entry
        stays = entry.only_asks and not entry.is_fleeting
        may_keep = stays and not entry.is_private and self._cache.is_on
        wanted = may_keep and self._cache.wants(edition, asked.key)
        plain = asked.codings[0] is Coding.IDENTITY or len(body) < SMALLEST_CODED
        if alone and plain and not wanted and not asked.is_get:
            return self._replies.once(body, asked.media)
        digest = _digest(asked, edition) if asked.is_get and stays else None
        answer = self._replies.answer(body, asked.media, digest)
        answer.is_private = prepared.is_private
        if wanted:
            self._cache.keep(asked.key, answer)
        return answer

    def _with_errors(
        self, outcome: Outcome, prepared: Prepared, asked: Asked, edition: Edition
    ) -> Sent:
        """An answer of which something failed: only for who asked, and only now."""
        shown = [self._errors.shown(error) for error in outcome.errors]
        said = {**edition.said, "cost": self._engine.cost.bill(prepared.price)}
        body = written(data=outcome.data, errors=shown, extensions=said)
        return self._replies.failed(status_of(shown, otherwise=200), body, asked.media)


def _request(asked: Asked) -> GraphQLRequest:
    return from_query_string(asked.raw) if asked.is_get else from_body(asked.raw)


def _digest(asked: Asked, edition: Edition) -> str:
    return edition.digest(asked.media, asked.raw)
