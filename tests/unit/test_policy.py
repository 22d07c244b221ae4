"""Which addresses may be fetched at all."""

import pytest

from db.core.errors import UntrustedAddress
from db.sources.policy import FetchPolicy, check_address


@pytest.mark.parametrize(
    "url",
    [
        "http://opendata.cbs.nl/x",
        "https://opendata.cbs.nl.example.org/x",
        "https://example.org/x",
        "https://user@opendata.cbs.nl/x",
        "file:///etc/passwd",
        "https://[::1/x",
        "http://127.0.0.1/x",
    ],
)
def test_only_https_at_the_publishers_is_fetched(url: str) -> None:
    with pytest.raises(UntrustedAddress):
        check_address(url, FetchPolicy(), "example")


@pytest.mark.parametrize("allow_http", [True, False])
def test_plain_http_is_for_loopback_only_even_where_allowed(allow_http: bool) -> None:
    policy = FetchPolicy(hosts=frozenset({"opendata.cbs.nl"}), allow_http=allow_http)

    with pytest.raises(UntrustedAddress, match="https"):
        check_address("http://opendata.cbs.nl/x", policy, "example")
