"""What is installed is whole, and nobody else owns our three package names."""

import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("service", "schema", "db")


@pytest.mark.parametrize("package", _PACKAGES)
def test_no_other_distribution_owns_our_package_names(package: str) -> None:
    """The registry has a `schema`: installed beside ours it would replace our files in silence."""
    owners = set(packages_distributions().get(package, ()))

    assert owners <= {"leefbaarheid"}


def test_our_packages_come_from_one_place() -> None:
    places = set()
    for package in _PACKAGES:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        places.add(Path(spec.origin).parent.parent)

    assert len(places) == 1


def test_the_distribution_cannot_be_uploaded_by_accident() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert "Private :: Do Not Upload" in project["classifiers"]


def _wanted() -> set[str]:
    """Every file that is not Python and that our code reads at run time."""
    endings = (".sql", ".html", ".css", ".js", ".toml", ".typed", ".txt")
    return {
        str(path.relative_to(_ROOT))
        for package in _PACKAGES
        for path in (_ROOT / package).rglob("*")
        if path.suffix in endings
    }


def test_a_wheel_carries_everything_that_is_read_at_run_time(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=_ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())

    assert _wanted() <= carried
    assert not [name for name in carried if name.startswith(("tests/", "deploy/"))]
