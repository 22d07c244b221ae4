"""Which media type answers which Accept header."""

import pytest

from service.negotiation import Media, negotiate

_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (_BROWSER, Media.HTML),
        ("text/html", Media.HTML),
        ("text/html;q=0.5, application/json;q=0.4", Media.HTML),
        ("text/html;q=0.4, application/json;q=0.5", Media.JSON),
        ("application/json, text/html", Media.JSON),
        ("*/*", Media.JSON),
        (None, Media.JSON),
    ],
)
def test_a_browser_gets_the_page_and_a_program_does_not(
    accept: str | None, expected: Media
) -> None:
    assert negotiate(accept, html=True) is expected


def test_without_a_page_a_browser_gets_json() -> None:
    assert negotiate(_BROWSER) is Media.JSON


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/graphql-response+json, application/json", Media.GRAPHQL),
        ("application/json, application/graphql-response+json", Media.GRAPHQL),
        ("application/json;q=0, */*", Media.GRAPHQL),
        ("application/graphql-response+json;q=0, */*", Media.JSON),
        ("APPLICATION/JSON ; Q=0.3", Media.JSON),
        ("application/json;q=0.1, application/graphql-response+json;q=0.2", Media.GRAPHQL),
        ("image/png, application/*;q=0.1", Media.JSON),
        ("application/json;charset=utf-8;q=1", Media.JSON),
        ('application/json; charset="UTF-8"', Media.JSON),
    ],
)
def test_the_clients_wish_counts_and_then_ours(accept: str, expected: Media) -> None:
    assert negotiate(accept) is expected


@pytest.mark.parametrize(
    "accept",
    [
        "image/*",
        "application/json;q=0",
        "*/*;q=0",
        "application/json;q=nonsense",
        "application/json;q=nan",
        "application/json;q=2",
        "application/json; charset=latin1",
        "nonsense",
        ",,;;",
    ],
)
def test_nothing_is_guessed_when_nothing_fits(accept: str) -> None:
    assert negotiate(accept) is None


def test_a_header_of_any_length_is_read_in_bounded_time() -> None:
    assert negotiate(", ".join(["image/png"] * 10_000)) is None
