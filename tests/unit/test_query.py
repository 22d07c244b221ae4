"""Query strings of our own addresses."""

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from service.rest.query import query_of

_TEXTS = st.text("aZ09._~-,:/@+&=%# é€\x00", max_size=6)


@given(st.lists(st.tuples(_TEXTS, _TEXTS), max_size=4), st.sampled_from(["", ",:/", "@,"]))
def test_a_query_is_written_as_python_writes_it(pairs: list[tuple[str, str]], safe: str) -> None:
    assert query_of(pairs, safe) == urlencode(pairs, safe=safe)
