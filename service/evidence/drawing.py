"""The areas of a bundle as a map (SVG), in metres of RD. Pure.

What is not known is hatched and has its own line in the legend: it never has the colour of a value.
The texts can be read aloud: a title, a description and a name with each area.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import floor, log10
from typing import Any
from xml.sax.saxutils import escape

import orjson

from service.evidence.kit import Kit

_WIDTH, _HEIGHT = 700.0, 820.0
_SIDE, _PAGE = 20.0, 1060.0
_LINE, _TITLE_LINE = 22.0, 26.0
_TITLE_LETTERS, _LETTERS = 88, 130
"""On a line of the title and on others, so that they fit the page in a common sans-serif."""
_BAR = 180.0
"""At most so long is the bar of the scale."""
_BATCH = 200
_FICTIONAL = "FICTIEVE GEGEVENS: Voorbeeldland bestaat niet / FICTIONAL DATA"
_WRAP: dict[str, Any] = {"break_on_hyphens": False, "break_long_words": False}
Ring = Sequence[Sequence[float]]


def drawn(kit: Kit) -> Iterator[bytes]:
    """The map in pieces, some of them empty."""
    head = _Head(kit)
    frame = _Frame(head.height)
    unshaped = 0
    for ordinals in kit.batches(_BATCH):
        for ordinal in ordinals:
            rings = _rings(kit.metres[ordinal])
            unshaped += not rings
            frame.hold(rings)
        yield b""
    counts = Counter(map(kit.shade, kit.order))
    foot = _foot(kit, unshaped)
    below = head.height + _HEIGHT + 50
    height = below + _LINE * len(foot)
    yield (_begin(kit, counts, height) + "".join(head.lines())).encode()
    yield b'<g fill-rule="evenodd" stroke="#555555" stroke-width="0.3">\n'
    for ordinals in kit.batches(_BATCH):
        yield "".join(_area(kit, frame, ordinal) for ordinal in ordinals).encode()
    yield b"</g>\n"
    legend = _legend(kit, counts, head.height + 20)
    bar = _scale_bar(frame, head.height + _HEIGHT + 14)
    yield "".join((*legend, *bar, *_lines(foot, below), "</svg>\n")).encode()


class _Head:
    """The title in both languages, on as many lines as it takes."""

    def __init__(self, kit: Kit) -> None:
        self._nl = textwrap.wrap(kit.title_nl, _TITLE_LETTERS, **_WRAP)
        self._en = textwrap.wrap(kit.title_en, _LETTERS, **_WRAP)
        self._fictional = kit.fictional
        lines = len(self._en) + self._fictional
        self.height = 22 + _TITLE_LINE * len(self._nl) + _LINE * lines

    def lines(self) -> Iterator[str]:
        y = 2.0
        for line in self._nl:
            y += _TITLE_LINE
            yield (
                f'<text x="{_SIDE:.0f}" y="{y:.0f}" font-size="20" font-weight="bold">'
                f"{escape(line)}</text>\n"
            )
        for line in self._en:
            y += _LINE
            yield f'<text x="{_SIDE:.0f}" y="{y:.0f}" lang="en">{escape(line)}</text>\n'
        if self._fictional:
            y += _LINE
            yield f'<text x="{_SIDE:.0f}" y="{y:.0f}" font-weight="bold">{_FICTIONAL}</text>\n'


class _Frame:
    """Where metres lie on the page."""

    def __init__(self, top: float) -> None:
        self._top = top
        self._west = self._south = float("inf")
        self._east = self._north = float("-inf")

    def hold(self, rings: Sequence[Ring]) -> None:
        """Make these fit."""
        for ring in rings:
            xs, ys = [point[0] for point in ring], [point[1] for point in ring]
            self._west, self._east = min(self._west, *xs), max(self._east, *xs)
            self._south, self._north = min(self._south, *ys), max(self._north, *ys)

    @cached_property
    def scale(self) -> float | None:
        """Of the page in a metre; None where nothing was held."""
        wide, high = self._east - self._west, self._north - self._south
        return min(_WIDTH / wide, _HEIGHT / high) if wide > 0 and high > 0 else None

    def path(self, ring: Ring) -> str:
        scale = self.scale or 1.0
        points = [
            f"{_SIDE + (x - self._west) * scale:.1f} {self._top + (self._north - y) * scale:.1f}"
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


def _begin(kit: Kit, counts: Counter[int], height: float) -> str:
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
    )


def _style(at: int, kit: Kit) -> str:
    each = kit.shades[at]
    return f".s{at}{{fill:{f'url(#h{at})' if each.hatched else each.colour}}}"


def _legend(kit: Kit, counts: Counter[int], y: float) -> Iterator[str]:
    left = _SIDE + _WIDTH + 20
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


def _scale_bar(frame: _Frame, y: float) -> Iterator[str]:
    """A round length; RD keeps lengths to one in ten thousand."""
    if frame.scale is None:
        return
    most = _BAR / frame.scale
    size = 10 ** floor(log10(most))
    metres = next(each * size for each in (5, 2, 1) if each * size <= most)
    length = metres * frame.scale
    said = f"{metres / 1000:g} km".replace(".", ",") if metres >= 100 else f"{metres:g} m"
    yield (
        f'<path d="M{_SIDE:.1f} {y - 6:.1f}V{y:.1f}H{_SIDE + length:.1f}V{y - 6:.1f}" '
        'fill="none" stroke="#000000" stroke-width="1.5"/>\n'
    )
    yield f'<text x="{_SIDE + length + 8:.1f}" y="{y + 2:.1f}">{said}</text>\n'


def _foot(kit: Kit, unshaped: int) -> list[str]:
    """Whose figures these are, and of which publication; as lines that fit."""
    level = f"{kit.table.level.value}, indeling {kit.table.vintage}"
    begin = f"Leefbaarheid, publicatie {kit.publication}, {level}. {kit.address}"
    named = "; ".join(dict.fromkeys(each.attribution_nl for each in kit.sources))
    texts = [begin, named]
    if unshaped:
        texts.insert(0, f"Zonder grens, dus niet op de kaart / without a shape: {unshaped}.")
    return [line for text in texts for line in textwrap.wrap(text, _LETTERS, **_WRAP)]


def _lines(lines: Sequence[str], y: float) -> Iterator[str]:
    for at, line in enumerate(lines):
        yield f'<text x="{_SIDE:.0f}" y="{y + at * _LINE:.0f}">{escape(line)}</text>\n'
