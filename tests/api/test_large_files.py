"""A million values as a file take less than a hundred megabytes more, in a process of its own."""

import json
import subprocess
import sys

import pytest

from service.feeds.formats import FORMATS
from tests.api.large_file import AREAS, YEARS

_TOGETHER = [["csv", "ndjson"], ["parquet", "csv-excel"], ["arrow"]]
"""What the first leaves behind counts for the second."""


def test_every_format_is_measured() -> None:
    assert {name for names in _TOGETHER for name in names} == {each.name for each in FORMATS}


@pytest.mark.parametrize("formats", _TOGETHER)
def test_a_million_values_take_less_than_a_hundred_megabytes_more(formats: list[str]) -> None:
    assert AREAS * YEARS == 1_000_000
    command = [sys.executable, "-m", "tests.api.large_file", *formats]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    found = json.loads(told.stdout)
    assert set(found) == set(formats)
    for name, figures in found.items():
        assert figures["bytes"] > 2_000_000, name
        assert figures["more"] < 100, name
