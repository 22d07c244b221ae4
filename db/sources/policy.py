"""What fetching may do: which hosts, how long, how much, how often.

Refuses addresses outside the allowed hosts and anything that is not https; plain http exists only
for loopback, and only where a policy allows it (tests).
"""

from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from db.core.errors import UntrustedAddress

PUBLISHER_HOSTS = frozenset(
    {
        "opendata.cbs.nl",
        "datasets.cbs.nl",
        "dataderden.cbs.nl",
        "download.cbs.nl",
        "www.cbs.nl",
        "service.pdok.nl",
        "api.pdok.nl",
        "geo.leefbaarometer.nl",
        "www.leefbaarometer.nl",
    }
)


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    hosts: frozenset[str] = PUBLISHER_HOSTS
    allow_http: bool = False
    contact: str | None = None
    """Address or URL where a publisher can reach whoever runs this, sent in the user agent."""
    per_host: int = 4
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    total_seconds: float = 1_800.0
    """For one answer, all attempts and waits included."""
    max_bytes: int = 1_500_000_000
    """Of one answer, inflated."""
    max_ratio: int = 100
    """Inflated against received. Padded OData of 2020 measured 9 to 27; DEFLATE can do 1,032."""
    attempts: int = 5
    backoff_seconds: float = 1.0
    backoff_cap: float = 60.0
    retry_after_cap: float = 300.0
    max_redirects: int = 3
    max_pages: int = 5_000

    @property
    def user_agent(self) -> str:
        name = f"leefbaarheid/{version('leefbaarheid')}"
        return f"{name} (+{self.contact})" if self.contact else name


def host_of(url: str) -> str:
    """Host name in lower case; empty where the URL has none or is malformed."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def joined(url: str, link: str) -> str:
    """Where a link on that page leads; empty where it is malformed."""
    try:
        return urljoin(url, link)
    except ValueError:
        return ""


def check_address(url: str, policy: FetchPolicy, what: str) -> None:
    """UntrustedAddress unless the policy lets us send a request to this URL."""
    host = host_of(url)
    if host not in policy.hosts:
        raise UntrustedAddress(f"{what}: {host[:60] or 'no host'!r} is not an allowed host")
    parts = urlsplit(url)
    if parts.username is not None:
        raise UntrustedAddress(f"{what}: an address with a user name in it is not fetched")
    plain = parts.scheme == "http" and policy.allow_http and _is_loopback(host)
    if parts.scheme != "https" and not plain:
        raise UntrustedAddress(f"{what}: only https is fetched, not {parts.scheme or 'no scheme'}")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
