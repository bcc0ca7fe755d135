"""What this database is: a demo or the real thing, and the names that must never change."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import insert, select

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
    """None while the database has never been used."""
    row = tx.connection.execute(select(_installation)).one_or_none()
    return None if row is None else Installation(epoch=row.epoch, kind=Kind(row.kind), uid_domain=row.uid_domain)


def ensure(tx: Transaction, kind: Kind, uid_domain: str) -> Installation:
    """The installation, made on first use. Raises DatabaseRefused when the database was begun as the other kind."""
    found = get(tx)
    if found is None:
        found = Installation(epoch=secrets.token_hex(8), kind=kind, uid_domain=uid_domain)
        values = {"epoch": found.epoch, "kind": found.kind.value, "uid_domain": found.uid_domain}
        tx.connection.execute(insert(_installation).values(id=1, created_at=tx.now(), **values))
    if found.kind is not kind:
        raise DatabaseRefused(f"This database holds {_HOLDS[found.kind]}; {_HOLDS[kind]} needs a database of its own.")
    return found


_HOLDS = {Kind.REAL: "a real clinic", Kind.DEMO: "the demo"}
