"""From an id to the object it names."""

from schema.context import Context
from schema.handle_errors import BadId
from schema.ids import NodeKey, read_id
from schema.node_key import TYPE_NAMES
from schema.place import find_if_loaded

_LEVELS = {name: level for level, name in TYPE_NAMES.items()}


def find_node(context: Context, text: str) -> object | None:
    """The object of an id, or None where this publication does not have it."""
    key = read_id(text)
    if key.kind in _LEVELS:
        return _area(context, key)
    facts = context.facts
    match key.kind:
        case "Indicator":
            return facts.head.indicators.get(key.key)
        case "Programme":
            return facts.programmes.get(key.key)
        case "FocusArea":
            return facts.focus_areas.get(key.key)
        case "MunicipalityGroup":
            return facts.groups.get(key.key)
        case "FundingStream":
            return facts.funding.get(key.key)
        case "Intervention":
            return facts.interventions.get(key.key)
        case "Statement":
            return facts.statements.get(key.key)
        case "Source":
            return facts.sources.get(key.key)
        case "Publication" if key.key.isdecimal():
            return facts.publications.get(int(key.key))
        case _:
            raise BadId


def _area(context: Context, key: NodeKey) -> object | None:
    vintage, _, code = key.key.partition(":")
    if not vintage.isdecimal() or not code:
        raise BadId
    return find_if_loaded(context, _LEVELS[key.kind], code, int(vintage))
