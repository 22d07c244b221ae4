"""NDJSON: one object a line, every line complete in itself; what is absent is null."""

import orjson

from schema.export import Extract
from service.feeds.lines import SEAL, Dialect, State


def _areas(extract: Extract, areas: slice) -> list[str]:
    table = extract.table
    common = _members(
        publicatie=extract.publication,
        indicator=extract.indicator.slug,
        niveau=table.level.value,
        indeling=table.vintage,
    )
    named = zip(extract.codes[areas], extract.names[areas], strict=True)
    return [f"{{{common},{_members(code=code, naam=name)}," for code, name in named]


def _state(state: State) -> str:
    reason, source = state.reason, state.source
    found = _members(
        jaar=state.year,
        status=reason.status.name,
        reden=reason.name,
        voorlopig=state.provisional,
        bron=source.slug if source else None,
        licentie=source.licence if source else None,
        bronvermelding=source.attribution_nl if source else None,
    )
    return f'{found},"waarde":'


def _members(**members: object) -> str:
    """The members of an object, without what stands around it."""
    return orjson.dumps(members)[1:-1].decode()


DIALECT = Dialect(
    b"",
    _areas,
    _state,
    lower=b',"ondergrens":',
    upper=b',"bovengrens":',
    seal=f',"{SEAL}":"%b"'.encode(),
    end=b"}\n",
    absent=b"null",
)
