"""The areas of a bundle as a map (SVG), in metres of RD. Pure.

What is not known is hatched and has its own line in the legend: it never has the colour of a value.
The texts can be read aloud: a title, a description and a name with each area.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import orjson

from service.evidence.kit import Kit

_WIDTH, _HEIGHT = 700.0, 820.0
_TOP, _SIDE, _PAGE = 70.0, 20.0, 1060.0
_LINE = 22.0
_BATCH = 200
_FICTIONAL = "FICTIEVE GEGEVENS: Voorbeeldland bestaat niet / FICTIONAL DATA"
_WRAP: dict[str, Any] = {"break_on_hyphens": False, "break_long_words": False}
Ring = Sequence[Sequence[float]]


def drawn(kit: Kit) -> Iterator[bytes]:
    """The map in pieces, some of them empty."""
    frame = _Frame()
    for ordinals in kit.batches(_BATCH):
        for ordinal in ordinals:
            frame.hold(_rings(kit.metres[ordinal]))
        yield b""
    counts = Counter(map(kit.shade, kit.order))
    foot = _foot(kit)
    height = _TOP + _HEIGHT + 30 + _LINE * len(foot)
    yield _head(kit, counts, height).encode()
    for ordinals in kit.batches(_BATCH):
        yield "".join(_area(kit, frame, ordinal) for ordinal in ordinals).encode()
    yield "".join(("</g>\n", *_legend(kit, counts), *_lines(foot), "</svg>\n")).encode()


class _Frame:
    """Where metres lie on the page."""

    def __init__(self) -> None:
        self._west = self._south = float("inf")
        self._east = self._north = float("-inf")

    def hold(self, rings: Sequence[Ring]) -> None:
        """Make these fit."""
        for ring in rings:
            xs, ys = [point[0] for point in ring], [point[1] for point in ring]
            self._west, self._east = min(self._west, *xs), max(self._east, *xs)
            self._south, self._north = min(self._south, *ys), max(self._north, *ys)

    def path(self, ring: Ring) -> str:
        wide, high = self._east - self._west, self._north - self._south
        scale = min(_WIDTH / (wide or 1.0), _HEIGHT / (high or 1.0))
        points = [
            f"{_SIDE + (x - self._west) * scale:.1f} {_TOP + (self._north - y) * scale:.1f}"
            for x, y, *_ in ring[:-1]
        ]
        # Vertices that fall together on the page are one.
        kept = [each for at, each in enumerate(points) if at == 0 or each != points[at - 1]]
        return f"M{'L'.join(kept)}Z"


def _rings(shape: str | None) -> list[Ring]:
    if shape is None:
        return []
    read = orjson.loads(shape)
    found = read["coordinates"]
    polygons = [found] if read["type"] == "Polygon" else found
    return [ring for polygon in polygons for ring in polygon]


def _area(kit: Kit, frame: _Frame, ordinal: int) -> str:
    rings = _rings(kit.metres[ordinal])
    if not rings:
        return ""
    code, name, shade = kit.table.codes[ordinal], kit.table.names[ordinal], kit.shade(ordinal)
    title = escape(f"{code} {name}: {kit.shades[shade].nl} / {kit.shades[shade].en}")
    path = "".join(map(frame.path, rings))
    return f'<path id="{code}" class="s{shade}" d="{path}"><title>{title}</title></path>\n'


def _head(kit: Kit, counts: Counter[int], height: float) -> str:
    said = "; ".join(
        f"{each.nl} / {each.en}: {counts[at]}" for at, each in enumerate(kit.shades) if counts[at]
    )
    if kit.fictional:
        said = f"{_FICTIONAL}. {said}"
    shades = "".join(_style(at, kit) for at in range(len(kit.shades)))
    patterns = "".join(
        f'<pattern id="h{at}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/>'
        f'<rect width="2.5" height="6" fill="{each.colour}"/></pattern>\n'
        for at, each in enumerate(kit.shades)
        if each.hatched
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_PAGE:.0f} {height:.0f}" '
        'role="img" aria-labelledby="title description" font-family="sans-serif" '
        'font-size="14">\n'
        f'<title id="title">{escape(kit.title_nl)} / {escape(kit.title_en)}</title>\n'
        f'<desc id="description">{escape(said)}</desc>\n'
        f"<defs>\n{patterns}</defs>\n<style>{shades}</style>\n"
        f'<rect width="{_PAGE:.0f}" height="{height:.0f}" fill="#ffffff"/>\n'
        f'<text x="{_SIDE:.0f}" y="28" font-size="20" font-weight="bold">'
        f"{escape(kit.title_nl)}</text>\n"
        f'<text x="{_SIDE:.0f}" y="50" lang="en">{escape(kit.title_en)}</text>\n'
        '<g fill-rule="evenodd" stroke="#555555" stroke-width="0.3">\n'
    )


def _style(at: int, kit: Kit) -> str:
    each = kit.shades[at]
    return f".s{at}{{fill:{f'url(#h{at})' if each.hatched else each.colour}}}"


def _legend(kit: Kit, counts: Counter[int]) -> Iterator[str]:
    left, y = _SIDE + _WIDTH + 20, _TOP + 20
    for at, each in enumerate(kit.shades):
        yield (
            f'<rect class="s{at}" x="{left:.0f}" y="{y:.0f}" width="18" height="14" '
            'stroke="#555555"/>\n'
        )
        yield f'<text x="{left + 26:.0f}" y="{y + 12:.0f}">{escape(each.nl)}: {counts[at]}</text>\n'
        yield (
            f'<text x="{left + 26:.0f}" y="{y + 29:.0f}" fill="#444444" lang="en">'
            f"{escape(each.en)}</text>\n"
        )
        y += 2 * _LINE


def _foot(kit: Kit) -> list[str]:
    """Whose figures these are, and of which publication; as lines that fit."""
    level = f"{kit.table.level.value}, indeling {kit.table.vintage}"
    begin = f"Leefbaarheid, publicatie {kit.publication}, {level}. {kit.address}"
    named = "; ".join(dict.fromkeys(each.attribution_nl for each in kit.sources))
    lines = [line for text in (begin, named) for line in textwrap.wrap(text, 130, **_WRAP)]
    return [_FICTIONAL, *lines] if kit.fictional else lines


def _lines(lines: Sequence[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        y = _TOP + _HEIGHT + 30 + at * _LINE
        yield f'<text x="{_SIDE:.0f}" y="{y:.0f}">{escape(line)}</text>\n'
