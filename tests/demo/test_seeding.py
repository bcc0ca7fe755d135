"""What the demo promises whoever tries it."""

import asyncio
import re
from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from booking.demo.seeding import PASSWORD, STAFF, clinic_text
from booking.domain.appointment import Status
from booking.domain.credential import Credential, Verification
from booking.domain.permission import Caller, Role
from booking.domain.time.zone import local_date
from booking.http import passwords
from booking.store import clinics, credentials, installation
from booking.store.clinics import Description
from booking.store.database import Database
from booking.store.installation import Kind
from booking.usecases.audit import audit
from booking.usecases.clinic_file import read_clinic
from booking.usecases.staff import staff_to_check
from booking.usecases.views.appointments import AppointmentView, DayQuery, list_appointments
from booking.usecases.views.slots import SlotQuery, list_slots

TODAY = date(2026, 11, 25)
FORTNIGHT = timedelta(days=14)


def manager(database: Database) -> Caller:
    clinic = database.read_now(clinics.clinics)[0]
    return Caller(clinic_id=clinic.id, role=Role.MANAGER)


def about(database: Database) -> Description:
    return database.read_now(clinics.described, manager(database).clinic_id)


def visits(
    database: Database, first: date = TODAY - FORTNIGHT, last: date = TODAY + FORTNIGHT
) -> list[AppointmentView]:
    return database.read_now(list_appointments, manager(database), DayQuery(first=first, last=last))


def needled(found: Iterable[AppointmentView], slug: str) -> list[date]:
    """The days on which this person needles somebody."""
    return [
        local_date(one.appointment.span.start, one.site.zone)
        for one in found
        if one.practitioner.slug == slug and one.appointment.agreed.techniques
    ]


def paper(database: Database, whose: str, slug: str) -> Credential:
    person = next(one for one in about(database).practitioners.values() if one.slug == whose)
    held = database.read_now(credentials.held, manager(database).clinic_id)[person.id]
    return next(one.credential for one in held if one.credential.slug == slug)


def test_demo_passes_the_audit(demo: Database) -> None:
    report = demo.read_now(audit, manager(demo))
    assert (report.violations, report.at_risk) == ((), 0)
    assert report.appointments == len(visits(demo)) > 250


def test_demo_is_marked_as_one(demo: Database) -> None:
    found = demo.read_now(installation.get)
    assert found is not None
    assert found.kind is Kind.DEMO


def test_sites_are_in_two_jurisdictions_and_zones(demo: Database) -> None:
    sites = about(demo).sites.values()
    assert sorted((one.slug, one.jurisdiction, one.zone) for one in sites) == [
        ("missoula", "US-MT", "America/Denver"),
        ("seattle", "US-WA", "America/Los_Angeles"),
    ]


def test_six_people_of_three_professions_work_there(demo: Database) -> None:
    professions = [one.profession for one in about(demo).practitioners.values()]
    assert (len(professions), set(professions)) == (6, {"physical_therapist", "acupuncturist", "chiropractor"})


def test_visits_fill_four_weeks_at_both_sites(demo: Database) -> None:
    found = visits(demo)
    days = {(one.site.slug, local_date(one.appointment.span.start, one.site.zone)) for one in found}
    ahead = (TODAY + timedelta(days=number) for number in range(-14, 15))
    workdays = {(site, day) for day in ahead for site in ("missoula", "seattle") if day.weekday() < 5}
    assert workdays - days == set()
    assert visits(demo, TODAY - timedelta(days=60), TODAY + timedelta(days=60)) == found
    assert {one.appointment.status for one in found} == {Status.BOOKED, Status.CANCELLED}


def test_licence_that_ends_within_the_window_ends_the_offer(demo: Database) -> None:
    last = paper(demo, "june-bell", "licence-wa").valid_until
    assert last == TODAY + timedelta(days=9)
    days = needled(visits(demo), "june-bell")
    assert min(days) < TODAY <= max(days) <= last
    treatment = next(one for one in about(demo).treatment_types.values() if one.slug == "follow-up")
    june = next(one for one in about(demo).practitioners.values() if one.slug == "june-bell")
    query = SlotQuery(treatment_type=treatment.id, first=TODAY, last=TODAY + timedelta(days=40), practitioner=june.id)
    listed = demo.read_now(list_slots, manager(demo), query)
    offered = [local_date(one.span.start, listed.sites[one.site_id].zone) for one in listed.slots]
    assert TODAY <= max(offered) <= last


def test_nobody_is_needled_by_whom_nobody_has_verified(demo: Database) -> None:
    assert paper(demo, "ida-moreno", "licence-mt").verification is Verification.PENDING
    assert needled(visits(demo), "ida-moreno") == []


@pytest.mark.parametrize("login", [member.login for member in STAFF])
def test_staff_sign_in_with_the_password_that_is_printed(demo: Database, login: str) -> None:
    member = demo.read_now(staff_to_check, manager(demo).clinic_id, login)
    assert member is not None
    assert asyncio.run(passwords.verify(member.password_hash, PASSWORD))


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2030, 12, 31)], ids=str)
def test_dates_lie_around_any_day(today: date) -> None:
    text = clinic_text(today)
    assert re.findall(r"\{.*?\d+\}", text) == []
    june = next(one for one in read_clinic(text).practitioners if one.slug == "june-bell")
    assert june.credentials[0].valid_until == today + timedelta(days=9)
