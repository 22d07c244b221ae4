"""`leefbaarheid webhooks`: what an operator does with subscriptions, and what it shows."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from db.pool import connect
from service.cli import app

URL = "https://hooks.example.nl/hook"
Ask = Callable[..., Coroutine[Any, Any, Result]]


@pytest.fixture
def ask(database: str, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """The commands of webhooks on a fresh store, in a loop of their own."""
    monkeypatch.setenv("DATABASE_URL", database)

    async def asked(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["webhooks", *words])

    return asked


async def test_a_secret_is_shown_when_it_is_made_and_never_again(ask: Ask) -> None:
    id_, secret = (await ask("add", URL)).stdout.split()
    assert secret.startswith("whsec_")
    for words in (["list"], ["list", "--json"], ["log", id_]):
        shown = await ask(*words)
        assert shown.exit_code == 0
        assert secret not in shown.output
    assert f"{id_}\t{URL}\twaiting 0\ton" in (await ask("list")).stdout
    renewed = (await ask("rotate", id_)).stdout.strip()
    assert renewed.startswith("whsec_")
    assert renewed != secret


async def test_an_address_that_is_not_allowed_is_refused_and_not_kept(ask: Ask) -> None:
    refused = await ask("add", "https://169.254.169.254/latest")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "the host must be a full name in ASCII, not a number" in refused.stderr
    assert (await ask("list")).stdout == ""


@pytest.mark.parametrize("command", ["remove", "rotate", "enable", "test", "log"])
async def test_an_id_of_no_subscription_is_named(ask: Ask, command: str) -> None:
    refused = await ask(command, "wh_0")
    assert refused.exit_code == 1
    assert "no subscription 'wh_0'" in refused.stderr


async def test_what_is_removed_is_gone_with_its_log(ask: Ask, database: str) -> None:
    id_ = (await ask("add", URL)).stdout.split()[0]
    assert (await ask("remove", id_)).exit_code == 0
    connection = await connect(database)
    assert await connection.fetchval("SELECT count(*) FROM webhook") == 0
    await connection.close()
