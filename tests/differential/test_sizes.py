"""Whatever valid document is asked, its plans know how much it asks for."""

from collections.abc import Iterator, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)
from hypothesis import given

from schema.compiled.operation import Operation
from tests.differential import torture
from tests.differential.budget import examples
from tests.differential.documents import Case, Documents

_SCHEMA = torture.subject().schema
_CASES = Documents(_SCHEMA, torture.POOLS).cases()
_Fragments = Mapping[str, FragmentDefinitionNode]
_Path = tuple[str, ...]


def _spread(
    selections: SelectionSetNode | None, fragments: _Fragments, path: _Path = ()
) -> Iterator[tuple[_Path, bool]]:
    """Every field one by one: the names on the way to it, and whether it has one of its own."""
    for node in selections.selections if selections else ():
        if isinstance(node, FieldNode):
            here = (*path, node.name.value)
            yield here, node.alias is not None
            yield from _spread(node.selection_set, fragments, here)
        elif isinstance(node, FragmentSpreadNode):
            held = fragments[node.name.value].selection_set
            yield from _spread(held, fragments, path)
        else:
            assert isinstance(node, InlineFragmentNode)
            yield from _spread(node.selection_set, fragments, path)


@given(_CASES)
@examples(0.2)
def test_a_planned_question_is_as_large_as_its_fields_counted_one_by_one(case: Case) -> None:
    for text in {request.text for request in case.requests}:
        document = parse(text)
        each = document.definitions
        fragments = {x.name.value: x for x in each if isinstance(x, FragmentDefinitionNode)}
        for syntax in each:
            if isinstance(syntax, OperationDefinitionNode):
                found = list(_spread(syntax.selection_set, fragments))
                asked = [path for path, _ in found if not {"__schema", "__type"} & {*path}]
                size = Operation(_SCHEMA, document, syntax).size
                assert size.depth == max(map(len, asked), default=0)
                assert size.aliases == sum(aliased for _, aliased in found)
                assert size.fields == len(found)
