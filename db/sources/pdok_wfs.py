"""PDOK WFS: pages of features as GeoJSON, and the total that the server announces beside them.

Pages are not ordered, so a feature can come twice and another not at all: the distinct features
must be as many as announced. The coordinate system may stand after the last feature.
"""

from db.core.errors import BrokenLoad, CountMismatch
from db.core.figures import Parsed
from db.sources import geojson
from db.sources.area_rows import parsed
from db.sources.dataset import Dataset, Payload
from db.sources.layer import LayerBuilder
from db.sources.wfs_total import announced_total


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Areas and figures of the pages of 'data', counted against 'hits' where there is one."""
    builder = LayerBuilder()
    pages = [geojson.read(path, builder) for path in payload.parts["data"]]
    systems = {geojson.stated_crs(members) for members in pages}
    if len(systems) > 1:
        raise BrokenLoad(f"{dataset.id}: pages in different coordinate systems")
    announced = announced_total(pages, payload.get("hits"))
    if announced is None:
        raise BrokenLoad(f"{dataset.id}: no total to count the features against")
    result = parsed(dataset, [builder.layer(systems.pop())], paged=True)
    distinct = result.account.rows_read - result.account.rejected["duplicate"]
    if announced != distinct:
        raise CountMismatch(dataset.id, announced, distinct)
    return result
