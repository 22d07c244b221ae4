"""What people type finds the areas they mean, says how, and always in the same order."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.names import (
    LONGEST_QUERY,
    MOST_RESULTS,
    How,
    Match,
    NameIndex,
    NameKind,
    Names,
    spellings,
)
from db.core.spelling import edit_distances

NAME, ALIAS, FORMER, CODE, LATER = NameKind
Entry = tuple[int, str, NameKind, float, int]

UTRECHT, ZEIST, DEN_HAAG, BRONCKHORST = 0, 1, 2, 3
COUNTRY: list[Entry] = [
    (UTRECHT, "Utrecht", NAME, 0.1, -1),
    (UTRECHT, "GM0344", CODE, 0.0, -1),
    (ZEIST, "Zeist", NAME, 0.1, -1),
    (DEN_HAAG, "'s-Gravenhage", NAME, 0.1, -1),
    (DEN_HAAG, "Den Haag", ALIAS, 0.1, -1),
    (BRONCKHORST, "Bronckhorst", NAME, 0.1, -1),
    (10, "Wijk 03 Overvecht", NAME, 0.05, UTRECHT),
    (10, "WK034403", CODE, 0.0, -1),
    (11, "Overvecht", NAME, 0.05, ZEIST),
    (12, "Poldergebied Overvecht", NAME, 0.0, UTRECHT),
    (13, "Wijk 29 Schildersbuurt", NAME, 0.05, DEN_HAAG),
    (13, "Schilderswijk", ALIAS, 0.05, DEN_HAAG),
    (14, "Vollenhove", NAME, 0.0, ZEIST),
    (14, "Vollenhoven", ALIAS, 0.0, ZEIST),
    (15, "Bouwlust", NAME, 0.05, DEN_HAAG),
    (15, "Bouwlust en Vrederust", FORMER, 0.05, DEN_HAAG),
    (16, "Hengelo (Gld.)", NAME, 0.0, BRONCKHORST),
    (17, "Centrum", NAME, 0.0, ZEIST),
    (18, "Centrum", NAME, 0.0, UTRECHT),
    (19, "Skarsterlân", NAME, 0.0, -1),
]  # fmt: skip


def index(entries: list[Entry]) -> NameIndex:
    rows, texts, kinds, boosts, within = zip(*entries, strict=True) if entries else ((),) * 5
    return NameIndex(
        Names(
            np.array(rows, np.int32),
            list(texts),
            np.array(kinds, np.uint8),
            np.array(boosts, np.float64),
            np.array(within, np.int32),
        )
    )


def named(*texts: str) -> NameIndex:
    return index([(row, text, NAME, 0.0, -1) for row, text in enumerate(texts)])


def hows(found: list[Match]) -> list[tuple[int, How]]:
    return [(match.row, match.how) for match in found]


_COUNTRY = index(COUNTRY)


@pytest.mark.parametrize(
    "text", ["Overvecht", "OVERVECHT", " overvecht ", "Wijk 03 Overvecht", "wijk 3: overvecht"]
)
def test_a_wijk_is_found_by_its_name_with_and_without_its_number(text: str) -> None:
    assert (10, How.EXACT) in hows(_COUNTRY.search(text))


@pytest.mark.parametrize(
    "text", ["'s-Gravenhage", "’s-Gravenhage", "s gravenhage", "sgravenhage", "'S–GRAVENHAGE!"]
)
def test_apostrophes_hyphens_and_spaces_do_not_matter(text: str) -> None:
    assert hows(_COUNTRY.search(text)) == [(DEN_HAAG, How.EXACT)]


@pytest.mark.parametrize("text", ["Skarsterlan", "skarsterlân", "skarsterla\u0302n"])
def test_diacritics_do_not_matter(text: str) -> None:
    assert hows(_COUNTRY.search(text)) == [(19, How.EXACT)]


def test_brackets_after_a_name_may_be_typed_or_left_out() -> None:
    assert hows(_COUNTRY.search("Hengelo")) == [(16, How.EXACT)]
    assert hows(_COUNTRY.search("hengelo gld")) == [(16, How.EXACT)]
    assert hows(named("Bergen (L.)", "Bergen (NH.)").search("Bergen (NH.)")) == [
        (1, How.EXACT),
        (0, How.EXACT),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Overvecht", [("overvecht",)]),
        ("Wijk 03 Overvecht", [("wijk", "03", "overvecht"), ("overvecht",)]),
        ("Wijk 12 't Zand", [("wijk", "12", "t", "zand"), ("t", "zand")]),
        ("Wijk 00", [("wijk", "00")]),
        ("Buurt 3", [("buurt", "3")]),
        ("Wijk aan Zee", [("wijk", "aan", "zee")]),
        ("(Kern)", [("kern",)]),
        (
            "Wijk 03 Hengelo (O.)",
            [
                ("wijk", "03", "hengelo", "o"),
                ("hengelo", "o"),
                ("wijk", "03", "hengelo"),
                ("hengelo",),
            ],
        ),
        (" - ", []),
    ],
)
def test_a_name_is_spelt_as_written_and_without_number_and_brackets(
    text: str, words: list[tuple[str, ...]]
) -> None:
    assert spellings(text) == words


@pytest.mark.parametrize(
    ("text", "row", "how"),
    [
        ("Den Haag", DEN_HAAG, How.ALIAS),
        ("Schilderswijk", 13, How.ALIAS),
        ("Vollenhoven", 14, How.ALIAS),
        ("Bouwlust en Vrederust", 15, How.FORMER_NAME),
        ("Overv", 10, How.PREFIX),
        ("vrederust", 15, How.WORD),
        ("vrede bouw", 15, How.WORD),
        ("vecht", 10, How.CONTAINS),
        ("den hag", DEN_HAAG, How.TYPING_ERROR),
    ],
)
def test_each_match_says_how_it_was_found(text: str, row: int, how: How) -> None:
    assert (row, how) in hows(_COUNTRY.search(text))


def test_better_ways_come_first() -> None:
    ways: list[Entry] = [
        (0, "Kerstdorp", NAME, 0.0, -1),
        (1, "Sterdam", NAME, 0.0, -1),
        (2, "Nieuw Sterd", NAME, 0.0, -1),
        (3, "Oud", FORMER, 0.0, -1),
        (3, "Sterd", FORMER, 0.0, -1),
        (4, "Sterd", ALIAS, 0.0, -1),
        (5, "Sterd", NAME, 0.0, -1),
    ]

    assert hows(index(ways).search("sterd")) == [
        (5, How.EXACT),
        (4, How.ALIAS),
        (3, How.FORMER_NAME),
        (1, How.PREFIX),
        (2, How.WORD),
    ]
    assert hows(index(ways).search("rst"))[0] == (0, How.CONTAINS)


def test_of_names_with_the_same_part_the_shortest_comes_first_then_the_alphabet() -> None:
    found = named("Noordwijkerhout", "Noord-Scharwoude", "Noordwijk").search("noord")

    assert hows(found) == [(2, How.PREFIX), (1, How.PREFIX), (0, How.PREFIX)]


def test_a_boost_puts_the_alias_of_a_gemeente_before_the_name_of_a_buurt() -> None:
    buurt: Entry = (30, "Den Haag", NAME, 0.0, BRONCKHORST)

    assert hows(index([*COUNTRY, buurt]).search("den haag")) == [
        (DEN_HAAG, How.ALIAS),
        (30, How.EXACT),
    ]


def test_an_absent_boost_is_none_and_a_large_one_is_one() -> None:
    entries = [(row, "Oost", NAME, boost, -1) for row, boost in enumerate((np.nan, 9, -9, 0.5))]

    assert [(m.row, m.score) for m in index(entries).search("oost")] == [
        (1, 2.0),
        (3, 1.5),
        (0, 1.0),
        (2, 1.0),
    ]


def test_an_area_is_named_once_by_the_best_of_its_names() -> None:
    found = _COUNTRY.search("bouwlust")

    assert hows(found) == [(15, How.EXACT)]
    assert COUNTRY[found[0].entry][1] == "Bouwlust"


def test_areas_of_one_name_come_in_the_order_given() -> None:
    assert hows(_COUNTRY.search("centrum")) == [(17, How.EXACT), (18, How.EXACT)]


@pytest.mark.parametrize(
    "text",
    ["Overvecht Utrecht", "utrecht overvecht", "Overvecht, Utrecht", "overvecht (utrecht)"],
)
def test_the_gemeente_may_be_typed_beside_the_name(text: str) -> None:
    found = _COUNTRY.search(text)

    assert (found[0].row, found[0].how, found[0].in_context) == (10, How.EXACT, True)


@pytest.mark.parametrize(
    ("text", "row", "how"),
    [
        ("centrum utr", 18, How.EXACT),
        ("centrum den haag", None, None),
        ("schilderswijk den haag", 13, How.ALIAS),
        ("den haag schilder", 13, How.PREFIX),
        ("s-gravenhage bouwlust", 15, How.EXACT),
        ("volenhove zeist", 14, How.TYPING_ERROR),
    ],
)
def test_only_areas_in_the_gemeente_are_found_with_it(
    text: str, row: int | None, how: How | None
) -> None:
    found = _COUNTRY.search(text)

    assert hows(found) == ([] if row is None or how is None else [(row, how)])
    assert all(match.in_context for match in found)


def test_a_name_that_has_the_word_itself_comes_before_one_that_lies_there() -> None:
    both: list[Entry] = [
        (0, "Zuidplas", NAME, 0.0, -1),
        (1, "Oud", NAME, 0.0, 0),
        (2, "Oud-Zuid", NAME, 0.0, -1),
    ]

    assert hows(index(both).search("oud zuid"))[:2] == [(2, How.EXACT), (1, How.EXACT)]


@pytest.mark.parametrize("text", ["WK034403", "wk034403", " WK 034403 ", "wk34403"])
def test_a_code_is_found_as_a_code(text: str) -> None:
    assert hows(_COUNTRY.search(text)) == [(10, How.CODE)]


@pytest.mark.parametrize("text", ["WK0344", "344", "WK034402", "034403"])
def test_a_part_of_a_code_or_another_code_finds_nothing(text: str) -> None:
    assert _COUNTRY.search(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("utrcht", "Utrecht"),
        ("utrechtt", "Utrecht"),
        ("utrekht", "Utrecht"),
        ("urtecht", "Utrecht"),
        ("itrecht", "Utrecht"),
        ("zeits", "Zeist"),
        ("Den Hag", "Den Haag"),
        ("Overvegt", "Overvecht"),
        ("oververt", "Overvecht"),
        ("kastel vollenhvoe", "Kasteel Vollenhove"),
        ("volenhovee", "Kasteel Vollenhove"),
    ],
)
def test_a_typing_error_finds_what_was_meant(text: str, name: str) -> None:
    names = ["Utrecht", "Zeist", "Den Haag", "Overvecht", "Kasteel Vollenhove"]

    assert hows(named(*names).search(text)) == [(names.index(name), How.TYPING_ERROR)]


@pytest.mark.parametrize(
    ("text", "name"), [("ade", "Ede"), ("ziut", "Zuid"), ("utrekdt", "Utrecht"),
                       ("ovorvert", "Overvecht")]
)  # fmt: skip
def test_no_error_is_forgiven_in_3_letters_one_in_7_and_two_in_more(text: str, name: str) -> None:
    assert named(name).search(text) == []


def test_a_name_with_fewer_errors_comes_before_one_with_more_and_before_a_word_of_one() -> None:
    found = named("Kasteel Vollenhoek", "Vollenhoven", "Vollenhoeve").search("vollenhoeev")

    assert hows(found) == [(row, How.TYPING_ERROR) for row in (2, 1, 0)]


def test_typing_errors_are_not_looked_for_where_a_whole_name_was_typed() -> None:
    assert hows(named("Heist", "Zeist", "Zeist-West").search("zeist")) == [
        (1, How.EXACT),
        (2, How.PREFIX),
    ]


def test_at_most_a_hundred_areas_are_found_and_no_more_than_asked() -> None:
    many = named(*["Centrum"] * 150, *["Centrum Oost"] * 150)

    assert [match.row for match in many.search("centrum", 1000)] == list(range(MOST_RESULTS))
    assert [match.row for match in many.search("centrum", 3)] == [0, 1, 2]
    assert many.search("centrum", 0) == many.search("centrum", -1) == []
    assert len(many.search("centrum")) == 20


def test_what_follows_the_hundredth_character_is_not_looked_at() -> None:
    long = "a" * LONGEST_QUERY

    assert hows(named(long).search(long + "bcd")) == [(0, How.EXACT)]
    assert named("bcd").search(long + "bcd") == []


@pytest.mark.parametrize("text", ["", "  ", "'-", "\0", "?!", "\u0301"])
def test_nothing_is_found_for_nothing(text: str) -> None:
    assert _COUNTRY.search(text) == []


def test_names_without_a_letter_are_never_found_and_do_no_harm() -> None:
    found = named("", " - ", "Oost").search("oost")

    assert hows(found) == [(2, How.EXACT)]


def test_an_index_of_nothing_finds_nothing() -> None:
    assert index([]).search("Utrecht") == []
    assert (len(index([])), len(_COUNTRY)) == (0, len(COUNTRY))


def test_rows_may_be_any_numbers_and_a_gemeente_that_is_not_there_is_none() -> None:
    entries: list[Entry] = [(700_000, "Oost", NAME, 0.0, 12), (5, "West", NAME, 0.0, 700_000)]

    assert hows(index(entries).search("west oost")) == [(5, How.EXACT)]
    assert index(entries).search("oost utrecht") == []


def test_columns_of_different_lengths_are_refused() -> None:
    one, two = np.zeros(1, np.int32), np.zeros(2, np.int32)

    with pytest.raises(ValueError, match="equally long"):
        Names(one, ["Oost"], one.astype(np.uint8), np.zeros(1), two)


_WORDS = st.sampled_from(
    ["oud", "oude", "noord", "Noorden", "zuid", "den", "haag", "Haagse", "wijk", "1", "a", "ân"]
)
_TEXTS = st.one_of(
    st.lists(_WORDS, max_size=4).map(" ".join),
    st.lists(_WORDS, max_size=3).map("-".join),
    st.builds("wijk 0{} {} ({})".format, st.integers(1, 2), _WORDS, _WORDS),
    st.text("abn ", max_size=10),
)
_ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 6),
        _TEXTS,
        st.sampled_from([NAME, ALIAS, FORMER, LATER]),
        st.sampled_from([0.0, 0.05, 0.1]),
        st.integers(-1, 2),
    ),
    max_size=12,
)


@given(_ENTRIES, _TEXTS)
def test_matches_are_those_of_comparing_every_name_with_every_reading(
    entries: list[Entry], text: str
) -> None:
    found = [(m.row, m.entry, m.how, m.in_context, m.score) for m in index(entries).search(text)]

    assert found == _slowly(entries, text)


@given(st.data(), _ENTRIES.filter(bool))
def test_names_typed_with_errors_are_found_as_a_slow_search_finds_them(
    data: st.DataObject, entries: list[Entry]
) -> None:
    letters = list(data.draw(st.sampled_from(entries))[1])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(letters)))
        letters[at : at + data.draw(st.integers(0, 2))] = data.draw(st.sampled_from(["", "o", "d"]))
    text = "".join(letters)

    found = [(m.row, m.entry, m.how, m.in_context, m.score) for m in index(entries).search(text)]

    assert found == _slowly(entries, text)


_Answer = tuple[int, int, How, bool, float]
_Slow = tuple[tuple[str, ...], float, set[int] | None]


def _slowly(entries: list[Entry], text: str) -> list[_Answer]:
    spelt = [spellings(entry[1]) for entry in entries]
    readings = _slow_readings(entries, spelt, text)
    ways = [
        (round(10_000 * (score - less + entries[at][3])), at, how, inside is not None)
        for words, less, inside in readings
        for at in range(len(entries))
        if inside is None or entries[at][4] in inside
        for how, score in _ways(spelt[at], entries[at][2], words)
    ]
    if any(how <= How.LATER_NAME for _, _, how, _ in ways):
        ways = [way for way in ways if way[2] != How.TYPING_ERROR]
    names = ["".join(each[-1]) if each else "" for each in spelt]
    ways.sort(key=lambda way: (-way[0], names[way[1]], way[1]))
    best: dict[int, _Answer] = {}
    for points, at, how, beside in ways:
        row = entries[at][0]
        best.setdefault(row, (row, at, how, beside, points / 10_000))
    return list(best.values())[:20]


def _slow_readings(
    entries: list[Entry], spelt: list[list[tuple[str, ...]]], text: str
) -> list[_Slow]:
    spellings_of_text = spellings(text)
    readings: list[_Slow] = [
        (words, 0.02 * (at > 0), None) for at, words in enumerate(spellings_of_text)
    ]
    rows = {entry[0] for entry in entries}
    containing = {entry[4] for entry in entries} & rows
    for at, words in enumerate(spellings_of_text):
        for count, end in product((1, 2, 3), (True, False)):
            if count >= len(words):
                continue
            name, beside = (
                (words[:-count], words[-count:]) if end else (words[count:], words[:count])
            )
            typed = "".join(beside)
            whole = [{"".join(each) for each in of} for of in spelt]
            equal = {e[0] for e, of in zip(entries, whole, strict=True) if typed in of}
            begun = {
                e[0]
                for e, of in zip(entries, whole, strict=True)
                if len(typed) >= 3 and any(each.startswith(typed) for each in of)
            }
            inside = equal & containing or begun & containing
            if inside:
                less = 0.01 if equal & containing else 0.03
                readings.append((name, 0.02 * (at > 0) + less, inside))
    return readings[:6]


def _ways(
    spelt: list[tuple[str, ...]], kind: NameKind, words: tuple[str, ...]
) -> list[tuple[How, float]]:
    typed, whole = "".join(words), {"".join(each) for each in spelt}
    if not spelt:
        return []
    share = 0.1 * min(1, len(typed) / len("".join(spelt[-1])))
    most = 0 if len(typed) < 4 else 1 if len(typed) < 8 else 2
    wrong = min(_slow_distance(typed, each) for each in whole)
    word_wrong = min(_slow_distance(typed, each) for each in spelt[0])
    begun = all(any(word.startswith(each) for word in spelt[0]) for each in words)
    exact, merit = {
        NAME: (How.EXACT, 1.0),
        ALIAS: (How.ALIAS, 0.95),
        FORMER: (How.FORMER_NAME, 0.9),
        LATER: (How.LATER_NAME, 0.9),
    }[kind]
    inside = len(typed) >= 3 and any(typed in each for each in whole)
    ways = [
        (typed in whole, exact, merit),
        (any(each.startswith(typed) for each in whole), How.PREFIX, 0.7 + share),
        (begun, How.WORD, 0.55 + share),
        (inside, How.CONTAINS, 0.4 + share),
        (most and wrong <= most, How.TYPING_ERROR, 0.35 - 0.08 * wrong),
        (
            len(words) == 1 and most and word_wrong <= most,
            How.TYPING_ERROR,
            0.27 - 0.08 * word_wrong,
        ),
    ]
    return [(how, score) for true, how, score in ways if true]


def _slow_distance(one: str, other: str) -> int:
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, j in product(range(1, len(one) + 1), range(1, len(other) + 1)):
        table[i, j] = min(
            table[i - 1, j] + 1,
            table[i, j - 1] + 1,
            table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
        )
        if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
            table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [
        ("overvecht", "overvecht", 0),
        ("overvecht", "overvehct", 1),
        ("overvecht", "overvegt", 2),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
        ("abcdef", "badcfe", 3),
        ("a", "", 1),
    ],
)
def test_an_edit_adds_leaves_out_replaces_or_swaps_a_letter(
    one: str, other: str, wrong: int
) -> None:
    """`ca` to `abc` would take two if a letter could come between those that were swapped."""
    for most in (1, 2, 3):
        assert edit_distances(one, [other], most).tolist() == [min(wrong, most + 1)]


_LETTERS = st.text("abcé", max_size=9)


@given(_LETTERS.filter(bool), st.lists(_LETTERS, max_size=8), st.integers(0, 3))
def test_distances_of_many_are_those_of_each_alone(one: str, others: list[str], most: int) -> None:
    found = edit_distances(one, others, most).tolist()

    assert found == [min(_slow_distance(one, other), most + 1) for other in others]


@given(st.text(max_size=150))
def test_any_text_has_an_answer_in_order_with_each_area_once(text: str) -> None:
    found = _COUNTRY.search(text)

    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    assert len({m.row for m in found}) == len(found)
    assert all(COUNTRY[m.entry][0] == m.row for m in found)
    assert found == _COUNTRY.search(text)


@given(st.sampled_from([entry for entry in COUNTRY if entry[2] == NAME]), st.data())
def test_every_name_is_found_however_it_is_written(entry: Entry, data: st.DataObject) -> None:
    write = getattr(entry[1], data.draw(st.sampled_from(["upper", "lower", "title", "strip"])))
    text = data.draw(st.sampled_from(["{}", " {} ", "{}!", "‘{}’"])).format(write())

    assert (entry[0], How.EXACT) in hows(_COUNTRY.search(text))


_NO_TWO_ALIKE = [entry for entry in COUNTRY if entry[0] not in (11, 18)]


@given(st.permutations(_NO_TWO_ALIKE))
def test_the_order_of_different_names_changes_no_answer(entries: list[Entry]) -> None:
    for text in ("overvecht", "overvecht utrecht", "den haag", "vollenhoevn", "e", "centrum"):
        found = [(entries[m.entry], m.how, m.score) for m in index(entries).search(text)]
        as_given = index(_NO_TWO_ALIKE).search(text)
        assert found == [(_NO_TWO_ALIKE[m.entry], m.how, m.score) for m in as_given]
