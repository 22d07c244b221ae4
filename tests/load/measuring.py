"""What a process and all its children have used, out of /proc: so on Linux only.

A child that ends hands its time to its parent, so that nothing is lost or counted twice.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of a process tree; `shared_fairly` counts a shared page for its part (PSS)."""

    resident: float
    shared_fairly: float


def cpu_milliseconds(root: int) -> float:
    """CPU time of a process and everything below it, ended children included."""
    ticks = sum(
        sum(map(int, fields[11:15])) for fields in map(_stat, tree(root)) if fields is not None
    )
    return ticks * 1000 / _TICKS


def memory(root: int) -> Memory:
    totals: defaultdict[str, int] = defaultdict(int)
    for pid in tree(root):
        for line in _lines(pid, "smaps_rollup"):
            name, _, rest = line.partition(":")
            if name in ("Rss", "Pss"):
                totals[name] += int(rest.split()[0])
    return Memory(totals["Rss"] / 1024, totals["Pss"] / 1024)


def tree(root: int) -> list[int]:
    """The process and everything below it."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for pid, fields in _every():
        children[int(fields[1])].append(pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children[pid]
    return found


def _every() -> Iterator[tuple[int, list[str]]]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) is not None:
            yield int(entry.name), fields


def _stat(pid: int) -> list[str] | None:
    """The fields behind the name, which may itself hold spaces and brackets."""
    lines = _lines(pid, "stat")
    return lines[0].rpartition(") ")[2].split() if lines else None


def _lines(pid: int, name: str) -> list[str]:
    try:
        return (_PROC / str(pid) / name).read_text().splitlines()
    except OSError:
        return []
