"""The command line of the service: `leefbaarheid up`, `ingest` and the commands beside them.

Exit codes: 0 done, 1 something failed and is named, 2 used wrongly, 141 the reader of a pipe left.
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import asyncpg
import orjson
import typer
from typer.core import TyperGroup

from db.core.errors import LeefbaarheidError, StoreUnreachable
from db.migrate import migrate as bring_up_to_date
from db.pool import connect
from db.repository import differences
from db.repository import publications as published
from db.sources.policy import FetchPolicy
from service import store, withdrawing
from service.ending import ended_by_sigterm
from service.example import QUERY, REAL_QUERY
from service.maker import Maker
from service.settings import Settings
from service.webhooks import commands as webhooks
from service.workers import MOST, Alone, Team, assembled

if TYPE_CHECKING:
    from db.ingest.run import Result

T = TypeVar("T")
_READER_LEFT = 141
"""What a shell reports of a command that a closed pipe ended, as in `leefbaarheid diff | head`."""


class _Words(TyperGroup):
    """Commands of one word or of two: `ingest own` beside `ingest`, which takes names itself."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        two = " ".join(args[:2])
        if two in self.commands:
            return two, self.commands[two], args[2:]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_Words, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
reports = typer.Typer(no_args_is_help=True, help="What the store says of its own data.")
app.add_typer(reports, name="report")
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]
Count = Annotated[
    int,
    typer.Option("--workers", min=1, max=MOST, help="Processes that answer requests."),
]


@app.command()
def up(count: Count = 1) -> None:
    """Start everything: store, migrations, Voorbeeldland when the store is empty, the service."""
    with (
        _told() as settings,
        assembled(settings, count, Maker(settings)) as team,
        store.opened(settings) as dsn,
    ):
        asyncio.run(_prepare(dsn, team))
        _serve(team, dsn)


@app.command()
def serve(count: Count = 1) -> None:
    """Serve what the store holds; changes nothing in it."""
    with (
        _told() as settings,
        assembled(settings, count, Maker(settings)) as team,
        store.opened(settings, share=True) as dsn,
    ):
        _serve(team, dsn)


@app.command()
def migrate() -> None:
    """Bring the store's tables up to date."""
    with _told() as settings, store.opened(settings, share=True) as dsn:
        for file in asyncio.run(_migrated(dsn)):
            typer.echo(f"applied {file}")


@app.command()
def demo(json: Json = False) -> None:
    """Load Voorbeeldland, the fictional country; refused where the store holds real data."""
    with (
        _told() as settings,
        store.opened(settings, share=True) as dsn,
        _reporting(json=json) as to,
    ):
        _finish(asyncio.run(_with_store(dsn, lambda c: _loading().load_demonstration(c, to))), json)


@app.command()
def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Datasets or sources; all when left out.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--from", exists=True, file_okay=False, help="A folder that mirrors publishers' files."
        ),
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="Where a publisher can reach you; sent with each request.")
    ] = None,
    accept_loss: Annotated[
        bool,
        typer.Option(help="Also take editions that lack more than 1 % of what they had before."),
    ] = False,
    list_only: Annotated[
        bool,
        typer.Option("--list", help="Show each dataset's address and mirror files; load nothing."),
    ] = False,
    json: Json = False,
) -> None:
    """Load the Netherlands from the publishers' addresses, or from a folder that mirrors them."""
    names = sources or []
    with _told() as settings:
        if list_only:
            _list_datasets(names)
            return
        with store.opened(settings, share=True) as dsn, _reporting(json=json) as to:
            result = asyncio.run(
                _with_store(
                    dsn,
                    lambda connection: _loading().load_netherlands(
                        connection,
                        to,
                        sources=names,
                        folder=folder,
                        cache=settings.data_dir / "downloads",
                        policy=FetchPolicy(contact=contact),
                        accept_loss=accept_loss,
                    ),
                )
            )
            _finish(result, json)


@app.command("ingest own")
def ingest_own(
    place: Annotated[
        Path | None,
        typer.Argument(exists=True, help="A metadata file (.toml), or a folder with such files."),
    ] = None,
    withdraw: Annotated[
        str | None, typer.Option(help="Slug of an own indicator to take away instead.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why it is withdrawn; shown to who asks for it.")
    ] = None,
    accept_loss: Annotated[
        bool,
        typer.Option(help="Also take tables that lack rows or years of what they had before."),
    ] = False,
    json: Json = False,
) -> None:
    """Load indicators of your own from CSV, or withdraw one; see docs/own_indicators.md."""
    if (place is None) == (withdraw is None):
        raise typer.BadParameter("give a metadata file or folder, or --withdraw and a slug")
    own = import_module("service.own")
    with (
        _told() as settings,
        store.opened(settings, share=True) as dsn,
        _reporting(json=json) as to,
    ):
        if withdraw is not None:
            result = asyncio.run(_with_store(dsn, lambda c: own.withdraw(c, withdraw, reason)))
        else:
            result = asyncio.run(
                _with_store(dsn, lambda c: own.load_own(c, to, place, accept_loss=accept_loss))
            )
        _finish(result, json)
        asyncio.run(_with_store(dsn, _say_fictional))


@app.command()
def publications() -> None:
    """List the publications, newest first."""
    with _told() as settings, store.opened(settings, share=True) as dsn:
        asyncio.run(_with_store(dsn, _print_publications))


@app.command()
def diff(one: int, other: int, json: Json = False) -> None:
    """Show what changed between two publications."""

    async def show(connection: asyncpg.Connection) -> None:
        _print_difference(await differences.difference(connection, one, other), json)

    with _told() as settings, store.opened(settings, share=True) as dsn:
        asyncio.run(_with_store(dsn, show))


@reports.command("boundaries")
def report_boundaries(json: Json = False) -> None:
    """How the areas of two years hang together, and where CBS and the maps disagree."""

    async def show(connection: asyncpg.Connection) -> None:
        async for each in import_module("service.boundary_report").reported(connection):
            for line in [orjson.dumps(each.body()).decode()] if json else each.lines():
                typer.echo(line)

    with _told() as settings, store.opened(settings, share=True) as dsn:
        asyncio.run(_with_store(dsn, show))


@app.command("export-schema")
def export_schema() -> None:
    """Print the GraphQL schema definition."""
    typer.echo(import_module("schema.root").sdl(), nl=False)


def _on_store(work: Callable[[asyncpg.Connection, Settings], Awaitable[T]]) -> T:
    """Work that a command of webhooks does on the store."""
    with _told() as settings, store.opened(settings, share=True) as dsn:
        return asyncio.run(_with_store(dsn, lambda connection: work(connection, settings)))


def _on_address(work: Callable[[str, Settings], Awaitable[None]]) -> None:
    async def prepared(dsn: str, settings: Settings) -> None:
        await _migrated(dsn)
        await work(dsn, settings)

    with _told() as settings, store.opened(settings, share=True) as dsn:
        asyncio.run(prepared(dsn, settings))


app.add_typer(webhooks.group(_on_store, _on_address), name="webhooks")
app.command("withdraw")(withdrawing.command(_on_store))


def _loading() -> Any:
    """What reads publishers' files: its libraries take 80 MB, which a process that serves saves."""
    return import_module("service.loading")


def _reporting(*, json: bool) -> Any:
    return import_module("service.console").reporting(json=json)


@contextmanager
def _told() -> Iterator[Settings]:
    """Settings, and our own errors as one line on standard error instead of a traceback."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        with ended_by_sigterm():
            yield Settings.from_environ()
    except BrokenPipeError:
        # Python writes what is left at its end; to nowhere, or it would complain of the same pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(_READER_LEFT) from None
    except LeefbaarheidError as error:
        typer.echo(f"leefbaarheid: {error}", err=True)
        raise typer.Exit(1) from None
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        typer.echo(f"leefbaarheid: the store cannot be used ({type(error).__name__})", err=True)
        raise typer.Exit(1) from None


def _serve(team: Alone | Team, dsn: str) -> None:
    query = asyncio.run(_example(dsn))

    def announce() -> None:
        typer.echo(f"Leefbaarheid serves on {team.address}")
        typer.echo(f"GraphiQL:         {team.address}/graphql")
        typer.echo(f"Try this query:\n\n{query}")
        typer.echo("Ctrl-C stops everything.")

    team.serve(dsn, query, announce)


async def _example(dsn: str) -> str:
    """A query that the store answers; about Voorbeeldland where that cannot be asked now."""
    try:
        async with _connection(dsn) as connection:
            newest = await published.newest(connection)
            real = newest is not None and not await published.newest_is_fictional(connection)
    except (StoreUnreachable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        # Serving starts also while the store is away.
        return QUERY
    return REAL_QUERY if real else QUERY


async def _prepare(dsn: str, team: Alone | Team) -> None:
    async with _connection(dsn) as connection:
        await bring_up_to_date(connection)
        if await published.newest(connection) is None:
            typer.echo("The store is empty: loading Voorbeeldland (fictief) ...")
            team.prepared()
            with _reporting(json=False) as to:
                await _loading().load_demonstration(connection, to)


async def _migrated(dsn: str) -> list[str]:
    async with _connection(dsn) as connection:
        return await bring_up_to_date(connection)


@asynccontextmanager
async def _connection(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await connect(dsn)
    except OSError as error:
        raise StoreUnreachable(type(error).__name__) from None
    try:
        yield connection
    finally:
        await connection.close()


async def _with_store(dsn: str, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    async with _connection(dsn) as connection:
        await bring_up_to_date(connection)
        return await work(connection)


def _list_datasets(names: list[str]) -> None:
    for dataset in import_module("db.sources.datasets").chosen(names):
        places = [dataset.address or "", ", ".join(dataset.files.values())]
        shown = "\t".join(place or "-" for place in places)
        typer.echo(f"{dataset.id}\t{dataset.source}\t{dataset.vintage}\t{shown}")


def _finish(result: "Result", json: bool) -> None:
    """Say what was published; exit 1 when a dataset failed."""
    if json:
        summary = {"event": "end", "publication": result.publication, "counts": result.counts}
        typer.echo(orjson.dumps(summary).decode())
    elif result.publication is None:
        typer.echo("Nothing changed: nothing is published.")
    else:
        counts = ", ".join(f"{name} {n:,}" for name, n in result.counts.items())
        typer.echo(f"Publication {result.publication}: {counts}")
    if result.failed:
        failed = [o.dataset for o in result.outcomes if o.outcome == "failed"]
        typer.echo(f"Failed, and not published: {', '.join(failed)}", err=True)
        raise typer.Exit(1)


async def _say_fictional(connection: asyncpg.Connection) -> None:
    if await published.newest_is_fictional(connection):
        typer.echo(
            "This store holds Voorbeeldland (fictief): figures on its areas are fictional too, and "
            "leave with it when the real country comes.",
            err=True,
        )


async def _print_publications(connection: asyncpg.Connection) -> None:
    newest = await published.newest(connection) or 0
    gone = await published.read_withdrawn(connection)
    for p in await published.read_publications(connection, newest):
        counts = ", ".join(f"{name} {n:,}" for name, n in p.counts.items())
        country = " (fictief)" if p.fictional else ""
        country += " (withdrawn)" if p.number in gone else ""
        typer.echo(f"{p.number}\t{p.published_at:%Y-%m-%d %H:%M:%SZ}{country}\t{counts}")


def _print_difference(found: differences.Difference, json: bool) -> None:
    if json:
        typer.echo(orjson.dumps(found).decode())
        return
    typer.echo(f"From publication {found.older} to {found.newer}:")
    for change in found.changes:
        typer.echo(f"{change.noun}\t{change.kind}\t+{change.opened}\t-{change.closed}")
    for altered in (*found.areas, *found.facts):
        names = (
            "" if altered.old == altered.new else f"\t{altered.old or '-'} -> {altered.new or '-'}"
        )
        typer.echo(f"{altered.what}\t{altered.noun}\t{altered.key}{names}")
    for r in found.revisions:
        typer.echo(
            f"revised\t{r.indicator}\t{r.code} ({r.vintage})\t{r.period}\t{r.old} -> {r.new}"
        )
