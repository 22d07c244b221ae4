"""What is said of codes of areas that cannot be read, or name no area where they were given."""

from collections.abc import Mapping, Sequence

from db.core.errors import MalformedCode
from db.core.levels import Level
from schema.errors import LEVEL_NL, MALFORMED_CODE_NL
from schema.refusal import Refusal

Suggestions = Sequence[Mapping[str, object]]


class NoAreaCode(Refusal):
    """Text that has not the form of an area code."""

    code = "MALFORMED_CODE"

    def __init__(self, text: str, suggestions: Suggestions, *, argument: str = "code") -> None:
        near = ", ".join(str(each["code"]) for each in suggestions)
        super().__init__(
            str(MalformedCode(text)) + (f"; did you mean {near}?" if near else ""),
            MALFORMED_CODE_NL + (f"; bedoelt u {near}?" if near else ""),
            argument=argument,
            suggestions=list(suggestions),
        )


class UnknownCode(Refusal):
    """A well-formed code that no loaded vintage of its level has."""

    code = "UNKNOWN_CODE"

    def __init__(self, text: str, suggestions: Suggestions, *, argument: str = "code") -> None:
        near = ", ".join(f"{each['code']} {each['name']}".strip() for each in suggestions)
        super().__init__(
            f"no loaded vintage has an area {text}" + (f"; nearest: {near}" if near else ""),
            f"geen geladen indeling kent een gebied {text}"
            + (f"; het dichtst erbij: {near}" if near else ""),
            argument=argument,
            suggestions=list(suggestions),
        )


class CodeNotValidInVintage(Refusal):
    """A code that exists, but not in the vintage asked for, or not in the part of it loaded."""

    code = "CODE_NOT_VALID_IN_VINTAGE"

    def __init__(
        self,
        text: str,
        vintage: int,
        valid_in: Sequence[int],
        *,
        complete: bool,
        argument: str = "code",
    ) -> None:
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
            argument=argument,
            complete=complete,
            vintages=list(valid_in),
            oldestVintage=min(valid_in),
            newestVintage=max(valid_in),
        )


class CodeOfAnotherLevel(Refusal):
    """A code of a wijk where one of a gemeente is asked for, and the like."""

    code = "CODE_OF_ANOTHER_LEVEL"

    def __init__(self, text: str, level: Level, expected: Level, *, argument: str = "code") -> None:
        super().__init__(
            f"{text} is the code of a {LEVEL_NL[level]}, not of a {LEVEL_NL[expected]}; "
            f"ask for it as `{LEVEL_NL[level]}`",
            f"{text} is de code van een {LEVEL_NL[level]}, niet van een {LEVEL_NL[expected]}; "
            f"vraag het op als `{LEVEL_NL[level]}`",
            argument=argument,
            level=level.name,
            expected=expected.name,
            field=LEVEL_NL[level],
        )
