"""Free times: exactly what can be booked, no more and no less."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from booking.domain.errors import BookingError, InvalidInput, NotBookableOnline, NotFound
from booking.domain.ids import PractitionerId
from booking.domain.time.zone import day_span
from booking.store.database import Database, Transaction
from booking.usecases.book import BookAppointment, book
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.views.slots import SlotQuery, alternatives, list_slots
from tests.clinics import SEATTLE_ZONE, TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

SPRING_FORWARD = date(2027, 3, 14)
DAY = timedelta(days=1)


def query(clinic: DullClinic, first: date = TUESDAY, last: date | None = None, **more: Any) -> SlotQuery:
    return SlotQuery(treatment_type=clinic.treatments["needling"], first=first, last=last or first, **more)


def starts(clinic: DullClinic, *of: SlotQuery) -> list[str]:
    """The free starts as Seattle's winter clock shows them, with their day."""
    listed = (slot for one in of for slot in clinic.database.read_now(list_slots, clinic.public, one).slots)
    return [f"{slot.span.start - timedelta(hours=8):%d %H:%M}" for slot in listed]


def hours_of(*stretches: tuple[str, str], day: str = "tue") -> list[dict[str, Any]]:
    return [{"site": "seattle", "days": [day], "from": start, "to": end} for start, end in stretches]


def test_licence_that_ends_cuts_the_slots_there(database: Database) -> None:
    data = dull()
    data["practitioner"][0]["credential"][0]["valid_until"] = TUESDAY + DAY
    clinic = open_clinic(database, data)
    found = starts(clinic, query(clinic, TUESDAY, TUESDAY + 7 * DAY))
    assert {start[:2] for start in found} == {"24", "25"}
    assert found[-1] == "25 16:30"


def test_licence_that_begins_at_midnight_allows_no_visit_into_it_from_before(sqlite: Database) -> None:
    data = dull()
    data["practitioner"][0]["credential"][1]["valid_from"] = TUESDAY + DAY
    data["practitioner"][0]["hours"] = [*hours_of(("23:00", "24:00")), *hours_of(("00:00", "01:00"), day="wed")]
    clinic = open_clinic(sqlite, data)
    assert starts(clinic, query(clinic, TUESDAY, TUESDAY + DAY)) == ["25 00:00", "25 00:15", "25 00:30"]


@pytest.mark.parametrize("slug", ["licence", "endorsement", "training"])
def test_unverified_practitioner_has_no_slots(sqlite: Database, slug: str) -> None:
    data = dull(ben={})
    for credential in data["practitioner"][1]["credential"]:
        credential["verified"] = credential["slug"] != slug
    clinic = open_clinic(sqlite, data)
    ada, ben = (clinic.practitioners[one] for one in ("ada", "ben"))
    assert starts(clinic, query(clinic, practitioner=ben)) == []
    assert starts(clinic, query(clinic)) == starts(clinic, query(clinic, practitioner=ada)) != []


def test_own_hold_is_free_to_its_owner_alone(database: Database) -> None:
    clinic = open_clinic(database)
    before = starts(clinic, query(clinic))
    database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    assert starts(clinic, query(clinic, hold_key="mine")) == before
    assert set(before) - set(starts(clinic, query(clinic))) == {f"24 {start}" for start in (
        "09:30", "09:45", "10:00", "10:15", "10:30",
    )}  # fmt: skip
    assert starts(clinic, query(clinic, hold_key="other")) == starts(clinic, query(clinic))


def test_notice_and_horizon_bound_what_patients_are_offered(database: Database, clock: Clock) -> None:
    data = dull()
    data["clinic"]["policy"]["horizon_days"] = 56
    clinic = open_clinic(database, data)
    clock.now = at(TUESDAY, 10, 1)
    assert starts(clinic, query(clinic))[0] == "24 11:15"
    clock.now = at(TUESDAY, 10)
    assert starts(clinic, query(clinic))[0] == "24 11:00"
    last = TUESDAY + 56 * DAY
    assert starts(clinic, query(clinic, last, last + DAY))[-1] == f"{last:%d} 10:00"
    by_staff = database.read_now(list_slots, clinic.reception, query(clinic, last, last)).slots
    assert by_staff[-1].span.start == at(last, 16, 30)


def test_leave_and_closed_days_have_no_slots(sqlite: Database) -> None:
    data = dull()
    data["practitioner"][0]["leave"] = [{"first": TUESDAY + DAY, "last": TUESDAY + 2 * DAY}]
    clinic = open_clinic(sqlite, data)
    found = starts(clinic, query(clinic, TUESDAY, TUESDAY + 6 * DAY))
    assert sorted({start[:2] for start in found}) == ["24", "27", "30"]


def test_a_slot_needs_a_room_for_its_buffers_too(sqlite: Database) -> None:
    data = dull(ben={}, cleo={"hours": hours_of(("09:00", "10:30"))})
    data["site"][0]["room"] = [{"slug": "room-1", "name": "Room 1"}]
    clinic = open_clinic(sqlite, data)
    clinic.book(at(TUESDAY, 9, 30), "ada")
    mine = query(clinic, practitioner=clinic.practitioners["cleo"])
    assert starts(clinic, mine) == []
    assert starts(clinic, query(clinic, practitioner=clinic.practitioners["ben"]))[0] == "24 10:15"


def test_slots_come_in_the_order_of_time_and_with_names(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    listed = sqlite.read_now(list_slots, clinic.public, query(clinic, TUESDAY, TUESDAY + DAY))
    assert list(listed.slots) == sorted(listed.slots)
    assert {listed.practitioners[slot.practitioner_id].slug for slot in listed.slots} == {"ada", "ben"}
    assert {listed.sites[slot.site_id].slug for slot in listed.slots} == {"seattle"}


def test_search_of_too_many_days_or_backwards_is_refused(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    for last in (TUESDAY - DAY, TUESDAY + 62 * DAY):
        with pytest.raises(InvalidInput):
            sqlite.read_now(list_slots, clinic.public, query(clinic, TUESDAY, last))
    assert sqlite.read_now(list_slots, clinic.public, query(clinic, TUESDAY, TUESDAY + 61 * DAY)).slots


def test_search_for_what_is_not_offered_is_refused(sqlite: Database) -> None:
    data = dull()
    data["treatment"][0]["online"] = False
    clinic = open_clinic(sqlite, data)
    with pytest.raises(NotBookableOnline):
        sqlite.read_now(list_slots, clinic.public, query(clinic))
    assert sqlite.read_now(list_slots, clinic.reception, query(clinic)).slots
    with pytest.raises(InvalidInput):
        sqlite.read_now(list_slots, clinic.reception, query(clinic, regions=frozenset({"thorax"})))
    nobody = PractitionerId(clinic.id)
    with pytest.raises(NotFound):
        sqlite.read_now(list_slots, clinic.reception, query(clinic, practitioner=nobody))


def test_alternatives_are_the_nearest_in_time_with_anybody(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={"hours": hours_of(("10:00", "11:00"))}))
    clinic.book(at(TUESDAY, 10), "ada")
    clinic.book(at(TUESDAY, 10), "ben", "Someone Else")
    found = database.read_now(alternatives, clinic.public, clinic.wanted(at(TUESDAY, 10)))
    near = [f"{slot.span.start - timedelta(hours=8):%H:%M}" for slot in found.slots]
    assert near == ["09:00", "09:15", "10:45"]


def test_alternatives_to_a_time_that_is_past_begin_now(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite)
    clock.now = at(TUESDAY + DAY, 12)
    found = sqlite.read_now(alternatives, clinic.public, clinic.wanted(at(TUESDAY, 10)))
    assert [slot.span.start for slot in found.slots] == [at(TUESDAY + DAY, 13, minute) for minute in (0, 15, 30)]


def a_clinic(rng: random.Random, day: date) -> dict[str, Any]:
    """Two people and a room or two, with hours, papers and leave as chance has it, on that day."""
    name = day.strftime("%a").lower()
    data = dull(ben={})
    data["clinic"]["policy"]["horizon_days"] = 200
    data["clinic"]["policy"]["grid_minutes"] = rng.choice((5, 15, 20))
    data["site"][0]["room"] = data["site"][0]["room"][: rng.choice((1, 2))]
    data["treatment"][0].update(
        minutes=rng.choice((20, 45, 60)), buffer_before=rng.choice((0, 10)), buffer_after=rng.choice((0, 5, 15))
    )
    for person in data["practitioner"]:
        cut = rng.choice((3, 5))
        person["hours"] = hours_of(("01:00", f"0{cut}:00"), (f"0{cut}:{rng.choice((0, 20, 30)):02}", "07:00"), day=name)
    ben = data["practitioner"][1]
    papers = ben["credential"][rng.randrange(3)]
    papers.update(rng.choice(({}, {}, {"valid_until": day - DAY}, {"verified": False}, {"valid_from": day})))
    ben["leave"] = rng.choice(([], [], [{"first": day, "last": day}]))
    return data


class Undo(Exception):
    """No error: what was attempted succeeded and is taken back."""


def can(clinic: DullClinic, use: Any, command: Any) -> bool:
    """Whether the use case would be done now; nothing stays."""

    def attempt(tx: Transaction) -> None:
        use(tx, clinic.public, command)
        raise Undo

    try:
        clinic.database.write_now(attempt)
    except Undo:
        return True
    except BookingError:
        return False
    raise AssertionError


def instants(day: date, minutes: int) -> Iterator[datetime]:
    span = day_span(day, day, SEATTLE_ZONE)
    yield from (span.start + timedelta(minutes=number) for number in range(30, 8 * 60, minutes))


def fill(clinic: DullClinic, day: date, rng: random.Random) -> None:
    """Some visits, and a hold of the asker's own, where they happen to fit."""
    for number in range(8):
        wanted = clinic.wanted(rng.choice(list(instants(day, 30))), rng.choice(("ada", "ben", None)))
        with suppress(BookingError):
            if number % 3:
                command = BookAppointment(contact=contact(f"Patient {number}"), what=wanted)
                clinic.database.write_now(book, clinic.reception, command)
            else:
                clinic.database.write_now(hold, clinic.public, HoldSlot(wanted=wanted, hold_key="mine"))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_listed_can_be_taken_and_nothing_else(sqlite: Database, seed: int) -> None:
    """With each person and with anybody, by whoever comes new and by whoever has a hold to give up for it."""
    rng = random.Random(seed)  # noqa: S311 -- chance, no secret
    day = TUESDAY if seed % 2 else SPRING_FORWARD
    clinic = open_clinic(sqlite, a_clinic(rng, day))
    fill(clinic, day, rng)
    listed = {
        (key, slot.span.start, who)
        for key in (None, "mine")
        for slot in sqlite.read_now(list_slots, clinic.public, query(clinic, day, hold_key=key)).slots
        for who in (None, slot.practitioner_id)
    }
    assert listed
    for start in instants(day, rng.choice((15, 20))):
        for slug in (None, "ada", "ben"):
            wanted = clinic.wanted(start, slug)
            asked = BookAppointment(contact=contact("Somebody New"), what=wanted)
            assert can(clinic, book, asked) == ((None, start, wanted.practitioner) in listed), wanted
            mine = HoldSlot(wanted=wanted, hold_key="mine")
            assert can(clinic, hold, mine) == (("mine", start, wanted.practitioner) in listed), wanted
