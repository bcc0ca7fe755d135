"""Visits and holds as they are stored."""

from collections import Counter
from collections.abc import Collection
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from booking.domain.appointment import Agreed, Appointment
from booking.domain.errors import NotFound, StaleVersion
from booking.domain.ids import (
    AppointmentId,
    ClinicId,
    EquipmentId,
    PatientId,
    PractitionerId,
    RoomId,
    SiteId,
    TreatmentTypeId,
)
from booking.domain.lifecycle import AHEAD, TAKES_TIME, Status
from booking.domain.time.span import TimeSpan
from booking.domain.time.ticks import tick_at
from booking.domain.time.zone import ZoneName, tzdata_version, wall_time
from booking.domain.treatment import LONGEST_CLAIM, Needs
from booking.store.database import Transaction
from booking.store.tables import AppointmentRow, table

_appointment = table(AppointmentRow)


def get(tx: Transaction, clinic_id: ClinicId, appointment_id: AppointmentId) -> Appointment:
    """Raises NotFound."""
    row = tx.connection.execute(select(_appointment).where(_is(clinic_id, appointment_id))).one_or_none()
    if row is None:
        raise NotFound("appointment")
    return as_appointment(row)


def hold_of(tx: Transaction, clinic_id: ClinicId, hold_key: str) -> Appointment | None:
    """The newest hold taken under this key, expired or not."""
    query = (
        select(_appointment)
        .where(
            _appointment.c.clinic_id == clinic_id,
            _appointment.c.hold_key == hold_key,
            _appointment.c.status == Status.HELD.value,
        )
        .order_by(_appointment.c.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else as_appointment(row)


def add(
    tx: Transaction, clinic_id: ClinicId, visit: Appointment, language: str, now: datetime, hold_key: str | None = None
) -> None:
    values = {
        **_columns(visit),
        **promise_of(visit),
        "clinic_id": clinic_id,
        "language": language,
        "hold_key": hold_key,
        "created_at": now,
        "changed_at": now,
    }
    tx.connection.execute(insert(_appointment).values(values))


def update_from(
    tx: Transaction, clinic_id: ClinicId, old: Appointment, new: Appointment, now: datetime, **more: Any
) -> None:
    """Write `new` over `old`. Raises StaleVersion when the row is no longer at the version of `old`."""
    promise = {} if (new.span, new.zone) == (old.span, old.zone) else promise_of(new)
    done = tx.connection.execute(
        update(_appointment)
        .where(_is(clinic_id, old.id), _appointment.c.version == old.version)
        .values({**_columns(new), **promise, "changed_at": now, **more})
    )
    if done.rowcount != 1:
        raise StaleVersion


def remove_hold(tx: Transaction, clinic_id: ClinicId, appointment_id: AppointmentId) -> None:
    held = _appointment.c.status == Status.HELD.value
    tx.connection.execute(delete(_appointment).where(_is(clinic_id, appointment_id), held))


def booked_after(
    tx: Transaction,
    clinic_id: ClinicId,
    now: datetime,
    practitioners: Collection[PractitionerId] | None = None,
    sites: Collection[SiteId] | None = None,
) -> list[Appointment]:
    """Visits that have not ended by `now`, in the order of time; of these practitioners and at these sites, or all."""
    query = select(_appointment).where(
        _appointment.c.clinic_id == clinic_id,
        _appointment.c.status.in_(AHEAD),
        _appointment.c.ends_at > now,
        _appointment.c.starts_at > now - LONGEST_CLAIM,  # it follows, and an index answers it
    )
    if practitioners is not None:
        query = query.where(_appointment.c.practitioner_id.in_(sorted(practitioners)))
    if sites is not None:
        query = query.where(_appointment.c.site_id.in_(sorted(sites)))
    ordered = query.order_by(_appointment.c.starts_at, _appointment.c.id)
    return [as_appointment(row) for row in tx.connection.execute(ordered)]


def starting_in(
    tx: Transaction, clinic_id: ClinicId, site_id: SiteId, window: TimeSpan, practitioner_id: PractitionerId | None
) -> list[Appointment]:
    """Visits at the site that start in the window, cancelled ones too, holds not.

    Of all, or of one practitioner: those they give, and those they supervise in the room.
    """
    query = select(_appointment).where(
        _appointment.c.clinic_id == clinic_id,
        _appointment.c.site_id == site_id,
        _appointment.c.status != Status.HELD.value,
        _appointment.c.starts_at >= window.start,
        _appointment.c.starts_at < window.end,
    )
    if practitioner_id is not None:
        supervises = _appointment.c.supervisor_id == practitioner_id
        query = query.where((_appointment.c.practitioner_id == practitioner_id) | supervises)
    return [as_appointment(row) for row in tx.connection.execute(query)]


def booked_time(
    tx: Transaction, clinic_id: ClinicId, practitioners: Collection[PractitionerId], window: TimeSpan
) -> dict[PractitionerId, timedelta]:
    """How much visit time each has booked in the window."""
    query = (
        select(_appointment.c.practitioner_id, func.sum(_appointment.c.minutes))
        .where(
            _appointment.c.clinic_id == clinic_id,
            _appointment.c.practitioner_id.in_(sorted(practitioners)),
            _appointment.c.status.in_(_GIVEN),
            _appointment.c.starts_at >= window.start,
            _appointment.c.starts_at < window.end,
        )
        .group_by(_appointment.c.practitioner_id)
    )
    return {PractitionerId(who): timedelta(minutes=int(minutes)) for who, minutes in tx.connection.execute(query)}


def starting_on(
    tx: Transaction,
    clinic_id: ClinicId,
    practitioners: Collection[PractitionerId],
    window: TimeSpan,
    now: datetime,
    but: AppointmentId | None = None,
) -> dict[PractitionerId, Counter[TreatmentTypeId]]:
    """How many visits, and holds that last beyond `now`, of each treatment start in the window, by practitioner.

    The visit `but` is not counted.
    """
    query = (
        select(_appointment.c.practitioner_id, _appointment.c.treatment_type_id, func.count())
        .where(
            _appointment.c.clinic_id == clinic_id,
            _appointment.c.practitioner_id.in_(sorted(practitioners)),
            _takes_time(now),
            _appointment.c.starts_at >= window.start,
            _appointment.c.starts_at < window.end,
        )
        .group_by(_appointment.c.practitioner_id, _appointment.c.treatment_type_id)
    )
    if but is not None:
        query = query.where(_appointment.c.id != but)
    found: dict[PractitionerId, Counter[TreatmentTypeId]] = {}
    for who, treatment, count in tx.connection.execute(query):
        found.setdefault(PractitionerId(who), Counter())[TreatmentTypeId(treatment)] = count
    return found


def start_ticks(
    tx: Transaction,
    clinic_id: ClinicId,
    practitioners: Collection[PractitionerId],
    treatment: TreatmentTypeId,
    window: TimeSpan,
    now: datetime,
    but: AppointmentId | None = None,
) -> dict[PractitionerId, list[tuple[int, bool]]]:
    """The ticks at which visits, and holds that last beyond `now`, start, each with whether it is of the treatment."""
    query = select(_appointment.c.practitioner_id, _appointment.c.starts_at, _appointment.c.treatment_type_id).where(
        _appointment.c.clinic_id == clinic_id,
        _appointment.c.practitioner_id.in_(sorted(practitioners)),
        _takes_time(now),
        _appointment.c.starts_at >= window.start,
        _appointment.c.starts_at < window.end,
    )
    if but is not None:
        query = query.where(_appointment.c.id != but)
    found: dict[PractitionerId, list[tuple[int, bool]]] = {}
    for who, start, kind in tx.connection.execute(query):
        found.setdefault(PractitionerId(who), []).append((tick_at(start), kind == treatment))
    return found


def of_patient(
    tx: Transaction, clinic_id: ClinicId, patient_id: PatientId, window: TimeSpan, but: AppointmentId | None = None
) -> list[Appointment]:
    """The patient's booked visits that touch the window, in the order of time, except the visit `but`."""
    query = select(_appointment).where(
        _appointment.c.clinic_id == clinic_id,
        _appointment.c.patient_id == patient_id,
        _appointment.c.status.in_(_GIVEN),
        _appointment.c.starts_at > window.start - LONGEST_CLAIM,
        _appointment.c.starts_at < window.end,
        _appointment.c.ends_at > window.start,
    )
    if but is not None:
        query = query.where(_appointment.c.id != but)
    ordered = query.order_by(_appointment.c.starts_at, _appointment.c.id)
    return [as_appointment(row) for row in tx.connection.execute(ordered)]


def all_of_patient(tx: Transaction, clinic_id: ClinicId, patient_id: PatientId) -> list[Appointment]:
    """Every visit of a patient, whatever became of it, in the order of time."""
    mine = (_appointment.c.clinic_id == clinic_id) & (_appointment.c.patient_id == patient_id)
    query = select(_appointment).where(mine).order_by(_appointment.c.starts_at, _appointment.c.id)
    return [as_appointment(row) for row in tx.connection.execute(query)]


def has_been_here(tx: Transaction, clinic_id: ClinicId, patient_id: PatientId, before: datetime) -> bool:
    """Whether a booked visit of the patient starts before then."""
    query = select(_appointment.c.id).where(
        _appointment.c.clinic_id == clinic_id,
        _appointment.c.patient_id == patient_id,
        _appointment.c.status.in_(_GIVEN),
        _appointment.c.starts_at < before,
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def _takes_time(now: datetime) -> ColumnElement[bool]:
    """A visit that takes its time, or a hold that has not expired by then."""
    status, expires_at = _appointment.c.status, _appointment.c.expires_at
    return status.in_(_GIVEN) | ((status == Status.HELD.value) & (expires_at > now))


def _is(clinic_id: ClinicId, appointment_id: AppointmentId) -> ColumnElement[bool]:
    return (_appointment.c.clinic_id == clinic_id) & (_appointment.c.id == appointment_id)


_GIVEN = TAKES_TIME - {Status.HELD}

_SAME = (
    "id", "site_id", "practitioner_id", "supervisor_id", "room_id", "patient_id", "equipment_ids", "zone", "version",
    "sequence", "reference", "ended_at", "confirmed_at", "note", "booked_by", "expires_at", "held_since",
    "is_history",
)  # fmt: skip
_AGREED = tuple(field.name for field in fields(Agreed) if field.name != "needs")
_NEEDS = tuple(field.name for field in fields(Needs))


def _columns(visit: Appointment) -> dict[str, Any]:
    return {
        **{name: getattr(visit, name) for name in _SAME},
        **{name: getattr(visit.agreed, name) for name in _AGREED},
        **{name: getattr(visit.agreed.needs, name) for name in _NEEDS},
        "status": visit.status.value,
        "starts_at": visit.span.start,
        "ends_at": visit.span.end,
    }


def promise_of(visit: Appointment) -> dict[str, Any]:
    """What the patient was told: the time on the wall, written when it is agreed and not again until it is moved.

    A newer tzdata may give it another instant.
    """
    wall = wall_time(visit.span.start, visit.zone)
    told = wall.replace(tzinfo=None, fold=0).isoformat()
    return {"wall_time": told, "fold": wall.fold, "tzdata": tzdata_version()}


def as_appointment(row: Row[Any]) -> Appointment:
    """A row that has all columns of `appointment` as the visit it stands for."""
    return Appointment(
        id=AppointmentId(row.id),
        status=Status(row.status),
        site_id=SiteId(row.site_id),
        practitioner_id=PractitionerId(row.practitioner_id),
        room_id=None if row.room_id is None else RoomId(row.room_id),
        patient_id=None if row.patient_id is None else PatientId(row.patient_id),
        span=TimeSpan(row.starts_at, row.ends_at),
        zone=ZoneName(row.zone),
        agreed=Agreed(
            treatment_type_id=TreatmentTypeId(row.treatment_type_id),
            treatment_name=row.treatment_name,
            treatment_version=row.treatment_version,
            minutes=row.minutes,
            buffer_before=row.buffer_before,
            buffer_after=row.buffer_after,
            regions=row.regions,
            techniques=row.techniques,
            sides=row.sides,
            adjunct=row.adjunct,
            needs=Needs(room=row.room, equipment=row.equipment, ends_before_closing=row.ends_before_closing),
            price=row.price,
            currency=row.currency,
        ),
        version=row.version,
        sequence=row.sequence,
        reference=row.reference,
        equipment_ids=frozenset(EquipmentId(one) for one in row.equipment_ids),
        ended_at=row.ended_at,
        confirmed_at=row.confirmed_at,
        note=row.note,
        booked_by=row.booked_by,
        supervisor_id=None if row.supervisor_id is None else PractitionerId(row.supervisor_id),
        expires_at=row.expires_at,
        held_since=row.held_since,
        is_history=row.is_history,
    )
