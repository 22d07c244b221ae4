"""Dataclasses survive the way to JSON and back."""

from datetime import date

import orjson

from db.core.levels import Level
from db.core.programme import (
    Certainty,
    Extent,
    Membership,
    MunicipalityGroupList,
    Precision,
)
from db.core.record import plain, restore

MEMBER = Membership(
    focus_area="utrecht-overvecht",
    level=Level.WIJK,
    code="WK034403",
    vintage=2024,
    name="Overvecht",
    extent=Extent.WHOLE,
    share=1.0,
    valid_from=date(2022, 1, 1),
    valid_from_precision=Precision.YEAR,
    valid_until=None,
    certainty=Certainty.NAME_MATCH,
    legal_basis=None,
    source_text_nl="pagina van het programma",
    source_text_en="programme page",
)
LIST = MunicipalityGroupList(
    group="m50",
    as_of=date(2023, 4, 1),
    as_of_precision=Precision.MONTH,
    source_text_nl="leden in april 2023",
    source_text_en="members in April 2023",
    certainty=Certainty.OFFICIAL,
    members=(("GM0355", "Zeist"), ("GM0356", "Nieuwegein")),
    vintage=2024,
)


def test_a_membership_is_the_same_after_json() -> None:
    assert restore(Membership, orjson.loads(orjson.dumps(plain(MEMBER)))) == MEMBER


def test_nested_tuples_are_the_same_after_json() -> None:
    assert restore(MunicipalityGroupList, orjson.loads(orjson.dumps(plain(LIST)))) == LIST


def test_enums_and_dates_are_stored_by_value() -> None:
    body = plain(MEMBER)
    assert (body["level"], body["valid_from"]) == ("wijk", "2022-01-01")
