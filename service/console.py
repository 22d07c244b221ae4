"""What the command line says: bars on a terminal, plain lines in a pipe, JSON for machines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from db.ingest.run import Outcome

_WORDS = {"fetch": "fetching", "parse": "reading", "merge": "merging"}


class Reporter(Protocol):
    """Told of every step of an ingest; see db.ingest.run.Reporter."""

    def fetched(self, dataset_id: str, done: int, total: int | None) -> None: ...

    def step(self, dataset: str, phase: str, done: int, total: int) -> None: ...

    def outcome(self, outcome: Outcome) -> None: ...


class PlainReporter:
    """One line an outcome, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def fetched(self, dataset_id: str, done: int, total: int | None) -> None:
        """Not worth a line in a log."""

    def step(self, dataset: str, phase: str, done: int, total: int) -> None:
        """Not worth a line in a log."""

    def outcome(self, outcome: Outcome) -> None:
        print(summary(outcome), file=self._stream, flush=True)


class JsonReporter:
    """One JSON object a line: every step and every outcome with its whole account."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def fetched(self, dataset_id: str, done: int, total: int | None) -> None:
        """Machines are told of steps, not of every page."""

    def step(self, dataset: str, phase: str, done: int, total: int) -> None:
        self.write({"event": phase, "dataset": dataset, "done": done, "total": total})

    def outcome(self, outcome: Outcome) -> None:
        self.write(
            {
                "event": outcome.outcome,
                "dataset": outcome.dataset,
                "message": outcome.message,
                "checksum": outcome.checksum,
                "account": outcome.account,
            }
        )

    def write(self, event: dict[str, object]) -> None:
        print(orjson.dumps(event).decode(), file=self._stream, flush=True)


class BarReporter:
    """A rich progress bar, with the outcomes scrolling past above it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def fetched(self, dataset_id: str, done: int, total: int | None) -> None:
        shown = f"{done:,} of {total:,}" if total else f"{done:,}"
        self._progress.update(self._task, description=f"{_WORDS['fetch']} {dataset_id} {shown}")

    def step(self, dataset: str, phase: str, done: int, total: int) -> None:
        self._progress.update(
            self._task,
            description=f"{_WORDS.get(phase, phase)} {dataset}",
            completed=done,
            total=total,
        )

    def outcome(self, outcome: Outcome) -> None:
        self._progress.console.print(summary(outcome), highlight=False, markup=False)
        self._progress.advance(self._task)


@contextmanager
def reporting(*, json: bool) -> Iterator[Reporter]:
    """The reporter that fits where standard output goes."""
    if json:
        yield JsonReporter(sys.stdout)
    elif not sys.stdout.isatty():
        yield PlainReporter(sys.stdout)
    else:
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(),
        )  # fmt: skip
        with Progress(*columns, console=Console()) as progress:
            yield BarReporter(progress)


def summary(outcome: Outcome) -> str:
    """One line: what became of a dataset, and the figures that matter."""
    parts = [f"{outcome.outcome:<10} {outcome.dataset}"]
    rows = outcome.account.get("rows")
    if rows:
        rejected = sum(rows["rejected"].values())
        parts.append(f"{rows['read']} rows read, {rows['accepted']} accepted, {rejected} rejected")
    cells = outcome.account.get("cells")
    if cells:
        parts.append(f"{cells['read']} cells, {cells['opened']} opened, {cells['closed']} closed")
        columns = cells["columns_not_published"]
        parts.extend(f"{len(names)} columns {kind}" for kind, names in columns.items())
    shapes = outcome.account.get("shapes")
    if shapes:
        parts.append(f"{shapes.get('opened', 0)} shapes")
    if outcome.message:
        parts.append(outcome.message)
    return "; ".join(parts)
