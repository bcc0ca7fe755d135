"""Findings: what a person must look at."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, insert, select, update

from booking.domain.appointment import Appointment
from booking.domain.conflict import Conflict, Detail
from booking.domain.ids import AppointmentId, ClinicId, PractitionerId, SiteId
from booking.store.appointments import as_appointment
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import AppointmentRow, FindingRow, table

LOST_COVER = Conflict.LOST_COVER.value

_finding, _appointment = table(FindingRow), table(AppointmentRow)


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
    found = [_as_finding(row) for row in tx.connection.execute(query.order_by(_finding.c.id))]
    return {one.appointment_id: one for one in found}


@dataclass(frozen=True, kw_only=True)
class About:
    """Which open findings: of these kinds, about visits of these people, at these sites, not over by then; or all."""

    kinds: Collection[str] | None = None
    practitioners: Collection[PractitionerId] | None = None
    sites: Collection[SiteId] | None = None
    visits_after: datetime | None = None


def still_open(tx: Transaction, clinic_id: ClinicId, about: About) -> list[Finding]:
    """Open findings, the oldest first."""
    query = _still_open(select(_finding), clinic_id, about).order_by(_finding.c.id)
    return [_as_finding(row) for row in tx.connection.execute(query)]


def visits(tx: Transaction, clinic_id: ClinicId, about: About) -> list[Appointment]:
    """The visits that these findings are about, in the order of time, each once."""
    concerned = _still_open(select(_finding.c.appointment_id), clinic_id, about)
    query = select(_appointment).where(_appointment.c.clinic_id == clinic_id, _appointment.c.id.in_(concerned))
    ordered = query.order_by(_appointment.c.starts_at, _appointment.c.id)
    return [as_appointment(row) for row in tx.connection.execute(ordered)]


def _still_open(query: Select[Any], clinic_id: ClinicId, about: About) -> Select[Any]:
    visit = (_appointment.c.clinic_id == _finding.c.clinic_id) & (_appointment.c.id == _finding.c.appointment_id)
    found = query.join_from(_finding, _appointment, visit).where(
        _finding.c.clinic_id == clinic_id, _finding.c.closed_at.is_(None)
    )
    if about.kinds is not None:
        found = found.where(_finding.c.kind.in_([str(kind) for kind in sorted(about.kinds)]))
    if about.practitioners is not None:
        found = found.where(_appointment.c.practitioner_id.in_(sorted(about.practitioners)))
    if about.sites is not None:
        found = found.where(_appointment.c.site_id.in_(sorted(about.sites)))
    if about.visits_after is not None:
        found = found.where(_appointment.c.ends_at > about.visits_after)
    return found


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


def open_many(
    tx: Transaction, clinic_id: ClinicId, found: Iterable[tuple[AppointmentId, Conflict, Detail]], now: datetime
) -> None:
    """None of these kinds may be open for its appointment yet."""
    rows = [
        {
            "clinic_id": clinic_id,
            "id": new_id(),
            "appointment_id": appointment_id,
            "kind": kind.value,
            "detail": detail,
            "opened_at": now,
        }
        for appointment_id, kind, detail in found
    ]
    if rows:
        tx.connection.execute(insert(_finding), rows)


def restate(tx: Transaction, clinic_id: ClinicId, details: Mapping[UUID, Detail]) -> None:
    """Give open findings, by their ids, the details that are true now."""
    changed = update(_finding).where(_finding.c.clinic_id == clinic_id, _finding.c.id == bindparam("one"))
    if details:
        rows = [{"one": finding, "what": detail} for finding, detail in details.items()]
        tx.connection.execute(changed.values(detail=bindparam("what")), rows)


def close_many(tx: Transaction, clinic_id: ClinicId, ids: Collection[UUID], now: datetime) -> None:
    closed = update(_finding).where(_finding.c.clinic_id == clinic_id, _finding.c.id == bindparam("one"))
    if ids:
        tx.connection.execute(closed.values(closed_at=now), [{"one": finding} for finding in ids])


def is_open(tx: Transaction, clinic_id: ClinicId, appointment_id: AppointmentId, kind: str) -> bool:
    query = select(_finding.c.id).where(
        _finding.c.clinic_id == clinic_id,
        _finding.c.appointment_id == appointment_id,
        _finding.c.kind == kind,
        _finding.c.closed_at.is_(None),
    )
    return tx.connection.execute(query).one_or_none() is not None


def close(
    tx: Transaction,
    clinic_id: ClinicId,
    appointment_id: AppointmentId,
    now: datetime,
    kinds: Collection[str] | None = None,
) -> None:
    """Close the open findings of an appointment, of these kinds or of all."""
    query = update(_finding).where(
        _finding.c.clinic_id == clinic_id,
        _finding.c.appointment_id == appointment_id,
        _finding.c.closed_at.is_(None),
    )
    if kinds is not None:
        query = query.where(_finding.c.kind.in_(sorted(kinds)))
    tx.connection.execute(query.values(closed_at=now))


def _as_finding(row: Row[Any]) -> Finding:
    return Finding(
        id=row.id,
        appointment_id=AppointmentId(row.appointment_id),
        kind=row.kind,
        detail=row.detail,
        opened_at=row.opened_at,
    )
