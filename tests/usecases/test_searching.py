"""What a search remembers and what it does not: it is as right the second time, and for whoever holds a time."""

import tracemalloc
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from booking.api.slot_writing import write_slots_answer
from booking.domain.permission import Caller
from booking.domain.rules import parse_rules
from booking.domain.time.local import LocalSpan
from booking.rules import shipped
from booking.store import credentials, diaries
from booking.store.database import Database, Transaction
from booking.store.memory import Memory
from booking.usecases.absences import AddLeave, add_leave
from booking.usecases.book import BookAppointment, book
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.placing import Wanted
from booking.usecases.views.slots import SlotQuery, list_slots, write_slots
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

DAY = timedelta(days=1)
HOURS = {"site": "seattle", "days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}
TACOMA = {"slug": "tacoma", "name": "Tacoma", "address": "2 Elm Street", "zone": "America/Los_Angeles"}
LASERS = [{"slug": slug, "name": slug, "kind": "laser"} for slug in ("laser-1", "laser-2")]
Change = Callable[[dict[str, Any]], object]


def policy(**what: Any) -> Change:
    return lambda data: data["clinic"]["policy"].update(what)


def treatment(**what: Any) -> Change:
    return lambda data: data["treatment"][0].update(what)


def ada(**what: Any) -> Change:
    return lambda data: data["practitioner"][0].update(what)


def site(**what: Any) -> Change:
    return lambda data: data["site"][0].update(what)


def in_tacoma_too(way: int) -> Change:
    """Ada works at both sites at any time, a way apart; in Tacoma there are no rooms."""

    def change(data: dict[str, Any]) -> None:
        data["site"].append({**TACOMA, "jurisdiction": "US-WA"})
        data["clinic"]["policy"]["travel_minutes"] = way
        always = [{**HOURS, "site": slug, "from": "00:00", "to": "24:00"} for slug in ("seattle", "tacoma")]
        data["practitioner"][0]["hours"] = always

    return change


def clinic_with(database: Database, *changes: Change) -> DullClinic:
    """Ada and Ben, a room or two, and what the changes make of it."""
    data = dull(ben={})
    for change in changes:
        change(data)
    return open_clinic(database, data)


def query(clinic: DullClinic, day: date = TUESDAY, days: int = 1, **more: Any) -> SlotQuery:
    treatment_type = clinic.treatments["needling"]
    return SlotQuery(treatment_type=treatment_type, first=day, last=day + (days - 1) * DAY, **more)


def starts(clinic: DullClinic, who: str = "ada", caller: Caller | None = None, **more: Any) -> list[str]:
    """When visits with them can start in Seattle on Tuesday, by its clock."""
    one, there = clinic.practitioners[who], clinic.sites["seattle"]
    asked = query(clinic, practitioner=one, site=there, **more)
    found = clinic.database.read_now(list_slots, caller or clinic.public, asked).slots
    return [f"{slot.span.start - timedelta(hours=8):%H:%M}" for slot in found]


def wanted(clinic: DullClinic, start: datetime, slug: str = "seattle") -> Wanted:
    return Wanted(
        treatment_type=clinic.treatments["needling"],
        site=clinic.sites[slug],
        start=start,
        practitioner=clinic.practitioners["ada"],
    )


def hold_it(clinic: DullClinic, start: datetime, slug: str = "seattle", key: str = "mine") -> None:
    clinic.database.write_now(hold, clinic.reception, HoldSlot(wanted=wanted(clinic, start, slug), hold_key=key))


class Watched(Memory):
    """Notes what was looked for in vain."""

    def __init__(self) -> None:
        super().__init__()
        self.missed: list[Hashable] = []

    def recall(self, key: Hashable, version: Hashable, now: datetime | None = None) -> Any:
        found = super().recall(key, version, now)
        if found is None:
            self.missed.append(key)
        return found

    def misses(self, clinic: DullClinic) -> set[tuple[str, str]]:
        """Of whom and what, forgetting them."""
        names = {one: slug for slug, one in (*clinic.practitioners.items(), *clinic.rooms.items())}
        keys = [key for key in self.missed if isinstance(key, tuple)]
        found = {
            (next((names[part] for part in key if part in names), ""), next(part for part in key if type(part) is str))
            for key in keys
        }
        self.missed.clear()
        return found


def test_only_what_changed_is_read_again(database: Database, clock: Clock) -> None:
    clinic = clinic_with(database)
    database.memory = memory = Watched()
    starts(clinic, "ben")
    assert memory.misses(clinic) >= {("ben", "taken"), ("ben", "lawful"), ("room-1", "taken"), ("room-2", "taken")}
    starts(clinic, "ben")
    assert memory.misses(clinic) == set()
    clinic.book(at(TUESDAY, 10), "ben")
    starts(clinic, "ben")
    assert memory.misses(clinic) == {("ben", "taken"), ("ben", "lawful"), ("room-1", "taken")}
    hold_it(clinic, at(TUESDAY, 10))
    starts(clinic, "ben")
    assert memory.misses(clinic) == {("room-2", "taken")}
    clock.advance(minutes=10)
    starts(clinic, "ben")
    assert memory.misses(clinic) == {("room-2", "taken")}


def test_description_that_changed_is_read_again_with_all_that_follows(sqlite: Database) -> None:
    clinic = clinic_with(sqlite)
    sqlite.memory = memory = Watched()
    starts(clinic)
    first = memory.misses(clinic)
    sqlite.write_now(diaries.raise_offer, clinic.id)
    starts(clinic)
    assert memory.misses(clinic) == first - {("", "rules")}


OWN: dict[str, list[Change]] = {
    "a room": [site(room=[{"slug": "room-1", "name": "Room 1"}])],
    "a device": [treatment(equipment=["laser"]), site(equipment=LASERS[:1])],
    "a day that is full": [ada(daily_limit=1)],
    "a treatment's limit": [treatment(daily_limit=1)],
    "gaps": [policy(smallest_gap_minutes=45)],
    "gaps and buffers": [policy(smallest_gap_minutes=60), treatment(buffer_before=10)],
    "closing": [treatment(ends_before_closing=60)],
}


@pytest.mark.parametrize("changes", OWN.values(), ids=list(OWN))
def test_own_hold_takes_nothing_from_its_owner_whoever_asked_before(sqlite: Database, changes: list[Change]) -> None:
    clinic = clinic_with(sqlite, *changes)
    before, bens = starts(clinic), starts(clinic, "ben")
    hold_it(clinic, at(TUESDAY, 10))
    for _ in range(2):  # who asks afterwards is told neither what the owner was, nor the other way about
        assert starts(clinic, hold_key="mine") == before
        assert starts(clinic, "ben", hold_key="mine") == bens
        assert starts(clinic) != before
        assert starts(clinic, hold_key="another") == starts(clinic)


def test_each_who_asks_is_given_their_own_answer_whoever_asked_before(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, policy(smallest_gap_minutes=60))
    hold_it(clinic, at(TUESDAY, 10))
    askers = [(clinic.public, None), (clinic.public, "mine"), (clinic.reception, None), (clinic.reception, "mine")]

    def answers(of: list[tuple[Caller, str | None]]) -> list[bytes]:
        asked = ((caller, query(clinic, hold_key=key)) for caller, key in of)
        return [sqlite.read_now(write_slots, caller, one, write_slots_answer).body for caller, one in asked]

    alone = []
    for one in askers:
        sqlite.memory = Memory()
        alone += answers([one])
    assert answers(askers) == alone == answers(askers[::-1])[::-1]
    assert len(set(alone)) == len(askers)


def adopt(tx: Transaction, clinic: DullClinic, rules: str) -> None:
    credentials.adopt(tx, clinic.id, parse_rules(rules), rules, "Olive Owner", TUESDAY)
    diaries.raise_offer(tx, clinic.id)


def test_sites_treatments_and_regions_are_remembered_apart(sqlite: Database) -> None:
    """Two sites by one clock, with other hours; treatments of other lengths; and a law that spares one region."""
    long, early = {"minutes": 45, "ends_before_closing": 60}, {"minutes": 45, "ends_before_closing": 120}

    def more(data: dict[str, Any]) -> None:
        one = data["treatment"][0]
        data["treatment"] += [{**one, **what, "slug": slug} for slug, what in (("long", long), ("early", early))]
        data["site"][1]["hours"] = [{"days": ["tue", "wed"], "from": "08:00", "to": "15:30"}]

    regions = ["lumbar", "thigh"]
    clinic = clinic_with(sqlite, in_tacoma_too(way=30), treatment(regions=regions, ends_before_closing=60), more)
    rules = shipped()["US-WA"].replace("techniques_never", 'regions_never = ["lumbar"]\ntechniques_never', 1)
    sqlite.write_now(adopt, clinic, rules)
    what = Wanted(
        treatment_type=clinic.treatments["needling"],
        site=clinic.sites["seattle"],
        start=at(TUESDAY, 10),
        regions=frozenset({"thigh"}),
    )
    sqlite.write_now(book, clinic.public, BookAppointment(contact=contact(), what=what))
    asked = [
        replace(query(clinic, TUESDAY, days, site=there, regions=where), treatment_type=kind)
        for days in (1, 2)
        for there in (None, *clinic.sites.values())
        for where in (None, frozenset({"thigh"}))
        for kind in clinic.treatments.values()
    ]

    def answers(of: list[SlotQuery]) -> list[bytes]:
        return [sqlite.read_now(write_slots, clinic.public, one, write_slots_answer).body for one in of]

    alone = []
    for one in asked:
        sqlite.memory = Memory()
        alone += answers([one])
    sqlite.memory = Memory()
    assert answers(asked) == alone
    sqlite.memory = Memory()
    assert answers(asked[::-1]) == alone[::-1]
    assert len(set(alone)) == 3 + len(asked) // 2  # of each treatment nothing is offered that reaches the lumbar region


def test_own_hold_elsewhere_needs_no_way(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, in_tacoma_too(way=60))
    before = starts(clinic)
    hold_it(clinic, at(TUESDAY, 10), "tacoma")
    assert starts(clinic, hold_key="mine") == before
    assert set(before) - set(starts(clinic)) == {
        "08:30", "08:45", *(f"{hour:02}:{minute:02}" for hour in (9, 10) for minute in (0, 15, 30, 45)), "11:00",
        "11:15", "11:30",
    }  # fmt: skip


def test_own_hold_that_expired_is_free_to_all(sqlite: Database, clock: Clock) -> None:
    clinic = clinic_with(sqlite)
    before = starts(clinic)
    hold_it(clinic, at(TUESDAY, 10))
    assert starts(clinic) != before
    clock.advance(minutes=10)
    assert starts(clinic) == starts(clinic, hold_key="mine") == before


def test_visit_to_be_moved_takes_nothing_and_is_not_remembered_so(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, ada(daily_limit=1), site(room=[{"slug": "room-1", "name": "Room 1"}]))
    before = starts(clinic, caller=clinic.reception)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    for _ in range(2):
        assert starts(clinic, caller=clinic.reception, moves=visit.id) == before
        assert (starts(clinic), set(starts(clinic, caller=clinic.reception)) < set(before)) == ([], True)


def test_way_from_a_visit_beyond_the_days_that_are_asked_for_is_kept_free(database: Database) -> None:
    """The window of a search holds a day on either side, and ways may be as long."""
    clinic = clinic_with(database, in_tacoma_too(way=24 * 60), policy(horizon_days=60))
    assert starts(clinic)[-1] == "23:45"  # and over midnight
    what = wanted(clinic, at(TUESDAY + 2 * DAY, 0), "tacoma")  # Ada leaves Seattle when Wednesday begins, at the latest
    database.write_now(book, clinic.public, BookAppointment(contact=contact(), what=what))
    assert starts(clinic)[-1] == "23:15"  # the five minutes after a later one would reach into Wednesday
    assert [slot for slot in free_on(clinic, TUESDAY + DAY) if slot.site_id == clinic.sites["seattle"]] == []


def free_on(clinic: DullClinic, day: date) -> list[Any]:
    asked = query(clinic, day, practitioner=clinic.practitioners["ada"])
    return list(clinic.database.read_now(list_slots, clinic.public, asked).slots)


def test_day_is_full_wherever_the_visits_are(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, in_tacoma_too(way=0), ada(daily_limit=2))
    for hour, slug in ((10, "tacoma"), (12, "seattle")):
        what = wanted(clinic, at(TUESDAY, hour), slug)
        sqlite.write_now(book, clinic.public, BookAppointment(contact=contact(f"At {hour}"), what=what))
        assert bool(free_on(clinic, TUESDAY)) == (hour == 10)
    assert bool(free_on(clinic, TUESDAY + DAY))


def test_one_device_of_several_is_enough(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, treatment(equipment=["laser"]), site(equipment=LASERS))
    clinic.book(at(TUESDAY, 10), "ada")
    assert "10:00" in starts(clinic, "ben")
    clinic.book(at(TUESDAY, 10), "ben", "Somebody Else")
    sqlite.memory = Memory()
    assert "10:30" not in starts(clinic, "ben")  # the buffer takes both until 10:35
    assert "10:45" in starts(clinic, "ben")


def test_leave_does_not_close_a_site_earlier(sqlite: Database) -> None:
    """A site without hours closes when the last person's hours end, there or not."""
    clinic = clinic_with(sqlite, treatment(ends_before_closing=60), ada(hours=[{**HOURS, "to": "15:00"}]))
    assert (starts(clinic)[-1], starts(clinic, "ben")[-1]) == ("14:30", "15:30")
    away = AddLeave(practitioner=clinic.practitioners["ben"], days=LocalSpan(first=TUESDAY, last=TUESDAY))
    sqlite.write_now(add_leave, clinic.manager, away)
    assert (starts(clinic)[-1], starts(clinic, "ben")) == ("14:30", [])


def test_gaps_close_again_when_a_hold_expires(sqlite: Database, clock: Clock) -> None:
    clinic = clinic_with(sqlite, policy(smallest_gap_minutes=45), treatment(buffer_after=0))
    before = starts(clinic)
    hold_it(clinic, at(TUESDAY, 9, 45))
    assert before[:4] == ["09:00", "09:45", "10:00", "10:15"]
    assert starts(clinic)[:3] == ["09:00", "09:15", "10:15"]  # from 9:00 no start leaves a gap of use
    clock.advance(minutes=10)
    assert starts(clinic) == before


class Undo(Exception):
    """No error: what was done is taken back."""


def test_what_a_writer_sees_is_neither_remembered_nor_taken_from_memory(database: Database) -> None:
    clinic = clinic_with(database)
    before, asked = starts(clinic), query(clinic)
    seen = list[int]()

    def in_vain(tx: Transaction) -> None:
        listed = len(list_slots(tx, clinic.public, asked).slots)
        book(tx, clinic.public, BookAppointment(contact=contact(), what=wanted(clinic, at(TUESDAY, 10))))
        written = write_slots(tx, clinic.public, asked, write_slots_answer).body
        seen.extend((listed, len(list_slots(tx, clinic.public, asked).slots), written.count(b'"start"')))
        raise Undo

    with pytest.raises(Undo):
        database.write_now(in_vain)
    assert seen[0] - 5 == seen[1] == seen[2]
    assert starts(clinic) == before
    clinic.book(at(TUESDAY, 12))  # which raises the same revisions
    warm = database.read_now(write_slots, clinic.public, asked, write_slots_answer).body
    database.memory = Memory()
    assert database.read_now(write_slots, clinic.public, asked, write_slots_answer).body == warm


def test_two_who_search_at_once_get_what_one_does(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, policy(smallest_gap_minutes=30))
    clinic.book(at(TUESDAY, 10))
    asked = [query(clinic, TUESDAY + number % 3 * DAY, 1 + number % 5) for number in range(15)]
    alone = [sqlite.read_now(write_slots, clinic.public, one, write_slots_answer).body for one in asked]
    together = Barrier(2)

    def search(_number: int) -> list[bytes]:
        together.wait()
        return [sqlite.read_now(write_slots, clinic.public, one, write_slots_answer).body for one in asked]

    for _ in range(3):
        sqlite.memory = Memory()
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(search, range(2))) == [alone, alone]


def test_memory_takes_what_it_says(sqlite: Database, clock: Clock) -> None:
    """Of many questions that nobody asks twice."""
    clinic = clinic_with(sqlite, policy(horizon_days=200), treatment(regions=["lumbar", "thigh", "knee"]))
    for number in (0, 1):
        search_much(clinic, 2, 200 * number)  # what Python and SQLAlchemy keep for ever
    sqlite.memory = memory = Memory()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    search_much(clinic, 40, 20)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(memory) > 250
    assert 0.5 * memory.used < grown < 1.5 * memory.used


def test_memory_stays_within_its_bounds(sqlite: Database) -> None:
    clinic = clinic_with(sqlite, policy(horizon_days=200))
    sqlite.memory = memory = Memory(100_000)
    search_much(clinic, 60, 0)
    assert 50_000 < memory.used <= 100_000
    assert starts(clinic)[0] == "09:00"


def search_much(clinic: DullClinic, number: int, first: int) -> None:
    for offset in range(number):
        day = TUESDAY + (first + offset) * DAY
        regions = [None, frozenset({"lumbar"}), frozenset({"lumbar", "thigh"})][offset % 3]
        asked = query(clinic, day, 1 + offset % 20, regions=regions if first else None)
        clinic.database.read_now(write_slots, clinic.public, asked, write_slots_answer)
