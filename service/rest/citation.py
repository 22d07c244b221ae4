"""How to cite a publication: in both languages, and as what programs for references read. Pure.

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
    return _sentence(_NAME_EN, "publication", kind, _sources(cited), cited)


def _sentence(name: str, publication: str, kind: str, named: str, cited: Cited) -> str:
    begin = f"Leefbaarheid ({cited.published.year}). {name}, {publication} {cited.number} [{kind}]"
    return f"{begin}. {cited.address}" + (f". {named}" if named else "")


def cff(cited: Cited) -> str:
    """CITATION.cff (Citation File Format 1.2.0)."""
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        'message: "If you use these data, please cite them as below."',
        f"title: {_quoted(_title(cited))}",
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
    fields = {
        "author": "{Leefbaarheid}",
        "title": _title(cited),
        "year": str(cited.published.year),
        "version": str(cited.number),
        "url": cited.address,
        "note": _sources(cited),
    }
    inside = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{_key(cited)},\n{inside}}}\n"


def ris(cited: Cited) -> str:
    """A reference as RIS, which Zotero, EndNote and Mendeley read."""
    fields = {
        "TY": "DATA",
        "ID": _key(cited),
        "AU": "Leefbaarheid",
        "TI": _title(cited),
        "PY": str(cited.published.year),
        "DA": f"{cited.published:%Y/%m/%d}",
        "ET": str(cited.number),
        "UR": cited.address,
        "N1": _sources(cited),
    }
    lines = [f"{name}  - {value}" for name, value in fields.items() if value]
    return "".join(f"{line}\r\n" for line in [*lines, "ER  - "])


def csl(cited: Cited) -> str:
    """An item as CSL-JSON, which programs that write a bibliography read."""
    published = cited.published
    item = {
        "id": _key(cited),
        "type": "dataset",
        "title": _title(cited),
        "author": [{"literal": "Leefbaarheid"}],
        "issued": {"date-parts": [[published.year, published.month, published.day]]},
        "version": str(cited.number),
        "URL": cited.address,
        "note": _sources(cited),
    }
    return json.dumps({name: value for name, value in item.items() if value}, ensure_ascii=False)


def _key(cited: Cited) -> str:
    return f"leefbaarheid-{cited.number}"


def _title(cited: Cited) -> str:
    kind = _FICTIONAL_EN if cited.fictional else "data"
    return f"{_NAME_EN}, publication {cited.number} [{kind}]"


def _sources(cited: Cited) -> str:
    """As they want to be named."""
    return "; ".join(dict.fromkeys(each.attribution_en for each in cited.sources))


def _terms(source: Source) -> str:
    return f"{source.attribution_en.rstrip('.')}. Licence: {source.licence}"


def _quoted(text: str) -> str:
    """A text in double quotes: what JSON writes is YAML too."""
    return json.dumps(text, ensure_ascii=False)
