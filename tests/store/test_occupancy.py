"""What is taken of diaries, as ticks: claims by site, absences, and until when holds are in it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from booking.domain.appointment import Appointment
from booking.domain.ids import DiaryId, SiteId
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import TimeSpan
from booking.domain.time.ticks import instant_of, pair_of
from booking.store import absences, claims
from booking.store.database import Database, Transaction
from booking.store.occupancy import Occupied, occupied
from booking.usecases.book import BookAppointment, book
from booking.usecases.hold import HoldRef, HoldSlot, extend, hold
from booking.usecases.placing import Wanted
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

WEDNESDAY = TUESDAY + timedelta(days=1)
DAY = TimeSpan(at(TUESDAY, 0), at(WEDNESDAY, 0))
SECOND = timedelta(seconds=1)
Times = list[tuple[datetime, datetime]]


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    """Ada works in Seattle in the morning, in Tacoma in the afternoon; visits have five minutes after them."""
    data = dull(ben={})
    data["site"].append({**data["site"][0], "slug": "tacoma", "name": "Tacoma", "room": []})
    days = ["tue", "wed"]
    data["practitioner"][0]["hours"] = [
        {"site": "seattle", "days": days, "from": "08:00", "to": "12:00"},
        {"site": "tacoma", "days": days, "from": "13:00", "to": "18:00"},
    ]
    return open_clinic(database, data)


def wanted(clinic: DullClinic, hour: int, site: str = "seattle", who: str = "ada") -> Wanted:
    return Wanted(
        treatment_type=clinic.treatments["needling"],
        site=clinic.sites[site],
        start=at(TUESDAY, hour),
        practitioner=clinic.practitioners[who],
    )


def booked(clinic: DullClinic, *args: Any) -> Appointment:
    command = BookAppointment(contact=contact(f"Patient {args}"), what=wanted(clinic, *args))
    return clinic.database.write_now(book, clinic.reception, command).appointment


def held(clinic: DullClinic, hour: int, key: str = "mine") -> Appointment:
    command = HoldSlot(wanted=wanted(clinic, hour), hold_key=key)
    return clinic.database.write_now(hold, clinic.reception, command).appointment


def look(clinic: DullClinic, window: TimeSpan | None = None, *, who: str = "ada", **more: Any) -> Occupied:
    """Of the whole day, by site, unless told otherwise."""
    diary, how = DiaryId(clinic.practitioners[who]), {"by_site": True, **more}

    def read(tx: Transaction) -> Occupied:
        return occupied(tx, clinic.id, [diary], window or DAY, tx.now(), **how)[diary]

    return clinic.database.read_now(read)


def times(found: Occupied, site: SiteId | None) -> Times:
    pairs = (pair_of(packed) for packed in found.claimed.get(site, ()))
    return sorted((instant_of(start), instant_of(end)) for start, end in pairs)


def claim_at(hour: int) -> tuple[datetime, datetime]:
    return at(TUESDAY, hour), at(TUESDAY, hour, 35)


def test_claims_are_told_by_site(clinic: DullClinic) -> None:
    for args in ((9,), (11,), (14, "tacoma")):
        booked(clinic, *args)
    found = look(clinic)
    assert {slug: times(found, site) for slug, site in clinic.sites.items()} == {
        "seattle": [claim_at(9), claim_at(11)],
        "tacoma": [claim_at(14)],
    }
    assert (found.away, found.until, times(found, None)) == ([], None, [])


def test_claims_are_told_together_when_sites_do_not_matter(clinic: DullClinic) -> None:
    for args in ((9,), (14, "tacoma")):
        booked(clinic, *args)
    found = look(clinic, by_site=False)
    assert (times(found, None), list(found.claimed)) == ([claim_at(9), claim_at(14)], [None])


def test_each_diary_has_its_own_and_one_without_anything_is_there(clinic: DullClinic) -> None:
    booked(clinic, 9)
    booked(clinic, 10, "seattle", "ben")
    seattle = clinic.sites["seattle"]
    assert [times(look(clinic, who=who), seattle) for who in ("ada", "ben")] == [[claim_at(9)], [claim_at(10)]]
    rooms = [DiaryId(clinic.rooms[slug]) for slug in ("room-1", "room-2")]
    found = clinic.database.read_now(lambda tx: occupied(tx, clinic.id, rooms, DAY, tx.now(), by_site=True))
    assert [times(found[one], seattle) for one in rooms] == [[claim_at(9), claim_at(10)], []]
    assert clinic.database.read_now(lambda tx: occupied(tx, clinic.id, [], DAY, tx.now(), by_site=True)) == {}


@pytest.mark.parametrize(
    ("first", "last", "seen"),
    [
        (at(TUESDAY, 9, 35), at(WEDNESDAY, 0), False),
        (at(TUESDAY, 9, 35) - SECOND, at(WEDNESDAY, 0), True),
        (at(TUESDAY, 0), at(TUESDAY, 9), False),
        (at(TUESDAY, 0), at(TUESDAY, 9) + SECOND, True),
    ],
)
def test_claims_that_meet_the_window_are_told_whole(
    clinic: DullClinic, first: datetime, last: datetime, *, seen: bool
) -> None:
    booked(clinic, 9)
    found = look(clinic, TimeSpan(first, last))
    assert times(found, clinic.sites["seattle"]) == ([claim_at(9)] if seen else [])


def test_hold_counts_until_it_expires_and_tells_when(clinic: DullClinic, clock: Clock) -> None:
    first = held(clinic, 9)
    clock.advance(minutes=2)
    held(clinic, 11, "another")
    found = look(clinic)
    assert (times(found, clinic.sites["seattle"]), found.until) == ([claim_at(9), claim_at(11)], first.expires_at)
    clock.advance(minutes=8)
    found = look(clinic)
    assert (times(found, clinic.sites["seattle"]), found.until) == ([claim_at(11)], clock.now + timedelta(minutes=2))


def test_hold_that_is_extended_lasts_longer(clinic: DullClinic, clock: Clock) -> None:
    one = held(clinic, 9)
    clock.advance(minutes=5)
    clinic.database.write_now(extend, clinic.public, HoldRef(hold=one.id, hold_key="mine"))
    assert look(clinic).until == clock.now + timedelta(minutes=10)


def test_of_visits_and_holds_the_first_hold_tells_until_when(clinic: DullClinic, clock: Clock) -> None:
    booked(clinic, 14, "tacoma")
    held(clinic, 9)
    assert look(clinic).until == clock.now + timedelta(minutes=10)
    assert look(clinic, TimeSpan(at(TUESDAY, 12), at(WEDNESDAY, 0))).until is None


def test_one_visit_can_be_left_out(clinic: DullClinic) -> None:
    one = held(clinic, 9)
    booked(clinic, 11)
    found = look(clinic, but=one.id)
    assert (times(found, clinic.sites["seattle"]), found.until) == ([claim_at(11)], None)


def test_times_off_the_ticks_are_rounded_outward(clinic: DullClinic) -> None:
    """They come from outside: whatever is entered here lies on the ticks."""
    off = TimeSpan(at(TUESDAY, 9, 4) + 59 * SECOND, at(TUESDAY, 9, 35) + timedelta(microseconds=1))
    diary = DiaryId(clinic.practitioners["ada"])

    def write(tx: Transaction) -> None:
        away = absences.new(
            diary, absences.LEAVE, LocalSpan(first=TUESDAY, last=TUESDAY), off, reason="", origin=absences.DESK
        )
        absences.add(tx, clinic.id, [away])

    visit = booked(clinic, 11)
    clinic.database.write_now(write)
    clinic.database.write_now(claims.release, clinic.id, visit.id)
    moved = Appointment(**{**vars(visit), "span": off})
    clinic.database.write_now(claims.insert_for, clinic.id, moved, [diary])
    found = look(clinic)
    assert [(instant_of(start), instant_of(end)) for start, end in found.away] == [(at(TUESDAY, 9), at(TUESDAY, 9, 40))]
    assert times(found, clinic.sites["seattle"]) == [(at(TUESDAY, 9), at(TUESDAY, 9, 45))]


def test_absences_are_told_whole_and_only_when_they_meet_the_window(clinic: DullClinic) -> None:
    """Leave may have begun long before."""
    diary, long = DiaryId(clinic.practitioners["ada"]), timedelta(days=400)

    def write(tx: Transaction) -> None:
        spans = TimeSpan(DAY.start - long, DAY.start + 60 * SECOND), TimeSpan(DAY.end, DAY.end + long)
        days = LocalSpan(first=TUESDAY, last=TUESDAY)
        away = [absences.new(diary, absences.LEAVE, days, one, reason="", origin=absences.DESK) for one in spans]
        absences.add(tx, clinic.id, away)

    clinic.database.write_now(write)
    ((start, end),) = look(clinic).away
    assert (instant_of(start), instant_of(end)) == (DAY.start - long, at(TUESDAY, 0, 5))
