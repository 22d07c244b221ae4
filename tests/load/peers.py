"""What an answer costs here, beside PostGraphile, Mercurius and an ordinary Strawberry service.

    python -m tests.load.peers [--mode peers|alone|cached|tail|memory|scale|csv|tile|items]
        [--rounds 5] [--seconds 3] [--questions Q1,Q2] [--peers mercurius] [--keep FOLDER]
        [--out FILE] [--size small]

All on the same database, in turns; codes are drawn at random and our cache of whole answers is off.
Prints CPU time per request of each service and of Postgres, and which bars are met; exit code 1
where a bar is not, or where answers were bad. Needs Linux; peers that cannot be had are named.
"""

import argparse
import asyncio
import json
import os
import platform
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from tests.load import alone, bulk, cached, compared, features, footprint, scale, tail, tiles
from tests.load.bench import Bench, Outcome
from tests.load.documents import BARE, POSTGRAPHILE
from tests.load.nation import SIZES
from tests.load.questions import BY_NAME, MERCURIUS, QUESTIONS, STRAWBERRY
from tests.load.rounds import Course
from tests.load.services import Ground, PeerMissing
from tests.load.store import FolderOutdated, codes, fill, opened, server_pid
from tests.load.table import MISSED

_PEERS = (POSTGRAPHILE, MERCURIUS, STRAWBERRY, BARE)
_MODES: dict[str, Callable[[Bench], Outcome]] = {
    "peers": compared.run,
    "alone": alone.run,
    "cached": cached.run,
    "tail": tail.run,
    "memory": footprint.run,
    "scale": scale.run,
    "csv": bulk.run,
    "tile": tiles.run,
    "items": features.run,
}


def main() -> None:
    given = _arguments()
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            outcome = _MODES[given.mode](_bench(stack, folder.resolve(), given))
        except (FolderOutdated, PeerMissing) as why:
            raise SystemExit(str(why)) from None
    if given.out:
        given.out.write_text(json.dumps(_plain(outcome), indent=1))
    print(f"\nload at the end {os.getloadavg()[0]:.1f}")
    print("\n".join(outcome.verdicts))
    bad = sum(
        figures.bad
        for services in outcome.measured.values()
        for rounds in services.values()
        for figures in rounds
    )
    print(f"{bad} bad answers")
    raise SystemExit(bad > 0 or any(MISSED in verdict for verdict in outcome.verdicts))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mode", choices=_MODES, default="peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--questions", default=",".join(BY_NAME))
    parser.add_argument("--peers", default=",".join(_PEERS))
    parser.add_argument("--keep", type=Path, help="folder for the store and the peers' programs")
    parser.add_argument("--out", type=Path, help="file for every figure of every round, as JSON")
    parser.add_argument("--size", choices=SIZES, default="national")
    return parser.parse_args()


def _bench(stack: ExitStack, folder: Path, given: argparse.Namespace) -> Bench:
    size = SIZES[given.size]
    if given.mode == "alone":
        size = replace(size, told=True)
    store = folder / ("told" if size.told else "store")
    dsn = stack.enter_context(opened(store))
    print(f"{platform.platform()}, load {os.getloadavg()[0]:.1f}; filling the store", flush=True)
    asyncio.run(fill(dsn, size))
    return Bench(
        Ground(dsn, folder / "services"),
        folder,
        Course(asyncio.run(codes(dsn)), server_pid(store), given.rounds, given.seconds),
        size,
        [question for question in QUESTIONS if question.name in given.questions.split(",")],
        given.peers.split(","),
    )


def _plain(outcome: Outcome) -> dict[str, object]:
    return {
        "machine": [
            platform.platform(),
            platform.python_version(),
            os.cpu_count(),
            os.getloadavg(),
        ],
        "verdicts": outcome.verdicts,
        "measured": {
            asked: {name: [asdict(one) for one in rounds] for name, rounds in services.items()}
            for asked, services in outcome.measured.items()
        },
    }


if __name__ == "__main__":
    main()
