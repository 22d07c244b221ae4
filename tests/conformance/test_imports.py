"""What a process imports before anybody asks for it: all of it is memory of every worker."""

import subprocess
import sys

_SAY = "import sys, {module}; print(*(name for name in {names} if name in sys.modules))"
_LATER = ["pyproj", "pyarrow", "httpcore", "httpx", "openpyxl", "db.ingest", "db.demo"]
_SERVING = ["schema", "numpy", "strawberry", "graphql", "service.app", *_LATER]


def _imported(module: str, names: list[str]) -> str:
    """Which of the names are imported with a module, in a process that imports nothing else."""
    code = _SAY.format(module=module, names=names)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_command_line_imports_nothing_that_answers_or_loads() -> None:
    assert _imported("service.cli", _SERVING) == ""


def test_what_serves_imports_nothing_that_only_some_requests_or_other_commands_need() -> None:
    assert _imported("service.serving", _LATER) == ""
