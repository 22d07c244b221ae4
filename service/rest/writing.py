"""JSON answers of records."""

from typing import TypeVar

import orjson

from service.rest.operation import Answer, Asked
from service.rest.record import Record

S = TypeVar("S")
_AS_UTC = orjson.OPT_UTC_Z


def written(asked: Asked, record: Record[S], source: S) -> Answer:
    """One object as plain JSON."""
    return Answer(orjson.dumps(record.write(source, asked.context), option=_AS_UTC))
