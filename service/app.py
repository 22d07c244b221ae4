"""The one place that wires the parts of the HTTP service together."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from service import health, problems
from service.answers import CodeOf
from service.graphql import ContextFactory, Cost, Extensions, GraphQLEndpoint
from service.headers import CommonHeaders
from service.settings import Settings
from service.web import assets, graphiql, landing

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def create_app(
    settings: Settings,
    schema: strawberry.Schema,
    *,
    context: ContextFactory,
    code_of: CodeOf,
    extensions: Extensions,
    cost: Cost,
    ready: health.Ready,
    serving: landing.Serving,
    example: str,
    lifespan: Lifespan | None = None,
    deadline_seconds: float = 10.0,
) -> Starlette:
    """The application; everything that needs the store or the domain is passed in.

    `example` is the query GraphiQL opens with and the landing page links to.
    """
    endpoint = GraphQLEndpoint(
        schema._schema,
        context=context,
        code_of=code_of,
        extensions=extensions,
        cost=cost,
        page=graphiql.page(example),
        page_headers=graphiql.HEADERS,
        deadline_seconds=deadline_seconds,
    )
    app = Starlette(
        routes=[
            Route("/", landing.endpoint(serving, example)),
            Route("/graphql", endpoint),
            Route("/assets/{name}", assets.endpoint()),
            *health.routes(ready),
        ],
        middleware=[Middleware(CommonHeaders, https=settings.public_url.startswith("https://"))],
        exception_handlers={HTTPException: problems.on_http_exception, 500: problems.on_fault},
        lifespan=lifespan,
    )
    # /graphql/ is no address of ours: a redirect would turn a POST into a GET.
    app.router.redirect_slashes = False
    return app
