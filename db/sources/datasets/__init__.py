"""The table of datasets: every edition we know, where it is and how it is read.

`address` is the publisher's; `files` is where a mirror folder keeps it. A dataset may have either
or both. Addresses are as publishers document them or as public clients use them; none was called
when this table was written.
"""

from collections.abc import Sequence

from db.core.errors import UnknownDataset
from db.sources.dataset import Dataset
from db.sources.datasets.codes import CODES
from db.sources.datasets.kwb import KWB
from db.sources.datasets.maps import MAPS
from db.sources.datasets.surveys import SURVEYS

# Code lists first, maps before figures: areas are there when their figures come.
DATASETS: tuple[Dataset, ...] = (*CODES, *MAPS, *KWB, *SURVEYS)


def dataset(name: str) -> Dataset:
    """The dataset with this id."""
    return chosen([name])[0]


def chosen(names: Sequence[str]) -> list[Dataset]:
    """Datasets by their id or by their source, in the order of the table; all without names."""
    known = {d.id for d in DATASETS} | {d.source for d in DATASETS}
    for name in names:
        if name not in known:
            raise UnknownDataset(name, sorted(known))
    return [d for d in DATASETS if not names or {d.id, d.source} & set(names)]
