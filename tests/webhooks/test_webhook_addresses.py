"""A webhook goes to a public machine by https; every spelling of anything else is refused."""

import pytest

from service.webhooks.address import ForbiddenAddress, is_public, target

_URLS = [
    "http://example.nl/", "ftp://example.nl/", "//example.nl/", "example.nl", "https:example.nl",
    "https:///path", "https://", "https://example.nl:80/", "https://example.nl:8443/",
    "https://example.nl:0443x/", "https://example.nl:99999/", "https://example.nl:/x:443",
    "https://user@example.nl/", "https://user:word@example.nl/", "https://@example.nl/",
    "https://example.nl@127.0.0.1/", "https://example.nl/#fragment", "https://example.nl/#",
    "https://example.nl\\@127.0.0.1/", "https://example.nl/ x", "https://example.nl/\n",
    "https://example.nl/\x00", "https://éxample.nl/", "https://example。nl/", "https://１２７.0.0.1/",
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0x7f.1/", "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.1./",
    "https://127.0.0.0x1/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/",
    "https://8.8.8.8/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/",
    "https://[2001:db8::1]/", "https://[fe80::1%25eth0]/", "https://[::]/", "https://[v1.x]/",
    "https://localhost/", "https://localhost./", "https://LOCALHOST/", "https://a.localhost/",
    "https://printer.local/", "https://db.internal/", "https://metadata.google.internal/",
    "https://intranet/", "https://example/", "https://example.nl./", "https://.example.nl/",
    "https://exa_mple.nl/", "https://-example.nl/", "https://example-.nl/", "https://example..nl/",
    "https://1.0.0.127.in-addr.arpa/", "https://%31%32%37.0.0.1/", "https://example.nl%2f@x.nl/",
    "https://example.nl/" + "a" * 2000, "https://" + "a." * 130 + "nl/", "javascript:alert(1)",
    "file:///etc/passwd", "https://example.nl:443:443/", "https://example.123/", "",
]  # fmt: skip
_PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254",
    "127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1 ",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:7f00:1",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2001:0:7f00:1::", "2002:7f00:1::", "2002:808:808::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "3fff::1", "4000::1", "example.nl", "",
]  # fmt: skip


@pytest.mark.parametrize("url", _URLS)
def test_an_address_that_is_no_public_name_on_https_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        target(url)


_INSIDE = frozenset({"localhost:8443", "hooks.intern:443", "10.0.0.5:443"})


@pytest.mark.parametrize(
    ("url", "used", "port"),
    [
        ("https://localhost:8443/a?b=c", "https://localhost:8443/a?b=c", 8443),
        ("https://LocalHost:8443", "https://localhost:8443/", 8443),
        ("https://hooks.intern/x", "https://hooks.intern/x", 443),
        ("https://10.0.0.5:443/", "https://10.0.0.5/", 443),
    ],
)
def test_a_name_and_port_that_the_operator_allows_is_used(url: str, used: str, port: int) -> None:
    found = target(url, _INSIDE)
    assert (found.url, found.port, found.inside) == (used, port, True)


@pytest.mark.parametrize(
    "url",
    [
        *_URLS, "http://localhost:8443/", "https://localhost:8444/", "https://localhost/",
        "https://a.localhost:8443/", "https://localhost.:8443/", "https://u@localhost:8443/",
        "https://localhost:8443/#a", "https://hooks.intern:8443/", "https://10.0.0.6/",
    ],
)  # fmt: skip
def test_what_the_operator_allows_opens_nothing_else(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        target(url, _INSIDE)


@pytest.mark.parametrize("address", _PRIVATE)
def test_an_address_inside_any_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2a00:1450::1", "2606:4700::1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("https://example.nl", "https://example.nl/"),
        ("https://Example.NL:443/a?b=c", "https://example.nl/a?b=c"),
        ("https://xn--bcher-kva.example.xn--p1ai/x", "https://xn--bcher-kva.example.xn--p1ai/x"),
        ("https://example.nl?x=1", "https://example.nl/?x=1"),
    ],
)
def test_a_public_name_is_used_in_one_spelling(url: str, used: str) -> None:
    assert target(url).url == used
