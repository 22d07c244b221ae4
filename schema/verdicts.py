"""Areas by the answer whether they are worse and worsening, and what each answer rests on."""

import numpy as np

from db.core.area import AreaTable
from db.core.figures import known
from db.core.indicator import Indicator, SeriesBreak
from db.core.levels import Level
from db.core.trend import Answer, Change, Ground, Verdicts, worse_and_worsening
from schema.percentiles import Judged
from schema.percentiles import Place as Standing
from schema.place import Place
from schema.tested import Tested
from schema.trends import ALPHA, Fit, Stretch


class Sorted:
    """The source of a WorseAndWorsening: one indicator, its areas judged."""

    __slots__ = ("complete", "judged", "percentile_from", "table", "tested", "verdicts")

    def __init__(
        self,
        table: AreaTable,
        tested: Tested,
        judged: Judged,
        percentile_from: float,
        complete: bool,
    ) -> None:
        self.table = table
        self.tested = tested
        self.judged = judged
        self.percentile_from = percentile_from
        self.complete = complete
        found = judged.found.percentiles[tested.rows]
        if not judged.for_all:
            found = np.full_like(found, np.nan)
        self.verdicts: Verdicts = worse_and_worsening(
            np.where(np.isnan(found), np.nan, found > percentile_from),
            tested.fitted.found,
            direction=self.indicator.direction,
            alpha=ALPHA,
        )

    @property
    def _of(self) -> Stretch:
        return self.tested.fitted.of

    @property
    def indicator(self) -> Indicator:
        return self._of.indicator

    @property
    def level(self) -> Level:
        return self.table.level

    @property
    def vintage(self) -> int:
        return self.table.vintage

    @property
    def years(self) -> list[int]:
        return [each.year for each in self._of.columns]

    @property
    def year(self) -> int:
        return self.judged.asked.year

    @property
    def breaks(self) -> tuple[SeriesBreak, ...]:
        return self._of.breaks

    @property
    def areas_tested(self) -> int:
        return int(np.count_nonzero(~np.isnan(self.verdicts.adjusted)))

    @property
    def uninhabited(self) -> int:
        return self.tested.uninhabited

    @property
    def yes(self) -> list["Entry"]:
        return self._with(Answer.YES)

    @property
    def no(self) -> list["Entry"]:
        return self._with(Answer.NO)

    @property
    def cannot_be_said(self) -> list["Entry"]:
        return self._with(Answer.CANNOT_BE_SAID)

    def _with(self, answer: Answer) -> list["Entry"]:
        return [Entry(self, at) for at in np.flatnonzero(self.verdicts.answers == answer).tolist()]


class Entry:
    """The source of a WorseAndWorseningArea."""

    __slots__ = ("_at", "_of")

    def __init__(self, of: Sorted, at: int) -> None:
        self._of = of
        self._at = at

    @property
    def _row(self) -> int:
        return int(self._of.tested.rows.item(self._at))

    @property
    def area(self) -> Place:
        return Place(self._of.table, self._row)

    @property
    def answer(self) -> Answer:
        return Answer(self._of.verdicts.answers.item(self._at))

    @property
    def ground(self) -> Ground:
        return Ground(self._of.verdicts.grounds.item(self._at))

    @property
    def change(self) -> Change:
        return Change(self._of.verdicts.changes.item(self._at))

    @property
    def adjusted_p(self) -> float | None:
        return known(self._of.verdicts.adjusted.item(self._at))

    @property
    def trend(self) -> Fit:
        return Fit(self._of.tested.fitted, self._at)

    @property
    def percentile(self) -> Standing:
        return Standing(self._of.judged, self._row)
