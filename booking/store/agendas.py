"""A practitioner's visits, and those they supervise, as a calendar needs them, in few statements."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from booking.domain.clinic import Clinic
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import AHEAD, Status
from booking.domain.practitioner import Practitioner
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName
from booking.store import clinics, installation
from booking.store.database import Transaction
from booking.store.feeds import Feed, by_token
from booking.store.installation import Installation
from booking.store.tables import (
    AppointmentRow,
    ClinicRow,
    DiaryRow,
    InstallationRow,
    PatientRow,
    PractitionerRow,
    RoomRow,
    SiteRow,
    table,
)

_appointment, _clinic, _diary = table(AppointmentRow), table(ClinicRow), table(DiaryRow)
_installation, _patient, _practitioner = table(InstallationRow), table(PatientRow), table(PractitionerRow)
_room, _site = table(RoomRow), table(SiteRow)

_SAME_CLINIC, _TREATS = _appointment.c.clinic_id, _practitioner.c.id == _appointment.c.practitioner_id
_ENTRIES = (
    select(
        _appointment.c.id, _appointment.c.status, _appointment.c.starts_at, _appointment.c.ends_at,
        _appointment.c.sequence, _appointment.c.treatment_name, _appointment.c.created_at,
        _appointment.c.changed_at, _site.c.name.label("site"), _site.c.address,
        _room.c.name.label("room"), _patient.c.name.label("patient"), _practitioner.c.name.label("practitioner"),
    )
    .join(_practitioner, (_practitioner.c.clinic_id == _SAME_CLINIC) & _TREATS)
    .join(_site, (_site.c.clinic_id == _SAME_CLINIC) & (_site.c.id == _appointment.c.site_id))
    .join(_patient, (_patient.c.clinic_id == _SAME_CLINIC) & (_patient.c.id == _appointment.c.patient_id))
    .outerjoin(_room, (_room.c.clinic_id == _SAME_CLINIC) & (_room.c.id == _appointment.c.room_id))
)  # fmt: skip

MOST_ENTRIES = 1_000
"""Google's calendar silently drops entries above about this many."""


@dataclass(frozen=True, kw_only=True)
class State:
    feed: Feed
    epoch: str
    calendar_revision: int
    display_revision: int
    zone: ZoneName


@dataclass(frozen=True, kw_only=True)
class AgendaEntry:
    """A visit as a calendar shows it; whether the patient's name appears is for the feed's privacy to decide.

    `supervises` names the colleague who treats, where the calendar's practitioner is only to be in the room.
    """

    id: AppointmentId
    status: Status
    span: TimeSpan
    sequence: int
    treatment: str
    site: str
    address: str
    room: str | None
    patient: str
    supervises: str | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class About:
    clinic: Clinic
    practitioner: Practitioner
    installation: Installation
    display_changed_at: datetime


def state(tx: Transaction, token_hash: str) -> State | None:
    """The counters that a feed's content depends on; None when the secret opens nothing."""
    feed = by_token(tx, token_hash)
    if feed is None:
        return None
    query = (
        select(_diary.c.calendar_revision, _clinic.c.display_revision, _clinic.c.zone, _installation.c.epoch)
        .select_from(_diary)
        .join(_clinic, _clinic.c.id == _diary.c.clinic_id)
        .join(_practitioner, (_practitioner.c.clinic_id == _diary.c.clinic_id) & (_practitioner.c.id == _diary.c.id))
        .join(_installation, _installation.c.id == 1)
        .where(_diary.c.clinic_id == feed.clinic_id, _diary.c.id == feed.practitioner_id, _practitioner.c.active)
    )
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        return None
    return State(
        feed=feed,
        epoch=row.epoch,
        calendar_revision=row.calendar_revision,
        display_revision=row.display_revision,
        zone=ZoneName(row.zone),
    )


def about(tx: Transaction, feed: Feed) -> About:
    changed_at = tx.connection.execute(select(_clinic.c.display_changed_at).where(_clinic.c.id == feed.clinic_id))
    found = installation.get(tx)
    assert found is not None  # noqa: S101 -- there is a feed, so there is an installation
    return About(
        clinic=clinics.get(tx, feed.clinic_id),
        practitioner=clinics.practitioners(tx, feed.clinic_id)[feed.practitioner_id],
        installation=found,
        display_changed_at=changed_at.scalar_one(),
    )


def entries(tx: Transaction, feed: Feed, window: TimeSpan, cancelled_since: datetime) -> list[AgendaEntry]:
    """Visits that start in the window, own and supervised ones, in the order of time; of too many not the oldest.

    Cancelled ones are in it only if they were cancelled at or after `cancelled_since`; holds never.
    """
    own = _entries(tx, feed, _appointment.c.practitioner_id, window, cancelled_since)
    supervised = _entries(tx, feed, _appointment.c.supervisor_id, window, cancelled_since)
    return sorted([*own, *supervised], key=lambda one: (one.span.start, one.id))[-MOST_ENTRIES:]


def _entries(
    tx: Transaction, feed: Feed, whose: ColumnElement[UUID], window: TimeSpan, cancelled_since: datetime
) -> list[AgendaEntry]:
    """Those in which the feed's practitioner has this part. For each part there is an index."""
    query = (
        _ENTRIES.where(
            _appointment.c.clinic_id == feed.clinic_id,
            whose == feed.practitioner_id,
            _appointment.c.starts_at >= window.start,
            _appointment.c.starts_at < window.end,
            _appointment.c.status.in_((*AHEAD, Status.FULFILLED)) | (_appointment.c.cancelled_at >= cancelled_since),
        )
        .order_by(_appointment.c.starts_at.desc(), _appointment.c.id.desc())
        .limit(MOST_ENTRIES)
    )
    supervised = whose is _appointment.c.supervisor_id
    return [
        AgendaEntry(
            id=AppointmentId(row.id),
            status=Status(row.status),
            span=TimeSpan(row.starts_at, row.ends_at),
            sequence=row.sequence,
            treatment=row.treatment_name,
            site=row.site,
            address=row.address,
            room=row.room,
            patient=row.patient,
            supervises=row.practitioner if supervised else None,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )
        for row in tx.connection.execute(query)
    ]
