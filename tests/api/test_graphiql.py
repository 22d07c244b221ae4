"""GraphiQL: shown to browsers only, and without any address but ours."""

import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from tests.api.small import EXAMPLE, client

_BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
_VENDOR = files("service") / "web" / "vendor"


class _Page(HTMLParser):
    """What a page loads and what it carries."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.example = ""
        self.inline = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.example = found.get("data-example") or self.example
        source = found.get("src") or (found.get("href") if tag == "link" else None)
        if source:
            self.loads.append(source)
        self.inline |= tag == "style" or (tag == "script" and "src" not in found)


async def _page() -> _Page:
    async with client() as http:
        return _Page((await http.get("/graphql", headers=_BROWSER)).text)


async def test_a_browser_gets_the_page_and_a_program_gets_json() -> None:
    async with client() as http:
        page = await http.get("/graphql", headers=_BROWSER)
        answer = await http.get("/graphql", params={"query": "{ hello }"})

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert page.headers["vary"] == "Accept, Accept-Encoding"
    assert answer.headers["vary"] == "Accept"


async def test_the_page_opens_with_the_example() -> None:
    assert (await _page()).example == EXAMPLE


async def test_everything_the_page_loads_is_served_by_us() -> None:
    async with client() as http:
        page = _Page((await http.get("/graphql", headers=_BROWSER)).text)
        assets = [source for source in page.loads if not source.startswith("data:")]
        answers = [await http.get(source) for source in assets]

    assert len(assets) == 6
    assert all(source.startswith("/assets/") for source in assets)
    assert [answer.status_code for answer in answers] == [200] * 6
    assert all("immutable" in answer.headers["cache-control"] for answer in answers)


async def test_the_policy_of_the_page_allows_no_other_origin_and_no_script_inside_it() -> None:
    async with client() as http:
        policy = (await http.get("/graphql", headers=_BROWSER)).headers["content-security-policy"]

    assert "http" not in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert not (await _page()).inline


# Something that is fetched when a file is loaded, rather than a link a reader may follow.
_FETCHED = re.compile(
    r"""(?:@import|url\(|importScripts\(|\bimport\(|\bsrc\s*=|\.src\s*=|new Worker\(|fetch\()"""
    r"""\s*['"`]?(?:https?:)?//""",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "file",
    [
        "vendor/graphiql.min.js",
        "vendor/graphiql.min.css",
        "vendor/react.production.min.js",
        "vendor/react-dom.production.min.js",
        "vendor/swagger-ui-bundle.js",
        "vendor/swagger-ui.css",
        "vendor/maplibre-gl.js",
        "vendor/maplibre-gl-worker.js",
        "vendor/maplibre-gl.css",
        "explorer.js",
        "map.js",
        "map.html",
        "api.js",
        "api.html",
        "page.css",
        "graphiql.html",
        "landing.html",
    ],
)
def test_no_file_fetches_anything_from_elsewhere(file: str) -> None:
    text = (files("service") / "web" / file).read_text(encoding="utf-8")

    assert not _FETCHED.search(text)
    assert "sourceMappingURL" not in text


def test_the_files_of_others_are_the_ones_their_readme_names() -> None:
    readme = (_VENDOR / "README.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    present = {
        entry.name: hashlib.sha256(entry.read_bytes()).hexdigest()
        for entry in _VENDOR.iterdir()
        if entry.name.endswith((".js", ".css"))
    }

    assert present == named


def test_the_licences_of_others_are_beside_their_files() -> None:
    for name in ("LICENSE-graphiql.txt", "LICENSE-react.txt"):
        assert "Permission is hereby granted" in (_VENDOR / name).read_text(encoding="utf-8")
    apache = (_VENDOR / "LICENSE-swagger-ui.txt").read_text(encoding="utf-8")
    assert "Apache License" in apache


async def test_a_file_is_sent_small_and_once() -> None:
    async with client() as http:
        whole = await http.get("/assets/graphiql.min.js", headers={"accept-encoding": "identity"})
        small = await http.get("/assets/graphiql.min.js", headers={"accept-encoding": "gzip, br"})
        again = await http.get(
            "/assets/graphiql.min.js", headers={"if-none-match": small.headers["etag"]}
        )

    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(whole.content) / 3
    assert small.content == whole.content
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "../app.py", "%2e%2e%2fapp.py", "vendor", ""])
async def test_only_listed_files_are_served(name: str) -> None:
    async with client() as http:
        answer = await http.get(f"/assets/{name}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
