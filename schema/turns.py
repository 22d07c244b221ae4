"""How long a request answers before others go on, where it has much to work out."""

from time import perf_counter

_TURN_SECONDS = 0.01
_WORK_SECONDS = 0.005
"""Of which so long, at least, is for what was not worked out in an earlier turn."""
_MOST_TURNS = 40
"""Each turn answers again what is not kept; whoever still has work then does it in one go."""


class Turns:
    """The turns of one request that has something to work out; the first begins with that."""

    __slots__ = ("_began", "_taken", "_work_began")

    def __init__(self) -> None:
        self._taken = 0
        self.begin(False)

    def begin(self, after_others: bool) -> None:
        """The next turn, because others had theirs or what was lacking is there."""
        self._taken += after_others
        self._began = perf_counter()
        self._work_began: float | None = None

    def is_over(self) -> bool:
        """Asked before each piece of work: whether others go on before it is done."""
        now = perf_counter()
        if self._work_began is None:
            self._work_began = now
            return False
        if self._taken >= _MOST_TURNS:
            return False
        return now - self._began > _TURN_SECONDS and now - self._work_began > _WORK_SECONDS
