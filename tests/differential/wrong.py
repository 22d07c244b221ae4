"""Executors with one mistake each, to see that the comparison and the documents find it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import orjson
from graphql import (
    REMOVE,
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from tests.differential.documents import Request
from tests.differential.executors import Answer, ContextFactory, Executor, Subject

Make: TypeAlias = Callable[[Subject, ContextFactory, GraphQLSchema], Executor]


def _reading(change: Callable[[DocumentNode], DocumentNode]) -> Make:
    """Reads a document wrongly."""

    def make(subject: Subject, context: ContextFactory, _: GraphQLSchema) -> Executor:
        async def ask(request: Request) -> Answer:
            document = change(parse(request.text))
            return await subject.executed(document, request, context())

        return ask

    return make


def _answering(change: Callable[[Answer], Answer]) -> Make:
    """Changes a right answer."""

    def make(subject: Subject, context: ContextFactory, _: GraphQLSchema) -> Executor:
        right = subject.reference(context)

        async def ask(request: Request) -> Answer:
            answer = await right(request)
            return answer if answer.is_refused else change(answer)

        return ask

    return make


def _remembering(key: Callable[[Request], object]) -> Make:
    """Answers what was asked before under the same key with what it said then."""

    def make(subject: Subject, context: ContextFactory, _: GraphQLSchema) -> Executor:
        right, known = subject.reference(context), dict[object, Answer]()

        async def ask(request: Request) -> Answer:
            if key(request) not in known:
                known[key(request)] = await right(request)
            return known[key(request)]

        return ask

    return make


class _WithoutDirectives(Visitor):
    def enter_directive(self, node: Any, *_: Any) -> Any:
        argument = node.arguments[0].value
        return REMOVE if isinstance(argument, VariableNode) else None


class _WithoutLiterals(_WithoutDirectives):
    def enter_directive(self, node: Any, *_: Any) -> Any:
        return REMOVE if isinstance(node.arguments[0].value, BooleanValueNode) else None


class _FirstOfOneKey(Visitor):
    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> Any:
        kept: dict[str, SelectionNode] = {}
        for each in node.selections:
            is_field = isinstance(each, FieldNode)
            key = (each.alias or each.name).value if isinstance(each, FieldNode) else ""
            kept.setdefault(key if is_field else repr(id(each)), each)
        return SelectionSetNode(selections=tuple(kept.values()))


class _WithoutConditions(Visitor):
    def leave_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> Any:
        return InlineFragmentNode(
            directives=node.directives, type_condition=None, selection_set=node.selection_set
        )


class _WithoutDefaults(Visitor):
    def leave_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        return VariableDefinitionNode(
            variable=node.variable, type=node.type, default_value=None, directives=node.directives
        )


class _Backwards(Visitor):
    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> Any:
        return SelectionSetNode(selections=tuple(reversed(node.selections)))


class _Blank(Visitor):
    """As a careless plan would see a document: without any value."""

    def leave_int_value(self, *_: Any) -> Any:
        return IntValueNode(value="0")

    def leave_string_value(self, *_: Any) -> Any:
        return StringValueNode(value="", block=False)


def _visited(visitor: Callable[[], Visitor]) -> Make:
    return _reading(lambda document: visit(document, visitor()))


def _unbound(subject: Subject, context: ContextFactory, relaxed: GraphQLSchema) -> Executor:
    return subject.reference(context, relaxed)


def _first_operation(subject: Subject, context: ContextFactory, _: GraphQLSchema) -> Executor:
    async def ask(request: Request) -> Answer:
        document = parse(request.text)
        first = next(e for e in document.definitions if isinstance(e, OperationDefinitionNode))
        name = first.name.value if first.name else None
        return await subject.executed(document, replace(request, operation_name=name), context())

    return ask


def _null_for_omitted(subject: Subject, context: ContextFactory, _: GraphQLSchema) -> Executor:
    async def ask(request: Request) -> Answer:
        document = parse(request.text)
        declared = (
            each
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
            for each in definition.variable_definitions or ()
        )
        nulls = {
            each.variable.name.value: None
            for each in declared
            if each.default_value is None and not print_ast(each.type).endswith("!")
        }
        given = replace(request, variables={**nulls, **request.variables})
        return await subject.executed(document, given, context())

    return ask


def _json(change: Callable[[Any], Any]) -> Make:
    def changed(answer: Answer) -> Answer:
        assert answer.data is not None
        return replace(answer, data=orjson.dumps(change(orjson.loads(answer.data))))

    return _answering(changed)


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """The JSON value with every value in it changed, from the inside."""
    if isinstance(value, dict):
        return change({key: _each(each, change) for key, each in value.items()})
    return change([_each(each, change) for each in value] if isinstance(value, list) else value)


def _without_indexes(answer: Answer) -> Answer:
    errors = tuple(
        replace(each, path=tuple(step for step in each.path if isinstance(step, str)))
        for each in answer.errors
    )
    return replace(answer, errors=errors)


MISTAKES: Mapping[str, Make] = {
    "directives with a variable are ignored": _visited(_WithoutDirectives),
    "directives with a literal are ignored": _visited(_WithoutLiterals),
    "the second field of one key is not merged": _visited(_FirstOfOneKey),
    "type conditions are ignored": _visited(_WithoutConditions),
    "defaults of variables are ignored": _visited(_WithoutDefaults),
    "fields are answered backwards": _visited(_Backwards),
    "nulls do not spread": _unbound,
    "the first operation is run, whichever is named": _first_operation,
    "an omitted variable is null": _null_for_omitted,
    "a document with other literals is taken for the same": _remembering(
        lambda request: (
            print_ast(visit(parse(request.text), _Blank())),
            orjson.dumps(request.variables),
            request.operation_name,
        )
    ),
    "variables are forgotten": _remembering(lambda each: (each.text, each.operation_name)),
    "the last error is dropped": _answering(lambda each: replace(each, errors=each.errors[:-1])),
    "an error is told twice": _answering(
        lambda each: replace(each, errors=each.errors[:1] + each.errors)
    ),
    "paths have no indexes": _answering(_without_indexes),
    "messages are lost": _answering(
        lambda each: replace(each, errors=tuple(replace(e, message="") for e in each.errors))
    ),
    "keys are sorted": _json(
        lambda data: _each(data, lambda v: dict(sorted(v.items())) if isinstance(v, dict) else v)
    ),
    "whole numbers are written as floats": _json(
        lambda data: _each(data, lambda v: float(v) if type(v) is int else v)
    ),
    "minus zero loses its sign": _json(
        lambda data: _each(data, lambda v: 0.0 if isinstance(v, float) and v == 0 else v)
    ),
    "nulls are left out": _json(
        lambda data: _each(
            data,
            lambda v: {k: e for k, e in v.items() if e is not None} if isinstance(v, dict) else v,
        )
    ),
    "the third item of a list is lost": _json(
        lambda data: _each(data, lambda v: v[:2] + v[3:] if isinstance(v, list) else v)
    ),
}  # fmt: skip
