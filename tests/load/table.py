"""Prints what was measured, and whether each bar is met."""

from collections.abc import Mapping

from tests.load.documents import OURS, POSTGRAPHILE
from tests.load.questions import MERCURIUS, Bar, Question
from tests.load.rounds import Figures

Found = Mapping[str, Mapping[str, Figures]]
"""Question -> service -> medians."""
MISSED = "NOT MET"
_HEAD = (
    f"  {'':14}{'CPU ms':>10}{'service':>10}{'postgres':>10}{'x PGraph.':>11}{'x Merc.':>9}"
    f"{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'kB':>9}{'RSS MB':>8}{'PSS MB':>8}{'bad':>5}"
)


def print_question(question: Question, found: Found) -> None:
    print_figures(f"{question.name}: {question.title}", found[question.name])
    for bar in question.bars:
        print(f"  {verdict(question, bar, found)}", flush=True)


def print_figures(title: str, figures: Mapping[str, Figures]) -> None:
    """The dearest first."""
    print(f"\n{title}\n{_HEAD}")
    for name, one in sorted(figures.items(), key=lambda item: -item[1].cpu):
        times = "".join(
            f"{figures[peer].cpu / one.cpu:>{width}.2f}" if peer in figures else " " * width
            for peer, width in ((POSTGRAPHILE, 11), (MERCURIUS, 9))
        )
        print(
            f"  {name:14}{one.cpu:10.3f}{one.service:10.3f}{one.postgres:10.3f}{times}"
            f"{one.per_second:9.0f}{one.p50:9.2f}{one.p99:9.2f}{one.kilobytes:9.1f}"
            f"{one.resident:8.0f}{one.shared_fairly:8.0f}{one.bad:5}"
        )


def verdict(question: Question, bar: Bar, found: Found) -> str:
    """A sentence: the bar, what was reached, and whether that is enough."""
    ours = found.get(question.name, {}).get(OURS)
    theirs = found.get(bar.question or question.name, {}).get(bar.peer)
    other = f" on {bar.question}" if bar.question else ""
    if ours is None or theirs is None:
        return f"bar against {bar.peer}{other}: not measured"
    if bar.times is not None:
        return cheaper(ours, theirs, bar.times, bar.peer)
    assert bar.within is not None
    return at_most(f"CPU against {bar.peer}{other}", ours.cpu / theirs.cpu, bar.within, "x")


def cheaper(ours: Figures, theirs: Figures, times: float, peer: str) -> str:
    reached = theirs.cpu / ours.cpu
    word = "met" if reached >= times else MISSED
    return f"bar: at least {times:g} x cheaper than {peer}: {reached:.1f} x, {word}"


def at_most(what: str, reached: float, most: float, unit: str) -> str:
    word = "met" if reached <= most else MISSED
    return f"bar: {what} at most {most:g} {unit}: {reached:.2f} {unit}, {word}"
