"""Free times from afar agree with the list of free times, however far off they are."""

import random
from collections import Counter
from contextlib import suppress
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from booking.domain.errors import BookingError, InvalidInput, NotBookableOnline, NotFound
from booking.domain.ids import PractitionerId
from booking.domain.permission import Caller
from booking.domain.time.zone import local_date
from booking.store.database import Database
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.views.outlook import DayCount, FirstDays, Outlook, count_slots, first_days, next_slots
from booking.usecases.views.slots import SlotList, SlotQuery, list_slots
from tests.clinics import SEATTLE_ZONE, TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock

DAY = timedelta(days=1)
MONDAY = TUESDAY - DAY
NEW_YEAR = date(2027, 1, 1)


def outlook(clinic: DullClinic, **more: Any) -> Outlook:
    return Outlook(treatment_type=clinic.treatments["needling"], **more)


def query(clinic: DullClinic, first: date, last: date, **more: Any) -> SlotQuery:
    return SlotQuery(treatment_type=clinic.treatments["needling"], first=first, last=last, **more)


def firsts(clinic: DullClinic, caller: Caller | None = None, **more: Any) -> list[tuple[str, datetime]]:
    """Who is free first, and when."""
    listed = clinic.database.read_now(next_slots, caller or clinic.public, outlook(clinic, **more))
    return [(listed.practitioners[slot.practitioner_id].slug, slot.span.start) for slot in listed.slots]


def days(clinic: DullClinic, count: int, **more: Any) -> FirstDays:
    return clinic.database.read_now(first_days, clinic.public, outlook(clinic, **more), count)


def dates(listed: SlotList) -> list[date]:
    return sorted({local_date(slot.span.start, SEATTLE_ZONE) for slot in listed.slots})


def with_two_sites(**people: dict[str, Any]) -> dict[str, Any]:
    """As dull as ever, and Ada is in Denver on Saturdays."""
    data = dull(**people)
    east = {"slug": "east", "name": "East", "zone": "America/Denver", "room": []}
    data["site"].append(deepcopy(data["site"][0]) | east)
    saturdays = {"site": "east", "days": ["sat"], "from": "09:00", "to": "12:00"}
    data["practitioner"][0]["hours"] = [*data["practitioner"][0]["hours"], saturdays]
    return data


def test_first_slot_of_each_practitioner_is_found_however_far_off(database: Database) -> None:
    far = [{"site": "seattle", "days": ["fri"], "from": "10:00", "to": "11:00", "valid_from": NEW_YEAR}]
    clinic = open_clinic(database, dull(ben={"hours": far}, cleo={"credential": []}))
    clinic.book(at(MONDAY, 9, 15))
    assert firsts(clinic) == [("ada", at(MONDAY, 10)), ("ben", at(NEW_YEAR, 10))]
    assert firsts(clinic, practitioner=clinic.practitioners["ben"]) == [("ben", at(NEW_YEAR, 10))]
    assert firsts(clinic, practitioner=clinic.practitioners["cleo"]) == []


def test_first_slot_is_found_at_each_site_by_its_own_clock(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, with_two_sites())
    saturday = datetime.fromisoformat("2026-11-28T09:00:00-07:00")
    assert firsts(clinic) == [("ada", at(MONDAY, 9)), ("ada", saturday)]
    assert firsts(clinic, site=clinic.sites["east"]) == [("ada", saturday)]


def test_first_slot_lies_on_the_day_asked_for_or_later_and_never_before_now(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    assert firsts(clinic, first=TUESDAY) == [("ada", at(TUESDAY, 9))]
    assert firsts(clinic, first=TUESDAY + 4 * DAY) == [("ada", at(TUESDAY + 6 * DAY, 9))]
    assert firsts(clinic, first=date(2000, 1, 1)) == [("ada", at(MONDAY, 9))]


def test_patients_look_as_far_as_the_horizon_and_staff_a_year_and_five_days(sqlite: Database, clock: Clock) -> None:
    data = dull()
    data["clinic"]["policy"]["horizon_days"] = 40
    last = MONDAY + 40 * DAY
    hours = {
        "site": "seattle",
        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "from": "08:00",
        "to": "09:00",
    }
    data["practitioner"][0]["hours"] = [{**hours, "valid_from": last}]
    clinic = open_clinic(sqlite, data)
    assert firsts(clinic) == [("ada", at(last, 8))]
    assert firsts(clinic, first=last + DAY) == []
    clock.now = at(MONDAY, 7, 59)
    assert firsts(clinic) == []
    data["practitioner"][0]["hours"] = [{**hours, "valid_from": MONDAY + 369 * DAY}]
    clinic = open_clinic(sqlite, data)
    assert firsts(clinic, clinic.reception) == [("ada", at(MONDAY + 369 * DAY, 8))]
    clock.now = at(MONDAY - DAY, 8)
    assert firsts(clinic, clinic.reception) == []
    assert firsts(clinic, clinic.reception, first=MONDAY) == [("ada", at(MONDAY + 369 * DAY, 8))]
    assert firsts(clinic, clinic.reception, first=date(2199, 12, 31)) == []


def test_own_hold_is_the_next_slot_of_its_owner_alone(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    sqlite.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(MONDAY, 9)), hold_key="mine"))
    assert firsts(clinic) == [("ada", at(MONDAY, 9, 45))]
    assert firsts(clinic, hold_key="mine") == [("ada", at(MONDAY, 9))]


def test_outlook_for_what_is_not_offered_is_refused(sqlite: Database) -> None:
    data = dull()
    data["treatment"][0]["online"] = False
    clinic = open_clinic(sqlite, data)
    with pytest.raises(NotBookableOnline):
        firsts(clinic)
    assert firsts(clinic, clinic.reception)
    with pytest.raises(NotFound):
        firsts(clinic, clinic.reception, practitioner=PractitionerId(clinic.id))
    with pytest.raises(InvalidInput):
        firsts(clinic, clinic.reception, regions=frozenset({"thorax"}))


def test_first_days_are_those_that_have_any_and_the_next_is_named(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    found = days(clinic, 6)
    assert dates(found.listed) == [MONDAY + number * DAY for number in (0, 1, 2, 3, 4, 7)]
    assert found.later == MONDAY + 8 * DAY
    everything = sqlite.read_now(list_slots, clinic.public, query(clinic, MONDAY, MONDAY + 7 * DAY))
    assert found.listed.slots == everything.slots
    assert dates(days(clinic, 2, first=MONDAY + 5 * DAY).listed) == [MONDAY + 7 * DAY, MONDAY + 8 * DAY]


def test_first_days_have_each_start_once_at_each_site_with_the_first_who_is_free(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, with_two_sites(ben={}, cleo={}))
    clinic.book(at(MONDAY, 10), "ada")
    listed = sqlite.read_now(list_slots, clinic.public, query(clinic, MONDAY, MONDAY + 7 * DAY))
    first = {(slot.span.start, slot.site_id): slot for slot in reversed(listed.slots)}
    assert days(clinic, 7).listed.slots == tuple(sorted(first.values()))


def test_first_days_are_looked_for_beyond_empty_months(sqlite: Database) -> None:
    data = dull()
    data["clinic"]["policy"]["horizon_days"] = 400
    data["practitioner"][0]["hours"][0]["valid_from"] = MONDAY + 200 * DAY
    clinic = open_clinic(sqlite, data)
    found = days(clinic, 1)
    assert (dates(found.listed), found.later) == ([date(2027, 6, 11)], date(2027, 6, 14))


def test_last_days_have_no_later_one(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    last = MONDAY + 60 * DAY
    found = days(clinic, 3, first=last - 2 * DAY)
    assert (dates(found.listed), found.later) == ([last - 2 * DAY, last - DAY], None)
    nothing = days(clinic, 3, first=last + DAY)
    assert (nothing.listed.slots, nothing.later) == ((), None)


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_the_list(sqlite: Database, seed: int) -> None:
    """Through the change of clocks in March, with visits as chance has them and a hold of the asker's own."""
    rng = random.Random(seed)  # noqa: S311 -- chance, no secret
    data = with_two_sites(ben={})
    data["clinic"]["policy"] |= {"horizon_days": 200, "grid_minutes": rng.choice((5, 20))}
    clinic = open_clinic(sqlite, data)
    march = date(2027, 3, 8)
    for number in range(10):
        start = at(march + rng.randrange(12) * DAY, rng.randrange(9, 16))
        with suppress(BookingError):
            clinic.book(start, rng.choice(("ada", "ben")), f"Patient {number}")
    wanted = clinic.wanted(at(march + DAY, 9, 20), None)
    with suppress(BookingError):
        sqlite.write_now(hold, clinic.public, HoldSlot(wanted=wanted, hold_key="mine"))
    for more in ({}, {"hold_key": "mine"}, {"practitioner": clinic.practitioners["ada"]}):
        asked = query(clinic, march, march + 20 * DAY, **more)
        found = sqlite.read_now(count_slots, clinic.public, asked)
        assert found == counted_one_by_one(sqlite.read_now(list_slots, clinic.public, asked))
        assert {one.site_id for one in found} == set(clinic.sites.values())


def counted_one_by_one(listed: SlotList) -> list[DayCount]:
    keys = [(local_date(one.span.start, listed.sites[one.site_id].zone), one.site_id) for one in listed.slots]
    starts = {(*key, one.span.start) for key, one in zip(keys, listed.slots, strict=True)}
    times, slots = Counter((day, site_id) for day, site_id, _start in starts), Counter(keys)
    return [
        DayCount(date=day, site_id=site_id, starts=times[day, site_id], slots=slots[day, site_id])
        for day, site_id in sorted(slots)
    ]
