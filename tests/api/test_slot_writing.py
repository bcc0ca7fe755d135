"""What is written of free times is what msgspec would write of them, whatever the clocks do that day."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from booking.api.answers import slots_of
from booking.api.slot_writing import write_slots_answer
from booking.api.slots import Slots
from booking.domain.permission import Caller
from booking.store.database import Database, Transaction
from booking.store.memory import Memory
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.views.slots import SlotQuery, Written, find_times
from tests.clinics import TUESDAY, at, dull, open_clinic

ZONES = {
    "America/Los_Angeles": date(2026, 11, 24),
    "America/New_York": date(2027, 3, 14),  # forward an hour
    "Europe/London": date(2027, 10, 31),  # back an hour
    "Australia/Lord_Howe": date(2027, 4, 4),  # back half an hour
    "Africa/Casablanca": date(2027, 2, 7),  # back as Ramadan begins
    "Asia/Kathmandu": date(2027, 6, 1),  # always three quarters of an hour off
    "America/Santiago": date(2027, 9, 5),  # a day without a midnight
}


def written_twice(tx: Transaction, caller: Caller, query: SlotQuery) -> tuple[bytes, bytes]:
    found = find_times(tx, caller, query)
    plainly = Slots(treatment_type=query.treatment_type, slots=slots_of(found.listed))
    return write_slots_answer(found, tx.memory).body, msgspec.json.encode(plainly)


@pytest.mark.parametrize("zone", ZONES)
def test_slots_are_written_as_msgspec_writes_them(sqlite: Database, zone: str) -> None:
    data = dull(ben={}, cyd={})
    data["clinic"]["policy"]["horizon_days"] = 365
    data["site"][0]["zone"] = zone
    elsewhere = {"slug": "tacoma", "name": "Tacoma", "address": "2 Oak Street", "room": [{"slug": "r", "name": "R"}]}
    data["site"].append({**data["site"][0], **elsewhere, "zone": "America/Los_Angeles"})
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for number, one in enumerate(data["practitioner"]):
        one["hours"] = [
            {"site": site, "days": week, "from": start, "to": end}
            for site, (start, end) in zip(("seattle", "tacoma"), (("00:00", "05:00"), ("20:00", "24:00")), strict=True)
            if number != 1 or site == "tacoma"
        ]
    clinic = open_clinic(sqlite, data)
    day = ZONES[zone]
    query = SlotQuery(
        treatment_type=clinic.treatments["needling"], first=day - timedelta(days=2), last=day + timedelta(days=2)
    )
    ours, theirs = sqlite.read_now(written_twice, clinic.public, query)
    assert ours == theirs
    assert ours.count(b'"start"') > 100


@pytest.mark.parametrize("others", [{}, {"ben": {}}])
def test_what_is_written_again_after_a_change_is_what_is_written_anew(sqlite: Database, others: dict[str, Any]) -> None:
    clinic = open_clinic(sqlite, dull(**others))
    query = SlotQuery(treatment_type=clinic.treatments["needling"], first=TUESDAY, last=TUESDAY)

    def written(memory: Memory) -> Written:
        return sqlite.read_now(lambda tx: write_slots_answer(find_times(tx, clinic.public, query), memory))

    memory = Memory()
    before = written(memory)
    booked = clinic.book(at(TUESDAY, 10), "ada").appointment
    between, anew = written(memory), written(Memory())
    sqlite.write_now(cancel, clinic.reception, CancelAppointment(appointment=booked.id, version=booked.version))
    assert (between, written(memory)) == (anew, before)
    assert (between.body == before.body, between.etag == before.etag) == (False, False)
