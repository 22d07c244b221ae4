"""A whole service tells a subscriber of a publication: commands, workers, Postgres and TLS."""

import asyncio
import subprocess
from pathlib import Path

from standardwebhooks import Webhook

from tests.api.service_process import ServiceProcess, leefbaarheid
from tests.webhooks.receiving import CERTIFICATE, receiving


async def test_of_two_workers_one_tells_a_subscriber_in_the_own_network_once(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    async with receiving() as receiver:
        variables = {
            "LEEFBAARHEID_WEBHOOK_INSIDE": f"localhost:{receiver.port}",
            "LEEFBAARHEID_PUBLIC_URL": "https://data.example.nl",
            "SSL_CERT_FILE": str(CERTIFICATE),
        }
        url = f"https://localhost:{receiver.port}/hook?who=us"
        service = ServiceProcess(folder, "serve", "--workers", "2", **variables)
        await asyncio.to_thread(service.__enter__)
        try:
            added = await _run(folder, "webhooks", "add", url, **variables)
            id_, secret = added.split()
            await _run(folder, "ingest", "--from", str(_mirror(tmp_path)))
            async with asyncio.timeout(30):
                while not receiver.received:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            # If both told it, the other would be about to.
            await asyncio.sleep(0.3)
            log = await _run(folder, "webhooks", "log", id_)
        finally:
            await asyncio.to_thread(service.__exit__, None, None, None)
    ((fields, body),) = receiver.received
    told = Webhook(secret).verify(body, fields)
    assert (told["type"], told["data"]["publication"]) == ("publication.created", 1)
    assert told["data"]["changes"] == "https://data.example.nl/v1/wijzigingen?sinds=0"
    assert fields["host"] == f"localhost:{receiver.port}"
    assert [line.split("\t")[1:] for line in log.splitlines()] == [["1", "204"]]


async def _run(folder: Path, *words: str, **variables: str) -> str:
    def run() -> str:
        return leefbaarheid(folder, *words, into=subprocess.PIPE, **variables).stdout

    return await asyncio.to_thread(run)


def _mirror(place: Path) -> Path:
    codes = place / "mirror" / "codes"
    codes.mkdir(parents=True)
    (codes / "gemeente_2025.csv").write_text(
        "\ufeffGemeente2025;Gemeentenaam2025\n0014;Groningen\n", encoding="utf-8"
    )
    return codes.parent
