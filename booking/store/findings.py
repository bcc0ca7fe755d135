"""Findings: what a person must look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from booking.domain.ids import AppointmentId, ClinicId
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import FindingRow, table

LOST_COVER = "lost_cover"

_finding = table(FindingRow)


@dataclass(frozen=True, kw_only=True)
class Finding:
    id: UUID
    appointment_id: AppointmentId
    kind: str
    detail: Mapping[str, Any]
    opened_at: datetime


def open_kind(tx: Transaction, clinic_id: ClinicId, kind: str) -> dict[AppointmentId, Finding]:
    """The open findings of a kind, by appointment."""
    query = select(_finding).where(
        _finding.c.clinic_id == clinic_id, _finding.c.kind == kind, _finding.c.closed_at.is_(None)
    )
    found = [
        Finding(
            id=row.id,
            appointment_id=AppointmentId(row.appointment_id),
            kind=row.kind,
            detail=row.detail,
            opened_at=row.opened_at,
        )
        for row in tx.connection.execute(query.order_by(_finding.c.id))
    ]
    return {one.appointment_id: one for one in found}


def open_one(
    tx: Transaction,
    clinic_id: ClinicId,
    appointment_id: AppointmentId,
    kind: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    row = {"clinic_id": clinic_id, "id": new_id(), "appointment_id": appointment_id, "kind": kind}
    tx.connection.execute(insert(_finding).values(**row, detail=detail, opened_at=now))


def close(
    tx: Transaction, clinic_id: ClinicId, appointment_id: AppointmentId, now: datetime, kind: str | None = None
) -> None:
    """Close the open findings of an appointment, of one kind or of all."""
    query = update(_finding).where(
        _finding.c.clinic_id == clinic_id,
        _finding.c.appointment_id == appointment_id,
        _finding.c.closed_at.is_(None),
    )
    if kind is not None:
        query = query.where(_finding.c.kind == kind)
    tx.connection.execute(query.values(closed_at=now))
