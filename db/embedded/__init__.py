"""A private PostgreSQL in a data folder, so that the service needs nothing installed beside it.

Its sub-modules import nothing of ours but `db.core`; it never opens a TCP port and never changes
the permissions of a folder that is not its own.
"""

from db.embedded.folder import running_dsn
from db.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "running_dsn"]
