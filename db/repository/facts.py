"""Reference facts out of Postgres, as the dataclasses they were made of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import asyncpg

from db.core.funding import FundingStream
from db.core.indicator import Indicator, Origin
from db.core.intervention import Intervention
from db.core.programme import (
    Alias,
    CompositionVersion,
    FocusArea,
    Membership,
    MunicipalityGroup,
    MunicipalityGroupList,
    Programme,
    Reference,
    Source,
    Withdrawal,
)
from db.core.record import plain, restore
from db.core.stacking_definition import StackingDefinition
from db.core.statement import Statement
from db.sql import queries

_FACTS = queries("facts")
_MATCHERS = frozenset({"matchers"})
"""How columns are recognised is the loader's business and no fact of the contract."""

Bodies = dict[tuple[str, str], dict[str, Any]]
_WITHDRAWAL = "withdrawal"


def bodies(reference: Reference, indicators: tuple[Indicator, ...]) -> Bodies:
    """Every fact as (kind, key) -> body, ready to be stored."""
    facts: Bodies = {}
    for kind, key, value in _keyed(reference, indicators):
        if (kind, key) in facts:
            raise ValueError(f"two {kind} facts with key {key}")
        facts[kind, key] = plain(value, leave_out=_MATCHERS)
    return facts


def own_bodies(
    sources: Iterable[Source] = (),
    indicators: Iterable[Indicator] = (),
    withdrawals: Iterable[Withdrawal] = (),
) -> Bodies:
    """What somebody states beside the facts of the service, ready to be stored."""
    return {
        **{("source", each.slug): plain(each) for each in sources},
        **bodies_of(indicators),
        **{(_WITHDRAWAL, each.slug): plain(each) for each in withdrawals},
    }


def bodies_of(indicators: Iterable[Indicator]) -> Bodies:
    """Indicators alone, ready to be stored."""
    return {("indicator", each.slug): plain(each, leave_out=_MATCHERS) for each in indicators}


def is_own(kind: str, body: Mapping[str, Any]) -> bool:
    """Whether a fact was brought in by who runs this instance, and not by a release."""
    return kind == _WITHDRAWAL or body.get("origin") == Origin.OWN.value


def own_indicators(facts: Bodies) -> dict[str, Indicator]:
    """The indicators of somebody's own among facts, by slug."""
    return {
        key: restore(Indicator, body)
        for (kind, key), body in facts.items()
        if kind == "indicator" and is_own(kind, body)
    }


async def read_open(connection: asyncpg.Connection) -> Bodies:
    """All facts that stand now, also those of the publication in the making."""
    rows = await connection.fetch(_FACTS["open"])
    return {(row["kind"], row["key"]): row["body"] for row in rows}


def _keyed(
    reference: Reference, indicators: tuple[Indicator, ...]
) -> Iterator[tuple[str, str, object]]:
    for indicator in indicators:
        yield "indicator", indicator.slug, indicator
    for source in reference.sources:
        yield "source", source.slug, source
    for programme in reference.programmes:
        yield "programme", programme.slug, programme
    for area in reference.focus_areas:
        yield "focus_area", area.slug, area
    for member in reference.memberships:
        yield "membership", _membership_key(member), member
    for group in reference.groups:
        yield "group", group.slug, group
    for listed in reference.group_lists:
        yield "group_list", f"{listed.group} {listed.as_of.isoformat()}", listed
    for definition in reference.stacking:
        yield "stacking_definition", definition.label, definition
    for alias in reference.aliases:
        yield "alias", f"{alias.code} {alias.vintage} {alias.name}", alias
    for version in reference.versions:
        yield "composition", f"{version.focus_area} {version.slug}", version
    for stream in reference.funding:
        yield "funding_stream", stream.slug, stream
    for intervention in reference.interventions:
        yield "intervention", intervention.slug, intervention
    for statement in reference.statements:
        yield "statement", statement.slug, statement


def _membership_key(member: Membership) -> str:
    unit = f"{member.level.value} {member.code or '?'} {member.vintage or '?'}"
    area = member.focus_area if member.version is None else f"{member.focus_area}@{member.version}"
    return f"{area} {unit} {member.valid_from or '?'} {member.name or ''}".strip()


async def read_facts(
    connection: asyncpg.Connection, publication: int
) -> tuple[Reference, dict[str, Indicator]]:
    """The reference facts and indicators of a publication."""
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await connection.fetch(_FACTS["at"], publication):
        kinds[row["kind"]].append(row["body"])
    reference = Reference(
        sources=tuple(restore(Source, body) for body in kinds["source"]),
        programmes=tuple(restore(Programme, body) for body in kinds["programme"]),
        focus_areas=tuple(restore(FocusArea, body) for body in kinds["focus_area"]),
        memberships=tuple(restore(Membership, body) for body in kinds["membership"]),
        groups=tuple(restore(MunicipalityGroup, body) for body in kinds["group"]),
        group_lists=tuple(restore(MunicipalityGroupList, body) for body in kinds["group_list"]),
        stacking=tuple(restore(StackingDefinition, body) for body in kinds["stacking_definition"]),
        aliases=tuple(restore(Alias, body) for body in kinds["alias"]),
        versions=tuple(restore(CompositionVersion, body) for body in kinds["composition"]),
        funding=tuple(restore(FundingStream, body) for body in kinds["funding_stream"]),
        interventions=tuple(restore(Intervention, body) for body in kinds["intervention"]),
        statements=tuple(restore(Statement, body) for body in kinds["statement"]),
        withdrawals=tuple(restore(Withdrawal, body) for body in kinds[_WITHDRAWAL]),
    )
    return reference, {body["slug"]: restore(Indicator, body) for body in kinds["indicator"]}
