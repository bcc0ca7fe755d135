"""Tidying: what is over and only takes up room. Nothing depends on when, or whether, it runs."""

from dataclasses import dataclass
from datetime import timedelta

from booking.store import claims, idempotency, staff
from booking.store.database import Transaction

IDLE_SESSION = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Swept:
    holds: int
    sessions: int
    idempotency_keys: int


def sweep(tx: Transaction) -> Swept:
    """Delete holds a minute after they expired, sessions that are over, and idempotency keys after two days."""
    now = tx.now()
    return Swept(
        holds=claims.sweep(tx, now - timedelta(seconds=claims.SWEEP_GRACE_SECONDS)),
        sessions=staff.drop_sessions(tx, now - IDLE_SESSION, now),
        idempotency_keys=idempotency.drop_old(tx, now),
    )
