"""Boundary maps: from PDOK by year, and the copies that a mirror folder keeps."""

from db.sources import boundaries, pdok_ogc, pdok_wfs
from db.sources.dataset import Dataset, Family

_OGC = "https://api.pdok.nl/cbs/wijken-en-buurten-{year}/ogc/v1/collections/{layer}/items"
_GENERALISED = (
    "https://api.pdok.nl/cbs/gebiedsindelingen/ogc/v1/collections/{level}_gegeneraliseerd/items"
)
_WFS = "https://service.pdok.nl/cbs/wijkenbuurten/{year}/wfs/v1_0"
_LAYERS = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}
_WFS_LAYERS = {
    "gemeente": "gemeenten{year}", "wijk": "cbs_wijken_{year}", "buurt": "cbs_buurten_{year}",
}  # fmt: skip
_RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


def _ogc(level: str, year: int) -> Dataset:
    """The full map of one year."""
    return Dataset(
        id=f"{level}-map-{year}",
        source="cbs-wijkbuurtkaart",
        family=Family.KWB,
        vintage=year,
        loader=pdok_ogc.load,
        rank=50,
        address=_OGC.format(year=year, layer=_LAYERS[level]),
        protocol="ogc",
        options={"crs": _RD, "limit": "1000"},
    )


def _wfs(level: str, year: int) -> Dataset:
    """The full map of an earlier year, which PDOK serves through WFS only."""
    return Dataset(
        id=f"{level}-map-{year}",
        source="cbs-wijkbuurtkaart",
        family=Family.KWB,
        vintage=year,
        loader=pdok_wfs.load,
        rank=50,
        address=_WFS.format(year=year),
        protocol="wfs",
        options={
            "layer": _WFS_LAYERS[level].format(year=year),
            "srs": "EPSG:28992",
            # Without an order the pages of one answer may repeat one area and miss another.
            "sort": f"{level}code",
        },
    )


def _generalised(level: str, year: int) -> Dataset:
    """The generalised map, for years without a full one."""
    return Dataset(
        id=f"{level}-map-{year}",
        source="cbs-wijkbuurtkaart",
        family=Family.BOUNDARIES,
        vintage=year,
        loader=pdok_ogc.load,
        rank=40,
        address=_GENERALISED.format(level=level),
        protocol="ogc",
        options={"crs": _RD, "limit": "1000", "jaarcode": str(year)},
    )


def _package(year: int) -> Dataset:
    """The Wijk- en Buurtkaart as one GeoPackage with all three levels."""
    return Dataset(
        id=f"wijkenbuurten-{year}",
        source="cbs-wijkbuurtkaart",
        family=Family.KWB,
        vintage=year,
        loader=boundaries.load,
        rank=55,
        files={"data": f"geo/wijkenbuurten_{year}_v*.gpkg"},
    )


def _copy(
    name: str,
    file: str,
    year: int,
    *,
    rank: int = 40,
    family: Family = Family.BOUNDARIES,
    sample: bool = False,
    note_nl: str | None = None,
    note_en: str | None = None,
) -> Dataset:
    return Dataset(
        id=name,
        source="cbs-wijkbuurtkaart",
        family=family,
        vintage=year,
        loader=boundaries.load,
        rank=rank,
        files={"data": f"geo/{file}"},
        lists_all_areas=not sample,
        covers_all_areas=not sample,
        note_nl=note_nl,
        note_en=note_en,
    )


_JOINED_NL = (
    "Vereenvoudigd; cijfers onder korte namen, naast kolommen die een derde heeft toegevoegd:"
    " alleen de cijfers van het CBS worden hier gepubliceerd."
)
_JOINED_EN = (
    "Simplified; figures under short names, beside columns that a third party joined in: only the"
    " CBS figures are published here."
)

MAPS = (
    *(_ogc(level, year) for year in (2022, 2023, 2024, 2025) for level in _LAYERS),
    *(_wfs(level, year) for year in (2012, 2017, 2018, 2019) for level in _LAYERS),
    *(_generalised(level, year) for year in (2016, 2020, 2021) for level in _LAYERS),
    *(_package(year) for year in range(2012, 2026)),
    *(
        _copy(
            f"gemeente-copy-{year}",
            f"gemeente_{year}_wgs84.geojson.gz",
            year,
            family=Family.KWB,
            rank=35,
            note_nl=_JOINED_NL,
            note_en=_JOINED_EN,
        )
        for year in (2012, 2017, 2018, 2019, 2022, 2023, 2024)
    ),
    Dataset(
        id="gemeente-wfs-2017",
        source="cbs-wijkbuurtkaart",
        family=Family.BOUNDARIES,
        vintage=2017,
        loader=pdok_wfs.load,
        rank=45,
        files={"data": "geo/gemeente_2017_rd_pdok_wfs.geojson.gz"},
    ),
    _copy(
        "wijk-copy-2014",
        "wijk_2014_wgs84.topojson.gz",
        2014,
        note_nl="Afgerond op ongeveer 30 m.",
        note_en="Quantised to about 30 m.",
    ),
    _copy("buurt-coarse-2014", "buurt_2014_coarse_wgs84.topojson.gz", 2014, rank=10),
    _copy("wijk-copy-2016", "wijk_2016_rd.geojson.gz", 2016),
    _copy(
        "wijk-partial-2016",
        "wijk_2016_partial_full_wgs84.geojson.gz",
        2016,
        rank=30,
        family=Family.KWB,
        sample=True,
        note_nl="1.570 van de 2.981 wijken, met alle details.",
        note_en="1,570 of 2,981 wijken, in full detail.",
    ),
    _copy("buurt-copy-2016", "buurt_2016_full_wgs84.geojson.gz", 2016, family=Family.KWB),
    _copy("wijk-copy-2022", "wijk_2022_rd.geojson.gz", 2022, family=Family.KWB),
    _copy("wijk-copy-2024", "wijk_2024_wgs84.geojson.gz", 2024),
    _copy(
        "buurt-water-2025",
        "buurt_2025_first10_full_rd.csv.gz",
        2025,
        sample=True,
        note_nl="Alleen de eerste tien vlakken: water en buitenland.",
        note_en="The first ten features only: water and abroad.",
    ),
)
