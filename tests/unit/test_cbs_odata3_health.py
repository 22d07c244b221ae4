"""CBS OData v3 with periods, ages and margins, as the health tables have them."""

from pathlib import Path

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad
from db.sources.cbs_odata3 import load
from tests.unit.odata_files import Row, dataset, payload, row_of

MARGINS: list[Row] = [
    {"Key": "MW00000", "Title": "Waarde"},
    {"Key": "MW00020", "Title": "Ondergrens 95%-interval"},
    {"Key": "MW00030", "Title": "Bovengrens 95%-interval"},
]


def health(code: str, rate: object = "  8.5", **keys: object) -> Row:
    return {
        "Leeftijd": "20300",
        "Marges": "MW00000",
        "WijkenEnBuurten": code.ljust(10),
        "Perioden": "2012JJ00",
        "Eenzaam_28": rate,
    } | keys


def test_each_year_has_a_rectangle_of_its_own(tmp_path: Path) -> None:
    rows = [health("GM9001", Perioden="2016JJ00"), health("GM9001")]
    figures = load(dataset(load), payload(tmp_path, data=rows)).figures
    assert [f.periods.tolist() for f in figures] == [[2012], [2016]]


def test_a_column_not_asked_in_one_year_was_not_measured_then(tmp_path: Path) -> None:
    rows = [health("GM9001", "     "), health("GM9001", Perioden="2016JJ00")]
    first, second = load(dataset(load), payload(tmp_path, data=rows)).figures
    assert row_of(first, "GM9001") == [(None, Reason.NOT_MEASURED)]
    assert row_of(second, "GM9001") == [(8.5, Reason.OBSERVED)]


@pytest.mark.parametrize("period", ["2016MM04", "2021KW01", "20060101", ""])
def test_a_period_that_is_no_year_is_rejected(tmp_path: Path, period: str) -> None:
    rows = [health("GM9001"), health("GM9001", Perioden=period)]
    account = load(dataset(load), payload(tmp_path, data=rows)).account
    assert account.rejected == {"period-not-a-year": 1}


def test_estimates_of_a_model_are_marked_as_such(tmp_path: Path) -> None:
    rows = [health("GM9001"), health("GM9002", ".")]
    figures = load(dataset(load, nature="modelled"), payload(tmp_path, data=rows)).figures[0]
    assert row_of(figures, "GM9001") == [(8.5, Reason.MODELLED)]
    assert row_of(figures, "GM9002") == [(None, Reason.DOT)]


def test_only_the_age_that_the_dataset_names_is_taken(tmp_path: Path) -> None:
    rows = [health("GM9001"), health("GM9001", " 9.9", Leeftijd="80200 ")]
    parsed = load(dataset(load, Leeftijd="80200"), payload(tmp_path, data=rows))
    assert row_of(parsed.figures[0], "GM9001") == [(9.9, Reason.OBSERVED)]
    assert parsed.account.rejected == {"other-leeftijd": 1}


def test_several_ages_of_which_none_is_named_are_refused(tmp_path: Path) -> None:
    rows = [health("GM9001"), health("GM9001", " 9.9", Leeftijd="80200")]
    with pytest.raises(BrokenLoad, match="Leeftijd has several keys"):
        load(dataset(load), payload(tmp_path, data=rows))


def test_an_age_that_the_table_does_not_have_leaves_no_row_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match=r"no usable row.*other-leeftijd"):
        load(dataset(load, Leeftijd="9"), payload(tmp_path, data=[health("GM9001")]))


def test_margins_stand_beside_their_estimate(tmp_path: Path) -> None:
    rows = [
        health("GM9002", "1.0"),
        health("GM9001", " 7.1", Marges="MW00020"),
        health("GM9001"),
        health("GM9001", " 9.6", Marges="MW00030 "),
    ]
    figures = load(dataset(load), payload(tmp_path, data=rows, Marges=MARGINS)).figures[0]
    assert figures.codes == ["GM9002", "GM9001"]
    assert figures.lower is not None
    assert figures.upper is not None
    np.testing.assert_array_equal(figures.lower, [[np.nan], [7.1]])
    np.testing.assert_array_equal(figures.upper, [[np.nan], [9.6]])


def test_a_margin_without_a_title_is_rejected_and_never_taken_for_the_estimate(
    tmp_path: Path,
) -> None:
    rows = [health("GM9001"), health("GM9001", " 7.1", Marges="MW00020")]
    parsed = load(dataset(load), payload(tmp_path, data=rows))
    assert row_of(parsed.figures[0], "GM9001") == [(8.5, Reason.OBSERVED)]
    assert parsed.account.rejected == {"unknown-margin": 1}


def test_a_bound_without_its_estimate_is_rejected(tmp_path: Path) -> None:
    rows = [health("GM9001"), health("GM9002", " 7.1", Marges="MW00020")]
    account = load(dataset(load), payload(tmp_path, data=rows, Marges=MARGINS)).account
    assert account.rejected == {"bound-without-estimate": 1}
    assert account.examples["bound-without-estimate"] == ["GM9002"]


def test_a_period_called_voorlopig_is_provisional(tmp_path: Path) -> None:
    rows = [health("GM9001"), health("GM9001", Perioden="2016JJ00")]
    periods = [
        {"Key": "2012JJ00", "Title": "2012", "Status": "Definitief"},
        {"Key": "2016JJ00", "Title": "2016*", "Status": "NaderVoorlopig"},
    ]
    first, second = load(dataset(load), payload(tmp_path, data=rows, Perioden=periods)).figures
    assert first.provisional is not None
    assert second.provisional is not None
    assert (first.provisional.tolist(), second.provisional.tolist()) == ([False], [True])
