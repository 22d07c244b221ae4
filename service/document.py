"""GraphQL documents: bounded before they are parsed, parsed and validated once, then kept.

The bounds follow what a document may cost us; every one names itself and its figure. Those of a
question are checked when that is planned.
"""

import asyncio
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FieldNode,
    FloatValueNode,
    GraphQLError,
    GraphQLSchema,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    StringValueNode,
    parse,
    validate,
)

from schema.compiled.size import Size as QuestionSize
from service.size import measure


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may hold, and what one question of it may ask for."""

    bytes: int = 32 * 1024
    tokens: int = 4000
    # Brackets of every kind: the parser recurses once for each.
    brackets: int = 64
    operations: int = 10
    fragments: int = 100
    # Fields and fragments inside each other, spread out: validating and planning recurse.
    levels: int = 128
    # Tools ask for types of types of types; the rule on introspection bounds its lists.
    introspection_depth: int = 20
    # Measured: validation takes up to 5 microseconds for each, as `size.py` counts them.
    pairs: int = 20_000
    # Of a question, by its plan: `check_question`.
    depth: int = 15
    aliases: int = 100
    fields: int = 2000

    @property
    def spread(self) -> int:
        """Fields and fragments that are spread before a document is too large to validate."""
        return 2 * self.fields


_FIELDS = "fields, fragments spread out"
_READ_AT_ONCE = 500
"""Characters of a new document that is read while others wait: some milliseconds."""


class RequestRefused(Exception):
    """A well-formed request that is not run, and every reason why."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


class Unread(Exception):
    """A document that is long and new: it is read by a thread, and then asked for again."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


@dataclass(frozen=True, slots=True)
class Document:
    """A document as far as it can be judged without a request; `invalid` says why not to run."""

    text: str
    ast: DocumentNode
    operations: Mapping[str | None, OperationDefinitionNode]
    invalid: tuple[GraphQLError, ...]
    weight: int

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The one to run. Never the first of several: that would be a guess."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is not None and name in self.operations:
            return self.operations[name]
        known = ", ".join(sorted(str(each) for each in self.operations if each is not None))
        message = (
            f"the document has no operation {name[:60]!r}; it has: {known or 'one without a name'}"
            if name is not None
            else f"the document has several operations; set operationName to one of: {known}"
            if known
            else "the document has no operation"
        )
        raise RequestRefused([_refusal(message, "BAD_USER_INPUT")])

    @property
    def is_about_the_schema(self) -> bool:
        """Only introspection: the answer depends on nothing but the schema."""
        operations = list(self.operations.values())
        return len(operations) == 1 and all(
            isinstance(selection, FieldNode) and selection.name.value.startswith("__")
            for selection in operations[0].selection_set.selections
        )


class Documents:
    """Documents seen before, by their exact text, up to a number of bytes."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        limits: Limits | None = None,
        kept_bytes: int = 32 * 1024 * 1024,
    ) -> None:
        self._schema = schema
        self.limits = limits or Limits()
        self._kept: LRUCache[str, Document] = LRUCache(kept_bytes, getsizeof=attrgetter("weight"))
        self._reading = asyncio.Lock()

    def is_too_long(self, text: str) -> bool:
        """The one bound that documents which differ in literals may pass one by one."""
        return _is_too_long(text, self.limits)

    def get(self, text: str) -> Document:
        """The document; RequestRefused when it cannot be parsed or is over a bound."""
        found = self._kept.get(text)
        if found is None:
            found = read(text, self._schema, self.limits)
            if found.weight <= self._kept.maxsize:
                self._kept[text] = found
        return found

    def is_unread(self, text: str) -> bool:
        """Whether reading it would hold up others; what is over a bound is refused quickly.

        Parsing and validating take up to 5 microseconds a character, and up to 0.1 s.
        """
        return len(text) > _READ_AT_ONCE and text not in self._kept and not self.is_too_long(text)

    async def read_aside(self, text: str) -> None:
        """Read a document by a thread, one at a time, and keep it; RequestRefused as `get` says."""
        async with self._reading:
            if text not in self._kept:
                self._kept[text] = await asyncio.to_thread(read, text, self._schema, self.limits)

    def once(self, text: str) -> Document:
        """The same of a text of which nothing may be kept."""
        return read(text, self._schema, self.limits)


def _weight(ast: DocumentNode, text: str) -> int:
    """Bytes kept for it. Measured: 560 for each token with its nodes, in the worst document."""
    tokens = 0
    token = None if ast.loc is None else ast.loc.start_token
    while token is not None:
        tokens += 1
        token = token.next
    return 4096 + 560 * tokens + 2 * len(text)


def read(text: str, schema: GraphQLSchema, limits: Limits) -> Document:
    """Bound, parse, bound again and validate one document."""
    check_text(text, limits)
    try:
        ast = parse(text, max_tokens=limits.tokens)
    except RecursionError:
        raise _over("the document is nested too deep") from None
    except GraphQLError as error:
        code = "COST_LIMIT_EXCEEDED" if "tokens" in error.message else "GRAPHQL_PARSE_FAILED"
        raise RequestRefused([_coded(error, code)]) from None
    operations = {
        None if each.name is None else each.name.value: each
        for each in ast.definitions
        if isinstance(each, OperationDefinitionNode)
    }
    refusals = list(_refusals(ast, limits, has_odd_values=bool(_ODD_VALUE.search(text))))
    if refusals:
        raise RequestRefused(refusals)
    errors = validate(schema, ast, max_errors=20)
    invalid = tuple(_coded(error, "GRAPHQL_VALIDATION_FAILED") for error in errors)
    return Document(text, ast, operations, invalid, _weight(ast, text))


# As the lexer reads them: block strings, strings, comments. Possessive, so never quadratic.
_SKIPPED = re.compile(r'"""(?:\\"""|(?!""")[\s\S])*+(?:"""|\Z)|"(?:[^"\\\n\r]|\\.)*+"?|#[^\n\r]*')
_BRACKET = re.compile(r"[\[\]{}()]")
# An exponent, a very long number, or an escaped character.
_ODD_VALUE = re.compile(r"[0-9][eE]|[0-9]{300}|\\u")


def _is_too_long(text: str, limits: Limits) -> bool:
    return len(text) > limits.bytes or (
        4 * len(text) > limits.bytes and len(text.encode("utf-8", "surrogatepass")) > limits.bytes
    )


def check_text(text: str, limits: Limits) -> None:
    """Bounds that hold before the parser, which recurses and reads comments without counting."""
    if _is_too_long(text, limits):
        raise _over(
            f"a document may have {limits.bytes} bytes at most; "
            "move values into variables or ask for less"
        )
    depth = 0
    for bracket in _BRACKET.finditer(_SKIPPED.sub("", text)):
        depth += 1 if bracket.group() in "[{(" else -1
        if depth > limits.brackets:
            raise _over(f"brackets may be nested {limits.brackets} deep at most")


def _refusals(ast: DocumentNode, limits: Limits, *, has_odd_values: bool) -> Iterator[GraphQLError]:
    """Every bound that a parsed document passes before it is validated."""
    operations = sum(isinstance(each, OperationDefinitionNode) for each in ast.definitions)
    size = measure(ast, budget=limits.spread)
    figures = [
        ("operations", operations, limits.operations),
        ("fragments", len(ast.definitions) - operations, limits.fragments),
    ]
    if size is None:
        figures.append((_FIELDS, limits.spread, limits.fields))
    else:
        figures += [
            ("levels of fields and fragments", size.levels, limits.levels),
            ("levels of introspection", size.introspection_depth, limits.introspection_depth),
            ("pairs of fields with one name in one place", size.pairs, limits.pairs),
        ]
    yield from _too_many(figures)
    if has_odd_values:
        yield from _odd_values(ast)


def check_question(size: QuestionSize, limits: Limits) -> None:
    """RequestRefused for a question that asks for more than one may, whatever its variables."""
    figures = (
        ("levels of fields", size.depth, limits.depth),
        ("aliases, fragments spread out", size.aliases, limits.aliases),
        (_FIELDS, size.fields, limits.fields),
    )
    refusals = list(_too_many(figures))
    if refusals:
        raise RequestRefused(refusals)


def _too_many(figures: Iterable[tuple[str, int, int]]) -> Iterator[GraphQLError]:
    """A refusal for everything of which more is found than there may be."""
    for what, found, most in figures:
        if found > most:
            yield _refusal(f"a document may have {most} {what} at most", "COST_LIMIT_EXCEEDED")


def _odd_values(root: Node) -> Iterator[GraphQLError]:
    """Literals that Python or PostgreSQL would turn into something else, or choke on."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FloatValueNode | IntValueNode) and not math.isfinite(float(node.value)):
            yield _refusal("a number is too large to be one", "BAD_USER_INPUT", node)
        if isinstance(node, StringValueNode) and "\0" in node.value:
            yield _refusal("text must not contain the character U+0000", "BAD_USER_INPUT", node)
        for key in node.keys:
            child = getattr(node, key, None)
            waiting += [child] if isinstance(child, Node) else _nodes(child)


def _nodes(value: object) -> list[Node]:
    if not isinstance(value, list | tuple):
        return []
    return [each for each in value if isinstance(each, Node)]


def _over(message: str) -> RequestRefused:
    return RequestRefused([_refusal(message, "COST_LIMIT_EXCEEDED")])


def _refusal(message: str, code: str, node: Node | None = None) -> GraphQLError:
    return GraphQLError(message, nodes=node, extensions={"code": code})


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code, **(error.extensions or {})}
    return error
