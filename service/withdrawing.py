"""`leefbaarheid withdraw NUMBER`: no request is answered from a publication any more."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Annotated

import typer

from db.core.publication import WithdrawnPublication
from service.webhooks.commands import Run


def command(run: Run) -> Callable[..., None]:
    """The command, on a store that `run` opens."""

    def withdraw(
        number: Annotated[int, typer.Argument(help="Of the publication; not the newest.")],
        nl: Annotated[str, typer.Option(help="Why, in Dutch; shown to who asks for it.")],
        en: Annotated[str, typer.Option(help="Why, in English.")],
    ) -> None:
        """Withdraw a publication: whoever names it is told since when and why it is gone."""
        # Loaded for this command only: what changes the store takes memory that a service saves.
        ingest = import_module("db.ingest.publication_withdrawal")
        gone = WithdrawnPublication(number, datetime.now(UTC), nl, en)
        run(lambda connection, _: ingest.withdraw_publication(connection, gone))
        typer.echo(f"Publication {number} is withdrawn; its number is never used again.")

    return withdraw
