"""The addresses of the contract: which one answers, told without trying them all."""

import random

from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match, Route

from service.rest import contract
from service.rest.addresses import Addresses
from service.rest.tiles import operations as tiles


async def _opened(number: int | None) -> None:
    raise AssertionError("nothing is opened")


(ADDRESSES,) = contract.routes(_opened, "http://service.test", tiles.operations(lambda: None))  # type: ignore[arg-type]
assert isinstance(ADDRESSES, Addresses)
ROUTES: list[Route] = ADDRESSES.routes
_WORDS = sorted({part for route in ROUTES for part in route.path.split("/")} | {"WK1", "a b", "0"})
_PATHS = st.lists(st.sampled_from(_WORDS), max_size=8).map(lambda parts: "/v1" + "/".join(parts))


def _scope(path: str, root: str = "") -> dict[str, object]:
    return {"type": "http", "method": "GET", "path": path, "root_path": root}


def _first(path: str, root: str = "") -> object:
    for route in ROUTES:
        match, found = route.matches(_scope(path, root))
        if match is not Match.NONE:
            return found["endpoint"], found["path_params"]
    return None


def _said(path: str, root: str = "") -> object:
    match, found = ADDRESSES.matches(_scope(path, root))
    return None if match is Match.NONE else (found["endpoint"], found["path_params"])


@given(_PATHS)
def test_any_path_is_answered_by_the_first_route_that_matches(path: str) -> None:
    assert _said(path) == _first(path)


def test_every_address_is_found_whatever_stands_in_its_rooms() -> None:
    for route in ROUTES:
        path = route.path
        for room in route.param_convertors:
            path = path.replace(f"{{{room}}}", random.choice(["WK034403", "2024", "é", "items"]))
        found = _said(path.replace("{rest:path}", "no/such/thing"))
        assert found is not None
        assert found[0] is route.endpoint  # type: ignore[index]


def test_a_service_below_another_path_finds_the_same() -> None:
    assert _said("/below/v1/collections", "/below") == _first("/below/v1/collections", "/below")
    assert _said("/elsewhere") is None
