"""The gemeenten of Voorbeeldland as they began in 2020, and where life is harder or easier.

Codes GM9001 to GM9010 are free: CBS has numbered gemeenten up to GM1992 (2025) and used GM9999
and GM0998 for abroad only. All names are invented.
"""

from dataclasses import dataclass

from db.demo.lattice import Point


@dataclass(frozen=True, slots=True)
class Town:
    code: str
    name: str
    centres: tuple[Point, ...]
    """Kilometres from the middle of the country; islands have one each, the largest first."""
    cells: tuple[int, ...]
    inhabitants: int
    reach: float
    """Kilometres over which the town thins out into countryside."""
    wijken: tuple[str, ...]
    """Names, from the centre outward."""
    numbered: bool = False
    """Whether wijken are named 'Wijk 00 Naam' at first, as many gemeenten once did."""


TOWNS = (
    Town("GM9001", "Dobbermeer", ((0, -5),), (96,), 92_400, 2.6, (
        "Dobberstad", "Roeiershoek", "Schippersbos", "Kurkpolder", "Meerblikwijk", "Vlotbuurt",
        "Zeilmakerswijk", "Waterjuffer", "Nieuw-Dobber", "Boeienrij", "Kabbelhage", "Pluimriet",
        "Drijfland")),
    Town("GM9002", "Kwakelhaven", ((-8.5, -3),), (76,), 61_200, 2.3, (
        "Havenhart", "Kaapstander", "Touwslagerij", "Traanoven", "Loodsmanswijk", "Zeebonk",
        "Kraaiennest", "Oude Werf", "Kombuis", "Kranenland")),
    Town("GM9003", "Wolkendijk", ((7.5, -6),), (68,), 38_300, 2.2, (
        "Wolkendijk-Centrum", "Spoorwolk", "Stapelwolk", "Schapewei", "Donderkop", "Nevelhof",
        "Regenboogpolder")),
    Town("GM9004", "Eikenzand", ((-8, 5),), (60,), 24_100, 1.9, (
        "Eikenzand-Dorp", "Duinvos", "Helmgras", "Zandoog", "Duinstilte")),
    Town("GM9005", "Zonnewolde", ((9.5, 1.5),), (84,), 14_600, 1.6, (
        "Zonnewolde-Kern", "Graanzolder", "Klaproos", "Goudhaver", "Nieuw-Zonnewolde"), True),
    Town("GM9006", "Klein Plassen", ((-1.5, 6.5),), (44,), 9_300, 1.4, (
        "Klein Plassen-Dorp", "Rietkraag", "Kikkerbil", "Libelleveld")),
    Town("GM9007", "Groot Plassen", ((5, 8),), (54,), 12_200, 1.5, (
        "Groot Plassen-Dorp", "Snoekenhoek", "Waterlelie", "Lisdodde")),
    Town("GM9008", "Tussenwater", ((14, -4),), (48,), 11_100, 1.5, (
        "Tussenwater-Kom", "Sluizenrij", "Halfweegs", "Overtoompje")),
    Town("GM9009", "Molenrust", ((-4, -11),), (64,), 21_500, 1.8, (
        "Molenrust", "Wiekenkruis", "Meelzak", "Kruiwerk", "Bovenas"), True),
    Town("GM9010", "Schelpenkust", ((-9, 17), (-1.5, 18), (4.5, 17.5)), (22, 19, 5), 5_250, 1.6, (
        "Kokkelburg", "Wulkenduin", "Schelpeneilanden")),
)  # fmt: skip

LAGOON: tuple[Point, float] = ((0, 0), 3.3)
"""Middle and reach of the water that Dobbermeer lies at."""

EMPTY_WIJKEN = ("Kranenland", "Duinstilte")
"""A port and a nature reserve: land on which nobody lives."""

HARDSHIP: tuple[tuple[Point, float, float], ...] = (
    ((-9.5, -1), 2.2, 1.7),
    ((-7, -5), 1.7, 1.1),
    ((2, -6), 1.9, 1.5),
    ((-1.5, -4), 1.4, 0.7),
    ((7, -4.5), 1.6, 1.3),
    ((-4, -11), 1.3, 0.8),
    ((14, -4), 1.5, 0.6),
    ((-8, 6), 4.0, -1.4),
    ((0, -9), 2.5, -1.0),
    ((-2, 7), 3.0, -0.6),
    ((10, 3), 4.0, -0.5),
)
"""Place, reach in kilometres and weight; a negative weight is a place where life is easier."""

_FIRST = (
    "Anker", "Bloesem", "Citroen", "Distel", "Egel", "Fluit", "Gember", "Hazel", "Iris", "Jasmijn",
    "Kaneel", "Linde", "Meeuwen", "Noten", "Olie", "Peper", "Kwast", "Rozijn", "Sterren", "Tijm",
    "Uilen", "Vlier", "Wafel", "Zilver",
)  # fmt: skip
_SECOND = (
    "hof", "rand", "weide", "kade", "plein", "bosje", "singel", "oord", "werf", "dreef", "tuin",
    "poort", "akker",
)  # fmt: skip


def buurt_name(number: int) -> str:
    """The name of the n-th buurt ever made; no two are the same."""
    first, second = number % len(_FIRST), number % len(_SECOND)
    lap = number // (len(_FIRST) * len(_SECOND))
    return _FIRST[first] + _SECOND[second] + (f" {lap + 1}" if lap else "")
