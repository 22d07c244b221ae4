"""The one place that wires the parts of the HTTP service together."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.metadata import version

import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from service import health, problems
from service.answering import Answering, ContextFactory
from service.answers import CodeOf, Errors
from service.edition import EditionKey, Editions, Extensions
from service.engine import Cost, Engine
from service.graphql import GraphQLEndpoint
from service.headers import CommonHeaders, Field
from service.heads import Heads
from service.pinning import OpenPublication
from service.replies import Replies
from service.representation import Sent
from service.response_cache import ResponseCache
from service.settings import Settings
from service.trusted import TrustedDocuments, trusted
from service.web import assets, graphiql, landing

Spot = Callable[[bytes, bytes, Sequence[Field], bytes], Sent | None]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


class Application(Starlette):
    """Starlette, but GraphQL comes first: routes and middleware cost more than a small answer."""

    graphql: ASGIApp
    on_the_spot: Spot
    """What to send for a request that is here whole, where nothing has to be waited for."""
    heads: Heads
    """What the server asks before it makes an ordinary request of it (`service.spot`)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/graphql" and scope["method"] != "OPTIONS":
            await self.graphql(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Questions:
    """What may be asked: the schema, what a question costs, and what its refusals are called."""

    schema: strawberry.Schema
    cost: Cost
    code_of: CodeOf
    private: frozenset[str] = frozenset()
    """Fields of whose arguments and answers nothing is kept."""
    fleeting: frozenset[str] = frozenset()
    """Fields of which no answer is kept."""


@dataclass(frozen=True, slots=True)
class Publications:
    """What is answered from, and what each answer says of it."""

    context: ContextFactory
    extensions: Extensions
    ready: health.Ready
    serving: landing.Serving
    edition: EditionKey | None = None
    """Tells the publication of a context from every other; without it what `extensions` says."""
    named: OpenPublication | None = None
    """Opens one that a request names."""
    lifespan: Lifespan | None = None


def create_app(
    settings: Settings,
    questions: Questions,
    publications: Publications,
    *,
    example: str,
    further: Sequence[BaseRoute] = (),
    deadline_seconds: float = 10.0,
) -> Starlette:
    """The application; everything that needs the store or the domain is passed in.

    `example` is the query GraphiQL opens with and the landing page links to. `further` are the
    other doors.
    """
    https = settings.public_url.startswith("https://")
    errors, replies = Errors(questions.code_of), Replies(https=https)
    engine = Engine(
        questions.schema._schema,
        questions.cost,
        private=questions.private,
        fleeting=questions.fleeting,
    )
    documents = trusted([example], settings.documents, engine.check)
    answering = Answering(
        engine,
        context=publications.context,
        publication=publications.named,
        errors=errors,
        editions=_editions(questions, publications, documents),
        documents=documents,
        cache=ResponseCache(settings.response_cache_bytes),
        replies=replies,
        deadline_seconds=deadline_seconds,
    )
    endpoint = GraphQLEndpoint(
        answering, errors=errors, replies=replies, page=graphiql.endpoint(example, https=https)
    )
    app = Application(
        routes=[
            # First: what is here is asked for most.
            *further,
            Route("/", landing.endpoint(publications.serving, example)),
            Route("/graphql", endpoint),
            Route("/assets/{name}", assets.endpoint()),
            *health.routes(publications.ready),
        ],
        middleware=[Middleware(CommonHeaders, https=https)],
        exception_handlers={HTTPException: problems.on_http_exception, 500: problems.on_fault},
        lifespan=publications.lifespan,
    )
    app.graphql = endpoint
    app.on_the_spot = endpoint.on_the_spot
    app.heads = Heads(endpoint.hear)
    # /graphql/ is no address of ours: a redirect would turn a POST into a GET.
    app.router.redirect_slashes = False
    return app


def _editions(
    questions: Questions, publications: Publications, documents: TrustedDocuments
) -> Editions:
    """Everything that decides an answer beside the question itself."""
    software = "\n".join([version("leefbaarheid"), questions.schema.as_str(), *documents.ids])
    return Editions(
        publications.extensions,
        questions.cost,
        key=publications.edition,
        software=software.encode(),
    )
