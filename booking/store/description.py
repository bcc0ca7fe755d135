"""Writing what a clinic's description says: clinic, sites, rooms, treatment types, people, hours, leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from booking.domain.ids import ClinicId, DiaryId, PractitionerId
from booking.domain.schedule import WeeklyHours
from booking.domain.time.span import TimeSpan
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import (
    BusyRow,
    ClinicRow,
    PractitionerRow,
    RoomRow,
    SiteRow,
    TreatmentTypeRow,
    WorkingHoursRow,
    table,
)

LEAVE = "leave"

_TABLES = {
    "site": table(SiteRow),
    "room": table(RoomRow),
    "treatment": table(TreatmentTypeRow),
    "practitioner": table(PractitionerRow),
}
_clinic, _hours, _busy = table(ClinicRow), table(WorkingHoursRow), table(BusyRow)


def add_clinic(tx: Transaction, clinic_id: ClinicId, values: Mapping[str, Any], now: datetime) -> None:
    revisions = {"offer_revision": 0, "display_revision": 0, "display_changed_at": now}
    tx.connection.execute(insert(_clinic).values(id=clinic_id, **values, **revisions))


def update_clinic(tx: Transaction, clinic_id: ClinicId, values: Mapping[str, Any]) -> None:
    tx.connection.execute(update(_clinic).where(_clinic.c.id == clinic_id).values(values))


def add(tx: Transaction, clinic_id: ClinicId, what: str, thing_id: UUID, values: Mapping[str, Any]) -> None:
    """`what` is site, room, treatment or practitioner."""
    tx.connection.execute(insert(_TABLES[what]).values(clinic_id=clinic_id, id=thing_id, **values))


def change(tx: Transaction, clinic_id: ClinicId, what: str, thing_id: UUID, values: Mapping[str, Any]) -> None:
    columns = _TABLES[what].c
    tx.connection.execute(
        update(_TABLES[what]).where(columns.clinic_id == clinic_id, columns.id == thing_id).values(values)
    )


def set_hours(tx: Transaction, clinic_id: ClinicId, practitioner_id: PractitionerId, weekly: list[WeeklyHours]) -> None:
    """Replace all published hours of this person."""
    mine = (_hours.c.clinic_id == clinic_id) & (_hours.c.practitioner_id == practitioner_id)
    tx.connection.execute(delete(_hours).where(mine))
    rows = [
        {
            "clinic_id": clinic_id,
            "id": new_id(),
            "practitioner_id": practitioner_id,
            "site_id": one.site_id,
            "weekday": one.weekday,
            "start_minute": one.start_minute,
            "end_minute": one.end_minute,
            "valid_from": one.valid_from,
            "valid_until": one.valid_until,
        }
        for one in weekly
    ]
    if rows:
        tx.connection.execute(insert(_hours), rows)


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Whole local days of leave, both included, and the instants they are."""

    first: date
    last: date
    span: TimeSpan


def leave(tx: Transaction, clinic_id: ClinicId) -> dict[DiaryId, list[Leave]]:
    """The leave of everybody, in the order of time."""
    query = select(_busy).where(_busy.c.clinic_id == clinic_id, _busy.c.kind == LEAVE)
    found: dict[DiaryId, list[Leave]] = {}
    for row in tx.connection.execute(query.order_by(_busy.c.starts_at, _busy.c.id)):
        one = Leave(first=row.first_day, last=row.last_day, span=TimeSpan(row.starts_at, row.ends_at))
        found.setdefault(DiaryId(row.diary_id), []).append(one)
    return found


def set_leave(tx: Transaction, clinic_id: ClinicId, diary_id: DiaryId, days: list[Leave]) -> None:
    """Replace all leave of this person."""
    mine = (_busy.c.clinic_id == clinic_id) & (_busy.c.diary_id == diary_id) & (_busy.c.kind == LEAVE)
    tx.connection.execute(delete(_busy).where(mine))
    rows = [
        {
            "clinic_id": clinic_id,
            "id": new_id(),
            "diary_id": diary_id,
            "kind": LEAVE,
            "starts_at": one.span.start,
            "ends_at": one.span.end,
            "first_day": one.first,
            "last_day": one.last,
        }
        for one in days
    ]
    if rows:
        tx.connection.execute(insert(_busy), rows)
