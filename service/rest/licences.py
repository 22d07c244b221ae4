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


def _links(context: Context) -> bytes:
    facts = context.facts
    slugs = {load.source for load in facts.head.loads.values()}
    found = {facts.sources[slug].licence_url for slug in slugs if slug in facts.sources}
    addresses = sorted(each for each in found if each)
    return ", ".join(f'<{quote(each, safe=_URL)}>; rel="license"' for each in addresses).encode()
