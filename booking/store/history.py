"""What happened, append-only: statuses, decisions, and who changed what. Each row carries its own digest."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from booking.domain.ids import AppointmentId, ClinicId
from booking.domain.lifecycle import Recorded, Status
from booking.domain.permission import Caller
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import AuditRow, DecisionRow, StatusRow, table

_status = table(StatusRow)
_decision = table(DecisionRow)
_audit = table(AuditRow)


def add_status(
    tx: Transaction,
    caller: Caller,
    appointment_id: AppointmentId,
    number: int,
    status: Status,
    now: datetime,
    reason: str | None = None,
    undoes: int | None = None,
    actor: str | None = None,
) -> None:
    """`number` is the appointment's version: two who change the same one at once cannot both be recorded.

    `actor` is for what nobody has done who could call anything here.
    """
    row = {
        "clinic_id": caller.clinic_id,
        "appointment_id": appointment_id,
        "number": number,
        "status": status.value,
        "undoes": undoes,
        "actor": actor or caller.actor,
        "reason": reason,
        "at": now,
    }
    tx.connection.execute(insert(_status).values(**row, digest=digest(row)))


def add_decision(
    tx: Transaction,
    clinic_id: ClinicId,
    appointment_id: AppointmentId,
    rule_digest: str | None,
    evaluator: str,
    body: Mapping[str, Any],
    now: datetime,
) -> None:
    """Why the practitioner was allowed to give this visit, so that it can be shown years later."""
    row = {
        "clinic_id": clinic_id,
        "id": new_id(),
        "appointment_id": appointment_id,
        "rule_digest": rule_digest,
        "evaluator": evaluator,
        "body": body,
        "at": now,
    }
    tx.connection.execute(insert(_decision).values(**row, digest=digest(row)))


def add_audit(
    tx: Transaction, caller: Caller, action: str, subject_id: UUID | None, now: datetime, **detail: Any
) -> None:
    """Who did what to what; ids and words, never a patient's data."""
    row = {
        "clinic_id": caller.clinic_id,
        "id": new_id(),
        "actor": caller.actor,
        "action": action,
        "subject_id": subject_id,
        "detail": {"channel": caller.channel, **detail},
        "request_id": caller.request_id,
        "at": now,
    }
    tx.connection.execute(insert(_audit).values(**row, digest=digest(row)))


def of_visit(tx: Transaction, clinic_id: ClinicId, appointment_id: AppointmentId) -> list[Recorded]:
    """What became of a visit, in its order."""
    query = select(_status).where(_status.c.clinic_id == clinic_id, _status.c.appointment_id == appointment_id)
    return [as_recorded(row._asdict()) for row in tx.connection.execute(query.order_by(_status.c.number))]


def as_recorded(row: Mapping[str, Any]) -> Recorded:
    """A row of `status` as the entry of a history that it stands for."""
    return Recorded(
        number=row["number"],
        status=Status(row["status"]),
        actor=row["actor"],
        at=row["at"],
        undoes=row["undoes"],
        reason=row["reason"],
    )


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of the row as canonical JSON: the same values always give the same digest.

    What is None is left out, so that a column that comes later changes no digest of a row from before.
    """
    told = {key: value for key, value in row.items() if value is not None}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
