"""Changes that were made under a key, so that asking again makes them once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from booking.domain.errors import StillRunning
from booking.domain.ids import ClinicId
from booking.store.database import Transaction
from booking.store.tables import IdempotencyRow, table
from booking.store.verdicts import timed_out_waiting

KEPT = timedelta(hours=48)

_idempotency = table(IdempotencyRow)


@dataclass(frozen=True, kw_only=True)
class RequestKey:
    """What makes two requests the same one: who asks (`identity`), their key, and a digest of what is asked."""

    identity: str
    key: str
    digest: str


def claim(tx: Transaction, clinic_id: ClinicId, request: RequestKey, now: datetime) -> bool:
    """Take the key for this transaction; False when it was used.

    Waits for another transaction that has it, and raises StillRunning when that one takes longer than a lock may.
    """
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {"clinic_id": clinic_id, "identity": request.identity, "key": request.key}
    statement = dialect.insert(_idempotency).values(**row, request_digest=request.digest, answer={}, at=now)
    returning = statement.on_conflict_do_nothing().returning(_idempotency.c.key)
    try:
        return tx.connection.execute(returning).scalar() is not None
    except OperationalError as error:
        if timed_out_waiting(error):
            raise StillRunning from error
        raise


def answer(tx: Transaction, clinic_id: ClinicId, request: RequestKey) -> tuple[str, Mapping[str, Any]]:
    """The digest of the first request under the key, and what its answer is rebuilt from."""
    query = select(_idempotency.c.request_digest, _idempotency.c.answer).where(*_is(clinic_id, request))
    row = tx.connection.execute(query).one()
    return row.request_digest, row.answer


def record(tx: Transaction, clinic_id: ClinicId, request: RequestKey, what: Mapping[str, Any]) -> None:
    tx.connection.execute(update(_idempotency).where(*_is(clinic_id, request)).values(answer=what))


def has_old(tx: Transaction, now: datetime) -> bool:
    """Whether there is any key to drop."""
    query = select(_idempotency.c.key).where(_idempotency.c.at <= now - KEPT).limit(1)
    return tx.connection.execute(query).first() is not None


def drop_old(tx: Transaction, now: datetime) -> int:
    return tx.connection.execute(delete(_idempotency).where(_idempotency.c.at <= now - KEPT)).rowcount


def _is(clinic_id: ClinicId, request: RequestKey) -> tuple[Any, ...]:
    columns = _idempotency.c
    return (columns.clinic_id == clinic_id, columns.identity == request.identity, columns.key == request.key)
