"""Code lists and address tables: which areas exist, and how many addresses they hold."""

from db.sources import addresses, code_lists
from db.sources.dataset import Dataset, Family


def _yearly(level: str, year: int) -> Dataset:
    """The list that comes with the PC6 package: codes without their prefix."""
    return Dataset(
        id=f"{level}-codes-{year}",
        source="cbs-codes",
        family=Family.CODES,
        vintage=year,
        loader=code_lists.load,
        rank=20,
        files={"data": f"codes/{level}_{year}.csv"},
    )


CODES = (
    *(_yearly(level, 2025) for level in ("gemeente", "wijk", "buurt")),
    Dataset(
        id="wijk-attributes-2023-v0",
        source="cbs-wijkbuurtkaart",
        family=Family.CODES,
        vintage=2023,
        loader=code_lists.load,
        rank=30,
        files={"data": "codes/wijk_2023_v0_attributes.csv.gz"},
        note_nl="Kenmerken van de eerste wijkkaart (v0) van 2023; de kopie is zonder grenzen.",
        note_en="Attributes of the first (v0) wijk map of 2023; its geometry is not in the mirror.",
    ),
    Dataset(
        id="area-codes-2019",
        source="cbs-codes",
        family=Family.CODES,
        vintage=2019,
        loader=code_lists.load,
        rank=20,
        files={"data": "codes/buurt_wijk_gemeente_provincie_2019.csv.gz"},
    ),
    Dataset(
        id="pc6-2025-sample",
        source="cbs-pc6hnr",
        family=Family.ADDRESSES,
        vintage=2025,
        loader=addresses.load,
        files={"data": "codes/pc6hnr_2025_sample100.csv"},
        note_nl="Een steekproef van 100 rijen, alle in Amsterdam.",
        note_en="A sample of 100 rows, all in Amsterdam.",
    ),
    Dataset(
        id="pc4-2023",
        source="cbs-pc6hnr",
        family=Family.ADDRESSES,
        vintage=2023,
        loader=addresses.load,
        files={"data": "codes/pc4_gemeente_2023_counts.csv"},
        options={"codes": "numeric"},
        note_nl="Door een derde samengevat per PC4 en gemeente uit de tabel PC6-huisnummer.",
        note_en="Grouped by PC4 and gemeente from the PC6-huisnummer table by a third party.",
    ),
)
