"""What CBS states of areas (Indelingswijziging) over several years, for maps as far apart.

The code of a year says whether an area changed since the year before: 1 it did not, 2 only its code
did, 3 its border did. A year of which nothing is stated may hide a change, but undoes none.
"""

from collections.abc import Mapping, Sequence

UNCHANGED, RECODED, MOVED = 1, 2, 3


def over_span(
    codes: Sequence[str], by_year: Mapping[int, Mapping[str, int]], old: int, new: int
) -> list[int | None]:
    """What all years after `old` up to `new` say together of areas by their codes in `new`.

    A change that any year states is one over the whole span. That nothing changed needs every
    year; where one is silent it is not known. Codes are followed as they are: before the year in
    which an area was recoded its code is another area's, so no earlier year is looked at.
    """
    return [_over(code, by_year, range(new, old, -1)) for code in codes]


def _over(code: str, by_year: Mapping[int, Mapping[str, int]], years: range) -> int | None:
    silent = False
    for year in years:
        stated = by_year.get(year, {}).get(code)
        if stated in (RECODED, MOVED):
            return stated
        silent |= stated is None
    return None if silent else UNCHANGED
