"""The database's form: which revision it is at, how it gets to the newest, and whether it may be served."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from booking.domain.errors import DatabaseRefused
from booking.store import guards
from booking.store.database import LOCK_TIMEOUT_MS, Database, Transaction
from booking.store.tables import ONLY_ON_SQLITE, metadata


def migrate(database: Database) -> str:
    """Bring the database to the newest revision, guards included, and answer that revision.

    One process at a time; a second one waits and finds nothing to do. Raises DatabaseRefused when it is newer, and
    Unavailable when it does not answer.
    """
    database.write_now(_upgrade)
    return newest()


def _upgrade(tx: Transaction) -> None:
    if tx.connection.dialect.name == "postgresql":
        for statement in _ALONE:
            tx.connection.execute(text(statement))
    bring_up(tx.connection)


def bring_up(connection: Connection) -> None:
    """The same inside a transaction that is open already, and that nobody else's migration may get into."""
    ensure_not_newer(connection)
    command.upgrade(_config(connection), "head")


def make(connection: Connection, to: str) -> None:
    """Bring the tables to this revision, or to `head`, without guards."""
    config = _config(connection)
    config.attributes["guards"] = False
    command.upgrade(config, to)


_ALONE = (
    "SET LOCAL statement_timeout = 0",  # rebuilding a large table takes its time
    "SET LOCAL lock_timeout = 0",
    "SELECT pg_advisory_xact_lock(7091)",
    f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}",  # whoever waits for a table keeps all who come later from it
)


def ensure_servable(database: Database) -> None:
    """Raises DatabaseRefused, with what to do, unless revision and guards are exactly those of this program.

    Raises Unavailable when the database does not answer.
    """
    database.read_now(_ensure_servable)


def _ensure_servable(tx: Transaction) -> None:
    ensure_not_newer(tx.connection)
    current = revision(tx.connection)
    if current != newest():
        at = "is empty" if current is None else f"is at revision {current}"
        raise DatabaseRefused(f"The database {at}, this program needs {newest()}: run `booking migrate` first.")
    faults = guards.faults(tx.connection)
    if faults:
        raise DatabaseRefused(f"The database is not safe to use: {'; '.join(faults)}. Run `booking migrate`.")


def revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert head is not None  # noqa: S101 -- the program carries at least its first migration
    return head


def drift(connection: Connection) -> list[object]:
    """How the database differs from the tables this program knows, as Alembic sees it; empty when it does not."""
    return list(compare_metadata(MigrationContext.configure(connection, opts=comparing(connection)), metadata))


def comparing(connection: Connection) -> dict[str, Any]:
    """How Alembic is to compare tables with this database: it does not see what is for one dialect alone."""

    def is_here(_thing: object, name: str | None, *_: object) -> bool:
        return name not in ONLY_ON_SQLITE or connection.dialect.name == "sqlite"

    return {"compare_type": True, "include_object": is_here}


def ensure_not_newer(connection: Connection) -> None:
    """Raises DatabaseRefused when the database is at a revision that this program does not know."""
    current = revision(connection)
    if current is not None and not is_known(current):
        raise DatabaseRefused(f"The database is at revision {current}, which is newer than this program: update it.")


def is_known(revision: str) -> bool:
    """Whether it is this program's newest revision or an earlier one; another is of a newer program."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_scripts()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d-%%(hour).2d%%(minute).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _scripts() -> Path:
    """The migrations: inside the installed package, or beside it in a checkout."""
    with as_file(files("booking")) as package:
        installed = package / "_migrations"
        return installed if installed.is_dir() else package.parent / "migrations"
