"""The schema as it is published: printed from the code, described to the last argument."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

import schema as package
from schema.root import build, sdl

_FILE = Path(package.__file__).parent / "schema.graphql"


@pytest.fixture(scope="module")
def built() -> GraphQLSchema:
    return build()._schema


def _own_types(built: GraphQLSchema) -> list[GraphQLNamedType]:
    return [
        kind
        for kind in built.type_map.values()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    ]


def _described(built: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    for kind in _own_types(built):
        yield kind.name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{kind.name}.{n}", v.description) for n, v in kind.values.items())
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{kind.name}.{n}", f.description) for n, f in kind.fields.items())
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                yield f"{kind.name}.{name}", field.description
                for argument, given in field.args.items():
                    yield f"{kind.name}.{name}({argument})", given.description


def test_the_committed_schema_is_the_one_the_code_prints() -> None:
    assert _FILE.read_text(encoding="utf-8") == sdl(), (
        "schema/schema.graphql is not what the code prints; write it again with "
        "`leefbaarheid export-schema`"
    )


def test_the_committed_schema_stands_on_its_own() -> None:
    assert build_schema(_FILE.read_text(encoding="utf-8")).query_type is not None


def test_everything_is_described(built: GraphQLSchema) -> None:
    bare = [name for name, text in _described(built) if not (text and text.strip())]

    assert bare == []


def test_every_description_is_a_sentence(built: GraphQLSchema) -> None:
    odd = [name for name, text in _described(built) if text and text.strip()[-1] not in ".)"]

    assert odd == []


def test_scalars_name_their_standard(built: GraphQLSchema) -> None:
    scalars = {k.name: k for k in _own_types(built) if isinstance(k, GraphQLScalarType)}

    assert set(scalars) == {"Date", "DateTime", "GeoJSON", "PointInput"}
    assert all((k.specified_by_url or "").startswith("https://") for k in scalars.values())


def test_enum_values_are_upper_case(built: GraphQLSchema) -> None:
    enums = [kind for kind in _own_types(built) if isinstance(kind, GraphQLEnumType)]

    assert [v for kind in enums for v in kind.values if v != v.upper()] == []


def test_areas_of_every_level_are_areas_and_nodes(built: GraphQLSchema) -> None:
    area, node = built.type_map["Area"], built.type_map["Node"]
    assert isinstance(area, GraphQLInterfaceType)
    assert isinstance(node, GraphQLInterfaceType)

    assert {k.name for k in built.get_possible_types(area)} == {
        "Land",
        "Gemeente",
        "Wijk",
        "Buurt",
    }
    assert set(built.get_possible_types(area)) < set(built.get_possible_types(node))


def test_no_root_field_can_take_its_siblings_with_it(built: GraphQLSchema) -> None:
    assert built.query_type is not None

    fields = built.query_type.fields.items()

    assert [name for name, field in fields if str(field.type).endswith("!")] == []


def test_land_is_what_is_listed_unless_said_otherwise() -> None:
    assert "terrain: Terrain = LAND" in sdl()


@pytest.mark.parametrize("module", ["percentiles", "intervals", "trends", "stacking_input"])
def test_whichever_module_is_imported_first_the_schema_is_the_same(module: str) -> None:
    code = f"import schema.{module}; from schema.root import sdl; print(sdl(), end='')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == _FILE.read_text(encoding="utf-8"), done.stderr[-500:]
