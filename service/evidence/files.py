"""The files of a bundle: data, map, method, definition, citation, licence and a manifest. Pure."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import orjson

from service.evidence.archive import File, Written, zipped
from service.evidence.drawing import drawn
from service.evidence.kit import Figures, Kit
from service.evidence.layer import geopackage_of
from service.rest.citation import Cited, cff, text_en, text_nl

_BATCH = 200
_JSON = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z
_WHAT = {
    "antwoord.json": "The question and what was found.",
    "gegevens.csv": "What was found for every area (RFC 4180; empty is absent, never zero).",
    "waarden.csv": "The figures that it was worked out from (RFC 4180), to do it again.",
    "kaart.geojson": "The same with simplified shapes, for a map (CRS84, RFC 7946).",
    "kaart.gpkg": "The same as GeoPackage, for a map program (RD New).",
    "kaart.svg": "The map.",
    "methode.nl.md": "How it was worked out, in Dutch.",
    "methode.en.md": "How it was worked out, in English.",
    "definitie.json": "What was counted: domains and indicators with their years and sources.",
    "CITATION.cff": "How to cite the publication.",
    "citaat.txt": "The citation as text, in Dutch and in English.",
    "licentie.md": "Whose data these are, and under which terms.",
}


def bundle(kit: Kit, public_url: str) -> Iterator[bytes]:
    """The zip in pieces: no more of it than a piece is ever held."""
    address = f"{public_url}/v1/publicaties/{kit.publication}"
    cited = Cited(kit.publication, kit.published_at.date(), kit.fictional, address, kit.sources)
    texts: Mapping[str, Callable[[], Any]] = {
        "methode.nl.md": lambda: f"{kit.method_nl}\n{kit.table_nl}",
        "methode.en.md": lambda: f"{kit.method_en}\n{kit.table_en}",
        "CITATION.cff": lambda: cff(cited),
        "citaat.txt": lambda: f"{text_nl(cited)}\n{text_en(cited)}\n",
        "licentie.md": lambda: _licence(kit),
    }
    pieces: dict[str, Callable[[], Iterator[bytes]]] = {
        "antwoord.json": lambda: iter([_json({**_about(kit), "antwoord": kit.answer})]),
        "gegevens.csv": partial(_table, kit),
        "kaart.geojson": partial(_features, kit),
        "kaart.gpkg": partial(geopackage_of, _about(kit), kit),
        "kaart.svg": partial(drawn, kit),
        "definitie.json": lambda: iter([_json(kit.definition)]),
    }
    if kit.basis is not None:
        pieces["waarden.csv"] = partial(_basis, kit, kit.basis)
    for name, text in texts.items():
        pieces[name] = partial(_text, text)
    files = [File(name, pieces[name]) for name in _WHAT if name in pieces]
    return zipped(files, partial(_manifest, kit))


def _about(kit: Kit) -> dict[str, Any]:
    """What every description begins with."""
    return {
        "titel": kit.title_nl,
        "title": kit.title_en,
        "publicatie": kit.publication,
        "gepubliceerd": kit.published_at,
        "fictief": kit.fictional,
        "adres": kit.address,
        "vraag": kit.question,
    }


def _manifest(kit: Kit, written: Sequence[Written]) -> File:
    """Nothing of the moment or the software is in it: the same publication gives the same."""
    body = {
        **_about(kit),
        "bestanden": [
            {
                "naam": each.name,
                "bytes": each.bytes,
                "sha256": each.sha256,
                "description": _WHAT[each.name],
            }
            for each in written
        ],
    }
    return File("manifest.json", lambda: [_json(body)])


def _table(kit: Kit) -> Iterator[bytes]:
    yield _lines([kit.header])
    for ordinals in kit.batches(_BATCH):
        yield _lines([kit.row(ordinal) for ordinal in ordinals])


def _basis(kit: Kit, basis: Figures) -> Iterator[bytes]:
    yield _lines([basis.header])
    for ordinals in kit.batches(_BATCH):
        yield _lines([row for ordinal in ordinals for row in basis.rows(ordinal)])


def _lines(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _features(kit: Kit) -> Iterator[bytes]:
    about = orjson.dumps(_about(kit), option=orjson.OPT_UTC_Z)[1:-1]
    yield b'{"type":"FeatureCollection",' + about + b',"features":[\n'
    between = b""
    for ordinals in kit.batches(_BATCH):
        yield between + b",\n".join(_feature(kit, ordinal) for ordinal in ordinals)
        between = b",\n"
    yield b"\n]}\n"


def _feature(kit: Kit, ordinal: int) -> bytes:
    shape = kit.degrees[ordinal]
    return orjson.dumps(
        {
            "type": "Feature",
            "id": kit.table.codes[ordinal],
            "geometry": None if shape is None else orjson.Fragment(shape),
            "properties": dict(zip(kit.header, kit.row(ordinal), strict=True)),
        }
    )


def _licence(kit: Kit) -> str:
    kind = "fictieve " if kit.fictional else ""
    lines = [
        "# Licentie / Licence",
        "",
        f"De {kind}gegevens zijn van de bronnen hieronder, elk onder haar eigen licentie. "
        "Noem ze wanneer u dit gebruikt.",
        "",
        "The data are those of the sources below, each under its own licence. Name them when you "
        "use this.",
        "",
    ]
    for each in kit.sources:
        terms = f" <{each.licence_url}>" if each.licence_url else ""
        lines += [
            f"- {each.attribution_nl} / {each.attribution_en}. {each.name_nl} ({each.name_en}), "
            f"<{each.url}>. {each.licence}{terms}"
        ]
    return "\n".join(lines) + "\n"


def _json(content: object) -> bytes:
    return orjson.dumps(content, option=_JSON) + b"\n"


def _text(text: Callable[[], str]) -> Iterator[bytes]:
    yield text().encode()
