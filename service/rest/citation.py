"""How to cite a publication: as text in both languages, as CITATION.cff and as BibTeX. Pure.

A citation names the publication by its number, since that never changes, and whose figures it has.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db.core.programme import Source
from service.rest.datapackage import sums_of

_NAME_NL, _NAME_EN = "Leefbaarheid van wijken en buurten", "Liveability of Dutch neighbourhoods"
_ON_THE_WEB = re.compile(r"(https|http|ftp|sftp)://.")
_FICTIONAL_NL, _FICTIONAL_EN = "fictieve gegevens", "fictional data"


@dataclass(frozen=True, slots=True)
class Cited:
    """What is cited."""

    number: int
    published: date
    fictional: bool
    address: str
    sources: Sequence[Source]
    """In the order of their slugs."""


def text_nl(cited: Cited) -> str:
    """One sentence in Dutch, with the sources as they want to be named."""
    kind = _FICTIONAL_NL if cited.fictional else "gegevens"
    named = "; ".join(dict.fromkeys(each.attribution_nl for each in cited.sources))
    return _sentence(_NAME_NL, "publicatie", kind, named, cited)


def text_en(cited: Cited) -> str:
    """The same in English."""
    kind = _FICTIONAL_EN if cited.fictional else "data"
    named = "; ".join(dict.fromkeys(each.attribution_en for each in cited.sources))
    return _sentence(_NAME_EN, "publication", kind, named, cited)


def _sentence(name: str, publication: str, kind: str, named: str, cited: Cited) -> str:
    begin = f"Leefbaarheid ({cited.published.year}). {name}, {publication} {cited.number} [{kind}]"
    return f"{begin}. {cited.address}" + (f". {named}" if named else "")


def cff(cited: Cited) -> str:
    """CITATION.cff (Citation File Format 1.2.0)."""
    kind = _FICTIONAL_EN if cited.fictional else "data"
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        'message: "If you use these data, please cite them as below."',
        f"title: {_quoted(f'{_NAME_EN}, publication {cited.number} [{kind}]')}",
        "authors:",
        '  - name: "Leefbaarheid"',
        f"version: {_quoted(str(cited.number))}",
        f"date-released: {cited.published.isoformat()}",
        f"url: {_quoted(cited.address)}",
        "identifiers:",
        "  - type: url",
        f"    value: {_quoted(sums_of(cited.address))}",
        '    description: "Bytes, rows and SHA-256 of every file"',
    ]
    if cited.sources:
        lines.append("references:")
    for source in cited.sources:
        lines += [
            "  - type: data",
            f"    title: {_quoted(source.name_en)}",
            "    authors:",
            f"      - name: {_quoted(source.publisher)}",
            # The format takes no address of another kind, such as that of an invented country.
            *([f"    url: {_quoted(source.url)}"] if _ON_THE_WEB.match(source.url) else []),
            f"    notes: {_quoted(_terms(source))}",
        ]
    return "".join(f"{line}\n" for line in lines)


def bibtex(cited: Cited) -> str:
    """An entry for BibTeX."""
    kind = _FICTIONAL_EN if cited.fictional else "data"
    fields = {
        "author": "{Leefbaarheid}",
        "title": f"{_NAME_EN}, publication {cited.number} [{kind}]",
        "year": str(cited.published.year),
        "version": str(cited.number),
        "url": cited.address,
        "note": "; ".join(dict.fromkeys(each.attribution_en for each in cited.sources)),
    }
    inside = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{leefbaarheid-{cited.number},\n{inside}}}\n"


def _terms(source: Source) -> str:
    return f"{source.attribution_en.rstrip('.')}. Licence: {source.licence}"


def _quoted(text: str) -> str:
    """A text in double quotes: what JSON writes is YAML too."""
    return json.dumps(text, ensure_ascii=False)
