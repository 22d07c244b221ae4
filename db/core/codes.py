"""CBS area codes: text, never numbers, and meaningful only together with a year (vintage).

Publishers pad codes with spaces, drop the two-letter prefix or spell the country NL01; every
spelling is brought to one here. Letters occur since 2023 (WK0363FA).
"""

import re

from db.core.errors import MalformedCode
from db.core.levels import Level

COUNTRY = "NL00"
_PATTERNS = {
    Level.LAND: re.compile(r"NL00"),
    Level.GEMEENTE: re.compile(r"GM\d{4}"),
    Level.WIJK: re.compile(r"WK\d{4}[0-9A-Z]{2}"),
    Level.BUURT: re.compile(r"BU\d{4}[0-9A-Z]{4}"),
}
_DIGITS = {Level.GEMEENTE: 4, Level.WIJK: 6, Level.BUURT: 8}
_COUNTRY_SPELLINGS = {"NL00", "NL01", "NL"}


def parse_code(text: str) -> tuple[Level, str]:
    """Level and canonical code of a padded or unpadded code; MalformedCode if it is none."""
    code = text.strip()
    if code in _COUNTRY_SPELLINGS:
        return Level.LAND, COUNTRY
    for level, pattern in _PATTERNS.items():
        if pattern.fullmatch(code):
            return level, code
    raise MalformedCode(text)


def level_of(code: str) -> Level | None:
    """The level that a canonical code is of, or None if it is no code."""
    try:
        return parse_code(code)[0]
    except MalformedCode:
        return None


def with_prefix(level: Level, digits: str) -> str:
    """Canonical code from the part after the prefix: (WIJK, '001400') -> 'WK001400'.

    The publisher must have kept leading zeros: '1400' is refused, not padded by guess.
    """
    code = level.prefix + digits.strip()
    if not _PATTERNS[level].fullmatch(code):
        raise MalformedCode(digits)
    return code


def parent_code(code: str) -> str | None:
    """Code of the containing area one level up: BU03630001 -> WK036300 -> GM0363 -> NL00."""
    match level_of(code):
        case Level.BUURT:
            return "WK" + code[2:8]
        case Level.WIJK:
            return "GM" + code[2:6]
        case Level.GEMEENTE:
            return COUNTRY
        case _:
            return None


def gemeente_code(code: str) -> str | None:
    """Code of the gemeente that a gemeente, wijk or buurt code lies in."""
    return None if level_of(code) in (None, Level.LAND) else "GM" + code[2:6]
