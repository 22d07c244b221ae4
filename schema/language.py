"""Texts for people, in the language asked for."""

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, TypeAlias

import strawberry

from schema.context import Context, Info
from schema.enums import described


class Language(Enum):
    """Language of a text."""

    NL = "nl"
    EN = "en"


described(
    Language,
    "Language of a text for people. Codes, slugs and enum values are the same in both.",
    NL="Dutch.",
    EN="English.",
)

LanguageArgument: TypeAlias = Annotated[
    Language | None,
    strawberry.argument(
        description="Language of the text. Null: the language that the request prefers."
    ),
]


def chosen(context: Context, language: Language | None) -> str:
    """`nl` or `en`: as the field's argument says, else as the request prefers."""
    return context.language if language is None else language.value


def text_of(source: Any, name: str, context: Context, language: Language | None) -> Any:
    """Attribute `name_nl` or `name_en` of a fact."""
    return getattr(source, f"{name}_{chosen(context, language)}")


def bilingual(name: str) -> Callable[..., Any]:
    """The resolver of a fact's attribute `name_nl` or `name_en`."""

    def read(source: strawberry.Parent[Any], info: Info, language: LanguageArgument = None) -> Any:
        return text_of(source, name, info.context, language)

    return read


def said(texts: tuple[str, str], context: Context, language: Language | None) -> str:
    """Of a text in Dutch and the same in English, the one that is asked for."""
    dutch, english = texts
    return english if chosen(context, language) == "en" else dutch
