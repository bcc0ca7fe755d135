"""What the database says when something fails, and what follows from it."""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from booking.domain.errors import BookingError, IdempotencyMismatch, SlotTaken, StaleVersion, Unavailable
from booking.store.guards import NO_OVERLAP

_REFUSALS = {
    NO_OVERLAP: SlotTaken,
    "pk_diary_change": StaleVersion,
    "diary_change.revision": StaleVersion,
    "pk_status": StaleVersion,
    "status.number": StaleVersion,
    "uq_feed_token_hash": IdempotencyMismatch,  # a secret follows from its idempotency key, which outlived its memory
    "feed.token_hash": IdempotencyMismatch,
}

LOCK_TIMED_OUT = "55P03"
_UNIQUE = ("23505", sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_ROLLED_BACK = ("40", LOCK_TIMED_OUT, "25P03")  # serialisation, deadlock, lock not granted, idle for too long
_CONNECTION_LOST = ("08", "57P")
_OVERBURDENED = ("53", "57", "58")  # out of memory, disk or connections; a statement took too long; the system failed
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_BROKEN = (
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
)  # fmt: skip


def may_run_again(error: DBAPIError | PoolTimeoutError) -> bool:
    """Whether nothing is done and doing it all again may succeed.

    So it is after a deadlock or a lost connection, and when somebody was faster: then the next run finds what they did.
    """
    if isinstance(error, PoolTimeoutError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return _primary(error.orig) in _BUSY or _is_unique(error)
    return lost_connection(error) or _state(error).startswith(_ROLLED_BACK) or _is_unique(error)


def verdict_on(error: DBAPIError | PoolTimeoutError) -> BookingError | None:
    """What the failure means to whoever asked; None when it is this program's own fault."""
    if isinstance(error, PoolTimeoutError):
        return Unavailable()
    if isinstance(error, IntegrityError):
        return _refusal_of(error)
    if isinstance(error.orig, sqlite3.Error):
        return Unavailable() if _primary(error.orig) in (*_BUSY, *_BROKEN) else None
    return Unavailable() if may_run_again(error) or _state(error).startswith(_OVERBURDENED) else None


def lost_connection(error: DBAPIError) -> bool:
    """Whether the server was not there to answer, or went away: what it was last told may or may not count."""
    if isinstance(error.orig, sqlite3.Error):
        return False
    unanswered = isinstance(error, OperationalError) and not _state(error)
    return error.connection_invalidated or unanswered or _state(error).startswith(_CONNECTION_LOST)


def timed_out_waiting(error: DBAPIError) -> bool:
    """Whether another transaction did not give a lock free in time."""
    return _state(error) == LOCK_TIMED_OUT


def _refusal_of(error: IntegrityError) -> BookingError | None:
    """The refusal that a violated guard or key means; None when no caller can have caused it."""
    diagnosis = getattr(error.orig, "diag", None)
    said = getattr(diagnosis, "constraint_name", None) or str(error.orig)
    return next((refusal() for name, refusal in _REFUSALS.items() if name in said), None)


def _is_unique(error: DBAPIError) -> bool:
    if isinstance(error, IntegrityError) and _refusal_of(error) is None:
        return (getattr(error.orig, "sqlite_errorcode", None) or _state(error)) in _UNIQUE
    return False


def _state(error: DBAPIError) -> str:
    """The SQLSTATE; empty when there was no server to give one."""
    return getattr(error.orig, "sqlstate", None) or ""


def _primary(error: sqlite3.Error) -> int:
    """SQLite's result code without what extends it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
