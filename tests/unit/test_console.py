"""What the progress bar says while a country is loaded."""

from io import StringIO

import pytest
from rich.console import Console
from rich.progress import Progress

from service.console import BarReporter


@pytest.fixture
def progress() -> Progress:
    return Progress(console=Console(file=StringIO()), auto_refresh=False)


@pytest.mark.parametrize(
    ("phase", "word"), [("fetch", "fetching"), ("parse", "reading"), ("merge", "merging")]
)
def test_the_bar_names_each_step_in_english(progress: Progress, phase: str, word: str) -> None:
    BarReporter(progress).step("kwb-2020", phase, 3, 8)
    task = progress.tasks[0]
    assert (task.description, task.completed, task.total) == (f"{word} kwb-2020", 3, 8)


@pytest.mark.parametrize(("total", "shown"), [(20_000, "1,500 of 20,000"), (None, "1,500")])
def test_the_bar_counts_what_is_fetched(progress: Progress, total: int | None, shown: str) -> None:
    BarReporter(progress).fetched("kwb-2020", 1_500, total)
    assert progress.tasks[0].description == f"fetching kwb-2020 {shown}"
