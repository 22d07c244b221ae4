"""Peers in Python, each installed by pip into an environment of its own."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.load.services import PeerMissing


def installed(home: Path, packages: Sequence[str]) -> Path:
    """A Python that has some packages, installed once; PeerMissing where pip cannot."""
    program = home / "bin" / "python"
    if not (home / "installed").exists():
        _run([sys.executable, "-m", "venv", str(home)], home.name)
        _run([str(program), "-m", "pip", "install", "--quiet", *packages], home.name)
        (home / "installed").touch()
    return program


def _run(words: Sequence[str], name: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerMissing(f"{name} could not be installed: {done.stderr.strip()[-300:]}")
