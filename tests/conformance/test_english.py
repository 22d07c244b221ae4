"""The description of the REST contract: whole in English, the same contract in both languages."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.example import QUERY
from service.rest.english.texts import pairs, texts
from service.serving import application
from tests.api.small import settings

_WHAT_TO_DO = (
    "Every Dutch text that describes the REST contract needs an English twin. Add to the file in "
    "service/rest/english/ that fits (shared.toml where several tags use the text):\n\n"
)
_CODE = re.compile(r"`[^`]+`|\B/[a-z]\w+|\b[A-Z]{2}\w*|\d+")
"""What is the same in every language: code, addresses, abbreviations and numbers."""
DUTCH = re.compile(
    r"\b(aan|de|deze|dit|een|elk|en|er|het|hun|met|naar|niet|ook|uit|van|voor|wat|zijn)\b"
)


@pytest.fixture(scope="module")
async def described() -> dict[str, dict[str, Any]]:
    """The description as the whole service gives it, in each language."""
    app = application(settings(), "postgresql://nobody@localhost:1/none", QUERY)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        return {
            language: (await client.get(f"/v1/openapi.json?lang={language}")).json()
            for language in ("nl", "en")
        }


async def test_every_text_of_the_description_has_an_english_twin(
    described: dict[str, dict[str, Any]],
) -> None:
    known = {nl for nl, _, _ in pairs()}
    lacking = dict.fromkeys(each for each in texts(described["nl"]) if each not in known)
    entries = "\n".join(
        f'[[text]]\nnl = {json.dumps(each, ensure_ascii=False)}\nen = "…"\n' for each in lacking
    )
    assert not lacking, _WHAT_TO_DO + entries


async def test_no_english_twin_is_left_over_and_no_text_has_two(
    described: dict[str, dict[str, Any]],
) -> None:
    used = set(texts(described["nl"]))
    left = [f"{file}: {nl}" for nl, _, file in pairs() if nl not in used]
    assert left == [], "remove these from service/rest/english/, or correct their Dutch there"
    assert [nl for nl, times in Counter(nl for nl, _, _ in pairs()).items() if times > 1] == []


async def test_both_languages_describe_the_same_contract(
    described: dict[str, dict[str, Any]],
) -> None:
    assert silent(described["nl"]) == silent(described["en"])
    assert list(texts(described["nl"])) != list(texts(described["en"]))


def test_code_numbers_and_abbreviations_are_the_same_in_both_languages() -> None:
    lost = {
        nl: missing
        for nl, en, _ in pairs()
        if (missing := [each for each in _CODE.findall(nl) if each not in en])
    }
    assert lost == {}


def test_an_english_text_is_english_and_closed_like_the_dutch() -> None:
    """Outside of code; the names of sorts of areas are Dutch in both."""
    wrong = [
        en
        for nl, en, _ in pairs()
        if nl == en
        or DUTCH.search(re.sub(r"`[^`]*`|/\w+", "", en).lower())
        or (nl[-1] == ".") != (en[-1] == ".")
        or en != en.strip()
    ]
    assert wrong == []


def test_no_member_of_an_answer_is_a_dutch_text_alone() -> None:
    """`Both` of `service.rest.record` takes the English beside it."""
    folder = Path(__file__).resolve().parents[2] / "service/rest/resources"
    alone = {
        path.name: found
        for path in sorted(folder.glob("*.py"))
        if (found := re.findall(r"lambda it, _: it\.\w+_nl\b", path.read_text(encoding="utf-8")))
    }
    assert alone == {}


def silent(found: Any) -> Any:
    """A description without its texts."""
    if isinstance(found, dict):
        return {
            name: "" if name in ("title", "summary", "description") and isinstance(it, str)
            else silent(it)
            for name, it in found.items()
        }  # fmt: skip
    return [silent(each) for each in found] if isinstance(found, list) else found
