"""A million values as a file take less than a hundred megabytes more, in a process of its own."""

import json
import subprocess
import sys

from tests.api.large_file import AREAS, YEARS

_FORMATS = ("csv", "parquet", "arrow")
"""Those that are written fast enough for a test; the others are made of the same tables."""


def test_a_million_values_take_less_than_a_hundred_megabytes_more() -> None:
    assert AREAS * YEARS == 1_000_000
    command = [sys.executable, "-m", "tests.api.large_file", *_FORMATS]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    found = json.loads(told.stdout)
    assert set(found) == set(_FORMATS)
    for name, figures in found.items():
        assert figures["bytes"] > 2_000_000, name
        assert figures["more"] < 100, name
