"""Parameters in a query string: each at most once, none that is not known; all faults at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

_MOST = 50
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Invalid:
    """What is wrong with one parameter or header, in both languages."""

    name: str
    code: str
    en: str
    nl: str
    allowed: Sequence[str | int] = ()
    suggestions: Sequence[str] = ()
    where: str = "query"

    @property
    def shown(self) -> dict[str, Any]:
        lists = {"allowed": self.allowed, "suggestions": self.suggestions}
        return {
            "in": self.where,
            "name": self.name[:_SHOWN],
            "code": self.code,
            "detail": self.en,
            "detailNl": self.nl,
            **{name: list(values) for name, values in lists.items() if values},
        }


def read(
    query_string: bytes, known: Sequence[str], required: Sequence[str]
) -> tuple[dict[str, str], list[Invalid]]:
    """The parameters that could be read, and what is wrong with the others."""
    try:
        pairs = parse_qsl(query_string.decode("latin-1"), True, max_num_fields=_MOST)
    except ValueError:
        listed = ", ".join(known)
        en, nl = f"at most {_MOST} parameters; known: {listed}", f"hoogstens {_MOST} parameters"
        return {}, [Invalid("", "TOO_MANY_PARAMETERS", en, f"{nl}; bekend: {listed}", known)]
    given: dict[str, str] = {}
    faults: dict[str, Invalid] = {}
    for name, value in pairs:
        if name not in known:
            faults[name] = _unknown(name, known)
        elif given.get(name, value) != value:
            # Twice the same is what GDAL makes of a link that keeps a parameter of its own.
            faults[name] = Invalid(
                name,
                "REPEATED_PARAMETER",
                f"{name} may be given once",
                f"{name} mag één keer gegeven worden",
            )
        given[name] = value
    for name in required:
        if not given.get(name):
            en, nl = f"{name} is required", f"{name} is verplicht"
            faults[name] = Invalid(name, "MISSING_PARAMETER", en, nl)
    return {name: given[name] for name in given if name not in faults}, list(faults.values())


def _unknown(name: str, known: Sequence[str]) -> Invalid:
    shown, listed = name[:_SHOWN], ", ".join(known)
    return Invalid(
        name,
        "UNKNOWN_PARAMETER",
        f"there is no parameter {shown!r}; known: {listed}",
        f"er is geen parameter {shown!r}; bekend: {listed}",
        allowed=known,
    )
