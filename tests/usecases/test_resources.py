"""Rooms, devices, ways, limits and spacing: what a visit takes, and what is refused for want of it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from booking.domain.conflict import UNSUITED
from booking.domain.errors import (
    BookingError,
    NotOffered,
    OutsideHours,
    SlotTaken,
    TooClose,
    TooShortNotice,
)
from booking.domain.permission import Caller
from booking.store import findings
from booking.store.database import Database
from booking.usecases.audit import audit
from booking.usecases.book import BookAppointment, book
from booking.usecases.hold import HoldRef, HoldSlot, hold
from booking.usecases.placing import Wanted
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

DAY = timedelta(days=1)
HOURS = {"site": "seattle", "days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}


def clinic_with(database: Database, *, ben: bool = False, **changes: Any) -> DullClinic:
    """The dull clinic with another treatment, site or policy."""
    data = dull(**({"ben": {}} if ben else {}))
    data["treatment"][0] |= changes.pop("treatment", {})
    data["site"][0] |= changes.pop("site", {})
    data["practitioner"][0] |= changes.pop("ada", {})
    data["clinic"]["policy"] |= changes.pop("policy", {})
    data["clinic"] |= changes.pop("clinic", {})
    data["site"] += changes.pop("sites", [])
    return open_clinic(database, data)


def starts(clinic: DullClinic, day: date = TUESDAY, caller: Caller | None = None, **more: Any) -> list[str]:
    """When Ada's visits can start that day, by the clock of Seattle in winter."""
    ada = clinic.practitioners["ada"]
    query = SlotQuery(
        **{
            "treatment_type": clinic.treatments["needling"],
            "first": day,
            "last": day,
            "practitioner": ada,
            "site": clinic.sites["seattle"],
            **more,
        }
    )
    found = clinic.database.read_now(list_slots, caller or clinic.public, query).slots
    return [(slot.span.start - timedelta(hours=8)).strftime("%H:%M") for slot in found]


def refusal(clinic: DullClinic, start: datetime, *args: Any, **more: Any) -> type[BookingError]:
    with pytest.raises(BookingError) as caught:
        clinic.book(start, *args, **more)
    return type(caught.value)


LASER = {"slug": "laser-1", "name": "Laser 1", "kind": "laser"}


def test_visit_takes_a_device_of_each_kind_with_its_buffers(database: Database) -> None:
    clinic = clinic_with(database, ben=True, treatment={"equipment": ["laser"]}, site={"equipment": [LASER]})
    seen = clinic.book(at(TUESDAY, 10))
    assert [device.slug for device in seen.equipment] == ["laser-1"]
    assert seen.appointment.equipment_ids <= seen.appointment.diaries
    assert refusal(clinic, at(TUESDAY, 10, 30), "ben", "Someone Else") is SlotTaken  # the buffer has it until 10:35
    assert "10:30" not in starts(clinic, practitioner=clinic.practitioners["ben"])
    clinic.book(at(TUESDAY, 10, 45), "ben", "Someone Else")
    report = database.read_now(audit, clinic.manager)
    assert (report.violations, report.claims) == ((), 8)


def test_audit_finds_a_device_that_is_not_claimed(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, treatment={"equipment": ["laser"]}, site={"equipment": [LASER]})
    visit = clinic.book(at(TUESDAY, 10)).appointment
    device = next(iter(visit.equipment_ids))
    sqlite.write_now(lambda tx: tx.connection.exec_driver_sql("DELETE FROM claim WHERE diary_id = ?", (device.bytes,)))
    assert [one.kind for one in sqlite.read_now(audit, clinic.manager).violations] == ["claim-missing"]


def test_treatment_that_needs_a_kind_of_room_takes_one_and_others_leave_it(database: Database) -> None:
    rooms = [{"slug": "room-1", "name": "Room 1", "kinds": ["private"]}, {"slug": "room-2", "name": "Room 2"}]
    data = dull(ben={}, cy={})
    data["site"][0]["room"] = rooms
    data["treatment"].append({**data["treatment"][0], "slug": "quiet", "name": "Quiet", "room": "private"})
    clinic = open_clinic(database, data)
    assert clinic.book(at(TUESDAY, 10), "ada").appointment.room_id == clinic.rooms["room-2"]
    quiet = Wanted(
        treatment_type=clinic.treatments["quiet"],
        site=clinic.sites["seattle"],
        start=at(TUESDAY, 10),
        practitioner=clinic.practitioners["ben"],
    )
    seen = database.write_now(book, clinic.public, BookAppointment(contact=contact("Ben's Patient"), what=quiet))
    assert seen.appointment.room_id == clinic.rooms["room-1"]
    assert refusal(clinic, at(TUESDAY, 10), "cy", "Someone Else") is SlotTaken


def test_treatment_without_a_room_is_given_though_all_are_taken(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, ben=True, treatment={"room": "none"}, site={"room": []})
    assert clinic.book(at(TUESDAY, 10)).room is None


def other_site(zone: str = "America/Los_Angeles") -> dict[str, Any]:
    return {
        "slug": "tacoma",
        "name": "Tacoma",
        "address": "2 Elm Street, Tacoma",
        "zone": zone,
        "jurisdiction": "US-WA",
    }


def in_tacoma(clinic: DullClinic, start: datetime, patient: str = "Tacoma Patient") -> AppointmentView:
    what = Wanted(
        treatment_type=clinic.treatments["needling"],
        site=clinic.sites["tacoma"],
        start=start,
        practitioner=clinic.practitioners["ada"],
    )
    return clinic.database.write_now(book, clinic.public, BookAppointment(contact=contact(patient), what=what))


def test_way_to_another_site_is_kept_free_on_both_sides(database: Database) -> None:
    clinic = clinic_with(
        database,
        policy={"travel_minutes": 15},
        clinic={"travel": [{"between": ["seattle", "tacoma"], "minutes": 60}]},
        sites=[other_site()],
        ada={"hours": [HOURS, {**HOURS, "site": "tacoma"}]},
    )
    in_tacoma(clinic, at(TUESDAY, 12))  # claimed until 12:35
    free = starts(clinic)
    assert [one for one in free if "10" <= one < "14"] == [
        "10:00",
        "10:15",
        "13:45",
    ]  # fmt: skip -- 10:15 to 10:50 and an hour's way; 10:30 would end at 11:05
    assert refusal(clinic, at(TUESDAY, 10, 30)) is SlotTaken
    assert refusal(clinic, at(TUESDAY, 13, 30), caller=clinic.reception) is SlotTaken
    clinic.book(at(TUESDAY, 13, 45))


def test_day_is_full_for_patients_and_not_for_staff(database: Database) -> None:
    clinic = clinic_with(database, ada={"daily_limit": 2})
    clinic.book(at(TUESDAY, 10), patient="One")
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 11)), hold_key="mine"))
    assert (starts(clinic), bool(starts(clinic, TUESDAY + DAY))) == ([], True)
    assert "11:00" in starts(clinic, hold_key="mine")
    assert refusal(clinic, at(TUESDAY, 12)) is NotOffered
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    database.write_now(book, clinic.public, BookAppointment(contact=contact("Two"), what=ref))
    assert "12:00" in starts(clinic, caller=clinic.reception)
    clinic.book(at(TUESDAY, 12), patient="Three", caller=clinic.reception)


def test_treatment_has_a_limit_of_its_own_with_each_practitioner(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, ben=True, treatment={"daily_limit": 1})
    clinic.book(at(TUESDAY, 10), "ada")
    assert (starts(clinic), refusal(clinic, at(TUESDAY, 12), "ada", "Two")) == ([], NotOffered)
    clinic.book(at(TUESDAY, 12), "ben", "Two")


def test_patients_are_offered_times_that_leave_no_useless_gap(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, policy={"smallest_gap_minutes": 45}, treatment={"buffer_after": 0})
    assert starts(clinic)[:3] == ["09:00", "09:45", "10:00"]
    assert refusal(clinic, at(TUESDAY, 9, 15)) is NotOffered
    assert "09:15" in starts(clinic, caller=clinic.reception)
    clinic.book(at(TUESDAY, 9, 15), caller=clinic.reception)


def test_needles_in_one_region_are_spaced(database: Database) -> None:
    clinic = clinic_with(database, policy={"region_spacing_hours": 24})
    clinic.book(at(TUESDAY, 12), patient="Pat")
    next_day = TUESDAY + DAY
    assert refusal(clinic, at(next_day, 12, 15), patient="Pat") is TooClose
    assert refusal(clinic, at(next_day, 9), patient="Pat", caller=clinic.reception) is TooClose
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(next_day, 9)), hold_key="mine"))
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    with pytest.raises(TooClose):
        database.write_now(book, clinic.public, BookAppointment(contact=contact("Pat"), what=ref))
    clinic.book(at(next_day, 12, 30), patient="Pat")
    clinic.book(at(next_day, 10), patient="Somebody Else")


def test_last_start_leaves_an_hour_before_closing(sqlite: Database) -> None:
    shut = [{"days": ["mon", "tue", "wed"], "from": "08:00", "to": "16:00"}]
    clinic = clinic_with(sqlite, treatment={"ends_before_closing": 60}, site={"hours": shut})
    assert (starts(clinic)[-1], refusal(clinic, at(TUESDAY, 14, 45))) == ("14:30", OutsideHours)
    assert refusal(clinic, at(TUESDAY, 14, 45), caller=clinic.reception) is OutsideHours
    assert starts(clinic, TUESDAY + 2 * DAY) == []  # on Thursday the site does not open


def test_site_without_hours_closes_when_the_last_person_leaves(sqlite: Database) -> None:
    data = dull(ben={"hours": [{**HOURS, "to": "19:00"}]})
    data["treatment"][0]["ends_before_closing"] = 60
    assert starts(open_clinic(sqlite, data))[-1] == "16:30"


def test_same_day_ends_at_its_hour(sqlite: Database, clock: Clock) -> None:
    clinic = clinic_with(sqlite, policy={"same_day_until": "09:00"})
    clock.now = at(TUESDAY, 8, 59)
    assert starts(clinic)[0] == "10:00"
    clock.now = at(TUESDAY, 9)
    assert (starts(clinic), refusal(clinic, at(TUESDAY, 15))) == ([], TooShortNotice)
    assert starts(clinic, TUESDAY + DAY)[0] == "09:00"
    clinic.book(at(TUESDAY, 15), caller=clinic.reception)


def test_holiday_closes_the_site_for_everybody(sqlite: Database) -> None:
    thanksgiving = date(2026, 11, 26)
    clinic = clinic_with(sqlite, site={"holidays": {"country": "US", "region": "WA"}})
    assert (starts(clinic, thanksgiving), bool(starts(clinic, thanksgiving + 4 * DAY))) == ([], True)
    with pytest.raises(OutsideHours, match="Thanksgiving Day"):
        clinic.book(at(thanksgiving, 10), caller=clinic.reception)


def test_hold_is_not_booked_when_its_device_was_taken_out_of_use(sqlite: Database) -> None:
    data = dull()
    data["treatment"][0]["equipment"] = ["laser"]
    data["site"][0]["equipment"] = [LASER, {**LASER, "slug": "laser-2"}]
    clinic = open_clinic(sqlite, data)
    held = sqlite.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    (held_device,) = held.equipment
    data["site"][0]["equipment"] = [one for one in data["site"][0]["equipment"] if one["slug"] != held_device.slug]
    open_clinic(sqlite, data)
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    with pytest.raises(SlotTaken):
        sqlite.write_now(book, clinic.public, BookAppointment(contact=contact(), what=ref))


@pytest.mark.parametrize(
    ("suits", "found"), [("all", [False, False]), ("new", [False, True]), ("returning", [True, False])]
)
def test_visit_of_somebody_it_is_not_meant_for_is_booked_and_looked_at(
    database: Database, suits: str, found: list[bool]
) -> None:
    clinic = clinic_with(database, treatment={"suits": suits})
    booked = [clinic.book(at(TUESDAY, hour)).appointment.id for hour in (10, 12)]
    unsuited = database.read_now(findings.open_kind, clinic.id, UNSUITED)
    assert [one in unsuited for one in booked] == found
