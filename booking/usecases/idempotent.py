"""Doing a thing once, however often it is asked for."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from booking.domain.errors import IdempotencyMismatch
from booking.domain.ids import ClinicId
from booking.store import idempotency
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey

T = TypeVar("T")


def once(
    tx: Transaction,
    clinic_id: ClinicId,
    request: RequestKey | None,
    act: Callable[[], tuple[T, Mapping[str, Any]]],
    rebuild: Callable[[Mapping[str, Any]], T],
) -> T:
    """Run `act` unless this request was already carried out; then `rebuild` its answer from what `act` left on record.

    What `act` leaves holds ids only. A refusal leaves nothing, so the request may be sent again. Raises
    IdempotencyMismatch when the key belongs to a different request, and StillRunning when this one is being carried out
    and does not end in time.
    """
    if request is None:
        return act()[0]
    if not idempotency.claim(tx, clinic_id, request, tx.now()):
        digest, record = idempotency.answer(tx, clinic_id, request)
        if digest != request.digest:
            raise IdempotencyMismatch
        return rebuild(record)
    result, record = act()
    idempotency.record(tx, clinic_id, request, record)
    return result
