"""What is not there, told by the name of the parameter that asked for it.

What finds it out speaks of arguments of GraphQL, of publications, or of nothing but itself.
"""

from collections.abc import Mapping
from typing import Any

from db.core.errors import PublicationWithdrawn, UnknownPublication
from schema.errors import code_of
from schema.refusal import Refusal
from service.rest.invalid import Invalid
from service.rest.operation import Missing
from service.rest.parameter import Parameter

WITHDRAWN = "PUBLICATION_WITHDRAWN"
_BY_ARGUMENT = {"vintage": "indeling", "level": "niveau", "code": "code", "slug": "slug"}
_BY_CODE = {
    "UNKNOWN_COLLECTION": "collectionId",
    "UNKNOWN_FEATURE": "id",
    "UNKNOWN_TILE_MATRIX_SET": "tileMatrixSetId",
    "NO_TILEJSON": "f",
}
Parameters = Mapping[str, Parameter[Any]]


def of_publication(error: Exception, pin: str, parameters: Parameters) -> Invalid | None:
    """What is wrong with the parameter that names a publication; None for any other error."""
    where = parameters[pin].where if pin in parameters else "query"
    if isinstance(error, PublicationWithdrawn):
        return Invalid(pin, WITHDRAWN, str(error), error.message_nl, where=where)
    if isinstance(error, UnknownPublication) and error.number is not None:
        en = f"there is no publication {error.number}; /v1/publicaties has those there are"
        nl = f"er is geen publicatie {error.number}; op /v1/publicaties staan ze"
        return Invalid(pin, "UNKNOWN_PUBLICATION", en, nl, where=where)
    return None


def absence(error: Exception, pin: str, parameters: Parameters) -> Invalid | None:
    """The same of whatever else is not there; None where no parameter asked for it."""
    if isinstance(error, Missing):
        allowed: Any = error.more.get("allowed", ())
        return _told(_BY_CODE.get(error.code), error.code, error.en, error.nl, parameters, allowed)
    if isinstance(error, Refusal):
        name, known = _BY_ARGUMENT.get(error.argument), code_of(error)
        return None if known is None else _told(name, known[0], error.en, error.nl, parameters)
    return of_publication(error, pin, parameters)


def _told(
    name: str | None, code: str, en: str, nl: str, parameters: Parameters, allowed: Any = ()
) -> Invalid | None:
    if name is None or name not in parameters:
        return None
    return Invalid(name, code, en, nl, allowed, where=parameters[name].where)
