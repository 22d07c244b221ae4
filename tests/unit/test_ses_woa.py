"""SES-WOA scores from a StatLine export."""

from pathlib import Path

import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad
from db.core.figures import Parsed
from db.sources import ses_woa
from db.sources.dataset import Dataset, Family, Payload

EXPORT = """\
"Perioden";"Wijken en buurten";"Regiocode (gemeente, wijk, buurt) (code)";\
"Particuliere huishoudens (Aantal)";"Opleidingsniveau/Laag/Waarde (%)";\
"SES-WOA/Totaalscore/Gemiddelde score (Getal)";"Spreiding/Spreiding totaal/Waarde (Getal)"
"2019";"Kern";"WK000100  ";"    2900";"    12.9";"  -0.022";"   0.892"
"""


def load(folder: Path, text: str) -> Parsed:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8-sig")
    dataset = Dataset("ses-2019", "cbs", Family.SES, 2019, ses_woa.load, table="85163NED")
    return ses_woa.load(dataset, Payload({"data": (path,)}))


def test_scores_may_be_negative_and_are_observed(tmp_path: Path) -> None:
    figures = load(tmp_path, EXPORT).figures[0]

    assert figures.values.tolist() == [[2900, 12.9, -0.022, 0.892]]
    assert set(figures.reasons.ravel().tolist()) == {Reason.OBSERVED}


def test_a_negative_share_fails_the_load(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="negative count or share"):
        load(tmp_path, EXPORT.replace("    12.9", "   -12.9"))


def test_a_table_without_a_score_is_another_table(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="85163NED has no SES-WOA score"):
        load(tmp_path, EXPORT.replace("SES-WOA/", "Iets/"))
