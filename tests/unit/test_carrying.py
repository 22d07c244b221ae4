"""Figures carried by what sort they are: nothing averaged without weights, nothing told twice."""

from dataclasses import replace

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.carrying import Beside, Carrying, carry, withheld
from db.core.harmonise import Published
from db.core.indicator import Aggregation, Indicator, Kind
from db.reference.indicators import load_indicators
from tests.unit.test_harmonise import MERGE, PIECE, UNCHANGED, by

NAN = np.nan
OBSERVED, SECRET, RECODED = Reason.OBSERVED, Reason.CONFIDENTIAL, Reason.RECODED
KNOWN = {each.slug: each for each in load_indicators()}
COUNT, SHARE = KNOWN["population"], KNOWN["population_65_plus_share"]
DENSITY, MEDIAN, INDEX = KNOWN["population_density"], KNOWN["median_wealth"], KNOWN["lbm_total"]


def years(*values: float, reasons: list[Reason] | None = None) -> Published:
    """One year of every old area."""
    given = [OBSERVED if each == each else Reason.NO_FIGURE for each in values]
    codes = np.array(reasons or given, np.uint8)
    return Published(np.array(values, np.float64)[:, None], codes[:, None])


@pytest.mark.parametrize(
    ("indicator", "carrying"),
    [
        (COUNT, Carrying.COUNT),
        (SHARE, Carrying.MEAN),
        (DENSITY, Carrying.RATIO),
        (MEDIAN, Carrying.UNCHANGED),
        (INDEX, Carrying.UNCHANGED),
        (replace(DENSITY, numerator=None), Carrying.MEAN),
        (replace(SHARE, denominator=None), Carrying.UNCHANGED),
        (replace(COUNT, aggregation=Aggregation.NONE), Carrying.UNCHANGED),
    ],
    ids=lambda each: each.slug if isinstance(each, Indicator) else each.name,
)
def test_the_catalogue_says_how_an_indicator_is_carried(
    indicator: Indicator, carrying: Carrying
) -> None:
    assert Carrying.of(indicator) is carrying


def test_no_median_class_or_index_of_the_catalogue_is_ever_averaged() -> None:
    kinds = (Kind.MEDIAN, Kind.CLASS, Kind.INDEX)
    found = {Carrying.of(each) for each in KNOWN.values() if each.kind in kinds}

    assert found == {Carrying.UNCHANGED}


def test_a_count_of_a_merger_is_the_sum() -> None:
    found = carry(COUNT, years(12, 30, 4), Beside(), by(MERGE, 3, 2))

    assert found.values.ravel().tolist() == [42, 4]


def test_a_share_of_a_merger_is_weighted_and_not_the_mean_of_shares() -> None:
    """20 % of 1,000 and 40 % of 3,000 are 35 %, not 30 %."""
    found = carry(SHARE, years(20, 40, 7), Beside(None, years(1000, 3000, 1)), by(MERGE, 3, 2))

    assert found.values.ravel().tolist() == [35, 7]
    assert found.reasons.ravel().tolist() == [RECODED, RECODED]


def test_a_share_without_its_denominator_is_carried_only_where_the_border_is_the_same() -> None:
    found = carry(SHARE, years(20, 40, 7), Beside(), by(MERGE, 3, 2, recoded=True))

    assert found.reasons.ravel().tolist() == [Reason.NO_DENOMINATOR, RECODED]
    assert found.values.ravel().tolist()[1:] == [7]


@pytest.mark.parametrize("indicator", [MEDIAN, INDEX], ids=lambda each: each.slug)
def test_what_cannot_be_divided_says_that_the_border_changed(indicator: Indicator) -> None:
    found = carry(indicator, years(1, 2, 7), Beside(), by(MERGE, 3, 2, recoded=True))

    assert found.reasons.ravel().tolist() == [Reason.BORDER_CHANGED, RECODED]


def test_a_median_that_is_absent_where_the_border_is_the_same_keeps_its_reason() -> None:
    given = years(NAN, 2, reasons=[SECRET, OBSERVED])

    found = carry(MEDIAN, given, Beside(), by(UNCHANGED, 2, 2))

    assert found.reasons.ravel().tolist() == [SECRET, OBSERVED]


def test_an_area_of_which_an_old_part_could_not_be_placed_has_no_links() -> None:
    weights = by(MERGE, 3, 2)
    unknown = replace(weights, unknown=np.array([True, False]))

    found = carry(COUNT, years(12, 30, 4), Beside(), unknown)

    assert found.reasons.ravel().tolist()[0] == Reason.NO_LINKS
    assert np.isnan(found.values[0, 0])


def test_where_no_old_area_lies_nothing_is_comparable() -> None:
    found = carry(COUNT, years(12, 4), Beside(), by({(0, 0): 5, (1, 1): 7}, 2, 3))

    assert found.reasons.ravel().tolist() == [OBSERVED, OBSERVED, Reason.OTHER_BOUNDARIES]


def test_a_quotient_of_unchanged_border_is_as_published_and_not_worked_out_again() -> None:
    """3 over 7 hectares is 42.857 a km2; the source says 43."""
    beside = Beside(years(3, 3, 3), years(7, 7, 7))

    found = carry(DENSITY, years(43, 43, 43), beside, by(MERGE, 3, 2))

    assert found.values.ravel().tolist() == pytest.approx([100 * 6 / 14, 43])


def test_a_quotient_that_the_source_withholds_is_not_told_by_its_two_numbers() -> None:
    given = years(43, NAN, 43, reasons=[OBSERVED, SECRET, OBSERVED])
    beside = Beside(years(3, 3, 3), years(7, 7, 7))

    found = carry(DENSITY, given, beside, by(MERGE, 3, 2))

    assert found.reasons.ravel().tolist()[0] == Reason.PART_UNKNOWN
    assert np.isnan(found.values[0, 0])
    assert found.blocked.tolist() == [[0, 1, 0]]


@pytest.mark.parametrize(
    ("reason", "people", "hidden"),
    [
        (SECRET, 5, True),
        (SECRET, 0, True),
        (Reason.DOT, 5, True),
        (Reason.NO_FIGURE, 5, True),
        (Reason.NO_FIGURE, 0, False),
        (Reason.NO_ROW, 5, False),
        (Reason.UNKNOWN_TO_PUBLISHER, 5, False),
    ],
)
def test_withheld_is_what_is_secret_or_may_be(reason: Reason, people: float, hidden: bool) -> None:
    beside = Beside(None, years(people))

    assert withheld(years(NAN, reasons=[reason]), beside).item() is hidden


def test_a_split_share_lies_between_its_bounds() -> None:
    found = carry(SHARE, years(50, 10), Beside(None, years(20, 80)), by(PIECE, 2, 2))

    assert found.reasons.ravel().tolist() == [Reason.ESTIMATED, Reason.ESTIMATED]
    assert (found.lower <= found.values).all()
    assert (found.values <= found.upper).all()
