"""The clinic as it is described: policy, sites, rooms, treatment types, people and their hours."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from booking.domain.clinic import Clinic
from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, PractitionerId, RoomId, SiteId, TreatmentTypeId
from booking.domain.policy import BookingPolicy
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.schedule import WeeklyHours
from booking.domain.site import Site
from booking.domain.time.zone import ZoneName
from booking.domain.treatment import TreatmentType
from booking.store.database import Transaction
from booking.store.tables import (
    ClinicRow,
    InstallationRow,
    PractitionerRow,
    RoomRow,
    SiteRow,
    TreatmentTypeRow,
    WorkingHoursRow,
    table,
)

_clinic = table(ClinicRow)
_installation = table(InstallationRow)
_site = table(SiteRow)
_room = table(RoomRow)
_practitioner = table(PractitionerRow)
_treatment = table(TreatmentTypeRow)
_hours = table(WorkingHoursRow)


@dataclass(frozen=True, kw_only=True)
class Description:
    """All that a clinic's description says and nothing that happens there; everything, active or not."""

    clinic: Clinic
    sites: dict[SiteId, Site]
    rooms: dict[RoomId, Room]
    practitioners: dict[PractitionerId, Practitioner]
    treatment_types: dict[TreatmentTypeId, TreatmentType]
    hours: dict[tuple[PractitionerId, SiteId], list[WeeklyHours]]

    def rooms_at(self, site_id: SiteId) -> list[Room]:
        """The rooms in use there."""
        return [room for room in self.rooms.values() if room.active and room.site_id == site_id]

    def people_at(self, site_id: SiteId) -> list[Practitioner]:
        """Everybody who has hours there and still treats."""
        return [one for one in self.practitioners.values() if one.active and (one.id, site_id) in self.hours]


def described(tx: Transaction, clinic_id: ClinicId) -> Description:
    """The description at its present revision, remembered by it. Raises NotFound.

    Whoever changes a description raises `offer_revision` last, under the clinic's lock, and reads without this.
    """
    query = (
        select(_clinic.c.offer_revision, _installation.c.epoch)
        .join_from(_clinic, _installation, _installation.c.id == 1)
        .where(_clinic.c.id == clinic_id)
    )
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("clinic")

    def read() -> Description:
        return Description(
            clinic=get(tx, clinic_id),
            sites=sites(tx, clinic_id),
            rooms=rooms(tx, clinic_id),
            practitioners=practitioners(tx, clinic_id),
            treatment_types=treatment_types(tx, clinic_id),
            hours=hours(tx, clinic_id),
        )

    return tx.memory.get(("description", row.epoch, clinic_id, row.offer_revision), read)


def clinics(tx: Transaction) -> list[Clinic]:
    return [_as_clinic(row) for row in tx.connection.execute(select(_clinic).order_by(_clinic.c.slug))]


def by_slug(tx: Transaction, slug: str) -> Clinic | None:
    row = tx.connection.execute(select(_clinic).where(_clinic.c.slug == slug)).one_or_none()
    return None if row is None else _as_clinic(row)


def get(tx: Transaction, clinic_id: ClinicId) -> Clinic:
    """Raises NotFound."""
    row = tx.connection.execute(select(_clinic).where(_clinic.c.id == clinic_id)).one_or_none()
    if row is None:
        raise NotFound("clinic")
    return _as_clinic(row)


def sites(tx: Transaction, clinic_id: ClinicId) -> dict[SiteId, Site]:
    """All sites, active or not, in the order of their slugs."""
    query = select(_site).where(_site.c.clinic_id == clinic_id).order_by(_site.c.slug)
    return {SiteId(row.id): _as_site(row) for row in tx.connection.execute(query)}


def rooms(tx: Transaction, clinic_id: ClinicId, site_id: SiteId | None = None) -> dict[RoomId, Room]:
    """All rooms, active or not, of one site or of all, in the order of their slugs."""
    query = select(_room).where(_room.c.clinic_id == clinic_id).order_by(_room.c.slug)
    if site_id is not None:
        query = query.where(_room.c.site_id == site_id)
    return {RoomId(row.id): _as_room(row) for row in tx.connection.execute(query)}


def practitioners(tx: Transaction, clinic_id: ClinicId) -> dict[PractitionerId, Practitioner]:
    """Everybody who treats or has treated, in the order of their slugs."""
    query = select(_practitioner).where(_practitioner.c.clinic_id == clinic_id).order_by(_practitioner.c.slug)
    return {PractitionerId(row.id): _as_practitioner(row) for row in tx.connection.execute(query)}


def treatment_types(tx: Transaction, clinic_id: ClinicId) -> dict[TreatmentTypeId, TreatmentType]:
    """All treatment types, active or not, in the order of their slugs."""
    query = select(_treatment).where(_treatment.c.clinic_id == clinic_id).order_by(_treatment.c.slug)
    return {TreatmentTypeId(row.id): _as_treatment(row) for row in tx.connection.execute(query)}


def hours(
    tx: Transaction, clinic_id: ClinicId, practitioner_ids: Collection[PractitionerId] | None = None
) -> dict[tuple[PractitionerId, SiteId], list[WeeklyHours]]:
    """Published hours by person and site."""
    query = select(_hours).where(_hours.c.clinic_id == clinic_id)
    if practitioner_ids is not None:
        query = query.where(_hours.c.practitioner_id.in_(sorted(practitioner_ids)))
    found: dict[tuple[PractitionerId, SiteId], list[WeeklyHours]] = {}
    ordered = query.order_by(_hours.c.weekday, _hours.c.start_minute, _hours.c.id)
    for row in tx.connection.execute(ordered):
        one = _as_hours(row)
        found.setdefault((one.practitioner_id, one.site_id), []).append(one)
    return found


def _as_clinic(row: Row[Any]) -> Clinic:
    return Clinic(
        id=ClinicId(row.id),
        slug=row.slug,
        name=row.name,
        zone=ZoneName(row.zone),
        phone=row.phone,
        email=row.email,
        language=row.language,
        calendar_label=row.calendar_label,
        policy=BookingPolicy(
            grid_minutes=row.grid_minutes, notice_minutes=row.notice_minutes, horizon_days=row.horizon_days
        ),
    )


def _as_site(row: Row[Any]) -> Site:
    return Site(
        id=SiteId(row.id),
        slug=row.slug,
        name=row.name,
        address=row.address,
        zone=ZoneName(row.zone),
        jurisdiction=row.jurisdiction,
        active=row.active,
    )


def _as_room(row: Row[Any]) -> Room:
    return Room(id=RoomId(row.id), site_id=SiteId(row.site_id), slug=row.slug, name=row.name, active=row.active)


def _as_practitioner(row: Row[Any]) -> Practitioner:
    return Practitioner(
        id=PractitionerId(row.id), slug=row.slug, name=row.name, profession=row.profession, active=row.active
    )


def _as_treatment(row: Row[Any]) -> TreatmentType:
    return TreatmentType(
        id=TreatmentTypeId(row.id),
        slug=row.slug,
        name=row.name,
        description=row.description,
        minutes=row.minutes,
        buffer_before=row.buffer_before,
        buffer_after=row.buffer_after,
        regions=row.regions,
        techniques=row.techniques,
        price=row.price,
        currency=row.currency,
        online=row.online,
        active=row.active,
        version=row.version,
    )


def _as_hours(row: Row[Any]) -> WeeklyHours:
    return WeeklyHours(
        practitioner_id=PractitionerId(row.practitioner_id),
        site_id=SiteId(row.site_id),
        weekday=row.weekday,
        start_minute=row.start_minute,
        end_minute=row.end_minute,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
