"""What this database is: a demo or the real thing, and the names that must never change."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select, update

from booking.domain.errors import DatabaseRefused
from booking.store.database import Transaction
from booking.store.tables import InstallationRow, table

_installation = table(InstallationRow)


class Kind(StrEnum):
    REAL = "real"
    DEMO = "demo"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """`epoch` is in every ETag and cache key; `uid_domain` ends the UID of every calendar entry, for life."""

    epoch: str
    kind: Kind
    uid_domain: str


def get(tx: Transaction) -> Installation | None:
    """None while the database has never been used. It may be at an earlier revision than this program's."""
    query = select(_installation.c.epoch, _installation.c.kind, _installation.c.uid_domain)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else Installation(epoch=row.epoch, kind=Kind(row.kind), uid_domain=row.uid_domain)


def ensure(tx: Transaction, kind: Kind, uid_domain: str) -> Installation:
    """The installation, made on first use. Raises DatabaseRefused when the database was begun as the other kind."""
    found = get(tx)
    if found is None:
        found = Installation(epoch=_new_epoch(), kind=kind, uid_domain=uid_domain)
        values = {"epoch": found.epoch, "kind": found.kind.value, "uid_domain": found.uid_domain}
        tx.connection.execute(insert(_installation).values(id=1, created_at=tx.now(), **values))
    if found.kind is not kind:
        raise DatabaseRefused(f"This database holds {HOLDS[found.kind]}; {HOLDS[kind]} needs a database of its own.")
    return found


def begin_anew(tx: Transaction) -> None:
    """What was restored or copied is of another epoch, and the worker rests until `resume`."""
    tx.connection.execute(update(_installation).values(epoch=_new_epoch(), rests_since=tx.now()))


def rests_since(tx: Transaction) -> datetime | None:
    """Since when the worker must do nothing, because what is due here may have been done elsewhere already."""
    found: datetime | None = tx.connection.execute(select(_installation.c.rests_since)).scalar_one_or_none()
    return found


def resume(tx: Transaction) -> bool:
    """Let the worker work again; whether it was resting."""
    resting = _installation.c.rests_since.is_not(None)
    return bool(tx.connection.execute(update(_installation).where(resting).values(rests_since=None)).rowcount)


def _new_epoch() -> str:
    return secrets.token_hex(8)


HOLDS = {Kind.REAL: "a real clinic", Kind.DEMO: "the demo"}
