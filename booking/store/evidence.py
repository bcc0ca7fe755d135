"""The rows an audit looks at, as they lie there, without the code that wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from booking.domain.ids import ClinicId
from booking.store.database import Transaction
from booking.store.tables import AppointmentRow, ClaimRow, DecisionRow, StatusRow, table


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Plain rows of one clinic, keyed by column name, in the order of their keys."""

    appointments: tuple[Mapping[str, Any], ...]
    claims: tuple[Mapping[str, Any], ...]
    statuses: tuple[Mapping[str, Any], ...]
    decided: frozenset[UUID]
    now: datetime


def gather(tx: Transaction, clinic_id: ClinicId) -> Evidence:
    return Evidence(
        appointments=_rows(tx, clinic_id, AppointmentRow, "id"),
        claims=_rows(tx, clinic_id, ClaimRow, "diary_id", "starts_at"),
        statuses=_rows(tx, clinic_id, StatusRow, "appointment_id", "number"),
        decided=frozenset(row["appointment_id"] for row in _rows(tx, clinic_id, DecisionRow, "id")),
        now=tx.now(),
    )


def _rows(tx: Transaction, clinic_id: ClinicId, model: type[Any], *order: str) -> tuple[Mapping[str, Any], ...]:
    columns = table(model).c
    query = select(table(model)).where(columns.clinic_id == clinic_id).order_by(*(columns[name] for name in order))
    return tuple(row._asdict() for row in tx.connection.execute(query))
