"""Searching the 57,000 names of four vintages: what is meant is found, in milliseconds."""

import random
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from db.core.codes import gemeente_code, level_of
from db.core.levels import Level
from db.core.names import LONGEST_QUERY, MOST_RESULTS, How, NameIndex, NameKind, Names
from db.sources import code_lists
from db.sources.dataset import Dataset, Family, Payload

pytestmark = pytest.mark.real

Area = tuple[int, str]
"""Year of the boundaries, and code."""
_LISTS = [
    (2025, "gemeente_2025.csv"),
    (2025, "wijk_2025.csv"),
    (2025, "buurt_2025.csv"),
    (2023, "wijk_2023_v0_attributes.csv.gz"),
    (2019, "buurt_wijk_gemeente_provincie_2019.csv.gz"),
]
_ALIASES = {
    (2025, "GM0518"): "Den Haag",
    (2025, "GM0796"): "Den Bosch",
    (2025, "WK051829"): "Schilderswijk",
}
_BOOSTS = {Level.GEMEENTE: 0.1, Level.WIJK: 0.05, Level.BUURT: 0.0}


class Searched:
    """Areas of all vintages: those of 2025 by name, those before by former name, all by code."""

    def __init__(self, folder: Path) -> None:
        self.called = _called(folder)
        self.areas = list(self.called)
        self.names = _names(self.called)
        self.index = NameIndex(self.names)

    def __call__(self, text: str, limit: int = 20) -> list[tuple[str, int, How]]:
        found = [(self.areas[m.row], m.how) for m in self.index.search(text, limit)]
        return [(code, vintage, how) for (vintage, code), how in found]


def _called(folder: Path) -> dict[Area, str]:
    called: dict[Area, str] = {}
    for vintage, file in _LISTS:
        dataset = Dataset(file, "cbs", Family.BOUNDARIES, vintage, code_lists.load)
        parsed = code_lists.load(dataset, Payload({"data": (folder / "codes" / file,)}))
        for areas in parsed.areas:
            named = zip(areas.codes, areas.names, strict=True)
            called |= {(vintage, code): name or "" for code, name in named}
    kwb = pq.read_table(folder / "kwb" / "84799NED_2020_WijkenEnBuurten.parquet").to_pydict()
    titles = zip(kwb["Key"], kwb["Title"], strict=True)
    return called | {(2020, key.strip()): title.strip() for key, title in titles}


def _names(called: dict[Area, str]) -> Names:
    rows = {area: row for row, area in enumerate(called)}
    entries = [(area, name, _kind(area)) for area, name in called.items()]
    entries += [(area, alias, NameKind.ALIAS) for area, alias in _ALIASES.items()]
    entries += [(area, area[1], NameKind.CODE) for area in called]
    levels = [level_of(code) for (_, code), _, _ in entries]
    gemeenten = [(vintage, _gemeente(code)) for (vintage, code), _, _ in entries]
    return Names(
        rows=np.array([rows[area] for area, _, _ in entries], np.int32),
        texts=[text for _, text, _ in entries],
        kinds=np.array([kind for _, _, kind in entries], np.uint8),
        boosts=np.array([_BOOSTS.get(level, 0.0) for level in levels if level], np.float64),
        within=np.array([rows.get((y, c), -1) if c else -1 for y, c in gemeenten], np.int32),
    )


def _gemeente(code: str) -> str | None:
    """The gemeente around a wijk or buurt."""
    return None if level_of(code) == Level.GEMEENTE else gemeente_code(code)


def _kind(area: Area) -> NameKind:
    return NameKind.NAME if area[0] == 2025 else NameKind.FORMER_NAME


@pytest.fixture(scope="module")
def search(real_data: Path) -> Searched:
    return Searched(real_data)


def test_a_wijk_is_found_by_its_name_without_the_number_that_cbs_puts_before_it(
    search: Searched,
) -> None:
    assert search.called[2025, "WK034403"] == "Wijk 03 Overvecht"
    assert search("overvecht")[0] == ("WK034403", 2025, How.EXACT)
    assert search("Overvecht Utrecht")[0] == ("WK034403", 2025, How.EXACT)


def test_vollenhoven_finds_vollenhove_and_with_zeist_the_buurt_there(search: Searched) -> None:
    everywhere = {(code, vintage) for code, vintage, _ in search("Vollenhoven")}

    assert {("BU03550205", 2025), ("WK170807", 2025)} <= everywhere
    assert search("Vollenhoven Zeist")[0] == ("BU03550205", 2025, How.TYPING_ERROR)


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("Den Haag", "GM0518", How.ALIAS),
        ("'s-Gravenhage", "GM0518", How.EXACT),
        ("Den Hag", "GM0518", How.TYPING_ERROR),
        ("den bosch", "GM0796", How.ALIAS),
        ("shertogenbos", "GM0796", How.PREFIX),
        ("Schilderswijk Den Haag", "WK051829", How.ALIAS),
        ("Utrecht", "GM0344", How.EXACT),
        ("Hengelo", "GM0164", How.EXACT),
        ("vlaardingen westwijk", "WK062202", How.EXACT),
        ("skarsterlan", "WK007407", How.EXACT),
        ("WK0363FA", "WK0363FA", How.CODE),
        ("gm344", "GM0344", How.CODE),
    ],
)
def test_what_people_type_finds_the_area_they_mean_first(
    search: Searched, text: str, code: str, how: How
) -> None:
    assert search(text)[0] == (code, 2025, how)


def test_a_former_name_finds_the_area_of_that_year(search: Searched) -> None:
    assert ("WK051833", 2019, How.FORMER_NAME) in search("Bouwlust en Vrederust")


def test_every_area_is_found_by_its_name_and_by_its_code(search: Searched) -> None:
    for (vintage, code), name in list(search.called.items())[::41]:
        found = search(name, MOST_RESULTS)
        whole = How.EXACT if vintage == 2025 else How.FORMER_NAME
        assert (code, vintage, whole) in found or len(found) == MOST_RESULTS or not name
        assert (code, vintage, How.CODE) in search(code)


def test_one_letter_wrong_still_finds_the_name(search: Searched) -> None:
    draw = random.Random(8)
    for (vintage, code), name in list(search.called.items())[::173]:
        letters = [at for at, letter in enumerate(name) if letter.isalpha()]
        if len(letters) < 12:
            continue
        at = draw.choice(letters[1:-1])
        found = search(name[:at] + name[at + 1 :], MOST_RESULTS)
        assert (code, vintage) in [each[:2] for each in found] or len(found) == MOST_RESULTS


def test_no_query_takes_long(search: Searched) -> None:
    """5 ms at most where the machine has nothing else to do; four times that is allowed here."""
    slow = {}
    for text in _hostile(search):
        times = []
        for _ in range(3):
            started = time.process_time()
            search.index.search(text, MOST_RESULTS)
            times.append(time.process_time() - started)
        if min(times) > 0.02:
            slow[text] = min(times)
    assert slow == {}


def _hostile(search: Searched) -> list[str]:
    draw = random.Random(3)
    words = [word for name in search.called.values() for word in name.split()]
    runs = ["uur", "str", "aat", "wij", "noo", "ord", "gen", "ste", "hui", "ize", "erd", "pol"]
    texts = ["", "e", "s", "buurt", "straat", "en de", "a b c d e f g h i j", "n o w z b k"]
    texts += [
        "aaaaaaaa" * 12,
        "straat" * 16,
        "den " * 25,
        "wijk 1 " * 14,
        "(" * 100,
        "\ufdfa" * 100,
    ]
    texts += ["wijk 1 den buurt den (den)", "wijk 00 buurt 00 wijk (00)", "oud ber wes nie oud ber"]
    texts += ["".join(draw.sample(runs, size)) for size in (2, 3, 4, 5, 8) for _ in range(10)]
    texts += [" ".join(draw.sample(words, size)) for size in (2, 3, 4, 6, 10) for _ in range(30)]
    texts += ["".join(draw.sample("aeinrstdo", size)) for size in (3, 4, 5, 8) for _ in range(10)]
    return [text[:LONGEST_QUERY] for text in texts]
