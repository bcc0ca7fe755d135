"""Tidying: what is over and only takes up room. Nothing depends on when, or whether, it runs."""

from dataclasses import dataclass
from datetime import timedelta

from booking.store import claims, idempotency, staff
from booking.store.database import Transaction

IDLE_SESSION = timedelta(hours=1)
SWEEP_GRACE = timedelta(seconds=claims.SWEEP_GRACE_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Swept:
    holds: int
    sessions: int
    idempotency_keys: int


def is_due(tx: Transaction) -> bool:
    """Whether there is anything to sweep; only reads, so that an idle worker keeps nobody waiting."""
    now = tx.now()
    return (
        claims.is_any_over(tx, now - SWEEP_GRACE)
        or staff.has_old_sessions(tx, now - IDLE_SESSION, now)
        or idempotency.has_old(tx, now)
    )


def sweep(tx: Transaction) -> Swept:
    """Delete holds a minute after they expired, sessions that are over, and idempotency keys after two days."""
    now = tx.now()
    return Swept(
        holds=claims.sweep(tx, now - SWEEP_GRACE),
        sessions=staff.drop_sessions(tx, now - IDLE_SESSION, now),
        idempotency_keys=idempotency.drop_old(tx, now),
    )
