"""Wishes with a weight, as Accept and Accept-Encoding list them (RFC 9110, 12.4.2). Pure."""

from collections.abc import Iterator

_MOST = 32
"""Wishes that are read; nobody has more, except to cost us time."""


def wishes(header: str) -> Iterator[tuple[str, float, dict[str, str]]]:
    """Each thing wished for, its weight, and its other parameters; a weight that is none is 0."""
    for part in header.lower().split(",")[:_MOST]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        values = dict(_pair(parameter) for parameter in parameters)
        yield name, _weight(values.pop("q", "1")), values


def _pair(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name.strip(), value.strip()


def _weight(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
