"""What the demo promises whoever tries it."""

import asyncio
import re
from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from booking.demo.seeding import PASSWORD, STAFF, clinic_text
from booking.domain.credential import Credential, Verification
from booking.domain.lifecycle import Status
from booking.domain.permission import Caller, Role
from booking.domain.time.zone import local_date, wall_time
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


# Veterans Day, on which Seattle is open, Thanksgiving, and the day after it, which is a holiday in Washington alone.
HOLIDAYS = {
    ("missoula", date(2026, 11, 11)),
    ("missoula", date(2026, 11, 26)),
    ("seattle", date(2026, 11, 26)),
    ("seattle", date(2026, 11, 27)),
}


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
    assert workdays - days == HOLIDAYS
    assert visits(demo, TODAY - timedelta(days=60), TODAY + timedelta(days=60)) == found
    assert {one.appointment.status for one in found} == {Status.BOOKED, Status.CANCELLED}


def local(one: AppointmentView) -> tuple[date, int, int]:
    """The day of a visit, and its minutes from midnight, as the clock of its site shows them."""
    start, end = (
        wall_time(instant, one.site.zone) for instant in (one.appointment.span.start, one.appointment.span.end)
    )
    return start.date(), start.hour * 60 + start.minute, end.hour * 60 + end.minute


def test_electrical_stimulation_takes_the_sites_device(demo: Database) -> None:
    devices = about(demo).equipment
    with_devices = [one for one in visits(demo) if one.appointment.equipment_ids]
    assert {one.appointment.agreed.treatment_name for one in with_devices} == {"Needling with electrical stimulation"}
    assert {
        (one.site.slug, devices[device].slug) for one in with_devices for device in one.appointment.equipment_ids
    } == {("missoula", "stimulator-missoula"), ("seattle", "stimulator-seattle")}


def test_upper_backs_are_needled_in_private_rooms_and_an_hour_before_closing(demo: Database) -> None:
    found = [one for one in visits(demo) if one.appointment.agreed.treatment_name == "Upper back needling"]
    assert {one.room.slug for one in found if one.room} == {"cedar", "larch"}
    latest = {one.site.slug: max(local(other)[2] for other in found if other.site == one.site) for one in found}
    assert latest["seattle"] <= 17 * 60 + 30
    assert latest["missoula"] <= 17 * 60


def test_nothing_is_booked_where_it_is_closed(demo: Database) -> None:
    found = visits(demo)
    painted = {TODAY + timedelta(days=8), TODAY + timedelta(days=9)}
    assert {one.room.slug for one in found if one.site.slug == "seattle" and one.room and local(one)[0] in painted} == {
        "cedar"
    }
    meeting = [local(one) for one in found if local(one)[0] == TODAY + timedelta(days=6)]
    assert [one for one in meeting if one[1] < 13 * 60 and one[2] > 12 * 60] == []
    assert len(meeting) > 5


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
