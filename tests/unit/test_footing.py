"""What a process does to itself before it serves."""

import subprocess
import sys

import pytest

_TOLD = """
import resource
from service.footing import settle
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
most = {most} or most
resource.setrlimit(resource.RLIMIT_NOFILE, ({given}, most))
settle()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("given", "most", "expected"), [(256, 1000, 1000), (1024, 4500, 4096), (4400, 4400, 4400)]
)
def test_a_process_that_serves_may_open_more_files_than_a_system_begins_with(
    given: int, most: int, expected: int
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _TOLD.format(given=given, most=most)],
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    assert told.stdout.split() == [str(expected), str(most)]
