"""Whoever runs this service, as its catalogue names them. Pure."""

from dataclasses import dataclass

UNNAMED = "Leefbaarheid"


@dataclass(frozen=True, slots=True)
class Operator:
    """As the settings have it."""

    name: str = UNNAMED
    identifier: str | None = None
    """Their address in a list of organisations, such as TOOI."""
    contact: str = "postmaster@localhost"
    """An e-mail address."""
