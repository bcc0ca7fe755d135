"""Copying a whole database into another one, of either kind."""

from collections.abc import Mapping

from sqlalchemy import Table, func, insert, select, text

from booking.domain.errors import DatabaseRefused
from booking.store import guards, installation
from booking.store.backup import Tell, make_guards, refusing
from booking.store.database import Database, Transaction
from booking.store.tables import metadata

BATCH = 2000
"""How many rows are under way at a time."""


def copy(source: Database, target: Database, tell: Tell) -> Mapping[str, int]:
    """Put all that the source holds at this moment into the target, in one transaction; answers the rows by table.

    Ids and revisions stay; the epoch is another, and the worker rests. Both must be servable. Raises DatabaseRefused
    unless every table of the target is empty.
    """
    with refusing("The copy failed, and nothing was changed"):
        return source.read_now(lambda read: target.write_now(_fill, read, tell))


def _fill(tx: Transaction, source: Transaction, tell: Tell) -> dict[str, int]:
    for one in (tx, source):
        _be_patient(one)
    _ensure_empty(tx)
    guards.drop(tx.connection)  # their triggers would write what is copied, too
    copied: dict[str, int] = {}
    for table in metadata.sorted_tables:
        copied[table.name] = _copy_table(table, source, tx, tell, before=sum(copied.values()))
    installation.begin_anew(tx)
    make_guards(tx.connection)
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(text("ANALYZE"))
    return copied


def _be_patient(tx: Transaction) -> None:
    if tx.connection.dialect.name == "postgresql":
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            tx.connection.execute(text(f"SET LOCAL {name} = 0"))


def _ensure_empty(tx: Transaction) -> None:
    for table in metadata.sorted_tables:
        if tx.connection.execute(select(table).limit(1)).first() is not None:
            raise DatabaseRefused(
                "The database to copy into is not empty; it must be made new, with `booking migrate`."
            )


def _copy_table(table: Table, source: Transaction, target: Transaction, tell: Tell, *, before: int) -> int:
    rows = 0
    with source.connection.execute(select(table), execution_options={"yield_per": BATCH}) as found:
        for part in found.mappings().partitions():
            target.connection.execute(insert(table), [dict(row) for row in part])
            rows += len(part)
            tell(f"{before + rows} rows")
    arrived = target.connection.execute(select(func.count()).select_from(table)).scalar_one()
    if arrived != rows:
        raise DatabaseRefused(f"Of {rows} rows of {table.name}, {arrived} arrived.")
    return rows
