"""`leefbaarheid webhooks …`: subscriptions, which only whoever runs the service can change."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

import asyncpg
import orjson
import typer

from db.core.errors import LeefbaarheidError
from db.pool import connect
from db.sql import queries
from service.settings import Settings
from service.webhooks import message
from service.webhooks.address import target
from service.webhooks.delivering import Delivering, deliver_forever

_WEBHOOKS = queries("webhooks")
_ROTATION = timedelta(hours=24)
_SHOWN = 20

Work = Callable[[asyncpg.Connection, Settings], Awaitable[Any]]
Run = Callable[[Work], Any]
"""Does work on the store, whose address comes from the settings."""
Forever = Callable[[Callable[[str, Settings], Awaitable[None]]], None]
"""Likewise, with the address of the store itself."""
Id = Annotated[str, typer.Argument(help="Of the subscription, as `list` shows it.")]


class UnknownWebhook(LeefbaarheidError):
    """An id of no subscription."""

    def __init__(self, id_: str) -> None:
        super().__init__(f"there is no subscription {id_!r}; `leefbaarheid webhooks list` has them")


def group(run: Run, forever: Forever) -> typer.Typer:
    """The commands, on a store that `run` opens."""
    commands = typer.Typer(no_args_is_help=True, help="Who is told of new publications.")

    @commands.command()
    def add(url: Annotated[str, typer.Argument(help="https://name/path, on port 443.")]) -> None:
        """Subscribe an address to new publications; shows its secret, this once."""
        id_, secret = run(partial(_add, url))
        typer.echo(f"{id_}\n{secret}")

    @commands.command(name="list")
    def list_(
        json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    ) -> None:
        """Show all subscriptions and how they are; never their secrets."""
        for row in run(_all):
            typer.echo(orjson.dumps(dict(row)).decode() if json else _shown(row))

    @commands.command()
    def log(id_: Id) -> None:
        """Show the newest tries of a subscription."""
        for row in run(partial(_attempts, id_)):
            outcome = row["problem"] or row["status"]
            typer.echo(f"{row['at']:%Y-%m-%d %H:%M:%SZ}\t{row['publication']}\t{outcome}")

    @commands.command()
    def remove(id_: Id) -> None:
        """End a subscription; its log goes with it."""
        run(lambda c, _: _changed(id_, c.execute(_WEBHOOKS["remove"], id_)))

    @commands.command()
    def rotate(id_: Id) -> None:
        """Give a new secret, this once shown; the former one also signs for a day."""
        secret = message.new_secret()
        until = _now() + _ROTATION
        run(lambda c, _: _changed(id_, c.execute(_WEBHOOKS["rotate"], id_, secret, until)))
        typer.echo(secret)

    @commands.command()
    def enable(id_: Id) -> None:
        """Switch a subscription on again; what it missed is sent now."""
        run(lambda c, _: _enable(id_, c))

    @commands.command()
    def test(id_: Id) -> None:
        """Send a test message now, and say what came of it."""
        outcome = run(partial(_test, id_))
        typer.echo(outcome.problem or f"answered {outcome.status}")
        if not outcome.is_delivered:
            raise typer.Exit(1)

    @commands.command()
    def deliver() -> None:
        """Deliver until stopped, beside or instead of the service; one process at a time does."""
        forever(_deliver)

    return commands


def _now() -> datetime:
    return datetime.now(UTC)


async def _add(url: str, connection: asyncpg.Connection, settings: Settings) -> tuple[str, str]:
    to = target(url, settings.webhook_inside)
    id_, secret = f"wh_{secrets.token_hex(6)}", message.new_secret()
    await connection.execute(_WEBHOOKS["add"], id_, to.url, secret, _now())
    return id_, secret


async def _all(connection: asyncpg.Connection, _: Settings) -> list[asyncpg.Record]:
    found: list[asyncpg.Record] = await connection.fetch(_WEBHOOKS["all"])
    return found


async def _attempts(id_: str, connection: asyncpg.Connection, _: Settings) -> list[asyncpg.Record]:
    await _one(connection, id_)
    found: list[asyncpg.Record] = await connection.fetch(_WEBHOOKS["attempts"], id_, _SHOWN)
    return found


async def _changed(id_: str, status: Awaitable[str]) -> None:
    if (await status).endswith(" 0"):
        raise UnknownWebhook(id_)


async def _enable(id_: str, connection: asyncpg.Connection) -> None:
    if await connection.fetchval(_WEBHOOKS["enable"], id_, _now()) is None:
        raise UnknownWebhook(id_)


async def _one(connection: asyncpg.Connection, id_: str) -> asyncpg.Record:
    row = await connection.fetchrow(_WEBHOOKS["one"], id_)
    if row is None:
        raise UnknownWebhook(id_)
    return row


async def _test(id_: str, connection: asyncpg.Connection, settings: Settings) -> Any:
    row = await _one(connection, id_)
    return await _delivering(settings).send(row, message.trial(id_, _now()))


async def _deliver(dsn: str, settings: Settings) -> None:
    await deliver_forever(
        partial(connect, dsn, name="leefbaarheid-webhooks"), _delivering(settings)
    )


def _delivering(settings: Settings) -> Delivering:
    return Delivering(settings.public_url, inside=settings.webhook_inside)


def _shown(row: asyncpg.Record) -> str:
    state = "on"
    if row["disabled_at"] is not None:
        state = f"off since {row['disabled_at']:%Y-%m-%d}: {row['disabled_why']}"
    elif row["failing_since"] is not None:
        state = f"failing since {row['failing_since']:%Y-%m-%d %H:%MZ}"
    return f"{row['id']}\t{row['url']}\twaiting {row['waiting']}\t{state}"
