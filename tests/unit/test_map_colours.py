"""Colours of the maps of evidence can be told apart by people who are colour-blind."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from service.evidence import as_bad, spread, stacking

_SEEN = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
    "all": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}  # fmt: skip
"""Linear colour as it is seen (Machado, Oliveira and Fernandes 2009, severity 1)."""
_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
_WHITE = np.array([0.9505, 1.0, 1.089])
_APART = 15.0
"""CIE 1976: some two are just noticed, in a map they must be more."""
_MAPS = {
    "as bad": [each.colour for each in as_bad._SHADES.values() if not each.hatched],
    "stacking": list(stacking._COLOURS),
    "spread": [each.colour for each in spread._SHADES if not each.hatched],
}


def _lab(colour: str, seen: str) -> NDArray[np.float64]:
    given = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)
    light = np.array(_XYZ) @ np.clip(np.array(_SEEN[seen]) @ linear, 0, 1) / _WHITE
    root = np.where(light > 0.008856, np.cbrt(light), 7.787 * light + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("seen", _SEEN)
@pytest.mark.parametrize("colours", _MAPS.values(), ids=_MAPS)
def test_every_two_colours_are_seen_as_two(colours: list[str], seen: str) -> None:
    labs = [_lab(each, seen) for each in colours]
    apart = {
        (colours[a], colours[b]): float(np.linalg.norm(labs[a] - labs[b]))
        for a, b in combinations(range(len(colours)), 2)
    }
    assert min(apart.values()) >= _APART, min(apart, key=lambda pair: apart[pair])


def test_more_domains_are_darker() -> None:
    lights = [_lab(each, "all")[0] for each in stacking._COLOURS]
    assert lights == sorted(lights, reverse=True)
