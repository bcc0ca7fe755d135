"""Absences: leave of people, closures of rooms and devices, as busy time in their diaries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select

from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, DiaryId
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import tzdata_version
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.schedules import as_days
from booking.store.tables import BusyRow, table
from booking.store.types import EPOCH

LEAVE, CLOSED = "leave", "closed"
FILE, DESK = "file", "desk"

_busy = table(BusyRow)


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Somebody or something is away: the local days it was said for, and the instants they are.

    `kind` is LEAVE for a practitioner, CLOSED for a room or device; `origin` is FILE or DESK, whichever said it.
    """

    id: UUID
    diary_id: DiaryId
    kind: str
    days: LocalSpan
    span: TimeSpan
    reason: str = ""
    origin: str = FILE


def listed(
    tx: Transaction, clinic_id: ClinicId, diaries: Collection[DiaryId] | None = None, window: TimeSpan | None = None
) -> list[Absence]:
    """Absences in the order of time: of these diaries or of all, those that touch the window or all."""
    query = select(_busy).where(_busy.c.clinic_id == clinic_id, _busy.c.first_day.is_not(None))
    if diaries is not None:
        query = query.where(_busy.c.diary_id.in_(sorted(diaries)))
    if window is not None:
        query = query.where(_busy.c.ends_at > window.start, _busy.c.starts_at < window.end)
    return [as_absence(row) for row in tx.connection.execute(query.order_by(_busy.c.starts_at, _busy.c.id))]


def lying_at(tx: Transaction, clinic_id: ClinicId, diary_id: DiaryId, span: TimeSpan) -> list[Absence]:
    """The absences in this diary that begin and end then, the oldest first."""
    query = select(_busy).where(
        _busy.c.clinic_id == clinic_id,
        _busy.c.diary_id == diary_id,
        _busy.c.starts_at == span.start,
        _busy.c.ends_at == span.end,
        _busy.c.first_day.is_not(None),
    )
    found = [as_absence(row) for row in tx.connection.execute(query)]
    return sorted(found, key=lambda one: one.id)


def count(tx: Transaction, clinic_id: ClinicId, diary_id: DiaryId, most: int) -> int:
    """How many are on record in this diary, but no more than `most` are counted."""
    some = select(_busy.c.id).where(
        _busy.c.clinic_id == clinic_id, _busy.c.diary_id == diary_id, _busy.c.ends_at > EPOCH
    )
    counted = select(func.count()).select_from(some.limit(most).subquery())
    return int(tx.connection.execute(counted).scalar_one())


def get(tx: Transaction, clinic_id: ClinicId, absence_id: UUID) -> Absence:
    """Raises NotFound."""
    query = select(_busy).where(_busy.c.clinic_id == clinic_id, _busy.c.id == absence_id)
    row = tx.connection.execute(query.where(_busy.c.first_day.is_not(None))).one_or_none()
    if row is None:
        raise NotFound("absence")
    return as_absence(row)


def add(tx: Transaction, clinic_id: ClinicId, absences: Sequence[Absence]) -> None:
    rows = [
        {
            "clinic_id": clinic_id,
            "id": one.id,
            "diary_id": one.diary_id,
            "kind": one.kind,
            "starts_at": one.span.start,
            "ends_at": one.span.end,
            "first_day": one.days.first,
            "last_day": one.days.last,
            "start_minute": one.days.start_minute,
            "end_minute": one.days.end_minute,
            "reason": one.reason,
            "origin": one.origin,
            "tzdata": tzdata_version(),
        }
        for one in absences
    ]
    if rows:
        tx.connection.execute(insert(_busy), rows)


def remove(tx: Transaction, clinic_id: ClinicId, ids: Collection[UUID]) -> None:
    tx.connection.execute(delete(_busy).where(_busy.c.clinic_id == clinic_id, _busy.c.id.in_(sorted(ids))))


def new(diary_id: DiaryId, kind: str, days: LocalSpan, span: TimeSpan, *, reason: str, origin: str) -> Absence:
    """An absence that is not on record yet."""
    return Absence(id=new_id(), diary_id=diary_id, kind=kind, days=days, span=span, reason=reason, origin=origin)


def as_absence(row: Row[Any]) -> Absence:
    """A row that has all columns of `busy` and says its days."""
    return Absence(
        id=row.id,
        diary_id=DiaryId(row.diary_id),
        kind=row.kind,
        days=as_days(row),
        span=TimeSpan(row.starts_at, row.ends_at),
        reason=row.reason,
        origin=row.origin,
    )
