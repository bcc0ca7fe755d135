"""The database's form: which revision it is at, how it gets to the newest, and whether it may be served."""

from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from booking.domain.errors import DatabaseRefused
from booking.store import guards
from booking.store.database import Database
from booking.store.tables import metadata


def migrate(database: Database) -> str:
    """Bring the database to the newest revision, guards included, and answer that revision.

    One process at a time; a second one waits and finds nothing to do. Raises DatabaseRefused when it is newer.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(7091)"))
            connection.commit()
        try:
            with connection.begin():
                _refuse_newer(connection)
                command.upgrade(_config(connection), "head")
        finally:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_unlock(7091)"))
                connection.commit()
    return newest()


def ensure_servable(database: Database) -> None:
    """Raises DatabaseRefused, with what to do, unless revision and guards are exactly those of this program."""
    with database.engine.connect() as connection:
        _refuse_newer(connection)
        current = revision(connection)
        if current != newest():
            at = "is empty" if current is None else f"is at revision {current}"
            raise DatabaseRefused(f"The database {at}, this program needs {newest()}: run `booking migrate` first.")
        faults = guards.faults(connection)
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
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def _refuse_newer(connection: Connection) -> None:
    current = revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if current is not None and current not in known:
        raise DatabaseRefused(f"The database is at revision {current}, which is newer than this program: update it.")


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
