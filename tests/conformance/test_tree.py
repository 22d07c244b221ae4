"""The tree keeps its own promises: docstrings, sizes, pinned versions, documents that are true."""

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from service.settings import SETTINGS

_ROOT = Path(__file__).resolve().parents[2]
_PRODUCT = ("service", "schema", "db")
_WRITTEN = (".py", ".sql", ".html", ".css", ".js")
# In pieces, so that this file does not name what it forbids.
_FORBIDDEN = (
    *("/".join(("", *folders, "")) for folders in (("work",), ("root",), ("var", "folders"))),
    "/".join(("", "tmp", "v")),
    *(".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))),
    ".".join(("registry", "npmjs")),
)
_CODE_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_VARIABLE = re.compile(r"[A-Z][A-Z_]+")
_NAMED = re.compile(r"`((?!\S*NNNN|db\.sql)[\w*./]+\.(?:py|sql))`")
"""A module or a file of SQL in a document; the change log tells of what is no longer there."""
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in (_ROOT / folder).rglob("*") if path.is_file())


def _name(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _text(name: str) -> str:
    return (_ROOT / name).read_text(encoding="utf-8")


def _committed() -> list[Path]:
    """Every file that git tracks; skips where there is no git or this is not its own clone."""
    if shutil.which("git") is None or not (_ROOT / ".git").exists():
        pytest.skip("no git clone, so nothing says which files are committed")
    command = ["git", "-C", str(_ROOT), "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip(f"git does not list this clone: {listed.stderr.decode().strip()}")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [path for name in names if (path := _ROOT / name).is_file()]


def _documents() -> list[Path]:
    below = (path for path in _files(*_PRODUCT, "tests", "deploy", "docs") if path.suffix == ".md")
    return [*sorted(_ROOT.glob("*.md")), *below]


def _says_nothing(module: Path) -> bool:
    """An empty `__init__.py` of the tests has nothing to explain; one of the product has."""
    return module.parts[len(_ROOT.parts)] == "tests" and not module.read_bytes().strip()


def test_every_module_opens_with_a_docstring() -> None:
    modules = [path for path in _files(*_PRODUCT, "tests") if path.suffix == ".py"]
    assert len(modules) > 100

    silent = [
        _name(module)
        for module in modules
        if not _says_nothing(module)
        and not ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    ]

    assert silent == []


def test_no_file_of_the_product_is_over_400_lines() -> None:
    """Lists of facts (TOML) and the printed schema are data; the vendor folder is others'."""
    written = [
        path for path in _files(*_PRODUCT) if path.suffix in _WRITTEN and "vendor" not in path.parts
    ]
    assert len(written) > 100

    long = {_name(path): n for path in written if (n := len(path.read_bytes().splitlines())) > 400}

    assert long == {}


@pytest.mark.parametrize("forbidden", _FORBIDDEN)
def test_nothing_committed_names_a_machine_or_a_registry(forbidden: str) -> None:
    """Requirements included: an index address in them would bind every install to it."""
    naming = [_name(path) for path in _committed() if forbidden.encode() in path.read_bytes()]

    assert naming == []


def test_no_copy_that_a_merge_or_an_editor_left_is_committed() -> None:
    left = (".orig", ".rej", ".bak", ".swp", "~")

    assert [_name(path) for path in _committed() if path.name.endswith(left)] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    lines = [line.strip() for block in _blocks(_text("README.md")) for line in block.splitlines()]
    commands = [line for line in lines if line.endswith("python -m pytest")]

    assert len(commands) == 1, "the README has one command that runs the whole test suite"
    assert commands[0] in _text(".ci/run").splitlines()


def _blocks(document: str) -> list[str]:
    return _CODE_BLOCK.findall(document)


def test_the_readme_lists_the_settings_there_are_and_no_others() -> None:
    rows = [line for line in _text("README.md").splitlines() if line.startswith("|")]
    first = [row.split("|")[1].strip(" `") for row in rows]

    assert [name for name in first if _VARIABLE.fullmatch(name)] == [s.name for s in SETTINGS]


def test_links_in_documents_lead_to_files_that_exist() -> None:
    broken = [
        f"{_name(document)}: {target}"
        for document in _documents()
        for target in _LINK.findall(document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]

    assert broken == []


def test_files_named_in_documents_exist() -> None:
    """By their path, or the end of it; a pattern must fit something."""
    there = [_name(path) for path in _files(*_PRODUCT, "tests", "docs")]
    gone = [
        f"{_name(document)}: {named}"
        for document in _documents()
        if document.name != "CHANGELOG.md"
        for named in set(_NAMED.findall(document.read_text(encoding="utf-8")))
        if not any(PurePath(path).match(named) for path in there)
    ]

    assert gone == []


def _requirements(name: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in _text(name).splitlines())
    return [Requirement(line) for line in lines if line]


def _pins(name: str) -> dict[str, str]:
    """Exact version by package; what is not pinned exactly has no version."""
    pinned: dict[str, str] = {}
    for requirement in _requirements(name):
        (only,) = requirement.specifier
        pinned[canonicalize_name(requirement.name)] = only.version if only.operator == "==" else ""
    return pinned


def _unmet(wanted: Iterable[str], pins: dict[str, str]) -> list[str]:
    """The dependencies that no pin satisfies."""
    return [
        text
        for text in wanted
        for requirement in [Requirement(text)]
        if not (version := pins.get(canonicalize_name(requirement.name)))
        or version not in requirement.specifier
    ]


def _project() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = tomllib.loads(_text("pyproject.toml"))
    return found


def test_what_the_service_needs_is_pinned_within_its_bounds() -> None:
    assert _unmet(_project()["project"]["dependencies"], _pins("requirements.txt")) == []


def test_what_developers_need_is_pinned_within_its_bounds() -> None:
    assert _unmet(_project()["dependency-groups"]["dev"], _pins("requirements-dev.txt")) == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_exact_versions_and_nothing_else(name: str) -> None:
    loose = [package for package, version in _pins(name).items() if not version]

    assert loose == []


def test_both_requirement_files_agree_on_what_they_share() -> None:
    service, developers = _pins("requirements.txt"), _pins("requirements-dev.txt")
    shared = service.keys() & developers.keys()

    assert {p: (service[p], developers[p]) for p in shared if service[p] != developers[p]} == {}
