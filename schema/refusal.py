"""What a refusal says: which argument cannot be answered as it was given, in both languages.

None is made without the name of an argument: who has to change something must know what.
"""

from typing import ClassVar

from db.core.errors import LeefbaarheidError


class Refusal(LeefbaarheidError):
    """A question that cannot be answered as it was asked, in both languages.

    `argument` is as the contract calls it; a field of an input object follows its point:
    `filter.codes`.
    """

    code: ClassVar[str]

    def __init__(self, en: str, nl: str, *, argument: str, **extensions: object) -> None:
        self.en = en
        self.nl = nl
        self._further = extensions
        super().__init__()
        self.is_about(argument)

    def is_about(self, argument: str) -> None:
        """Name the argument as the caller knows it, where what refused it knew another name."""
        self.argument = argument
        self.args = (_named(argument, self.en),)
        # graphql-core copies `extensions` of what was raised into the error it makes of it.
        self.extensions: dict[str, object] = {
            "code": self.code,
            "messageNl": _named(argument, self.nl),
            "argument": argument,
            **self._further,
        }

    def is_inside(self, whole: str) -> None:
        """The argument is a field of this one."""
        self.is_about(f"{whole}.{self.argument}")


def _named(argument: str, text: str) -> str:
    """A text that names the argument: as it is where it does so already."""
    named = f"`{argument}`"
    return text if named in text else f"{named}: {text}"
