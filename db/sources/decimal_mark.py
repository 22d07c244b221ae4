"""Which decimal mark a file uses, judged from its cells: CBS exports come with either.

A file in which both marks occur, or in which every marked number could also be a whole number
with a thousands separator, is refused: 1.234 is not guessed to be 1,234.
"""

import re
from collections.abc import Sequence

from db.core.errors import RefusedFile

_POINT = re.compile(r"\.\d")
_COMMA = re.compile(r",\d")
# What no thousands separator leaves behind: 0.5, 1.25, 12.3456 or 1234.567.
_PROOF = re.compile(r"(?<![\d.,])0?[.,]\d|\d{4}[.,]\d|[.,]\d{1,2}(?![\d.,])|[.,]\d{4}", re.ASCII)


class DecimalMark:
    """Learns the mark of one file as its cells pass by."""

    __slots__ = ("_file", "_proven", "mark")

    def __init__(self, file: str, mark: str | None = None) -> None:
        self.mark = mark
        self._proven = mark is not None
        self._file = file

    def see(self, texts: Sequence[str]) -> str:
        """The mark to read these cells with; RefusedFile once the file shows both."""
        joined = "\n".join(texts)
        for mark, pattern in ((".", _POINT), (",", _COMMA)):
            if pattern.search(joined):
                self._found(mark)
        self._proven = self._proven or _PROOF.search(joined) is not None
        return self.mark or "."

    def settle(self) -> None:
        """RefusedFile if a mark was seen and nothing proves it a decimal mark."""
        if self.mark is not None and not self._proven:
            raise RefusedFile(
                f"{self._file}: every {self.mark!r} stands before exactly three digits and may be "
                "a thousands separator; set the option 'decimal' for this dataset"
            )

    def _found(self, mark: str) -> None:
        if self.mark not in (None, mark):
            raise RefusedFile(
                f"{self._file}: decimal points and decimal commas both occur; "
                "export it again with one of them"
            )
        self.mark = mark
