"""Closures one by one: of a site or of the whole clinic, said by the clinic's file or at the desk."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select

from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, SiteId
from booking.domain.time.local import LocalSpan
from booking.store.absences import DESK
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.schedules import as_days
from booking.store.tables import ClosureRow, table

_closure = table(ClosureRow)


@dataclass(frozen=True, kw_only=True)
class RecordedClosure:
    """A closure on record; `site_id` is None for the whole clinic, `origin` FILE or DESK as with absences."""

    id: UUID
    site_id: SiteId | None
    days: LocalSpan
    reason: str = ""
    origin: str = DESK


def listed(
    tx: Transaction, clinic_id: ClinicId, first: date | None = None, last: date | None = None
) -> list[RecordedClosure]:
    """All, or those that touch the local days from `first` to `last`, in the order of their days."""
    query = select(_closure).where(_closure.c.clinic_id == clinic_id)
    if first is not None:
        query = query.where(_closure.c.last_day >= first)
    if last is not None:
        query = query.where(_closure.c.first_day <= last)
    return [_as_closure(row) for row in tx.connection.execute(query.order_by(_closure.c.first_day, _closure.c.id))]


def get(tx: Transaction, clinic_id: ClinicId, closure_id: UUID) -> RecordedClosure:
    """Raises NotFound."""
    query = select(_closure).where(_closure.c.clinic_id == clinic_id, _closure.c.id == closure_id)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("closure")
    return _as_closure(row)


def new(site_id: SiteId | None, days: LocalSpan, reason: str) -> RecordedClosure:
    """A closure, said at the desk, that is not on record yet."""
    return RecordedClosure(id=new_id(), site_id=site_id, days=days, reason=reason)


def add(tx: Transaction, clinic_id: ClinicId, closure: RecordedClosure) -> None:
    values = {
        "clinic_id": clinic_id,
        "id": closure.id,
        "site_id": closure.site_id,
        "first_day": closure.days.first,
        "last_day": closure.days.last,
        "start_minute": closure.days.start_minute,
        "end_minute": closure.days.end_minute,
        "reason": closure.reason,
        "origin": closure.origin,
    }
    tx.connection.execute(insert(_closure).values(values))


def remove(tx: Transaction, clinic_id: ClinicId, closure_id: UUID) -> None:
    tx.connection.execute(delete(_closure).where(_closure.c.clinic_id == clinic_id, _closure.c.id == closure_id))


def _as_closure(row: Row[Any]) -> RecordedClosure:
    return RecordedClosure(
        id=row.id,
        site_id=None if row.site_id is None else SiteId(row.site_id),
        days=as_days(row),
        reason=row.reason,
        origin=row.origin,
    )
