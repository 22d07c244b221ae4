"""Under which terms the figures of an answer may be used: `Link: <…>; rel="license"` (RFC 8288)."""

from urllib.parse import quote

from schema.context import Context
from service.headers import Field
from service.rest.operation import Answer

_URL = ":/?#[]@!$&'()*+,;=%~"
_REL = b'rel="license"'


def licensed(answer: Answer, context: Context) -> tuple[Field, ...]:
    """The licences of all sources of the publication; none where the answer names its own."""
    if any(name == b"link" and _REL in value for name, value in answer.fields):
        return ()
    links: bytes = context.facts.remember("licence links", lambda: _links(context))
    return ((b"link", links),) if links else ()


def licences(context: Context) -> tuple[tuple[str, str], ...]:
    """Address and name of every licence of the publication's sources, by address."""
    found: tuple[tuple[str, str], ...] = context.facts.remember("licences", lambda: _read(context))
    return found


def _read(context: Context) -> tuple[tuple[str, str], ...]:
    facts = context.facts
    slugs = {load.source for load in facts.head.loads.values()}
    used = (facts.sources[slug] for slug in slugs if slug in facts.sources)
    return tuple(sorted({(it.licence_url, it.licence) for it in used if it.licence_url}))


def _links(context: Context) -> bytes:
    addresses = dict.fromkeys(address for address, _ in licences(context))
    return ", ".join(f'<{quote(each, safe=_URL)}>; rel="license"' for each in addresses).encode()
