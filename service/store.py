"""Where a command finds the store: Postgres by address, or embedded in the data folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from db.embedded import EmbeddedPostgres, running_dsn
from service.settings import Settings


@contextmanager
def opened(settings: Settings, *, share: bool = False) -> Iterator[str]:
    """The store's address, started for as long as the block runs where it is embedded.

    With `share`, a server that another process of ours keeps in the data folder is used as it is:
    so an ingest can run beside a service. Without, a folder in use is refused.
    """
    if settings.database_url:
        yield settings.database_url
        return
    shared = running_dsn(settings.data_dir) if share else None
    if shared:
        yield shared
        return
    with EmbeddedPostgres(settings.data_dir) as dsn:
        yield dsn
