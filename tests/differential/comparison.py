"""What makes two answers equal: the same JSON in the same order, and the same errors.

Below a position that null propagation has emptied an executor may stop early, so there either may
know errors that the other does not; each must know one that explains the null, and a made-up one
is still found: the reference runs again on a schema without non-null types, where nothing spreads.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import orjson
from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    is_interface_type,
    is_object_type,
)

from tests.differential.documents import Request
from tests.differential.executors import Answer, Path, Told

_NULL_GIVEN = "Cannot return null for non-nullable field"


def differences(ours: Answer, theirs: Answer, relaxed: Answer | None = None) -> list[str]:
    """Every way in which an answer is not the reference's; empty where they are equal.

    `relaxed` is the reference's answer where every position may be null.
    """
    if ours.is_refused or theirs.is_refused:
        return _refusals(ours, theirs)
    found = _of_data(_json(ours), _json(theirs), ())
    found += [f"told twice: {one}" for one, other in pairwise(ours.errors) if one == other]
    data = _json(theirs)
    hidden: dict[Path, tuple[list[Told], list[Told]]] = {}
    seen: tuple[set[Told], set[Told]] = (set(), set())
    for side, answer in enumerate((ours, theirs)):
        for error in answer.errors:
            emptied = _emptied(data, error.path)
            if emptied is None:
                seen[side].add(error)
            else:
                hidden.setdefault(emptied, ([], []))[side].append(error)
    found += [
        f"not an error of the reference: {each}" for each in sorted(seen[0] - seen[1], key=repr)
    ]
    found += [f"an error is missing: {each}" for each in sorted(seen[1] - seen[0], key=repr)]
    for path, (mine, others) in hidden.items():
        if not mine or not others:
            found.append(f"nothing explains the null at {path}: ours {mine}, reference {others}")
        if relaxed is not None:
            found += _invented(set(mine) - set(others), relaxed)
    return found


def needs_relaxed(ours: Answer, theirs: Answer) -> bool:
    """Whether ours knows an error that only a run without propagation can confirm."""
    return bool(set(ours.errors) - set(theirs.errors))


def _refusals(ours: Answer, theirs: Answer) -> list[str]:
    if ours == theirs:
        return []
    return [f"refused differently: ours {ours}, reference {theirs}"]


def _invented(errors: Iterable[Told], relaxed: Answer) -> list[str]:
    known, data = set(relaxed.errors), _json(relaxed)
    return [
        f"an error that never happened: {each}"
        for each in errors
        if each not in known
        and not (each.message.startswith(_NULL_GIVEN) and _is_null(data, each.path))
    ]


def _json(answer: Answer) -> Any:
    assert answer.data is not None
    return orjson.loads(answer.data)


def _emptied(data: Any, path: Path) -> Path | None:
    """The position above `path` that is null, if there is one."""
    for length, step in enumerate(path):
        if data is None:
            return path[:length]
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return None


def _is_null(data: Any, path: Path) -> bool:
    for step in path:
        if data is None:
            return False
        data = data[step]
    return data is None


def _of_data(ours: Any, theirs: Any, path: Path) -> list[str]:
    """Where two JSON values differ; 1 and 1.0 do, and so does another order of keys."""
    if type(ours) is not type(theirs):
        return [f"{path}: {_short(ours)} is not {_short(theirs)}"]
    if isinstance(ours, dict):
        if list(ours) != list(theirs):
            return [f"{path}: keys {list(ours)} are not {list(theirs)}"]
        return [each for key in ours for each in _of_data(ours[key], theirs[key], (*path, key))]
    if isinstance(ours, list):
        if len(ours) != len(theirs):
            return [f"{path}: {len(ours)} items are not {len(theirs)}"]
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [each for n, (a, b) in pairs for each in _of_data(a, b, (*path, n))]
    # By its text: -0.0 is not 0.0.
    same = ours == theirs and repr(ours) == repr(theirs)
    return [] if same else [f"{path}: {_short(ours)} is not {_short(theirs)}"]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 200 else text[:200] + "…"


def relaxed(build: Callable[[], GraphQLSchema]) -> GraphQLSchema:
    """The schema with every position nullable, so that each error stays where it happens.

    `build` makes a schema of its own, which is changed.
    """
    schema = build()
    for kind in schema.type_map.values():
        if (is_object_type(kind) or is_interface_type(kind)) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                field.type = _nullable(field.type)
    return schema


def _nullable(kind: Any) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return _nullable(kind.of_type)
    return GraphQLList(_nullable(kind.of_type)) if isinstance(kind, GraphQLList) else kind


def shown(request: Request) -> str:
    """A request as a person reads it."""
    variables = orjson.dumps(request.variables).decode()
    return (
        f"--- document\n{request.text}\n--- variables\n{variables}\n"
        f"--- operation {request.operation_name}"
    )


def report(request: Request, ours: Answer, theirs: Answer, found: Sequence[str]) -> str:
    """What somebody needs who looks into a difference."""
    lines = [
        "", shown(request), "--- ours", _told(ours), "--- reference", _told(theirs),
        "--- differences", *found[:20],
    ]  # fmt: skip
    return "\n".join(lines)


def _told(answer: Answer) -> str:
    data = "refused" if answer.data is None else answer.data.decode()
    return "\n".join([data[:4000], *(f"  {each}" for each in answer.errors[:20])])
