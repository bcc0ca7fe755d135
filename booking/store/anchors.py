"""Visits and absences whose instants come from another release of the time zone database than the one in use."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, NestedTransaction, Row, Table, bindparam, func, literal, select, true, update

from booking.domain.appointment import Appointment
from booking.domain.ids import ClinicId, DiaryId
from booking.domain.lifecycle import Status
from booking.domain.promise import Promise
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, tzdata_version
from booking.store.absences import Absence, as_absence
from booking.store.appointments import as_appointment
from booking.store.database import Transaction
from booking.store.tables import AppointmentRow, BusyRow, table

_appointment, _busy = table(AppointmentRow), table(BusyRow)
_PROMISED = tuple(_appointment.c.status == one.value for one in (Status.BOOKED, Status.REQUESTED))
"""Asked one by one: an index answers for one status at a time."""

OVER = timedelta(days=1)
"""What ended so long ago is over by any clock."""


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """How many visits and absences that are not over come from another release, in all clinics or in one."""

    visits: int
    absences: int


def clinics(tx: Transaction) -> list[ClinicId]:
    """The clinics that have any. Two short statements when there is none."""
    found: set[ClinicId] = set()
    for of, which in _PLACES:
        there = _elsewhere(tx, of, which)
        if there is not None:
            found.update(tx.connection.execute(select(of.c.clinic_id).where(there).distinct()).scalars())
    return sorted(found)


def count(tx: Transaction) -> Elsewhere:
    """Of all clinics."""
    counted = []
    for of, which in _PLACES:
        there = _elsewhere(tx, of, which)
        query = select(func.count()).select_from(of)
        counted.append(0 if there is None else int(tx.connection.execute(query.where(there)).scalar_one()))
    return Elsewhere(visits=sum(counted[:-1]), absences=counted[-1])


def visits(tx: Transaction, clinic_id: ClinicId) -> list[tuple[Appointment, Promise]]:
    """Visits that are booked or requested, each with what was promised."""
    found: list[Row[Any]] = []
    for which in _PROMISED:
        there = _elsewhere(tx, _appointment, which)
        if there is not None:
            found += tx.connection.execute(
                select(_appointment).where(_appointment.c.clinic_id == clinic_id, there).order_by(_appointment.c.id)
            ).all()
    return [
        (
            as_appointment(row),
            Promise(wall=datetime.fromisoformat(row.wall_time), fold=row.fold, zone=ZoneName(row.zone)),
        )
        for row in found
    ]


def absences(tx: Transaction, clinic_id: ClinicId, diary_id: DiaryId | None = None) -> list[Absence]:
    """Absences in this diary, or in all of the clinic."""
    there = _elsewhere(tx, _busy, true())
    if there is None:
        return []
    query = select(_busy).where(_busy.c.clinic_id == clinic_id, there).order_by(_busy.c.id)
    if diary_id is not None:
        query = query.where(_busy.c.diary_id == diary_id)
    return [as_absence(row) for row in tx.connection.execute(query)]


def note_visits(tx: Transaction, clinic_id: ClinicId, seen: Iterable[Appointment]) -> None:
    """The release in use gives these visits, as they were seen, the instants they have."""
    rows = [{"one": visit.id, "seen": visit.version} for visit in seen]
    same = (_appointment.c.id == bindparam("one")) & (_appointment.c.version == bindparam("seen"))
    noted = update(_appointment).where(_appointment.c.clinic_id == clinic_id, same).values(tzdata=tzdata_version())
    if rows:
        tx.connection.execute(noted, rows)


def note_absences(tx: Transaction, clinic_id: ClinicId, noted: Collection[Absence]) -> None:
    """The same for absences, whose diaries are locked."""
    mine = _busy.c.id.in_(sorted(one.id for one in noted))
    tx.connection.execute(update(_busy).where(_busy.c.clinic_id == clinic_id, mine).values(tzdata=tzdata_version()))


def move_absence(tx: Transaction, clinic_id: ClinicId, absence: Absence, span: TimeSpan) -> None:
    """Give it other instants for the days it was said for. Its diary is locked."""
    mine = (_busy.c.clinic_id == clinic_id) & (_busy.c.id == absence.id)
    tx.connection.execute(update(_busy).where(mine).values(starts_at=span.start, ends_at=span.end))


def all_or_nothing(tx: Transaction) -> NestedTransaction:
    """A part of the transaction, as a context; `rollback` undoes that part alone."""
    return tx.connection.begin_nested()


_PLACES = (*((_appointment, which) for which in _PROMISED), (_busy, true()))


def _elsewhere(tx: Transaction, of: Table, which: ColumnElement[bool]) -> ColumnElement[bool] | None:
    """What is true of the rows that are not over and come from other releases; None when there are no such rows.

    Goes from release to release by the index, and asks each for its latest end: all of history costs nothing.
    """
    c = of.c
    first = select(func.min(c.tzdata).label("name")).where(which)
    release = first.cte("release", recursive=True)
    following = select(func.min(c.tzdata)).where(which, c.tzdata > release.c.name).scalar_subquery()
    release = release.union_all(select(following).where(release.c.name.is_not(None)))
    latest = select(func.max(c.ends_at)).where(which, c.tzdata == release.c.name).scalar_subquery()
    query = select(release.c.name, latest.label("latest")).where(release.c.name != literal(tzdata_version()))
    since = tx.now() - OVER
    found = [row.name for row in tx.connection.execute(query) if row.latest > since]
    return which & c.tzdata.in_(found) & (c.ends_at > since) if found else None
