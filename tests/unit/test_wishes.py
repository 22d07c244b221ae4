"""Which format a header of a client asks for."""

from hypothesis import given
from hypothesis import strategies as st

from service.rest.operation import Format
from service.rest.wishes import Wishes, wished

_FORMATS = [
    Format("json", "application/geo+json", also=("application/json",)),
    Format("html", "text/html"),
]
_WORDS = ["application/json", "text/html", "text/*", "*/*", "image/png", "text/html;q=0", ""]
_HEADERS = st.none() | st.lists(st.sampled_from(_WORDS), max_size=3).map(
    lambda words: ", ".join(words).encode()
)


@given(st.lists(_HEADERS, max_size=6))
def test_what_a_header_wishes_does_not_depend_on_who_asked_before(headers: list[bytes]) -> None:
    kept = Wishes(_FORMATS)
    for header in [*headers, *headers]:
        assert kept(header) is wished(header, _FORMATS)


def test_long_headers_are_understood_and_not_kept() -> None:
    kept = Wishes(_FORMATS)
    for n in range(200):
        assert kept(b"text/html, " + b"x" * 300 + b"%d" % n) is _FORMATS[1]
    assert len(kept) == 0
