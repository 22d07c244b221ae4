"""Filters in CQL2 drawn from the grammar that we document, as text and as JSON.

Schemathesis draws what the description calls `format: cql2` from here, so that every filter it
sends as right is one.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Tree = Any
"""As JSON has it."""

TEXTS = ("code", "naam", "gemeenteCode", "ouderCode", "terrein")
OF_AREAS = ("ouderCode", "terrein")
"""Those that focus areas have not: they have a `programma`."""
NUMBER, STATUS, COUNT = "population", "population_status", "stapeling"
_COMPARED = ("=", "<>", "<", ">", "<=", ">=")
_DEGREES, _METRES = ((-90.0, 90.0),) * 2, ((0.0, 280_000.0), (300_000.0, 620_000.0))
"""Of both numbers of a position; degrees in either order."""
_WORDS = ("land", "WK900101", "O'Brien", "", "and", "Élstad", "100%")
_SIGNS = "aZ09 '\"%_\\()\n-é😀"


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition, and what a request must say beside it."""

    tree: Tree
    space: str = " "
    lower: bool = False

    @property
    def text(self) -> str:
        return _Writer(self.space, self.lower).condition(self.tree)

    @property
    def json(self) -> str:
        return json.dumps(self.tree)

    @property
    def in_metres(self) -> bool:
        """Whether it has a geometry in RD; what it has otherwise is in degrees, either way."""
        return any(abs(each) > 90 for each in _coordinates(self.tree))

    @property
    def has_geometry(self) -> bool:
        return bool(_coordinates(self.tree))

    def names(self, name: str) -> bool:
        return _named(name) in self.json

    def renamed(self, names: Mapping[str, str]) -> "Filter":
        """The same of other properties."""
        text = self.json
        for before, after in names.items():
            text = text.replace(_named(before), _named(after))
        return Filter(json.loads(text), self.space, self.lower)


def _named(name: str) -> str:
    return json.dumps({"property": name})


class _Writer:
    """Writes a tree as CQL2-Text."""

    def __init__(self, space: str, lower: bool) -> None:
        self._space = space
        self._word: Callable[[str], str] = str.lower if lower else str

    def condition(self, tree: Tree) -> str:
        if isinstance(tree, bool):
            return self._word("TRUE" if tree else "FALSE")
        op, args = tree["op"], tree["args"]
        if op in ("and", "or"):
            between = f"{self._space}{self._word(op.upper())}{self._space}"
            return between.join(f"({self.condition(each)})" for each in args)
        if op == "not":
            return self._negated(args[0])
        return self._plain(op, args, "")

    def _negated(self, tree: Tree) -> str:
        """NOT before the operator where there is a place for it."""
        not_ = self._word("NOT") + self._space
        if isinstance(tree, dict) and tree["op"] in ("between", "in", "like", "isNull"):
            return self._plain(tree["op"], tree["args"], not_)
        return f"{not_}({self.condition(tree)})"

    def _plain(self, op: str, args: list[Tree], not_: str) -> str:
        word, space = self._word, self._space
        if op == "isNull":
            return f"{self._value(args[0])}{space}{word('IS')}{space}{not_}{word('NULL')}"
        if op == "s_intersects":
            inside = f",{space}".join(self._value(each) for each in args)
            return f"{word('S_INTERSECTS')}({inside})"
        if op == "between":
            value, low, high = map(self._value, args)
            return space.join([value, not_ + word("BETWEEN"), low, word("AND"), high])
        if op == "in":
            listed = ",".join(map(self._value, args[1]))
            return f"{self._value(args[0])}{space}{not_}{word('IN')}{space}({listed})"
        shown = not_ + word("LIKE") if op == "like" else op
        return space.join([self._value(args[0]), shown, self._value(args[1])])

    def _value(self, tree: Tree) -> str:
        if isinstance(tree, str):
            return "'" + tree.replace("'", "''") + "'"
        if isinstance(tree, float | int):
            return repr(tree)
        if "property" in tree:
            name: str = tree["property"]
            return f'"{name}"' if self._space != " " else name
        if "op" in tree:
            return f"{self._word('CASEI')}({self._value(tree['args'][0])})"
        return self._geometry(tree)

    def _geometry(self, tree: Tree) -> str:
        if "bbox" in tree:
            return f"{self._word('BBOX')}({','.join(map(repr, tree['bbox']))})"
        kind = self._word(tree["type"].upper())
        if "geometries" in tree:
            return f"{kind}({','.join(map(self._geometry, tree['geometries']))})"
        return kind + _positions(tree["coordinates"], tree["type"] == "Point")


def _positions(coordinates: Any, single: bool = False) -> str:
    if isinstance(coordinates[0], float):
        shown = " ".join(map(repr, coordinates))
        return f"({shown})" if single else shown
    return "(" + ",".join(map(_positions, coordinates)) + ")"


def _coordinates(tree: Tree) -> list[float]:
    if isinstance(tree, dict):
        if "property" in tree:
            return []
        inside = ("coordinates", "bbox")
        found = [each for name in inside for each in _numbers(tree.get(name, []))]
        return found + [n for v in tree.values() for n in _coordinates(v)]
    if isinstance(tree, list):
        return [number for each in tree for number in _coordinates(each)]
    return []


def _numbers(found: Any) -> list[float]:
    return [found] if isinstance(found, float) else [n for each in found for n in _numbers(each)]


class _Drawing:
    """Trees drawn by chance; a strategy of Hypothesis that nests takes ten times as long."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._sides = chance.choice([_DEGREES, _METRES])

    def tree(self, deep: int = 2) -> Tree:
        kind = self._chance.random()
        if deep == 0 or kind < 0.4:
            return self._chance.choice(_LEAVES)(self)
        if kind < 0.6:
            return _op("not", self.tree(deep - 1))
        parts = [self.tree(deep - 1) for _ in range(self._chance.randint(2, 3))]
        return _op(self._chance.choice(["and", "or"]), *parts)

    def always(self) -> Tree:
        return self._chance.random() < 0.5

    def compared_texts(self) -> Tree:
        return self._compared([self._named(), self._chance.choice([self._named, self._word])()])

    def compared_without_case(self) -> Tree:
        return self._compared([_op("casei", self._named()), _op("casei", self._word())])

    def compared_numbers(self) -> Tree:
        return self._compared(
            [self._counted(), self._chance.choice([self._counted, self._figure])()]
        )

    def between(self) -> Tree:
        return _op("between", self._counted(), self._figure(), self._figure())

    def listed(self) -> Tree:
        one, other = self._chance.choice([(self._named, self._word), (self._counted, self._figure)])
        return _op("in", one(), [other() for _ in range(self._chance.randint(1, 3))])

    def like(self) -> Tree:
        return _op("like", self._named(), self._pattern())

    def like_without_case(self) -> Tree:
        return _op("like", _op("casei", self._named()), _op("casei", self._pattern()))

    def absent(self) -> Tree:
        return _op("isNull", self._chance.choice([self._named(), self._counted(), _SHAPE]))

    def touching(self) -> Tree:
        ends = (sorted(self._chance.sample(range(101), 2)) for _ in self._sides)
        (x1, x2), (y1, y2) = (
            [low + (high - low) * part / 100 for part in parts]
            for parts, (low, high) in zip(ends, self._sides, strict=True)
        )
        args = [_SHAPE, self._chance.choice(_SHAPES)(x1, x2, y1, y2)]
        self._chance.shuffle(args)
        return _op("s_intersects", *args)

    def _compared(self, args: list[Tree]) -> Tree:
        self._chance.shuffle(args)
        return _op(self._chance.choice(_COMPARED), *args)

    def _named(self) -> Tree:
        return {"property": self._chance.choice([*TEXTS, STATUS])}

    def _counted(self) -> Tree:
        return {"property": self._chance.choice([NUMBER, COUNT])}

    def _word(self) -> str:
        return self._chance.choice([*_WORDS, "".join(self._chance.choices(_SIGNS, k=4))])

    def _pattern(self) -> str:
        return "".join(self._chance.choices("aA%_\\'é", k=self._chance.randint(0, 5)))

    def _figure(self) -> float | int:
        size = 10 ** self._chance.randint(-9, 18)
        drawn = self._chance.uniform(-size, size)
        return self._chance.choice([0, 5, -1000, drawn, round(drawn)])


_SHAPE = {"property": "geometry"}
_LEAVES = (
    _Drawing.always, _Drawing.compared_texts, _Drawing.compared_without_case,
    _Drawing.compared_numbers, _Drawing.between, _Drawing.listed, _Drawing.like,
    _Drawing.like_without_case, _Drawing.absent, _Drawing.touching,
)  # fmt: skip


def drawn_filter(seed: int) -> Filter:
    """The same for the same seed."""
    chance = Random(seed)
    tree = _Drawing(chance).tree()
    return Filter(tree, chance.choice([" ", "\n ", "\t"]), chance.random() < 0.5)


def _op(op: str, *args: Tree) -> Tree:
    return {"op": op, "args": list(args)}


def _ring(x1: float, x2: float, y1: float, y2: float) -> list[list[float]]:
    return [[x1, y1], [x2, y1], [x2, y2], [x1, y1]]


_SHAPES: Sequence[Callable[[float, float, float, float], Tree]] = (
    lambda x1, x2, y1, y2: {"bbox": [x1, y1, x2, y2]},
    lambda x1, x2, y1, y2: {"bbox": [x1, y1, 0.0, x2, y2, 9.5]},
    lambda x1, x2, y1, y2: {"type": "Point", "coordinates": [x1, y1]},
    lambda x1, x2, y1, y2: {"type": "MultiPoint", "coordinates": [[x1, y1], [x2, y2]]},
    lambda x1, x2, y1, y2: {"type": "LineString", "coordinates": [[x1, y1], [x2, y2]]},
    lambda x1, x2, y1, y2: {
        "type": "MultiLineString", "coordinates": [[[x1, y1], [x2, y2]], [[x1, y2], [x2, y1]]],
    },
    lambda *sides: {"type": "Polygon", "coordinates": [_ring(*sides)]},
    lambda *sides: {"type": "MultiPolygon", "coordinates": [[_ring(*sides)]]},
    lambda x1, x2, y1, y2: {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [x1, y2]},
            {"type": "LineString", "coordinates": [[x1, y1], [x2, y2]]},
        ],
    },
)  # fmt: skip
