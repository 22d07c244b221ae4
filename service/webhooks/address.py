"""Where a webhook may be sent: to a public machine by https, and to nothing inside our network.

Judged twice. The text of an address, when it is given and again when it is used: a name, not a
number in any spelling. Then each address that the name resolves to, in the same breath as
connecting to it: a name that resolves otherwise a moment later is not asked again.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from db.core.errors import LeefbaarheidError

_LONGEST = 2000
_PLAIN = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without spaces and without a backslash, which some readers take for a slash."""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})")
"""Ends in letters: what ends in a number is an address of IPv4 to some readers."""
_OURS = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion")
_CARRIES_IPV4 = tuple(
    map(IPv6Network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32",
                      "2002::/16"))
)  # fmt: skip
"""Forms of IPv6 in which an address of IPv4 may hide."""
_NOT_GLOBAL = tuple(map(IPv4Network, ("192.88.99.0/24", "192.0.0.0/24")))
"""Relays and protocols, some of which older Pythons call global."""
_PUBLIC_IPV6 = IPv6Network("2000::/3")
_DOCUMENTATION = IPv6Network("3fff::/20")
"""RFC 9637, which Pythons before 3.14 call global."""


class ForbiddenAddress(LeefbaarheidError):
    """An address that no webhook is sent to."""


_PORT = 443


@dataclass(frozen=True, slots=True)
class Target:
    host: str
    path: str
    """With the query."""
    port: int = _PORT
    inside: bool = False
    """Whether whoever runs the service allows it by name, wherever in the network it is."""

    @property
    def authority(self) -> str:
        return self.host if self.port == _PORT else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"https://{self.authority}{self.path}"


def target(url: str, inside: Collection[str] = ()) -> Target:
    """What a text names; ForbiddenAddress says what about it is not allowed.

    `inside` are names with their ports that whoever runs the service allows though not public.
    """
    if len(url) > _LONGEST or not _PLAIN.fullmatch(url):
        raise ForbiddenAddress("an address has at most 2000 characters, all plain ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ForbiddenAddress("this is no address; use https://name/path") from None
    ours = f"{parts.hostname}:{port or _PORT}" in inside
    if parts.scheme != "https" or not (ours or port in (None, _PORT)):
        raise ForbiddenAddress("only https on port 443; use https://name/path")
    if "@" in parts.netloc or parts.fragment or url.endswith("#"):
        raise ForbiddenAddress("no user, password or fragment in the address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if ours:
        return Target(parts.hostname or "", path, port or _PORT, inside=True)
    host = parts.netloc.removesuffix(":443").lower()
    if not _NAME.fullmatch(host) or len(host) > 253:
        raise ForbiddenAddress("the host must be a full name in ASCII, not a number")
    if host.rpartition(".")[2] in _OURS:
        raise ForbiddenAddress("the host must be a public name")
    return Target(host, path)


def is_public(address: str) -> bool:
    """Whether an address that a name resolved to is one of a public machine."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return _is_public_ipv4(found)
    return _is_public_ipv6(found)


def _is_public_ipv4(address: IPv4Address) -> bool:
    if any(address in network for network in _NOT_GLOBAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_public_ipv6(address: IPv6Address) -> bool:
    if address.scope_id is not None or any(address in network for network in _CARRIES_IPV4):
        return False
    if address in _DOCUMENTATION:
        return False
    return address in _PUBLIC_IPV6 and address.is_global and not address.is_multicast
