"""Types of the schema that a module names before it can be imported there."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.areas import Area, Gemeente
    from schema.comparable import Comparable
    from schema.focus_areas import FocusArea, Programme
    from schema.groups import MunicipalityGroup
    from schema.observations import Observation

AreaItem = Annotated["Area", strawberry.lazy("schema.areas")]
ComparableItem = Annotated["Comparable", strawberry.lazy("schema.comparable")]
FocusAreaItem = Annotated["FocusArea", strawberry.lazy("schema.focus_areas")]
GemeenteItem = Annotated["Gemeente", strawberry.lazy("schema.areas")]
GroupItem = Annotated["MunicipalityGroup", strawberry.lazy("schema.groups")]
ObservationItem = Annotated["Observation", strawberry.lazy("schema.observations")]
ProgrammeItem = Annotated["Programme", strawberry.lazy("schema.focus_areas")]
