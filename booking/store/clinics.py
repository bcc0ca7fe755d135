"""The clinic as it is described: policy, sites, rooms, treatment types, people and their hours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from booking.domain.clinic import Clinic
from booking.domain.credential import Credential
from booking.domain.eligibility import OwnerDecision, asks_for_age, supervisor_modes
from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, DiaryId, EquipmentId, PractitionerId, RoomId, SiteId, TreatmentTypeId
from booking.domain.policy import BookingPolicy
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.rules import RuleSet
from booking.domain.schedule import Timetable
from booking.domain.site import Site
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.zone import ZoneName
from booking.domain.treatment import Needs, Suits, TreatmentType
from booking.store import credentials, owner_decisions, schedules
from booking.store.database import Transaction
from booking.store.tables import (
    ClinicRow,
    EquipmentRow,
    InstallationRow,
    PractitionerRow,
    RoomRow,
    SiteRow,
    TreatmentTypeRow,
    table,
)

_clinic = table(ClinicRow)
_installation = table(InstallationRow)
_site = table(SiteRow)
_room = table(RoomRow)
_practitioner = table(PractitionerRow)
_treatment = table(TreatmentTypeRow)
_equipment = table(EquipmentRow)


@dataclass(frozen=True, kw_only=True)
class Description:
    """All that a clinic's description says and nothing that happens there; everything, active or not."""

    clinic: Clinic
    sites: dict[SiteId, Site]
    rooms: dict[RoomId, Room]
    practitioners: dict[PractitionerId, Practitioner]
    treatment_types: dict[TreatmentTypeId, TreatmentType]
    equipment: dict[EquipmentId, Equipment]
    timetables: dict[SiteId, Timetable]
    travel: dict[frozenset[SiteId], timedelta]
    rules: dict[str, RuleSet]
    decisions: tuple[OwnerDecision, ...]
    site_credentials: dict[SiteId, tuple[Credential, ...]]

    def rooms_at(self, site_id: SiteId) -> list[Room]:
        """The rooms in use there."""
        return [room for room in self.rooms.values() if room.active and room.site_id == site_id]

    def equipment_at(self, site_id: SiteId) -> list[Equipment]:
        """The devices in use there."""
        return [one for one in self.equipment.values() if one.active and one.site_id == site_id]

    def people_at(self, site_id: SiteId) -> list[Practitioner]:
        """Everybody who has hours there and still treats."""
        there = self.timetables[site_id].people
        return [one for one in self.practitioners.values() if one.active and one.id in there]

    def zones_of(self, whose: DiaryId) -> frozenset[ZoneName]:
        """The clocks by which somebody or something is away: those of their sites, without any the clinic's."""
        rooms = {room.site_id for room in self.rooms.values() if room.id == whose}
        devices = {device.site_id for device in self.equipment.values() if device.id == whose}
        hours = {site for site, table in self.timetables.items() if whose in table.people}
        return frozenset({self.sites[one].zone for one in rooms | devices | hours} or {self.clinic.zone})

    @cached_property
    def supervised(self) -> Mapping[str, frozenset[str]]:
        """By jurisdiction, the professions of people here who may need a supervisor there."""
        return self._by_law(lambda law, profession: bool(supervisor_modes(law, profession)))

    @cached_property
    def asking_age(self) -> Mapping[str, frozenset[str]]:
        """By jurisdiction, the professions of people here for whom the patient's age may decide there."""
        return self._by_law(asks_for_age)

    def _by_law(self, holds: Callable[[RuleSet, str], bool]) -> Mapping[str, frozenset[str]]:
        professions = {one.profession for one in self.practitioners.values()}
        return {
            place: frozenset(profession for profession in professions if holds(law, profession))
            for place, law in self.rules.items()
        }

    @property
    def longest_way(self) -> timedelta:
        """The longest way between any two sites."""
        return max(timedelta(minutes=self.clinic.policy.travel_minutes), *self.travel.values(), timedelta())

    @property
    def size(self) -> int:
        """About what it takes in memory, in bytes."""
        tables = self.timetables.values()
        hours = [one for table in tables for one in (table.opening, *table.people.values())]
        stretches = sum(len(one.weekly) + len(one.extra) for one in hours) + sum(len(one.closures) for one in tables)
        things = len(self.sites) + len(self.rooms) + len(self.practitioners) + len(self.treatment_types)
        return 4096 + 512 * stretches + 1024 * (things + len(self.equipment))

    def travel_between(self, one: SiteId, other: SiteId) -> timedelta:
        """How long a practitioner needs from one site to the other; nothing from a site to itself."""
        if one == other:
            return timedelta()
        usual = timedelta(minutes=self.clinic.policy.travel_minutes)
        return self.travel.get(frozenset({one, other}), usual)


def described(tx: Transaction, clinic_id: ClinicId) -> Description:
    """The description at its present revision. Raises NotFound.

    Whoever changes a description raises `offer_revision` last, under the clinic's lock, and reads without this.
    """
    query = (
        select(_installation.c.epoch, _clinic.c.offer_revision)
        .join_from(_clinic, _installation, _installation.c.id == 1)
        .where(_clinic.c.id == clinic_id)
    )
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("clinic")
    return described_at(tx, clinic_id, (row.epoch, clinic_id, row.offer_revision))


def described_at(tx: Transaction, clinic_id: ClinicId, offer: tuple[str, UUID, int]) -> Description:
    """The description, whose revision this transaction shows as `offer`, and by which it is remembered.

    A writer who could see it change, or change it, remembers nothing.
    """
    key = ("description", clinic_id)
    kept: Description | None = tx.memory.recall(key, offer)
    if kept is not None:
        return kept
    about = read(tx, clinic_id)
    if tx.is_snapshot or clinic_id in tx.unchanging:
        tx.memory.keep(key, offer, about, cost=about.size)
    return about


def read(tx: Transaction, clinic_id: ClinicId) -> Description:
    """The description as it is in the database, also while it is being changed. Raises NotFound."""
    places, people = sites(tx, clinic_id), practitioners(tx, clinic_id)
    rules = credentials.adopted(tx, clinic_id)
    return Description(
        clinic=get(tx, clinic_id),
        sites=places,
        rooms=rooms(tx, clinic_id),
        equipment=equipment(tx, clinic_id),
        practitioners=people,
        treatment_types=treatment_types(tx, clinic_id),
        timetables=schedules.timetables(tx, clinic_id, places, people),
        travel=schedules.travel(tx, clinic_id),
        rules=rules,
        decisions=owner_decisions.counting(tx, clinic_id, rules),
        site_credentials=credentials.of_sites(tx, clinic_id),
    )


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


def equipment(tx: Transaction, clinic_id: ClinicId, site_id: SiteId | None = None) -> dict[EquipmentId, Equipment]:
    """All devices, in use or not, of one site or of all, in the order of their slugs."""
    query = select(_equipment).where(_equipment.c.clinic_id == clinic_id).order_by(_equipment.c.slug)
    if site_id is not None:
        query = query.where(_equipment.c.site_id == site_id)
    return {EquipmentId(row.id): _as_equipment(row) for row in tx.connection.execute(query)}


def practitioners(tx: Transaction, clinic_id: ClinicId) -> dict[PractitionerId, Practitioner]:
    """Everybody who treats or has treated, in the order of their slugs."""
    query = select(_practitioner).where(_practitioner.c.clinic_id == clinic_id).order_by(_practitioner.c.slug)
    return {PractitionerId(row.id): _as_practitioner(row) for row in tx.connection.execute(query)}


def treatment_types(tx: Transaction, clinic_id: ClinicId) -> dict[TreatmentTypeId, TreatmentType]:
    """All treatment types, active or not, in the order of their slugs."""
    query = select(_treatment).where(_treatment.c.clinic_id == clinic_id).order_by(_treatment.c.slug)
    return {TreatmentTypeId(row.id): _as_treatment(row) for row in tx.connection.execute(query)}


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
            grid_minutes=row.grid_minutes,
            notice_minutes=row.notice_minutes,
            horizon_days=row.horizon_days,
            same_day_until=row.same_day_until,
            smallest_gap_minutes=row.smallest_gap_minutes,
            region_spacing_hours=row.region_spacing_hours,
            travel_minutes=row.travel_minutes,
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
        holidays=_holidays(row),
        active=row.active,
    )


def _holidays(row: Row[Any]) -> PublicHolidays | None:
    if row.holiday_country is None:
        return None
    return PublicHolidays(
        country=row.holiday_country,
        region=row.holiday_region,
        open_on=frozenset(date.fromisoformat(day) for day in row.holidays_open_on),
        open_names=row.holidays_open_names,
    )


def _as_room(row: Row[Any]) -> Room:
    return Room(
        id=RoomId(row.id),
        site_id=SiteId(row.site_id),
        slug=row.slug,
        name=row.name,
        kinds=row.kinds,
        active=row.active,
    )


def _as_equipment(row: Row[Any]) -> Equipment:
    return Equipment(
        id=EquipmentId(row.id),
        site_id=SiteId(row.site_id),
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        active=row.active,
    )


def _as_practitioner(row: Row[Any]) -> Practitioner:
    return Practitioner(
        id=PractitionerId(row.id),
        slug=row.slug,
        name=row.name,
        profession=row.profession,
        daily_limit=row.daily_limit,
        active=row.active,
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
        sides=row.sides,
        adjunct=row.adjunct,
        needs=Needs(room=row.room, equipment=row.equipment, ends_before_closing=row.ends_before_closing),
        daily_limit=row.daily_limit,
        suits=Suits(row.suits),
        price=row.price,
        currency=row.currency,
        online=row.online,
        on_request=row.on_request,
        active=row.active,
        version=row.version,
    )
