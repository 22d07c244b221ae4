"""Trusted documents: queries the operator knows by name, asked for by `documentId`.

After the appendix on persisted documents of the GraphQL over HTTP draft: an id is `sha256:` and
the digest of the text. Nobody can add one by asking.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import orjson
from graphql import GraphQLError

from db.core.errors import SettingsWrong
from service.request import Refused

_SETTING = "LEEFBAARHEID_DOCUMENTS"
_LARGEST_FILE = 64 * 1024 * 1024

# Why a document could never be run; nothing when it could.
Check = Callable[[str], Sequence[GraphQLError]]


def id_of(text: str) -> str:
    """The id of a document."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class TrustedDocuments:
    """Documents by their ids."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._documents = documents

    def text(self, document_id: str) -> str:
        """The document, or a refusal that says that there is no such."""
        found = self._documents.get(document_id)
        if found is None:
            raise Refused(
                f"there is no document {document_id[:80]!r}; send its text as query",
                status=404,
                code="DOCUMENT_NOT_FOUND",
            )
        return found

    @property
    def ids(self) -> list[str]:
        return sorted(self._documents)


def trusted(own: Sequence[str], manifest: Path | None, check: Check) -> TrustedDocuments:
    """Our own documents and those of the operator's file, of which every one is checked."""
    given = {} if manifest is None else _read(manifest)
    problems = [problem for name, text in given.items() for problem in _problems(name, text, check)]
    if problems:
        raise SettingsWrong([f"{_SETTING}: {problem}" for problem in problems])
    return TrustedDocuments({id_of(text): text for text in own} | given)


def _read(manifest: Path) -> dict[str, str]:
    """The file: one JSON object of ids and texts."""
    try:
        if manifest.stat().st_size > _LARGEST_FILE:
            raise SettingsWrong([f"{_SETTING} names a file of more than {_LARGEST_FILE} bytes"])
        content = orjson.loads(manifest.read_bytes())
    except OSError as error:
        raise SettingsWrong([f"{_SETTING} cannot be read: {error.strerror}"]) from None
    except orjson.JSONDecodeError:
        raise SettingsWrong([f"{_SETTING} names a file that is not valid JSON"]) from None
    if not isinstance(content, dict) or not all(isinstance(t, str) for t in content.values()):
        raise SettingsWrong([f"{_SETTING} must be one JSON object of ids and texts of documents"])
    return content


def _problems(name: str, text: str, check: Check) -> list[str]:
    if name != id_of(text):
        return [f"the id {name[:80]!r} is not that of its text, which is {id_of(text)}"]
    return [f"{name}: {error.message}" for error in check(text)]
