"""Filling the demo: its clinic, its staff, and four weeks of visits around today, all through the use cases."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

from booking.domain.errors import PatientDoubleBooked, SlotTaken
from booking.domain.ids import ClinicId, SiteId, TreatmentTypeId
from booking.domain.patient import Contact
from booking.domain.permission import Caller, Role
from booking.domain.slot import Slot
from booking.domain.time.zone import ZoneName, local_date
from booking.http.passwords import hash_password
from booking.store.database import Database
from booking.store.ids import new_id
from booking.store.installation import Kind
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.clinic_file import ApplyClinic, apply_clinic, read_clinic
from booking.usecases.placing import Wanted
from booking.usecases.staff import AddStaff, add_staff
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.slots import SlotQuery, list_slots

PASSWORD = "needles-and-rest"  # noqa: S105 -- of invented people, printed when the demo starts
STAFF = (
    AddStaff(login="reception", name="Robin Hale", role=Role.RECEPTION, password_hash=""),
    AddStaff(login="manager", name="Dana Reyes", role=Role.MANAGER, password_hash=""),
    AddStaff(login="amara", name="Amara Osei", role=Role.PRACTITIONER, password_hash="", practitioner="amara-osei"),
)
_ZONE = ZoneName("America/Los_Angeles")
"""Whose days the demo goes by."""

_DAYS = 14
_VISITS_A_DAY = {"first-visit": 2, "follow-up": 4, "electro": 1, "upper-back": 1, "talk-first": 1}
_FIRST = ("Hana", "Oleg", "Priya", "Tom", "Zoe", "Ben", "Kim", "Sam", "Ida", "Noor", "Luis", "Greta", "Yuki", "Omar")
_LAST = ("Kerr", "Petrov", "Nair", "Walsh", "Cruz", "Adler", "Doyle", "Reed", "Frost", "Khan", "Ortega", "Lind")


@dataclass
class _Past:
    """A clock that the seeding sets, so that visits were booked when people would have booked them."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def seed(url: str, now: datetime) -> None:
    """Make the demo in a migrated, unused database: on the same day the same one, but for ids and references.

    Raises DatabaseRefused when the database holds a real clinic.
    """
    clock = _Past(now - timedelta(days=_DAYS + 3))
    database = Database(url, threads=2, clock=clock)
    try:
        operator = Caller(clinic_id=ClinicId(new_id()), role=Role.SYSTEM, channel="demo")
        today = local_date(now, _ZONE)
        command = ApplyClinic(file=read_clinic(clinic_text(today)), kind=Kind.DEMO, uid_domain="demo.booking.invalid")
        clinic_id = database.write_now(apply_clinic, operator, command).clinic_id
        operator = replace(operator, clinic_id=clinic_id)
        for member in STAFF:
            database.write_now(add_staff, operator, replace(member, password_hash=hash_password(PASSWORD)))
        _visits(database, operator, clock, now, today)
    finally:
        database.close_now()


def clinic_text(today: date) -> str:
    """The demo clinic's file, its dates laid around today."""
    text = files("booking.demo").joinpath("clinic.toml").read_text(encoding="utf-8")
    return re.sub(r"\{([+-]\d+)\}", lambda found: str(today + timedelta(days=int(found[1]))), text)


def _visits(database: Database, operator: Caller, clock: _Past, now: datetime, today: date) -> None:
    """Some visits on each day, booked two days ahead, or today for what lies further ahead; a few are cancelled."""
    chance = random.Random(today.isoformat())  # noqa: S311 -- invented people
    offered = database.read_now(catalogue, operator)
    for ahead in range(-_DAYS, _DAYS + 1):
        day = today + timedelta(days=ahead)
        clock.now = min(now, datetime(day.year, day.month, day.day, 17, tzinfo=UTC) - timedelta(days=2))
        for site, treatment, slot in _picked(database, operator, offered, day, chance):
            _book(database, operator, chance, Wanted(
                treatment_type=treatment, site=site, start=slot.span.start, practitioner=slot.practitioner_id,
            ))  # fmt: skip
    clock.now = now


def _picked(
    database: Database, operator: Caller, offered: Catalogue, day: date, chance: random.Random
) -> Iterator[tuple[SiteId, TreatmentTypeId, Slot]]:
    for site in offered.sites:
        for treatment in offered.treatment_types:
            query = SlotQuery(treatment_type=treatment.id, first=day, last=day, site=site.id)
            slots = list(database.read_now(list_slots, operator, query).slots)
            chance.shuffle(slots)
            for slot in slots[: _VISITS_A_DAY[treatment.slug]]:
                yield site.id, treatment.id, slot


def _book(database: Database, operator: Caller, chance: random.Random, wanted: Wanted) -> None:
    """One visit; a time that an earlier one took meanwhile is left alone."""
    name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
    contact = Contact(name=name, email=f"{name.lower().replace(' ', '.')}@patients.example")
    try:
        booked = database.write_now(book, operator, BookAppointment(contact=contact, what=wanted))
    except (SlotTaken, PatientDoubleBooked):
        return
    if chance.random() < 0.08:
        visit = booked.appointment
        command = CancelAppointment(appointment=visit.id, version=visit.version, reason="Feeling better")
        database.write_now(cancel, operator, command)
