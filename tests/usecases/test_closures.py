"""Closures of a site and of the whole clinic: nothing is offered, what is booked is found, nothing is cancelled."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from booking.domain import absence as bounds
from booking.domain.errors import BookingError, InvalidInput, NotFound, OutsideHours
from booking.domain.ids import SiteId
from booking.domain.time.local import LocalSpan
from booking.store import closures as closure_store
from booking.store.database import Database
from booking.store.idempotency import RequestKey
from booking.store.ids import new_id
from booking.usecases.book import BookAppointment, book
from booking.usecases.closures import CloseSite, ReopenSite, SiteClosed, close_site, reopen_site
from booking.usecases.views.absences import AbsenceQuery, list_absences
from booking.usecases.views.findings import list_findings
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic

WEDNESDAY = TUESDAY + timedelta(days=1)


def on(first: date = TUESDAY, last: date | None = None, start: int | None = None, end: int | None = None) -> LocalSpan:
    return LocalSpan(first=first, last=last or first, start_minute=start, end_minute=end)


def close(clinic: DullClinic, site: str | None = "seattle", days: LocalSpan | None = None, **more: Any) -> SiteClosed:
    where = None if site is None else clinic.sites[site]
    return clinic.database.write_now(close_site, clinic.reception, CloseSite(site=where, days=days or on(), **more))


def reopen(clinic: DullClinic, closed: SiteClosed) -> None:
    clinic.database.write_now(reopen_site, clinic.reception, ReopenSite(closure=closed.closure.id))


def found(clinic: DullClinic) -> list[tuple[UUID, str]]:
    return [(one.appointment_id, one.kind) for one in clinic.database.read_now(list_findings, clinic.reception)]


def offered(clinic: DullClinic, day: date = TUESDAY) -> int:
    query = SlotQuery(treatment_type=clinic.treatments["needling"], first=day, last=day)
    return len(clinic.database.read_now(list_slots, clinic.public, query).slots)


@pytest.fixture
def two_sites(database: Database) -> DullClinic:
    """Ada treats in Seattle, Ben in Denver, where it is an hour later."""
    data = dull(ben={})
    data["site"].append({**data["site"][0], "slug": "denver", "name": "Denver", "zone": "America/Denver", "room": []})
    data["practitioner"][1]["hours"][0]["site"] = "denver"
    return open_clinic(database, data)


def test_closed_site_is_not_offered_and_its_visits_are_found(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10)).appointment
    clinic.book(at(WEDNESDAY, 10), patient="Sam Reed")
    before = offered(clinic)
    closed = close(clinic, days=on(end=12 * 60), reason="training")
    assert closed.visits == (booked.id,)
    assert found(clinic) == [(booked.id, "site_closed")]
    assert 0 < offered(clinic) < before
    with pytest.raises(OutsideHours):
        clinic.book(at(TUESDAY, 11), patient="Sam Reed")
    reopen(clinic, closed)
    assert (found(clinic), offered(clinic)) == ([], before)
    clinic.book(at(TUESDAY, 11), patient="Sam Reed")


def test_clinic_is_closed_at_every_site_by_its_own_clock(two_sites: DullClinic) -> None:
    """The two visits are at the same time, when the clocks show ten and eleven."""
    clinic = two_sites
    seattle = clinic.book(at(TUESDAY, 10)).appointment
    wanted = replace(clinic.wanted(at(TUESDAY, 10), "ben"), site=clinic.sites["denver"])
    command = BookAppointment(contact=contact("Sam Reed"), what=wanted)
    denver = clinic.database.write_now(book, clinic.public, command).appointment
    closed = close(clinic, None, on(end=11 * 60))
    assert (closed.visits, found(clinic)) == ((seattle.id,), [(seattle.id, "site_closed")])
    reopen(clinic, closed)
    assert found(clinic) == []
    assert close(clinic, None, on(start=11 * 60)).visits == (denver.id,)


def test_closing_one_site_leaves_the_other_open(two_sites: DullClinic) -> None:
    clinic = two_sites
    booked = clinic.book(at(TUESDAY, 10)).appointment
    both = offered(clinic)
    closed = close(clinic, "denver")
    assert (closed.visits, found(clinic)) == ((), [])
    assert 0 < offered(clinic) < both
    reopen(clinic, closed)
    assert close(clinic).visits == (booked.id,)


def test_earlier_closing_finds_visits_that_must_end_before_it(database: Database) -> None:
    data = dull()
    data["treatment"][0]["ends_before_closing"] = 60
    clinic = open_clinic(database, data)
    booked = clinic.book(at(TUESDAY, 13)).appointment
    closed = close(clinic, days=on(start=14 * 60))
    assert closed.visits == ()
    assert found(clinic) == [(booked.id, "outside_hours")]
    (finding,) = database.read_now(list_findings, clinic.reception)
    assert finding.detail["ends_by"] == "13:00"
    reopen(clinic, closed)
    assert found(clinic) == []


def test_the_same_again_adds_nothing(database: Database) -> None:
    clinic = open_clinic(database)
    first = close(clinic, reason="training")
    assert close(clinic, reason="training") == first
    assert close(clinic, days=on(start=0, end=1440), reason="training") == first
    others = [close(clinic, None, reason="training"), close(clinic, reason="party")]
    listed = database.read_now(closure_store.listed, clinic.id)
    assert {one.id for one in listed} == {first.closure.id, *(one.closure.id for one in others)}


def test_what_the_desk_says_beside_the_file_outlasts_it(sqlite: Database) -> None:
    data = dull()
    data["site"][0]["closure"] = [{"first": TUESDAY, "last": TUESDAY, "reason": "training"}]
    clinic = open_clinic(sqlite, data)
    assert close(clinic, reason="training").closure.origin == "desk"
    open_clinic(sqlite, dull())
    assert offered(clinic) == 0


def test_request_is_carried_out_once_under_its_key(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    key = RequestKey(identity="reception", key="k1", digest="d1")
    first = close(clinic, request=key)
    assert close(clinic, request=key) == first
    command = ReopenSite(closure=first.closure.id, request=RequestKey(identity="reception", key="k2", digest="d2"))
    for _ in range(2):
        database.write_now(reopen_site, clinic.reception, command)
    with pytest.raises(NotFound):
        close(clinic, request=key)
    with pytest.raises(NotFound):
        reopen(clinic, first)


def test_unknown_and_retired_sites_are_not_found(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(NotFound):
        sqlite.write_now(close_site, clinic.reception, CloseSite(site=SiteId(new_id()), days=on()))
    data = dull()
    data["site"].append({**data["site"][0], "slug": "east", "room": []})
    later = open_clinic(sqlite, data)
    closed = close(later, "east")
    open_clinic(sqlite, dull())
    with pytest.raises(NotFound):
        close(later, "east", on(WEDNESDAY))
    reopen(later, closed)


def test_days_that_cannot_be_meant_are_refused(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = open_clinic(sqlite)
    spring = date(2027, 3, 14)
    for days, field in ((on(WEDNESDAY, TUESDAY), "last"), (on(spring, start=125, end=175), "from")):
        with pytest.raises(InvalidInput) as refusal:
            close(clinic, days=days)
        assert refusal.value.details == {"field": field}
    monkeypatch.setattr(bounds, "MOST_ON_RECORD", 1)
    close(clinic)
    with pytest.raises(InvalidInput):
        close(clinic, None)


def test_closures_are_listed_with_those_of_the_whole_clinic(two_sites: DullClinic) -> None:
    clinic = two_sites
    for site in ("denver", None, "seattle"):
        close(clinic, site)

    def names(**more: Any) -> list[str]:
        query = AbsenceQuery(first=TUESDAY, last=TUESDAY, **more)
        listed = clinic.database.read_now(list_absences, clinic.reception, query).closures
        return [one.site.name if one.site else "all" for one in listed]

    assert names() == ["Denver", "all", "Seattle"]
    assert names(site=clinic.sites["seattle"]) == ["all", "Seattle"]
    late = AbsenceQuery(first=WEDNESDAY, last=WEDNESDAY)
    assert clinic.database.read_now(list_absences, clinic.reception, late).closures == ()


@pytest.mark.parametrize("hour", range(9, 15))
def test_booking_and_closing_at_once_never_miss_each_other(database: Database, hour: int) -> None:
    clinic, meeting = open_clinic(database), Barrier(2)

    def try_to_book() -> UUID | None:
        meeting.wait()
        try:
            return clinic.book(at(TUESDAY, hour)).appointment.id
        except BookingError:
            return None

    def shut() -> None:
        meeting.wait()
        close(clinic)

    with ThreadPoolExecutor() as pool:
        booked, closed = pool.submit(try_to_book), pool.submit(shut)
        closed.result()
        expected = [] if booked.result() is None else [(booked.result(), "site_closed")]
    assert found(clinic) == expected
