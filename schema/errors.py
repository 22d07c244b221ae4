"""What a caller can ask wrongly, and what is said about it: a code, English and Dutch words.

`code_of` is the table of the GraphQL edge. Whatever is not in it is a fault of ours.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import asyncpg

from db.core.cursor import MalformedCursor
from db.core.errors import (
    LeefbaarheidError,
    MalformedCode,
    PublicationWithdrawn,
    UnknownPublication,
)
from db.core.indicator import Kind
from db.core.levels import Level
from db.core.stacking_definition import Problem
from schema.refusal import Refusal

AWAY: tuple[type[BaseException], ...] = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
)
"""What is raised where the store does not answer, and a later try may be answered."""
LEVEL_NL = {
    Level.LAND: "land",
    Level.GEMEENTE: "gemeente",
    Level.WIJK: "wijk",
    Level.BUURT: "buurt",
}

_KIND_NL = {
    "domain": "domein",
    "focus area": "focusgebied",
    "programme": "programma",
    "municipality group": "gemeentegroep",
    "funding stream": "geldstroom",
    "intervention": "ingreep",
    "stacking definition": "definitie van stapeling",
    "statement": "uitspraak",
}
MALFORMED_CODE_NL = (
    "dit is geen gebiedscode; verwacht GM + 4 cijfers, WK + 4 cijfers + 2 tekens of "
    "BU + 4 cijfers + 4 tekens"
)


BAD_CURSOR_NL = (
    "dit is geen cursor; gebruik `endCursor`, `startCursor` of de `cursor` van een edge zoals "
    "die gegeven is, of laat hem weg om vooraan te beginnen"
)


class VintageNotLoaded(Refusal):
    """A year whose boundaries this publication does not have."""

    code = "VINTAGE_NOT_LOADED"

    def __init__(
        self, level: Level, vintage: int | None, loaded: Sequence[int], partial: Sequence[int]
    ) -> None:
        en, nl = (
            ", ".join(f"{year} ({part})" if year in partial else f"{year}" for year in loaded)
            for part in ("in part", "deels")
        )
        of_en = "no vintage" if vintage is None else f"vintage {vintage} not"
        of_nl = "geen indeling" if vintage is None else f"indeling {vintage} niet"
        super().__init__(
            f"{LEVEL_NL[level]}: {of_en} loaded in this publication; loaded: {en or '-'}",
            f"{LEVEL_NL[level]}: {of_nl} geladen in deze publicatie; geladen: {nl or '-'}",
            argument="level" if vintage is None else "vintage",
            level=level.name,
            loadedVintages=list(loaded),
            partialVintages=list(partial),
        )


class VintageNotDrawn(Refusal):
    """A year of whose boundaries no map is loaded: where a point or a box lies cannot be said."""

    code = "VINTAGE_NOT_DRAWN"

    def __init__(self, level: Level, vintage: int, drawn: Sequence[int]) -> None:
        listed = ", ".join(map(str, drawn)) or "-"
        super().__init__(
            f"{LEVEL_NL[level]}: no map of vintage {vintage} is loaded, so nothing can be said of "
            f"where something lies in it; vintages with a map: {listed}",
            f"{LEVEL_NL[level]}: van indeling {vintage} is geen kaart geladen, zodat niemand kan "
            f"zeggen waar iets daarin ligt; indelingen met een kaart: {listed}",
            argument="vintage",
            level=level.name,
            drawnVintages=list(drawn),
        )


class NotStatedForVintage(Refusal):
    """Members that are stated for other boundaries; they are never joined on the code alone."""

    code = "NOT_STATED_FOR_VINTAGE"

    def __init__(
        self,
        what: str,
        level: Level,
        vintage: int,
        stated: Iterable[tuple[Level, int]],
        *,
        argument: str,
    ) -> None:
        known = [{"level": at.name, "vintage": year} for at, year in stated]
        listed = ", ".join(f"{each['level']} {each['vintage']}" for each in known) or "-"
        super().__init__(
            f"{what}: no members are stated for {LEVEL_NL[level]} vintage {vintage}, and a code "
            f"of another vintage may be another area; stated for: {listed}",
            f"{what}: voor {LEVEL_NL[level]} indeling {vintage} zijn geen leden opgegeven, en een "
            f"code uit een andere indeling kan een ander gebied zijn; opgegeven voor: {listed}",
            argument=argument,
            statedFor=known,
        )


class NoListOnDate(Refusal):
    """A date before the first known list of a group."""

    code = "NO_LIST_ON_DATE"

    def __init__(self, group: str, at: date | None, first: date | None) -> None:
        begins, day = (each.isoformat() if each else "-" for each in (first, at))
        super().__init__(
            f"no list of {group} is known on {day}; the first one is of {begins}",
            f"op {day} is geen lijst van {group} bekend; de eerste is van {begins}",
            argument="at",
            firstList=first.isoformat() if first else None,
        )


class LimitOutOfRange(Refusal):
    """A number of items outside what one answer gives. Never clamped.

    `what` is counted where that is not the argument itself, and `why`; both in English and Dutch.
    """

    code = "LIMIT_OUT_OF_RANGE"

    def __init__(
        self,
        argument: str,
        given: int,
        lowest: int,
        highest: int,
        *,
        what: tuple[str, str] | None = None,
        why: tuple[str, str] = ("", ""),
    ) -> None:
        en, nl = (f"; {each}" if each else "" for each in why)
        is_en, is_nl = (
            (f"`{argument}` is {given}",) * 2
            if what is None
            else (f"`{argument}`: {given} {each}" for each in what)
        )
        super().__init__(
            f"{is_en}; it must be from {lowest} to {highest}{en}",
            f"{is_nl}; het moet van {lowest} tot en met {highest} zijn{nl}",
            argument=argument,
            minimum=lowest,
            maximum=highest,
        )
        self.highest = highest


class BadArgument(Refusal):
    """An argument whose parts contradict each other or lie outside what can exist."""

    code = "BAD_USER_INPUT"


class UnknownSlug(Refusal):
    """A slug that this publication does not have."""

    code = "UNKNOWN_SLUG"

    def __init__(
        self, kind: str, slug: str, suggestions: Sequence[str], *, argument: str = "slug"
    ) -> None:
        near = ", ".join(suggestions)
        kind_nl = _KIND_NL.get(kind, kind)
        super().__init__(
            f"there is no {kind} {slug[:60]!r}" + (f"; nearest: {near}" if near else ""),
            f"er is geen {kind_nl} {slug[:60]!r}"
            + (f"; het dichtst erbij: {near}" if near else ""),
            argument=argument,
            suggestions=[{"slug": each} for each in suggestions],
        )


class MalformedStacking(Refusal):
    """A caller's definition of stacking that cannot be computed: all that is wrong, at once."""

    code = "MALFORMED_DEFINITION"

    def __init__(self, problems: Sequence[Problem], *, argument: str) -> None:
        super().__init__(
            "the definition cannot be computed: " + "; ".join(each.message for each in problems),
            "de definitie is niet te berekenen: " + "; ".join(each.message_nl for each in problems),
            argument=argument,
            problems=[
                {
                    "problem": each.fault.name,
                    "path": list(each.path),
                    "message": each.message,
                    "messageNl": each.message_nl,
                }
                for each in problems
            ],
        )


class NotAvailableAtLevel(Refusal):
    """An indicator without figures at a level, at any level, or in any open source."""

    code = "NOT_AVAILABLE_AT_LEVEL"

    def __init__(self, en: str, nl: str, problem: str, levels: Iterable[Level]) -> None:
        listed = [each.name for each in levels]
        super().__init__(en, nl, argument="indicator", problem=problem, levels=listed)


class NotAvailableInYear(Refusal):
    """An indicator without figures of a year on the boundaries asked for."""

    code = "NOT_AVAILABLE_IN_YEAR"

    def __init__(
        self,
        slug: str,
        year: int | None,
        at: tuple[Level, int],
        years: Sequence[int],
        published_on: Sequence[int],
    ) -> None:
        level, vintage = at
        own, others = (", ".join(map(str, each)) or "-" for each in (years, published_on))
        of_en, of_nl = ("", "") if year is None else (f" of {year}", f" van {year}")
        super().__init__(
            f"{slug} has no figures{of_en} on the boundaries of {LEVEL_NL[level]} vintage "
            f"{vintage}; years that it has there: {own}; vintages with figures{of_en}: {others}",
            f"{slug} heeft geen cijfers{of_nl} op de grenzen van {LEVEL_NL[level]} indeling "
            f"{vintage}; jaren die er wel zijn: {own}; indelingen met cijfers{of_nl}: {others}",
            argument="indicator" if year is None else "year",
            level=level.name,
            vintage=vintage,
            year=year,
            years=list(years),
            publishedOnVintages=list(published_on),
        )


class KindNotAllowed(Refusal):
    """An indicator of a sort of number for which what is asked has no meaning."""

    code = "KIND_NOT_ALLOWED"

    def __init__(self, argument: str, slug: str, kind: Kind, allowed: Sequence[Kind]) -> None:
        listed = ", ".join(each.name for each in allowed)
        super().__init__(
            f"{argument}: {slug} is a {kind.name}; this is only told of {listed}",
            f"{argument}: {slug} is een {kind.name}; dit bestaat alleen voor {listed}",
            argument=argument,
            kind=kind.name,
            allowedKinds=[each.name for each in allowed],
        )


class ReferenceUnknown(Refusal):
    """An area that others cannot be compared with: too little of it is known."""

    code = "REFERENCE_UNKNOWN"

    def __init__(self, name: str, unknown: Sequence[str], domains: int, units: int) -> None:
        listed = ", ".join(unknown)
        none_en = "" if units else " (no whole unit of it counts as a member and is loaded)"
        none_nl = "" if units else " (geen hele eenheid ervan telt als lid en is geladen)"
        super().__init__(
            f"{name}{none_en}: unknown in more than half of the domains, {len(unknown)} of "
            f"{domains}: {listed}; compare with another area, year or definition",
            f"{name}{none_nl}: onbekend in meer dan de helft van de domeinen, {len(unknown)} van "
            f"{domains}: {listed}; vergelijk met een ander gebied, jaar of een andere definitie",
            argument="reference",
            unknownDomains=list(unknown),
            domains=domains,
            units=units,
        )


_OTHERS: tuple[tuple[type[LeefbaarheidError], str, str], ...] = (
    (MalformedCode, "MALFORMED_CODE", MALFORMED_CODE_NL),
    (MalformedCursor, "BAD_CURSOR", BAD_CURSOR_NL),
    (PublicationWithdrawn, "PUBLICATION_WITHDRAWN", "deze publicatie is ingetrokken"),
    (UnknownPublication, "UNKNOWN_PUBLICATION", "deze publicatie bestaat niet"),
)


def code_of(error: BaseException) -> tuple[str, dict[str, object]] | None:
    """The code and further extensions shown for an error; None for a fault of ours."""
    if isinstance(error, Refusal):
        return error.code, dict(error.extensions)
    for kind, code, nl in _OTHERS:
        if isinstance(error, kind):
            return code, {"messageNl": nl}
    if isinstance(error, AWAY):
        return "UNAVAILABLE", {"messageNl": "de opslag antwoordt nu niet; probeer het zo weer"}
    return None
