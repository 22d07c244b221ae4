"""What a caller can ask wrongly, and what is said about it: a code, English and Dutch words.

`code_of` is the table of the GraphQL edge. Whatever is not in it is a fault of ours.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar

import asyncpg

from db.core.cursor import MalformedCursor
from db.core.errors import LeefbaarheidError, MalformedCode, UnknownPublication
from db.core.indicator import Kind
from db.core.levels import Level
from db.core.stacking_definition import Problem

Suggestions = Sequence[dict[str, object]]

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
    "focus area": "focusgebied",
    "programme": "programma",
    "municipality group": "gemeentegroep",
    "funding stream": "geldstroom",
    "intervention": "ingreep",
    "statement": "uitspraak",
}
_MALFORMED_CODE_NL = (
    "dit is geen gebiedscode; verwacht GM + 4 cijfers, WK + 4 cijfers + 2 tekens of "
    "BU + 4 cijfers + 4 tekens"
)


class Refusal(LeefbaarheidError):
    """A question that cannot be answered as it was asked, in both languages."""

    code: ClassVar[str]

    def __init__(self, en: str, nl: str, **extensions: object) -> None:
        super().__init__(en)
        # graphql-core copies `extensions` of what was raised into the error it makes of it.
        self.extensions: dict[str, object] = {"code": self.code, "messageNl": nl, **extensions}

    @property
    def message_nl(self) -> str:
        return str(self.extensions["messageNl"])


class NoAreaCode(Refusal):
    """Text that has not the form of an area code."""

    code = "MALFORMED_CODE"

    def __init__(self, text: str, suggestions: Suggestions) -> None:
        near = ", ".join(str(each["code"]) for each in suggestions)
        super().__init__(
            str(MalformedCode(text)) + (f"; did you mean {near}?" if near else ""),
            _MALFORMED_CODE_NL + (f"; bedoelt u {near}?" if near else ""),
            suggestions=list(suggestions),
        )


class UnknownCode(Refusal):
    """A well-formed code that no loaded vintage of its level has."""

    code = "UNKNOWN_CODE"

    def __init__(self, text: str, suggestions: Suggestions) -> None:
        near = ", ".join(f"{each['code']} {each['name']}".strip() for each in suggestions)
        super().__init__(
            f"no loaded vintage has an area {text}" + (f"; nearest: {near}" if near else ""),
            f"geen geladen indeling kent een gebied {text}"
            + (f"; het dichtst erbij: {near}" if near else ""),
            suggestions=list(suggestions),
        )


class CodeNotValidInVintage(Refusal):
    """A code that exists, but not in the vintage asked for, or not in the part of it loaded."""

    code = "CODE_NOT_VALID_IN_VINTAGE"

    def __init__(self, text: str, vintage: int, valid_in: Sequence[int], *, complete: bool) -> None:
        listed = ", ".join(map(str, valid_in))
        absent_en, absent_nl = (
            (
                f"{text} is no area of vintage {vintage}",
                f"{text} is geen gebied in de indeling van {vintage}",
            )
            if complete
            else (
                f"{text} is not among the areas loaded for vintage {vintage}, of which only a "
                "part is loaded",
                f"{text} is niet een van de gebieden die voor de indeling van {vintage} geladen "
                "zijn; daarvan is maar een deel geladen",
            )
        )
        super().__init__(
            f"{absent_en}; the loaded vintages that have this code are {listed}, and it may name "
            "another area there",
            f"{absent_nl}; de geladen indelingen met deze code zijn {listed}, en daar kan het een "
            "ander gebied zijn",
            complete=complete,
            vintages=list(valid_in),
            oldestVintage=min(valid_in),
            newestVintage=max(valid_in),
        )


class CodeOfAnotherLevel(Refusal):
    """A code of a wijk where one of a gemeente is asked for, and the like."""

    code = "CODE_OF_ANOTHER_LEVEL"

    def __init__(self, text: str, level: Level, expected: Level) -> None:
        super().__init__(
            f"{text} is the code of a {LEVEL_NL[level]}, not of a {LEVEL_NL[expected]}; "
            f"ask for it as `{LEVEL_NL[level]}`",
            f"{text} is de code van een {LEVEL_NL[level]}, niet van een {LEVEL_NL[expected]}; "
            f"vraag het op als `{LEVEL_NL[level]}`",
            level=level.name,
            expected=expected.name,
            field=LEVEL_NL[level],
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


class NotStatedForVintage(Refusal):
    """Members that are stated for other boundaries; they are never joined on the code alone."""

    code = "NOT_STATED_FOR_VINTAGE"

    def __init__(
        self, what: str, level: Level, vintage: int, stated: Iterable[tuple[Level, int]]
    ) -> None:
        known = [{"level": at.name, "vintage": year} for at, year in stated]
        listed = ", ".join(f"{each['level']} {each['vintage']}" for each in known) or "-"
        super().__init__(
            f"{what}: no members are stated for {LEVEL_NL[level]} vintage {vintage}, and a code "
            f"of another vintage may be another area; stated for: {listed}",
            f"{what}: voor {LEVEL_NL[level]} indeling {vintage} zijn geen leden opgegeven, en een "
            f"code uit een andere indeling kan een ander gebied zijn; opgegeven voor: {listed}",
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
            firstList=first.isoformat() if first else None,
        )


class LimitOutOfRange(Refusal):
    """A number of items outside what one answer gives. Never clamped.

    `argument` where that is called otherwise than what is counted; `why` in English and Dutch.
    """

    code = "LIMIT_OUT_OF_RANGE"

    def __init__(
        self,
        name: str,
        given: int,
        lowest: int,
        highest: int,
        *,
        argument: str | None = None,
        why: tuple[str, str] = ("", ""),
    ) -> None:
        en, nl = (f"; {each}" if each else "" for each in why)
        super().__init__(
            f"`{name}` is {given}; it must be from {lowest} to {highest}{en}",
            f"`{name}` is {given}; het moet van {lowest} tot en met {highest} zijn{nl}",
            argument=argument or name,
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

    def __init__(self, kind: str, slug: str, suggestions: Sequence[str]) -> None:
        near = ", ".join(suggestions)
        kind_nl = _KIND_NL.get(kind, kind)
        super().__init__(
            f"there is no {kind} {slug[:60]!r}" + (f"; nearest: {near}" if near else ""),
            f"er is geen {kind_nl} {slug[:60]!r}"
            + (f"; het dichtst erbij: {near}" if near else ""),
            suggestions=[{"slug": each} for each in suggestions],
        )


class MalformedStacking(Refusal):
    """A caller's definition of stacking that cannot be computed: all that is wrong, at once."""

    code = "MALFORMED_DEFINITION"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            "the definition cannot be computed: " + "; ".join(each.message for each in problems),
            "de definitie is niet te berekenen: " + "; ".join(each.message_nl for each in problems),
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
        super().__init__(en, nl, problem=problem, levels=[each.name for each in levels])


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
            unknownDomains=list(unknown),
            domains=domains,
            units=units,
        )


_OTHERS: tuple[tuple[type[LeefbaarheidError], str, str], ...] = (
    (MalformedCode, "MALFORMED_CODE", _MALFORMED_CODE_NL),
    (
        MalformedCursor,
        "BAD_CURSOR",
        "dit is geen cursor; gebruik `endCursor`, `startCursor` of de `cursor` van een edge zoals "
        "die gegeven is, of laat hem weg om vooraan te beginnen",
    ),
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
