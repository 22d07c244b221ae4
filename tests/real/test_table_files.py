"""Every publisher's table file that was kept: loaded with the counts it is known to have."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import Parsed, cells_by_reason
from db.core.levels import Level, Terrain
from db.sources import addresses, code_lists, kwb_download, ses_woa, statline_csv
from db.sources.dataset import Dataset, Family, Payload

pytestmark = pytest.mark.real
Loader = Callable[[Dataset, Payload], Parsed]


def load(root: Path, file: str, loader: Loader, vintage: int) -> Parsed:
    dataset = Dataset(file, "cbs", Family.KWB, vintage, loader)
    parsed = loader(dataset, Payload({"data": (root / file,)}))
    parsed.account.check()
    return parsed


def sizes(parsed: Parsed) -> dict[Level, int]:
    return {areas.level: len(areas.codes) for areas in parsed.areas}


def value(parsed: Parsed, code: str, key: str) -> float:
    figures = parsed.figures[0]
    column = [column.key for column in figures.columns].index(key)
    return float(figures.values[figures.codes.index(code), column])


def test_ses_2019_of_amsterdam(real_data: Path) -> None:
    parsed = load(real_data, "ses/85163NED_2019_amsterdam_statline_export.csv", ses_woa.load, 2019)

    assert sizes(parsed) == {Level.GEMEENTE: 1, Level.WIJK: 99, Level.BUURT: 479}
    assert cells_by_reason(parsed.figures[0]) == {Reason.OBSERVED: 3024, Reason.DOT: 450}
    assert value(parsed, "GM0363", "SES-WOA/Totaalscore/Gemiddelde score (Getal)") == -0.1


def test_kwb_2019_of_the_hague(real_data: Path) -> None:
    file = "kwb/84583NED_2019_denhaag_statline_export.csv.gz"
    parsed = load(real_data, file, statline_csv.load, 2019)

    assert sizes(parsed) == {Level.GEMEENTE: 1, Level.WIJK: 44, Level.BUURT: 114}
    assert parsed.figures[0].values.shape == (159, 102)
    # 48 columns had nothing but dots for all 159 areas on 22 March 2020.
    assert cells_by_reason(parsed.figures[0]) == {
        Reason.OBSERVED: 8374,
        Reason.DOT: 212,
        Reason.NOT_YET_PUBLISHED: 48 * 159,
    }
    assert value(parsed, "GM0518", "Bevolking/Aantal inwoners (aantal)") == 537833
    assert [Counter(areas.changes or ()) for areas in parsed.areas] == [
        {None: 1},
        {1: 44},
        {1: 114},
    ]


def test_proximity_2021_in_the_matrix_layout(real_data: Path) -> None:
    file = "nabijheid/85231NED_2021_matrix_layout_sample.csv"
    parsed = load(real_data, file, statline_csv.load, 2021)

    assert sizes(parsed) == {Level.LAND: 1, Level.GEMEENTE: 1, Level.WIJK: 2, Level.BUURT: 4}
    assert parsed.figures[0].values.shape == (8, 110)
    # 21 topics were not measured in 2021: a dot for every area, the country among them.
    assert cells_by_reason(parsed.figures[0]) == {
        Reason.OBSERVED: 712,
        Reason.NOT_YET_PUBLISHED: 21 * 8,
    }
    assert value(parsed, "GM1680", "Vrije tijd en cultuur|Sport|Afstand tot kunstijsbaan") > 0


def test_an_export_with_names_only_is_refused(real_data: Path) -> None:
    file = "nabijheid/85231NED_2021_amsterdam_wijk_library_distance.csv"

    with pytest.raises(RefusedFile, match="names are not unique"):
        load(real_data, file, statline_csv.load, 2021)


def test_attributes_of_the_wijken_of_2017(real_data: Path) -> None:
    parsed = load(real_data, "kwb/kwb_2017_wijk.csv.gz", kwb_download.load, 2017)

    assert parsed.account.rows_accepted == 3159
    assert parsed.account.notes["missing-code-cells"] == 6227
    assert Counter(parsed.areas[0].terrains) == {
        Terrain.LAND: 3070,
        Terrain.WATER: 88,
        Terrain.ABROAD: 1,
    }
    # 6,227 less the 89 changes of water rows, which are no figures.
    assert cells_by_reason(parsed.figures[0]) == {
        Reason.OBSERVED: 88632,
        Reason.MISSING_CODE: 3468,
        Reason.WATER_OR_ABROAD: 89 * 30,
    }


def test_land_and_water_of_the_gemeenten_of_2017(real_data: Path) -> None:
    parsed = load(real_data, "kwb/kwb_2017_gemeente.csv.gz", kwb_download.load, 2017)

    assert (parsed.account.rows_read, parsed.account.rows_accepted) == (477, 389)
    assert parsed.account.rejected == {"water-part": 88}
    assert parsed.account.notes["missing-code-cells"] == 2670
    assert cells_by_reason(parsed.figures[0]) == {
        Reason.OBSERVED: 388 * 30,
        Reason.WATER_OR_ABROAD: 30,
    }


@pytest.mark.parametrize(
    ("name", "level", "rows", "water"),
    [
        ("gemeente", Level.GEMEENTE, 343, 0),
        ("wijk", Level.WIJK, 3505, 81),
        ("buurt", Level.BUURT, 14823, 93),
    ],
)
def test_code_lists_of_2025(
    real_data: Path, name: str, level: Level, rows: int, water: int
) -> None:
    parsed = load(real_data, f"codes/{name}_2025.csv", code_lists.load, 2025)

    terrains = Counter(parsed.areas[0].terrains)
    assert sizes(parsed) == {level: rows}
    assert (terrains[Terrain.WATER], terrains[Terrain.ABROAD]) == (water, 1)


def test_a_code_list_of_2025_is_not_taken_for_2024(real_data: Path) -> None:
    with pytest.raises(BrokenLoad, match="of 2025 by its header"):
        load(real_data, "codes/wijk_2025.csv", code_lists.load, 2024)


def test_attributes_of_the_wijken_of_2023(real_data: Path) -> None:
    parsed = load(real_data, "codes/wijk_2023_v0_attributes.csv.gz", code_lists.load, 2023)

    assert sizes(parsed) == {Level.GEMEENTE: 343, Level.WIJK: 3434}
    assert Counter(parsed.areas[1].terrains) == {
        Terrain.LAND: 3352,
        Terrain.WATER: 81,
        Terrain.ABROAD: 1,
    }


def test_the_chain_of_areas_of_2019(real_data: Path) -> None:
    file = "codes/buurt_wijk_gemeente_provincie_2019.csv.gz"
    parsed = load(real_data, file, code_lists.load, 2019)

    assert sizes(parsed) == {Level.GEMEENTE: 355, Level.WIJK: 3164, Level.BUURT: 13594}
    assert all(parent is not None for areas in parsed.areas[1:] for parent in areas.parents)


def test_a_hundred_addresses_in_nineteen_pairs(real_data: Path) -> None:
    parsed = load(real_data, "codes/pc6hnr_2025_sample100.csv", addresses.load, 2025)

    assert parsed.account.rows_accepted == 100
    assert len(parsed.addresses) == 19
    assert sum(count.addresses for count in parsed.addresses) == 100
    assert {count.code[:6] for count in parsed.addresses} == {"BU0363"}


def test_all_addresses_of_2023_by_pc4_and_gemeente(real_data: Path) -> None:
    parsed = load(real_data, "codes/pc4_gemeente_2023_counts.csv", addresses.load, 2023)

    assert len(parsed.addresses) == 4089
    assert sum(count.addresses for count in parsed.addresses) == 7936433
    assert len({count.code for count in parsed.addresses}) == 342
