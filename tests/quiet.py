"""A reporter that says nothing, for tests that look at the result."""

from db.ingest.run import Outcome


class Quiet:
    def fetched(self, dataset_id: str, done: int, total: int | None) -> None: ...

    def step(self, dataset: str, phase: str, done: int, total: int) -> None: ...

    def outcome(self, outcome: Outcome) -> None: ...
