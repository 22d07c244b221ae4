"""Health, liveability, crime, socio-economic status, proximity: sources with years of their own.

Each states all its years on the boundaries of one edition, which is the dataset's vintage.
"""

from db.sources import cbs_odata3, leefbaarometer, police, ses_woa, statline_csv
from db.sources.dataset import Dataset, Family

_THIRD_PARTY = "https://dataderden.cbs.nl/ODataFeed/OData"
_CBS = "https://opendata.cbs.nl/ODataFeed/odata"
_LBM = "https://geo.leefbaarometer.nl/wfs"


def _liveability(level: str) -> Dataset:
    return Dataset(
        id=f"leefbaarometer-{level}-2024",
        source="leefbaarometer",
        family=Family.LBM,
        vintage=2024,
        loader=leefbaarometer.load,
        rank=60,
        address=_LBM,
        protocol="wfs",
        options={"layer": f"lbm3:{level}score24", "srs": "EPSG:28992", "paging": "none"},
        # Only areas with enough homes are scored.
        lists_all_areas=False,
    )


SURVEYS = (
    Dataset(
        id="health-2024-areas",
        source="rivm-gezondheid",
        family=Family.HEALTH,
        vintage=2024,
        loader=cbs_odata3.load,
        table="50150NED",
        rank=60,
        address=_THIRD_PARTY,
        protocol="odata3",
        options={
            "set": "UntypedDataSet",
            "nature": "modelled",
            "Leeftijd": "20300",
            # Adults with all margins: the whole cube is three times as large.
            "filter": "Leeftijd eq '20300'",
        },
    ),
    Dataset(
        id="health-2020-areas",
        source="rivm-gezondheid",
        family=Family.HEALTH,
        vintage=2020,
        loader=cbs_odata3.load,
        table="50090NED",
        rank=60,
        files={"data": "health/50090NED_*_18plus_UntypedDataSet.csv.gz"},
        options={"nature": "modelled", "Leeftijd": "20300"},
        note_nl="Volwassenen (18+), drie jaren op de gebieden van 2020; cellen als in de tabel.",
        note_en="Adults (18 and over), three years on the areas of 2020; cells as in the table.",
    ),
    *(_liveability(level) for level in ("gemeente", "wijk", "buurt")),
    Dataset(
        id="leefbaarometer-gemeente-copy-2024",
        source="leefbaarometer",
        family=Family.LBM,
        vintage=2024,
        loader=leefbaarometer.load,
        rank=55,
        files={"data": "lbm/lbm3_2024_gemeente_wgs84.geojson.gz"},
    ),
    Dataset(
        id="leefbaarometer-buurt-copy-2024",
        source="leefbaarometer",
        family=Family.LBM,
        vintage=2024,
        loader=leefbaarometer.load,
        rank=30,
        files={"data": "lbm/lbm3_2024_buurt_PV*_wgs84.geojson.gz"},
        lists_all_areas=False,
        note_nl="Alleen de 12.147 buurten met genoeg woningen, dus niet alle buurten van 2024.",
        note_en="Only the 12,147 buurten with enough homes: not a list of all buurten of 2024.",
    ),
    Dataset(
        id="leefbaarometer-amstelveen-2022",
        source="leefbaarometer",
        family=Family.LBM,
        vintage=2022,
        loader=leefbaarometer.load,
        rank=50,
        files={"data": "lbm/lbm3_2014-2022_wijk_amstelveen.csv"},
        lists_all_areas=False,
        covers_all_areas=False,
        note_nl="Veertien wijken van Amstelveen, met de codes van de kaart van 2022.",
        note_en="Fourteen wijken of Amstelveen, whose codes are those of the map of 2022.",
    ),
    Dataset(
        id="crime-2025",
        source="politie",
        family=Family.POLICE,
        vintage=2025,
        loader=police.load,
        table="47018NED",
        rank=60,
        address=_THIRD_PARTY,
        protocol="odata3",
        options={"each": "SoortMisdrijf"},
        lists_all_areas=False,
        note_nl="Alle jaren op de nieuwste codes, zoals de politie ze publiceert.",
        note_en="All years on the newest codes, as the police publish them.",
    ),
    Dataset(
        id="ses-woa-2025",
        source="cbs-ses-woa",
        family=Family.SES,
        vintage=2025,
        loader=ses_woa.load,
        table="86296NED",
        rank=60,
        address=_CBS,
        protocol="odata3",
        options={"set": "UntypedDataSet"},
    ),
    Dataset(
        id="ses-woa-2019-amsterdam",
        source="cbs-ses-woa",
        family=Family.SES,
        vintage=2019,
        loader=ses_woa.load,
        table="85163NED",
        rank=50,
        files={"data": "ses/85163NED_2019_amsterdam_statline_export.csv"},
        lists_all_areas=False,
        covers_all_areas=False,
        note_nl="De export noemt zijn indeling niet; de 579 codes zijn die van 2019 en 2020.",
        note_en="The export does not state its indeling; its 579 codes are those of 2019 and 2020.",
    ),
    Dataset(
        id="proximity-2021-sample",
        source="cbs-nabijheid",
        family=Family.PROXIMITY,
        vintage=2021,
        loader=statline_csv.load,
        table="85231NED",
        rank=50,
        files={"data": "nabijheid/85231NED_2021_matrix_layout_sample.csv"},
        lists_all_areas=False,
        covers_all_areas=False,
        note_nl="Slechts acht gebieden.",
        note_en="Eight areas only.",
    ),
    Dataset(
        id="proximity-2021-amsterdam-names",
        source="cbs-nabijheid",
        family=Family.PROXIMITY,
        vintage=2021,
        loader=statline_csv.load,
        table="85231NED",
        rank=10,
        files={"data": "nabijheid/85231NED_2021_amsterdam_wijk_library_distance.csv"},
    ),
)
