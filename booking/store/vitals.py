"""Counts over the whole database, for whoever runs it."""

from datetime import datetime

from sqlalchemy import func, select

from booking.domain.lifecycle import Status
from booking.store.database import Transaction
from booking.store.tables import AppointmentRow, table

_appointment = table(AppointmentRow)


def count_appointments(tx: Transaction) -> int:
    """Visits of all clinics, holds not counted."""
    query = select(func.count()).select_from(_appointment).where(_appointment.c.status != Status.HELD.value)
    return int(tx.connection.execute(query).scalar_one())


def count_holds_expired_before(tx: Transaction, instant: datetime) -> int:
    query = select(func.count()).select_from(_appointment)
    over = (_appointment.c.status == Status.HELD.value) & (_appointment.c.expires_at < instant)
    return int(tx.connection.execute(query.where(over)).scalar_one())
