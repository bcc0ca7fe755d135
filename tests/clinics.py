"""A dull clinic for tests, and short ways to it."""

import tomllib
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import tomli_w

from booking.domain.ids import ClinicId, CredentialId, PractitionerId, RoomId, SiteId, TreatmentTypeId
from booking.domain.patient import Contact
from booking.domain.permission import Caller, Role
from booking.domain.time.zone import zone_name
from booking.store import clinics, credentials
from booking.store.database import Database, Transaction
from booking.store.ids import new_id
from booking.store.installation import Kind
from booking.usecases.book import BookAppointment, book
from booking.usecases.clinic_file import ApplyClinic, apply_clinic, read_clinic
from booking.usecases.placing import Wanted
from booking.usecases.views.appointments import AppointmentView
from tests.plugins.prepared import prepared

DULL = """
format = 1

[clinic]
slug = "dull"
name = "Dull Clinic"
zone = "America/Los_Angeles"
phone = "555 0100"

[clinic.policy]
grid_minutes = 15
notice_minutes = 60
horizon_days = 60

[[rules]]
jurisdiction = "US-WA"
version = "2026-11-25"
adopted_by = "Olive Owner"
adopted_on = 2026-11-22

[[site]]
slug = "seattle"
name = "Seattle"
address = "1 Pine Street, Seattle"
zone = "America/Los_Angeles"
jurisdiction = "US-WA"
room = [{ slug = "room-1", name = "Room 1" }, { slug = "room-2", name = "Room 2" }]

[[treatment]]
slug = "needling"
name = "Dry needling"
minutes = 30
buffer_after = 5
regions = ["lumbar"]
techniques = ["trigger_point"]
price = 9500
currency = "USD"

[[practitioner]]
slug = "ada"
name = "Ada Byrne"
profession = "physical_therapist"
hours = [{ site = "seattle", days = ["mon", "tue", "wed", "thu", "fri"], from = "09:00", to = "17:00" }]

[[practitioner.credential]]
slug = "licence"
kind = "licence"
jurisdiction = "US-WA"
number = "PT-1"
valid_from = 2015-01-01
valid_until = 2027-12-31
verified = true

[[practitioner.credential]]
slug = "endorsement"
kind = "endorsement"
jurisdiction = "US-WA"
valid_from = 2024-07-01
verified = true

[[practitioner.credential]]
slug = "training"
kind = "training"
valid_from = 2024-01-01
verified = true
attributes = { hours_total = 325, hours_didactic = 100, supervised_sessions = 150 }
"""

SYSTEM_NOWHERE = Caller(clinic_id=ClinicId(new_id()), role=Role.SYSTEM, channel="test")


def dull(**people: dict[str, Any]) -> dict[str, Any]:
    """The dull clinic's file as data, with more practitioners like Ada: `dull(ben={"name": "Ben Ode"})`."""
    data = tomllib.loads(DULL)
    ada = data["practitioner"][0]
    for slug, changes in people.items():
        data["practitioner"].append({**deepcopy(ada), "slug": slug, "name": slug.title(), **changes})
    return data


@dataclass(frozen=True, kw_only=True)
class DullClinic:
    """A clinic in a database, its things by slug."""

    database: Database
    id: ClinicId
    sites: dict[str, SiteId]
    rooms: dict[str, RoomId]
    treatments: dict[str, TreatmentTypeId]
    practitioners: dict[str, PractitionerId]
    credentials: dict[tuple[str, str], CredentialId]

    def caller(self, role: Role, **more: Any) -> Caller:
        return Caller(clinic_id=self.id, role=role, channel="test", **more)

    @property
    def public(self) -> Caller:
        return self.caller(Role.PUBLIC)

    @property
    def reception(self) -> Caller:
        return self.caller(Role.RECEPTION)

    @property
    def manager(self) -> Caller:
        return self.caller(Role.MANAGER)

    def wanted(self, start: datetime, practitioner: str | None = "ada", **more: Any) -> Wanted:
        return Wanted(
            treatment_type=self.treatments["needling"],
            site=self.sites["seattle"],
            start=start,
            practitioner=None if practitioner is None else self.practitioners[practitioner],
            **more,
        )

    def book(
        self,
        start: datetime,
        practitioner: str | None = "ada",
        patient: str = "Pat Smith",
        caller: Caller | None = None,
    ) -> AppointmentView:
        command = BookAppointment(contact=contact(patient), what=self.wanted(start, practitioner))
        return self.database.write_now(book, caller or self.public, command)


def contact(name: str = "Pat Smith") -> Contact:
    return Contact(name=name, email=f"{name.replace(' ', '.').lower()}@example.org")


def open_clinic(database: Database, data: dict[str, Any] | None = None, kind: Kind = Kind.REAL) -> DullClinic:
    """Apply the file and answer the clinic it made."""
    text = tomli_w.dumps(data or dull())
    return replace(prepared(database, (text, kind), partial(_apply, text, kind)), database=database)


def _apply(text: str, kind: Kind, database: Database) -> DullClinic:
    command = ApplyClinic(file=read_clinic(text), kind=kind, uid_domain="clinic.example")
    return find_clinic(database, database.write_now(apply_clinic, SYSTEM_NOWHERE, command).clinic_id)


def find_clinic(database: Database, clinic_id: ClinicId) -> DullClinic:
    """The clinic that is there."""
    return database.read_now(_look, database, clinic_id)


def _look(tx: Transaction, database: Database, clinic_id: ClinicId) -> DullClinic:
    people = clinics.practitioners(tx, clinic_id)
    return DullClinic(
        database=database,
        id=clinic_id,
        sites={one.slug: key for key, one in clinics.sites(tx, clinic_id).items()},
        rooms={one.slug: key for key, one in clinics.rooms(tx, clinic_id).items()},
        treatments={one.slug: key for key, one in clinics.treatment_types(tx, clinic_id).items()},
        practitioners={one.slug: key for key, one in people.items()},
        credentials={
            (people[who].slug, held.credential.slug): held.credential.id
            for who, papers in credentials.held(tx, clinic_id).items()
            for held in papers
        },
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in Seattle in winter, as an instant."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) + timedelta(hours=8)


TUESDAY = date(2026, 11, 24)
SEATTLE_ZONE = zone_name("America/Los_Angeles")
