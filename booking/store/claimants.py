"""Whose visits and holds take the time of diaries."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from booking.domain.appointment import Appointment
from booking.domain.ids import ClinicId, DiaryId
from booking.domain.time.span import TimeSpan
from booking.store.appointments import as_appointment
from booking.store.database import Transaction
from booking.store.tables import AppointmentRow, ClaimRow, table
from booking.store.types import Instant, Meets

_appointment, _claim = table(AppointmentRow), table(ClaimRow)


def claimants(
    tx: Transaction, clinic_id: ClinicId, diaries: Collection[DiaryId], window: TimeSpan, now: datetime
) -> list[tuple[DiaryId, Appointment]]:
    """The visits and holds that claim these diaries in the window, by diary and then by time.

    Holds that have expired by `now` claim nothing.
    """
    start, end = bindparam("a", window.start, type_=Instant()), bindparam("b", window.end, type_=Instant())
    same = (_appointment.c.clinic_id == _claim.c.clinic_id) & (_appointment.c.id == _claim.c.appointment_id)
    query = (
        select(_appointment, _claim.c.diary_id)
        .join_from(_claim, _appointment, same)
        .where(
            _claim.c.clinic_id == clinic_id,
            _claim.c.diary_id.in_(sorted(diaries)),
            Meets(_claim.c.starts_at, _claim.c.ends_at, start, end),
            or_(_claim.c.expires_at.is_(None), _claim.c.expires_at > now),
        )
        .order_by(_claim.c.diary_id, _claim.c.starts_at)
    )
    return [(DiaryId(row.diary_id), as_appointment(row)) for row in tx.connection.execute(query)]
