"""What was redrawn in Voorbeeldland between 2020 and 2024: every trap that real divisions hold."""

from collections.abc import Callable
from math import fsum

from db.demo.division import Division, Draft
from db.demo.land import make_land
from db.demo.lattice import Point, apart
from db.demo.settlement import settle
from db.demo.towns import TOWNS

VINTAGES = (2020, 2021, 2022, 2023, 2024)
_CENTRE: dict[str, Point] = {town.code: town.centres[0] for town in TOWNS}


def divisions() -> tuple[Division, ...]:
    draft = settle(make_land())
    found: list[Division] = []
    for vintage in VINTAGES:
        for change in _CHANGES.get(vintage, ()):
            change(draft)
        found.append(draft.freeze(vintage))
    return tuple(found)


def _split_tussenwater(draft: Draft) -> None:
    """A gemeente goes to two neighbours: wijken keep their border, but one is cut in two."""
    nearest = sorted(draft.wijken_of("GM9008"), key=lambda wijk: _leaning(draft, wijk))
    draft.recode_wijk(nearest[0], "WK900310")
    draft.recode_wijk(nearest[1], "WK900311")
    draft.recode_wijk(nearest[3], "WK900510")
    cut = nearest[2]
    largest = max(draft.buurten_of(cut), key=lambda code: (len(draft.buurten[code].cells), code))
    cells = sorted(draft.buurten[largest].cells, key=lambda c: apart(c, _CENTRE["GM9003"]))
    part = draft.split_buurt(largest, cells[: len(cells) // 2])
    name = draft.wijken.pop(cut)
    others = [code for code in draft.buurten_of(cut) if code != part]
    draft.move_buurten([part], "WK900312", f"{name}-West")
    draft.move_buurten(others, "WK900511", f"{name}-Oost")
    del draft.gemeenten["GM9008"]


def _leaning(draft: Draft, wijk: str) -> float:
    """How much nearer a wijk lies to Wolkendijk than to Zonnewolde."""
    cells = sorted(draft.cells_of(wijk))
    near, far = _CENTRE["GM9003"], _CENTRE["GM9005"]
    return fsum(apart(cell, near) - apart(cell, far) for cell in cells) / len(cells)


def _move_border_in_eikenzand(draft: Draft) -> None:
    draft.move_cell("WK900401", "WK900400")


def _split_buurt_in_wolkendijk(draft: Draft) -> None:
    code = draft.buurten_of("WK900306")[0]
    cells = sorted(draft.buurten[code].cells)
    draft.split_buurt(code, cells[: len(cells) // 3])


def _merge_the_plassen(draft: Draft) -> None:
    """Two gemeenten become one, with all borders inside it unchanged."""
    draft.gemeenten["GM9011"] = "Plassenland"
    for position, wijk in enumerate(draft.wijken_of("GM9006") + draft.wijken_of("GM9007")):
        draft.recode_wijk(wijk, f"WK9011{position + 1:02d}")
    del draft.gemeenten["GM9006"], draft.gemeenten["GM9007"]


def _redraw_kwakelhaven(draft: Draft) -> None:
    """One wijk is split and keeps its code for what remains; another is absorbed."""
    draft.move_buurten(draft.buurten_of("WK900203")[1:], "WK900210", "Nieuwe Traanoven")
    draft.move_buurten(draft.buurten_of("WK900207"), "WK900206")
    del draft.wijken["WK900207"]
    draft.wijken["WK900206"] = "Kraaiennest en Oude Werf"


def _use_a_code_again(draft: Draft) -> None:
    """The code of the absorbed wijk returns for ground at the other side of the gemeente."""
    draft.move_buurten(draft.buurten_of("WK900208")[:1], "WK900207", "Nieuwe Kade")


def _letter_dobbermeer(draft: Draft) -> None:
    letters = [first + second for first in "AB" for second in "ABCDEFG"]
    for wijk, pair in zip(draft.wijken_of("GM9001"), letters, strict=False):
        draft.recode_wijk(wijk, f"WK9001{pair}")


def _swap_codes_in_molenrust(draft: Draft) -> None:
    """Two codes change place: each exists in both years and means another wijk."""
    draft.recode_wijk("WK900903", "WK9009XX")
    draft.recode_wijk("WK900904", "WK900903")
    draft.recode_wijk("WK9009XX", "WK900904")


def _drop_numbers(gemeente: str) -> Callable[[Draft], None]:
    """'Wijk 01 Naam' becomes 'Naam': another name, the same code and border."""

    def rename(draft: Draft) -> None:
        for wijk in draft.wijken_of(gemeente):
            draft.wijken[wijk] = draft.wijken[wijk].split(" ", 2)[-1]

    return rename


def _split_drijfland(draft: Draft) -> None:
    draft.move_buurten(draft.buurten_of("WK9001BF")[1:], "WK9001BH", "Nieuw-Drijfland")


def _move_border_of_gemeenten(draft: Draft) -> None:
    """Ground changes gemeente without any merger."""
    any(
        draft.move_cell(giver, taker)
        for giver in draft.wijken_of("GM9003")
        for taker in draft.wijken_of("GM9001")
    )


_CHANGES: dict[int, tuple[Callable[[Draft], None], ...]] = {
    2021: (_split_tussenwater, _move_border_in_eikenzand, _split_buurt_in_wolkendijk),
    2022: (_merge_the_plassen, _redraw_kwakelhaven),
    2023: (
        _letter_dobbermeer,
        _use_a_code_again,
        _swap_codes_in_molenrust,
        _drop_numbers("GM9009"),
    ),
    2024: (_split_drijfland, _move_border_of_gemeenten, _drop_numbers("GM9005")),
}
