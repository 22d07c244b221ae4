"""Writes inflow.csv for inflow.toml: invented figures for the wijken of Voorbeeldland (fictional).

    python docs/own/make_inflow.py FOLDER

Growing inflow in some wijken, a small number that is hidden, a year that was not measured, and
wijken that the corporation does not work in and that are simply not in the file.
"""

import csv
import sys
from pathlib import Path

from db.core.levels import Level
from db.demo.history import divisions

YEARS = range(2018, 2025)
_GEMEENTEN = ("WK9001", "WK9002")
_HEADER = ("wijkcode", "jaar", "instroom", "van", "tot", "huishoudens", "bijzonderheid")


def codes() -> list[str]:
    """Wijken of 2024 on land in the gemeenten GM9001 and GM9002, where the corporation works."""
    (newest,) = [each for each in divisions() if each.vintage == 2024]
    return sorted(code for code in newest.land(Level.WIJK) if code.startswith(_GEMEENTEN))


def rows() -> list[tuple[str, ...]]:
    made = []
    for place, code in enumerate(codes()):
        for year in YEARS:
            inflow = 1 + place % 5 + 0.3 * (year - YEARS[0]) * (place % 3)
            bounds = [_text(inflow - 0.2), _text(inflow + 0.2)]
            share = ["", "", ""] if year == 2020 and place == 1 else [_text(inflow), *bounds]
            hidden = place == 2
            made.append((code, str(year), *share, "" if hidden else str(40 + 10 * place),
                         "x" if hidden else ""))  # fmt: skip
    return made


def _text(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def write(folder: Path) -> Path:
    """The file, in `folder`."""
    path = folder / "inflow.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(_HEADER)
        writer.writerows(rows())
    return path


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
