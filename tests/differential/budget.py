"""How many examples are asked: few and always the same in CI, as many as wanted at night."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

VARIABLE = "LEEFBAARHEID_DIFFERENTIAL_EXAMPLES"
UNSHRUNK = "LEEFBAARHEID_DIFFERENTIAL_UNSHRUNK"
_USUAL = 250

# Where a sibling has failed graphql-core leaves coroutines behind. Python warns when they are
# collected, and fails to when that happens inside a named tuple, which cannot import.
COROUTINES_LEFT_BEHIND = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def examples(share: float) -> settings:
    """Settings of a test that takes its share; with the variable set examples are new each time."""
    wanted = os.environ.get(VARIABLE)
    # Explaining runs every line under a tracer, for minutes; what differs is printed anyway.
    phases = [Phase.generate] if os.environ.get(UNSHRUNK) else [Phase.generate, Phase.shrink]
    return settings(
        max_examples=max(1, round(int(wanted or _USUAL) * share)),
        derandomize=wanted is None,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
