"""Kerncijfers wijken en buurten: one table a year, filled in rounds over about two years.

From CBS they are read through OData v4, the only door that tells secret from impossible.
"""

from db.sources import (
    boundaries,
    cbs_odata3,
    cbs_odata4,
    kwb_download,
    kwb_json,
    statline_csv,
)
from db.sources.dataset import Dataset, Family

_TABLES = {
    2013: "82339NED", 2014: "82931NED", 2015: "83220NED", 2016: "83487NED", 2017: "83765NED",
    2018: "84286NED", 2019: "84583NED", 2020: "84799NED", 2021: "85039NED", 2022: "85318NED",
    2023: "85618NED", 2024: "85984NED", 2025: "86165NED",
}  # fmt: skip
_V4 = "https://datasets.cbs.nl/odata/v1/CBS"
_V4_2017 = {
    role: f"kwb/83765NED_2017_v4_{role}.json.gz"
    for role in ("Dimensions", "MeasureCodes", "MeasureGroups", "WijkenEnBuurtenCodes")
}


def _published(year: int, table: str) -> Dataset:
    return Dataset(
        id=f"kwb-{year}",
        source="cbs-kwb",
        family=Family.KWB,
        vintage=year,
        loader=cbs_odata4.load,
        table=table,
        rank=70,
        address=f"{_V4}/{table}",
        protocol="odata4",
    )


def _download(year: int) -> Dataset:
    """The spreadsheet that CBS offers beside the table; its address changes with every release."""
    return Dataset(
        id=f"kwb-download-{year}",
        source="cbs-kwb",
        family=Family.KWB,
        vintage=year,
        loader=kwb_download.load,
        rank=55,
        files={"data": f"kwb/kwb-{year}.*"},
    )


def _map_attributes(level: str, file: str) -> Dataset:
    return Dataset(
        id=f"kwb-2017-{level}-map",
        source="cbs-wijkbuurtkaart",
        family=Family.KWB,
        vintage=2017,
        loader=boundaries.load,
        rank=50,
        files={"data": file},
        note_nl="Tabel met kenmerken van de Wijk- en Buurtkaart 2017, zonder de grenzen.",
        note_en="Attribute table of the Wijk- en Buurtkaart 2017, without its geometry.",
    )


KWB = (
    *(_published(year, table) for year, table in _TABLES.items()),
    *(_download(year) for year in _TABLES),
    Dataset(
        id="kwb-2017-codes",
        source="cbs-kwb",
        family=Family.KWB,
        vintage=2017,
        loader=cbs_odata4.load,
        table="83765NED",
        rank=60,
        files={"Properties": "kwb/83765NED_2017_v4_Metadata.json", **_V4_2017},
        note_nl="Metagegevens van de tabel, zonder de waarnemingen.",
        note_en="Metadata of the table without its observations.",
    ),
    _map_attributes("wijk", "kwb/kwb_2017_wijk.dbf.gz"),
    _map_attributes("gemeente", "kwb/kwb_2017_gemeente.dbf.gz"),
    Dataset(
        id="kwb-2019-den-haag",
        source="cbs-kwb",
        family=Family.KWB,
        vintage=2019,
        loader=statline_csv.load,
        table="84583NED",
        rank=60,
        files={"data": "kwb/84583NED_2019_denhaag_statline_export.csv.gz"},
        lists_all_areas=False,
        covers_all_areas=False,
        note_nl="Een export van alleen Den Haag, stand van 22 maart 2020.",
        note_en="An export of The Hague only, as of 22 March 2020.",
    ),
    Dataset(
        id="kwb-2020-typed",
        source="cbs-kwb",
        family=Family.KWB,
        vintage=2020,
        loader=cbs_odata3.load,
        table="84799NED",
        rank=60,
        files={
            "data": "kwb/84799NED_2020_TypedDataSet.parquet",
            "DataProperties": "kwb/84799NED_2020_DataProperties.parquet",
            "WijkenEnBuurten": "kwb/84799NED_2020_WijkenEnBuurten.parquet",
            "TableInfos": "kwb/84799NED_2020_Metadata.json",
        },
        note_nl="Stand van 26 maart 2021, toen 68 kolommen nog leeg waren.",
        note_en="State of 26 March 2021, when 68 columns were still empty.",
    ),
    Dataset(
        id="kwb-2024-selection",
        source="cbs-kwb",
        family=Family.KWB,
        vintage=2024,
        loader=kwb_json.load,
        table="85984NED",
        rank=60,
        files={
            "data": "kwb/85984NED_2024_wijk_gemeente_8fields.json.gz",
            "DataProperties": "kwb/85984NED_2024_DataProperties.json",
            "TableInfos": "kwb/85984NED_2024_TableInfos.json",
        },
        note_nl="Acht kolommen voor gemeenten en wijken; geen buurten, water of buitenland.",
        note_en="Eight columns for gemeenten and wijken; no buurten, water or abroad.",
    ),
)
