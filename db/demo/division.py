"""A division of the country into gemeenten, wijken and buurten: of one year, or in the making."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from db.core.codes import COUNTRY
from db.core.levels import Level, Terrain
from db.demo.lattice import Cell, neighbours
from db.demo.towns import buurt_name

ABROAD = "GM9999"


@dataclass(frozen=True, slots=True)
class Unit:
    """An area as a set of cells."""

    name: str
    terrain: Terrain
    cells: frozenset[Cell]


@dataclass(frozen=True, slots=True)
class Division:
    """The areas of one vintage, by code, in order of code."""

    vintage: int
    gemeenten: dict[str, Unit]
    wijken: dict[str, Unit]
    buurten: dict[str, Unit]

    def units(self, level: Level) -> dict[str, Unit]:
        match level:
            case Level.LAND:
                return {COUNTRY: self._country()}
            case Level.GEMEENTE:
                return self.gemeenten
            case Level.WIJK:
                return self.wijken
            case Level.BUURT:
                return self.buurten

    def land(self, level: Level) -> dict[str, Unit]:
        """Without water and abroad."""
        return {c: u for c, u in self.units(level).items() if u.terrain is Terrain.LAND}

    def _country(self) -> Unit:
        gemeenten = (u.cells for u in self.gemeenten.values() if u.terrain is Terrain.LAND)
        return Unit("Voorbeeldland (fictief)", Terrain.LAND, frozenset().union(*gemeenten))


@dataclass(slots=True)
class Draft:
    """A division that is being redrawn. Wijken and gemeenten follow from the codes of buurten."""

    gemeenten: dict[str, str] = field(default_factory=dict)
    wijken: dict[str, str] = field(default_factory=dict)
    buurten: dict[str, Unit] = field(default_factory=dict)
    named: int = 0
    """How many buurt names have been given out."""

    def buurten_of(self, wijk: str) -> list[str]:
        return sorted(code for code in self.buurten if code[2:8] == wijk[2:])

    def wijken_of(self, gemeente: str) -> list[str]:
        """Land only."""
        own = (code for code in self.wijken if code[2:6] == gemeente[2:])
        return sorted(c for c in own if self._terrain(self.buurten_of(c)) is Terrain.LAND)

    def cells_of(self, wijk: str) -> set[Cell]:
        return {cell for code in self.buurten_of(wijk) for cell in self.buurten[code].cells}

    def add_buurt(
        self,
        wijk: str,
        cells: Iterable[Cell],
        *,
        name: str | None = None,
        terrain: Terrain = Terrain.LAND,
        suffix: str | None = None,
    ) -> str:
        code = "BU" + wijk[2:] + (suffix or self._free_suffix(wijk))
        if name is None:
            name = buurt_name(self.named)
            self.named += 1
        self.buurten[code] = Unit(name, terrain, frozenset(cells))
        return code

    def recode_wijk(self, old: str, new: str, name: str | None = None) -> None:
        """Another code for the same ground."""
        for code in self.buurten_of(old):
            self.buurten["BU" + new[2:] + code[8:]] = self.buurten.pop(code)
        before = self.wijken.pop(old)
        self.wijken[new] = name or before

    def move_buurten(self, codes: Iterable[str], wijk: str, name: str | None = None) -> None:
        """Buurten go over to another wijk, which is new if it has a name here."""
        if name:
            self.wijken[wijk] = name
        for code in codes:
            unit = self.buurten.pop(code)
            self.buurten["BU" + wijk[2:] + self._free_suffix(wijk)] = unit

    def split_buurt(self, code: str, part: Iterable[Cell]) -> str:
        """Part of a buurt becomes a buurt of its own."""
        leaving = frozenset(part)
        unit = self.buurten[code]
        self.buurten[code] = Unit(unit.name, unit.terrain, unit.cells - leaving)
        return self.add_buurt("WK" + code[2:8], leaving)

    def move_cell(self, giver: str, taker: str) -> bool:
        """The border between two wijken moves by one cell; False if they share none."""
        for source in self.buurten_of(giver):
            unit = self.buurten[source]
            for target in self.buurten_of(taker):
                other = self.buurten[target]
                beside = {n for cell in other.cells for n in neighbours(cell)}
                if len(unit.cells) > 1 and (shared := sorted(unit.cells & beside)):
                    cell = frozenset(shared[:1])
                    self.buurten[source] = Unit(unit.name, unit.terrain, unit.cells - cell)
                    self.buurten[target] = Unit(other.name, other.terrain, other.cells | cell)
                    return True
        return False

    def freeze(self, vintage: int) -> Division:
        buurten = {code: self.buurten[code] for code in sorted(self.buurten)}
        wijken = {w: self._wijk(w) for w in sorted(self.wijken)}
        gemeenten = {g: self._gemeente(g, wijken) for g in sorted(self.gemeenten)}
        return Division(vintage, gemeenten, wijken, buurten)

    def _wijk(self, code: str) -> Unit:
        terrain = self._terrain(self.buurten_of(code))
        return Unit(self.wijken[code], terrain, frozenset(self.cells_of(code)))

    def _gemeente(self, code: str, wijken: dict[str, Unit]) -> Unit:
        """Its land: as in the maps of CBS, large water is a wijk but no part of the gemeente."""
        terrain = Terrain.ABROAD if code == ABROAD else Terrain.LAND
        own = [u.cells for w, u in wijken.items() if w[2:6] == code[2:] and u.terrain is terrain]
        return Unit(self.gemeenten[code], terrain, frozenset().union(*own))

    def _terrain(self, buurten: list[str]) -> Terrain:
        return self.buurten[buurten[0]].terrain

    def _free_suffix(self, wijk: str) -> str:
        taken = {code[8:] for code in self.buurten_of(wijk)}
        return next(f"{n:02d}" for n in range(100) if f"{n:02d}" not in taken)
