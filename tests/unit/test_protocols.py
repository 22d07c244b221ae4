"""OData against a server that speaks it: all that is announced arrives, or an error."""

import pytest

from db.core.errors import (
    ChangedMeanwhile,
    CountMismatch,
    UnknownKey,
)
from tests.publishers import faults, tiny
from tests.publishers.fetching import CODES, Fetching, rows


@pytest.mark.parametrize("style", ["feed", "api"])
async def test_every_page_of_a_wide_table_arrives(fetching: Fetching, style: str) -> None:
    payload = await (fetching.feed() if style == "feed" else fetching.api())

    assert [row["WijkenEnBuurten"] for row in rows(payload)] == [f"{c:<10}" for c in CODES]
    assert set(payload.parts) == {
        "data",
        "count",
        "DataProperties",
        "TableInfos",
        "WijkenEnBuurten",
    }
    assert len(payload.get("data")) == 3
    assert len(rows(payload, "WijkenEnBuurten")) == 3_500
    assert payload.one("count").read_text() == "3500"


async def test_progress_counts_rows_up_to_the_announced_total(fetching: Fetching) -> None:
    await fetching.feed()

    assert fetching.progress == [
        ("example", 1_500, 3_500),
        ("example", 3_000, 3_500),
        ("example", 3_500, 3_500),
    ]


async def test_an_api_that_refuses_skip_is_read_from_the_feed(fetching: Fetching) -> None:
    payload = await fetching.api("90002NED")

    assert len(rows(payload)) == 3_500
    assert len(fetching.server.requests("/ODataApi/odata/90002NED/TypedDataSet?")) == 2


async def test_a_table_that_does_not_count_is_held_against_its_areas(fetching: Fetching) -> None:
    fetching.server.faults.add("TypedDataSet.*skip=3000", faults.body_of(lambda _: b'{"value":[]}'))

    with pytest.raises(CountMismatch, match="announces 3500 rows, 3000 received"):
        await fetching.feed("90003NED")


async def test_a_second_fetch_transfers_no_bodies(fetching: Fetching) -> None:
    first = await fetching.feed()
    fetching.server.log.clear()

    second = await fetching.feed()

    assert second == first
    assert {request.status for request in fetching.server.log} == {304}
    assert fetching.server.sent == 0


async def test_pages_of_an_earlier_edition_are_removed(fetching: Fetching) -> None:
    await fetching.feed()
    before = fetching.left

    await fetching.feed(filter="WijkenEnBuurten eq 'BU90010001'")

    assert len(fetching.left) < len(before)
    assert len([name for name in fetching.left if name.startswith("data")]) == 1


async def test_filters_are_padded_to_the_width_of_the_publishers_keys(fetching: Fetching) -> None:
    payload = await fetching.police(
        filter="SoortMisdrijf eq '0.0.0' and WijkenEnBuurten eq 'GM9001'", select="ID,SoortMisdrijf"
    )

    assert rows(payload) == [{"ID": 1, "SoortMisdrijf": "0.0.0 "}]


async def test_a_filter_on_a_key_that_does_not_exist_fails(fetching: Fetching) -> None:
    with pytest.raises(UnknownKey, match=r"9\.9\.9"):
        await fetching.police(filter="SoortMisdrijf eq '9.9.9'")


async def test_police_tables_are_read_offence_by_offence(fetching: Fetching) -> None:
    payload = await fetching.police(each="SoortMisdrijf", filter="Perioden eq '2023JJ00'")

    assert len(payload.get("data")) == 3
    assert [row["SoortMisdrijf"] for row in rows(payload)][::7] == list(tiny.OFFENCES)
    assert payload.one("count").read_text() == "21"


async def test_only_the_offences_named_are_read(fetching: Fetching) -> None:
    payload = await fetching.police(each="SoortMisdrijf", keys="0.0.0, 1.1.1")

    assert {row["SoortMisdrijf"] for row in rows(payload)} == {"0.0.0 ", "1.1.1 "}


async def test_no_rows_for_a_key_are_believed_when_the_publisher_counts_none(
    fetching: Fetching,
) -> None:
    payload = await fetching.police("47000NED", each="SoortMisdrijf")

    assert len(rows(payload)) == 14


async def test_no_rows_for_a_key_are_suspicious_when_nobody_counts(fetching: Fetching) -> None:
    with pytest.raises(CountMismatch, match="SoortMisdrijf"):
        await fetching.police("47001NED", each="SoortMisdrijf")


async def test_an_edition_that_changes_during_the_fetch_is_refused(fetching: Fetching) -> None:
    newer = faults.body_of(lambda body: body.replace(b"03-27", b"03-28"))
    fetching.server.faults.add("TableInfos", newer, skip=1)

    with pytest.raises(ChangedMeanwhile):
        await fetching.feed()

    assert fetching.left == []


async def test_every_observation_of_version_4_arrives(fetching: Fetching) -> None:
    payload = await fetching.v4()

    assert [row["Id"] for row in rows(payload)] == list(range(25))
    assert set(payload.parts) == {
        "data",
        "count",
        "Properties",
        "Dimensions",
        "MeasureCodes",
        "MeasureGroups",
        "WijkenEnBuurtenCodes",
    }
    assert len(payload.get("WijkenEnBuurtenCodes")) == 3


async def test_version_4_filters_what_is_counted_and_what_is_read(fetching: Fetching) -> None:
    payload = await fetching.v4(filter="WijkenEnBuurten in ('BU90010003', 'BU90010004')")

    assert [row["Id"] for row in rows(payload)] == [3, 4]
    assert payload.one("count").read_text() == "2"


async def test_version_4_without_a_count_is_held_against_its_properties(
    fetching: Fetching,
) -> None:
    payload = await fetching.v4("90005NED")

    assert payload.one("count").read_text() == "25"


async def test_version_4_that_counts_nowhere_is_refused(fetching: Fetching) -> None:
    with pytest.raises(CountMismatch):
        await fetching.v4("90006NED")
