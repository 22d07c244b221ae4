"""What every mode of the benchmark works with."""

from dataclasses import dataclass
from pathlib import Path

from tests.load.nation import Size
from tests.load.questions import Question
from tests.load.rounds import Course, Figures
from tests.load.services import Ground

Rounds = dict[str, dict[str, list[Figures]]]
"""What is asked -> service -> one entry a round."""


@dataclass(frozen=True, slots=True)
class Bench:
    ground: Ground
    folder: Path
    """For stores and programs."""
    course: Course
    size: Size
    questions: list[Question]
    peers: list[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every figure, and a sentence for each bar."""

    measured: Rounds
    verdicts: list[str]
