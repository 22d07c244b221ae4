"""Enough of OData's $filter for the tests: eq, in, startswith, substringof, and, or, brackets."""

import re
from collections.abc import Callable, Mapping

Row = Mapping[str, str]
Test = Callable[[Row], bool]

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),]|\w+)")


class BadFilter(Exception):
    """A filter the publisher would answer with status 400."""


def parse(text: str) -> Test:
    tokens: list[str] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadFilter(text)
        tokens.append(found[1])
        at = found.end()
    reader = _Reader(tokens)
    test = reader.either()
    if reader.tokens:
        raise BadFilter(text)
    return test


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def either(self) -> Test:
        tests = [self._both()]
        while self._accept("or"):
            tests.append(self._both())
        return lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._accept("and"):
            tests.append(self._one())
        return lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._accept("("):
            test = self.either()
            self._expect(")")
            return test
        name = self._take()
        if name == "startswith":
            self._expect("(")
            field = self._take()
            self._expect(",")
            start = self._literal()
            self._expect(")")
            return lambda row: row[field].startswith(start)
        if name == "substringof":
            self._expect("(")
            part = self._literal()
            self._expect(",")
            field = self._take()
            self._expect(")")
            return lambda row: part in row[field]
        return self._compared(name)

    def _compared(self, field: str) -> Test:
        if self._accept("in"):
            self._expect("(")
            choices = {self._literal()}
            while self._accept(","):
                choices.add(self._literal())
            self._expect(")")
            return lambda row: row[field] in choices
        self._expect("eq")
        value = self._literal()
        return lambda row: row[field] == value

    def _literal(self) -> str:
        token = self._take()
        if not token.startswith("'"):
            raise BadFilter(token)
        return token[1:-1].replace("''", "'")

    def _accept(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        self.tokens.pop(0)
        return True

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise BadFilter(token)

    def _take(self) -> str:
        if not self.tokens:
            raise BadFilter("the end")
        return self.tokens.pop(0)
