"""Addresses that programs look for by themselves: whom to tell of a leak, and which APIs there are.

/.well-known/security.txt (RFC 9116) and /.well-known/api-catalog (RFC 9727).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

import orjson
from starlette.requests import Request
from starlette.routing import Route

from service.headers import Field
from service.rest.conditions import STARTED, changed_at
from service.rest.settled import Settled

_KEPT: Field = (b"cache-control", b"public, max-age=86400")
_VARY: Field = (b"vary", b"Accept-Encoding")
_TEXT = b"text/plain; charset=utf-8"
_LINKSET = b'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
Today = Callable[[], date]


def routes(public_url: str, contact: str, *, today: Today | None = None) -> list[Route]:
    """Both addresses; `contact` is an e-mail address."""
    now = today or _today
    link = f'<{public_url}/.well-known/api-catalog>; rel="api-catalog"'.encode()
    catalog = Settled(
        orjson.dumps(_catalog(public_url)),
        _LINKSET,
        ((b"link", link),),
        vary=_VARY,
        lifetime=_KEPT,
        changed=changed_at(STARTED),
    )

    async def security(request: Request) -> Settled:
        text = _security(public_url, contact, now()).encode()
        return Settled(text, _TEXT, vary=_VARY, lifetime=_KEPT)

    async def api_catalog(request: Request) -> Settled:
        return catalog

    return [
        Route("/.well-known/security.txt", security),
        Route("/.well-known/api-catalog", api_catalog),
    ]


def _today() -> date:
    return datetime.now(UTC).date()


def _security(public_url: str, contact: str, today: date) -> str:
    """Valid for half a year to a year from any day, and the same text for half a year."""
    expires = date(today.year + 1, 1 if today.month <= 6 else 7, 1)
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        "Preferred-Languages: nl, en",
    ]
    if public_url.startswith("https://"):
        # An address of the web must be https (RFC 9116, 2.5.2); on a laptop there is none.
        lines.append(f"Canonical: {public_url}/.well-known/security.txt")
    return "".join(f"{line}\n" for line in lines)


def _catalog(public_url: str) -> dict[str, object]:
    status = [{"href": f"{public_url}/health/ready", "type": "application/json"}]
    described = {
        "href": f"{public_url}/v1/openapi.json",
        "type": "application/vnd.oai.openapi+json;version=3.0",
    }
    return {
        "linkset": [
            {
                "anchor": f"{public_url}/.well-known/api-catalog",
                "item": [{"href": f"{public_url}/v1"}, {"href": f"{public_url}/graphql"}],
            },
            {
                "anchor": f"{public_url}/v1",
                "service-desc": [described],
                "service-doc": [{"href": f"{public_url}/v1/docs", "type": "text/html"}],
                "status": status,
            },
            {
                "anchor": f"{public_url}/graphql",
                "service-doc": [{"href": f"{public_url}/graphql", "type": "text/html"}],
                "status": status,
            },
        ]
    }
