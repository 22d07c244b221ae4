"""Coordinate systems that features are sent in, and asked for in.

Shapes are stored in RD and, made from that, in degrees of ETRS89 taken to be CRS84. Systems in
degrees have the same numbers; EPSG's have the latitude first.
"""

import re
from dataclasses import dataclass

from schema.enums import Crs
from service.rest.parameter import Parameter, one_of

_PAIR = re.compile(r"\[([-+.0-9eE]+),([-+.0-9eE]+)\]")


@dataclass(frozen=True, slots=True)
class System:
    uri: str
    stored: Crs
    """The system whose stored numbers it has."""
    latitude_first: bool = False

    @property
    def is_degrees(self) -> bool:
        return self.stored is Crs.CRS84

    @property
    def header(self) -> tuple[bytes, bytes]:
        return b"content-crs", f"<{self.uri}>".encode()


CRS84 = System(Crs.CRS84.uri, Crs.CRS84)
RD = System(Crs.RD.uri, Crs.RD)
SYSTEMS = (
    CRS84,
    System("http://www.opengis.net/def/crs/EPSG/0/4258", Crs.CRS84, latitude_first=True),
    # The realisation that RD belongs to, which the ensemble 4258 leaves open.
    System("http://www.opengis.net/def/crs/EPSG/0/9067", Crs.CRS84, latitude_first=True),
    RD,
)
STORAGE = RD


def system_parameter(name: str, nl: str) -> Parameter[System]:
    """A parameter that takes one of the systems by its URI; CRS84 where it is not given."""
    return one_of(name, nl, {each.uri: each for each in SYSTEMS}, default=CRS84.uri)


def swapped(text: str) -> str:
    """GeoJSON of a geometry with the two numbers of every position in the other order."""
    return _PAIR.sub(r"[\2,\1]", text)
