"""Our reference facts equal the tables they were made from, row by row."""

import csv
from datetime import date
from pathlib import Path

import pytest

from db.core.programme import Certainty, Extent, Membership, Precision, Reference
from db.reference.facts import load_reference

pytestmark = pytest.mark.real

_CERTAINTY = {"name-match": Certainty.NAME_MATCH, "unknown": Certainty.CANDIDATE}
_PROGRAMME = {"NPLV": "nplv", "M50 krachtwijk": "m50-krachtwijken"}
Row = tuple[object, ...]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def stated(row: dict[str, str]) -> Row:
    """A row of the table as our facts should hold it."""
    thousands = row["area_population_1jan2025_thousand"]
    return (
        _PROGRAMME[row["programme"]],
        row["focus_area"],
        row["municipality_code"],
        row["unit_level"],
        row["unit_code"] or None,
        int(row["unit_year"]) if row["unit_code"] else None,
        Extent(row["share_or_whole"]),
        1.0 if row["share_or_whole"] == "whole" else None,
        _CERTAINTY[row["certainty"]],
        row["unit_name"] or None,
        int(thousands) * 1000 if thousands else None,
    )


def held(reference: Reference, membership: Membership) -> Row:
    area = next(one for one in reference.focus_areas if one.slug == membership.focus_area)
    return (
        area.programme,
        area.name,
        area.gemeente_code,
        membership.level.value,
        membership.code,
        membership.vintage,
        membership.extent,
        membership.share,
        membership.certainty,
        membership.name,
        area.published_population,
    )


def test_memberships_equal_the_table_row_by_row(reference: Reference, real_data: Path) -> None:
    rows = [stated(row) for row in read(real_data, "focus_areas.csv")]
    assert [held(reference, one) for one in reference.memberships] == rows


def test_m50_members_equal_the_table_row_by_row(reference: Reference, real_data: Path) -> None:
    rows = read(real_data, "m50_municipalities.csv")
    listed = sorted((row["municipality"], row["municipality_code"]) for row in rows)
    assert [(name, code) for code, name in reference.group_lists[0].members] == listed


@pytest.mark.parametrize(("role", "position"), [("signatory", 1), ("supporter", 2)])
def test_the_motion_has_the_gemeenten_of_the_table(
    reference: Reference, real_data: Path, role: str, position: int
) -> None:
    rows = read(real_data, "m50_municipalities.csv")
    listed = {row["municipality_code"] for row in rows if row["vng_motion_2024_06_26"] == role}
    dated = reference.group_lists[position]
    assert {code for code, _ in dated.members} == listed
    assert (dated.as_of, dated.as_of_precision) == (date(2024, 6, 26), Precision.DAY)


def test_krachtwijken_lie_in_the_gemeenten_of_the_table(
    reference: Reference, real_data: Path
) -> None:
    rows = read(real_data, "m50_municipalities.csv")
    listed = {
        (row["krachtwijk_in_papers"], row["municipality_code"])
        for row in rows
        if row["krachtwijk_in_papers"]
    }
    areas = {(one.name, one.gemeente_code) for one in reference.focus_areas
             if one.programme == "m50-krachtwijken"}  # fmt: skip
    assert areas == listed


def test_the_nplv_has_20_areas_in_19_gemeenten(reference: Reference) -> None:
    areas = [one for one in reference.focus_areas if one.programme == "nplv"]
    assert (len(areas), len({one.gemeente_code for one in areas})) == (20, 19)


def test_focus_areas_have_1_192_million_inhabitants_on_1_january_2025(
    reference: Reference,
) -> None:
    areas = [one for one in reference.focus_areas if one.programme == "nplv"]
    assert {one.published_population_date for one in areas} == {date(2025, 1, 1)}
    assert sum(one.published_population or 0 for one in areas) == 1_192_000


def test_m50_had_61_members_in_april_2023(reference: Reference) -> None:
    dated = reference.group_lists[0]
    assert (dated.group, len(dated.members)) == ("m50", 61)


def test_nieuwegein_is_the_only_focus_gemeente_on_the_list_of_april_2023(
    reference: Reference,
) -> None:
    members = dict(reference.group_lists[0].members)
    areas = [one for one in reference.focus_areas if one.programme == "nplv"]
    shared = {members[one.gemeente_code] for one in areas if one.gemeente_code in members}
    assert shared == {"Nieuwegein"}


def test_every_gemeente_of_the_motion_is_a_member_of_m50(reference: Reference) -> None:
    members = dict(reference.group_lists[0].members)
    motion = {code for dated in reference.group_lists[1:] for code, _ in dated.members}
    assert len(motion) == 8
    assert motion <= set(members)
