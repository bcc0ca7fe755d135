"""The feed over HTTP: what it shows, to whom, and how little it costs to ask again."""

import gzip
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from litestar.testing import TestClient

from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Step
from booking.http.tokens import digest
from booking.settings import Settings
from booking.store import description
from booking.store.database import Database, Transaction
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.feeds import CreateFeed, RevokeFeed, RotateFeed, create_feed, list_feeds, revoke_feed, rotate_feed
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.types import Privacy
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock
from tests.plugins.program import program

TOKEN = "a-secret-of-the-test"
SETTINGS = Settings(secret=b"s" * 40, public_url="https://clinic.example")


@pytest.fixture
def clinic(sqlite: Database) -> DullClinic:
    return open_clinic(sqlite)


@pytest.fixture
def client(clinic: DullClinic) -> Iterator[TestClient[Any]]:
    with program(SETTINGS, clinic.database) as started:
        yield started.client


def subscribe(clinic: DullClinic, privacy: Privacy = Privacy.MINIMAL, token: str = TOKEN) -> CreateFeed:
    command = CreateFeed(practitioner=clinic.practitioners["ada"], token_hash=digest(token), privacy=privacy)
    clinic.database.write_now(create_feed, clinic.manager, command)
    return command


def entries(body: bytes) -> list[tuple[str, str, int]]:
    """Summary, status and sequence of each entry."""
    calendar = icalendar.Calendar.from_ical(body)
    return [(str(one["summary"]), str(one["status"]), int(str(one["sequence"]))) for one in calendar.walk("VEVENT")]


def test_feed_shows_a_visit_and_then_that_it_was_cancelled(clinic: DullClinic, client: TestClient[Any]) -> None:
    subscribe(clinic)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    first = client.get(f"/feeds/{TOKEN}.ics")
    assert (first.status_code, first.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert entries(first.content) == [("Appointment", "CONFIRMED", 0)]
    clinic.database.write_now(cancel, clinic.reception, CancelAppointment(appointment=visit.id, version=1))
    second = client.get(f"/feeds/{TOKEN}.ics")
    assert entries(second.content) == [("Cancelled · Appointment", "CANCELLED", 1)]
    uids = [icalendar.Calendar.from_ical(one.content).walk("VEVENT")[0]["uid"] for one in (first, second)]
    assert uids == [f"{visit.id}@clinic.example"] * 2


def test_feed_shows_a_request_as_tentative_and_what_did_not_take_place_as_cancelled(
    sqlite: Database, clock: Clock
) -> None:
    data = dull()
    data["treatment"][0]["on_request"] = True
    clinic = open_clinic(sqlite, data)
    subscribe(clinic)
    visit, today = clinic.book(at(TUESDAY, 10)).appointment.id, clock.now.date()
    missed = clinic.book(at(today, 9), patient="Sam Reed", caller=clinic.reception).appointment.id
    clock.now = at(today, 9)
    with program(SETTINGS, sqlite) as started:

        def shown(step: Step, version: int, of: AppointmentId) -> list[tuple[str, str, int]]:
            sqlite.write_now(take_step, clinic.manager, TakeStep(appointment=of, version=version, step=step))
            return entries(started.client.get(f"/feeds/{TOKEN}.ics").content)

        assert entries(started.client.get(f"/feeds/{TOKEN}.ics").content) == [
            ("Appointment", "CONFIRMED", 0),
            ("Requested · Appointment", "TENTATIVE", 0),
        ]
        booked = ("Appointment", "CONFIRMED", 1)
        gone = ("Cancelled · Appointment", "CANCELLED", 1)
        assert shown(Step.ACCEPT, 1, visit) == [("Appointment", "CONFIRMED", 0), booked]
        assert shown(Step.RECORD_NO_SHOW, 1, missed) == [gone, booked]
        assert shown(Step.ENTER_IN_ERROR, 2, missed) == [gone, booked]


def test_feed_shows_no_hold_and_nobody_elses_visit(clinic: DullClinic, client: TestClient[Any]) -> None:
    subscribe(clinic)
    assert entries(client.get(f"/feeds/{TOKEN}.ics").content) == []


def test_feed_forgets_what_was_cancelled_a_month_ago(clinic: DullClinic, client: TestClient[Any], clock: Clock) -> None:
    subscribe(clinic)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    clinic.database.write_now(cancel, clinic.reception, CancelAppointment(appointment=visit.id, version=1))
    clock.advance(days=29)
    kept = entries(client.get(f"/feeds/{TOKEN}.ics").content)
    clock.advance(days=3)
    assert (len(kept), entries(client.get(f"/feeds/{TOKEN}.ics").content)) == (1, [])


@pytest.mark.parametrize(
    ("privacy", "summary", "location"),
    [
        (Privacy.BUSY, "Booked", ""),
        (Privacy.MINIMAL, "Appointment", "Room 1, Seattle, 1 Pine Street, Seattle"),
        (Privacy.INITIALS, "Appointment · P. S.", "Room 1, Seattle, 1 Pine Street, Seattle"),
        (Privacy.FULL, "Dry needling · Pat Smith", "Room 1, Seattle, 1 Pine Street, Seattle"),
    ],
)
def test_feed_tells_as_much_as_its_level_allows(
    clinic: DullClinic, client: TestClient[Any], privacy: Privacy, summary: str, location: str
) -> None:
    subscribe(clinic, privacy)
    clinic.book(at(TUESDAY, 10))
    body = client.get(f"/feeds/{TOKEN}.ics").content
    (entry,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert (str(entry["summary"]), str(entry.get("location", ""))) == (summary, location)
    assert (b"Pat Smith" in body, b"example.org" in body) == (privacy is Privacy.FULL, False)


def test_feed_is_not_sent_again_while_nothing_changed(
    clinic: DullClinic, client: TestClient[Any], clock: Clock
) -> None:
    subscribe(clinic)
    clinic.book(at(TUESDAY, 10))
    first = client.get(f"/feeds/{TOKEN}.ics")
    clock.advance(minutes=30)
    etag = first.headers["etag"]
    for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = client.get(f"/feeds/{TOKEN}.ics", headers={"if-none-match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    for sent in ('"other"', "garbage", ""):
        assert client.get(f"/feeds/{TOKEN}.ics", headers={"if-none-match": sent}).status_code == 200
    clinic.book(at(TUESDAY, 14), patient="Someone Else")
    assert client.get(f"/feeds/{TOKEN}.ics", headers={"if-none-match": etag}).status_code == 200


def test_feed_changes_its_tag_for_a_new_day_and_a_new_name(
    clinic: DullClinic, client: TestClient[Any], clock: Clock
) -> None:
    subscribe(clinic)
    tags = [client.get(f"/feeds/{TOKEN}.ics").headers["etag"]]
    clock.advance(days=1)
    tags.append(client.get(f"/feeds/{TOKEN}.ics").headers["etag"])
    clinic.database.write_now(_rename, clinic)
    tags.append(client.get(f"/feeds/{TOKEN}.ics").headers["etag"])
    assert len(set(tags)) == 3


def _rename(tx: Transaction, clinic: DullClinic) -> None:
    from_now = {"display_revision": 99, "name": "New Name"}
    description.update_clinic(tx, clinic.id, from_now)


def test_feed_head_is_get_without_a_body(clinic: DullClinic, client: TestClient[Any]) -> None:
    subscribe(clinic)
    clinic.book(at(TUESDAY, 10))
    got, asked = client.get(f"/feeds/{TOKEN}.ics"), client.head(f"/feeds/{TOKEN}.ics")
    differ = {"date", "x-request-id"}
    assert asked.content == b""
    assert {k: v for k, v in asked.headers.items() if k not in differ} == {
        k: v for k, v in got.headers.items() if k not in differ
    }


@pytest.mark.parametrize(
    ("accepted", "agent", "coding"),
    [
        ("gzip", "curl", "gzip"),
        ("gzip;q=0", "curl", None),
        ("identity", "curl", None),
        ("*", "curl", "gzip"),
        ("*;q=0", "curl", None),
        ("br, gzip;q=0.5", "curl", "gzip"),
        ("gzip", "Microsoft Office/16.0 (Outlook)", None),
    ],
)
def test_feed_is_compressed_as_asked(
    clinic: DullClinic, client: TestClient[Any], accepted: str, agent: str, coding: str | None
) -> None:
    subscribe(clinic)
    plain = client.get(f"/feeds/{TOKEN}.ics", headers={"accept-encoding": "identity"})
    headers = {"accept-encoding": accepted, "user-agent": agent}
    with client.stream("GET", f"/feeds/{TOKEN}.ics", headers=headers) as answer:
        raw = b"".join(answer.iter_raw())
    assert (answer.headers.get("content-encoding"), answer.headers["vary"]) == (coding, "Accept-Encoding")
    assert (gzip.decompress(raw) if coding else raw) == plain.content
    assert (answer.headers["etag"] == plain.headers["etag"]) is (coding is None)


@pytest.mark.parametrize("accept", ["application/json", "image/png", "text/html", ""])
def test_feed_never_bargains_about_its_type(clinic: DullClinic, client: TestClient[Any], accept: str) -> None:
    subscribe(clinic)
    answer = client.get(f"/feeds/{TOKEN}.ics", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        f"/feeds/{TOKEN[:-1]}.ics",
        f"/feeds/{TOKEN.upper()}.ics",
        f"/feeds/{TOKEN}%00.ics",
        f"/feeds/{'a' * 4000}.ics",
        f"/feeds/{TOKEN}",
        "/feeds/.ics",
        "/feeds/revoked.ics",
        "/feeds/old.ics",
    ],
    ids=["cut", "case", "nul", "long", "no-suffix", "empty", "revoked", "rotated"],
)
def test_feed_answers_every_wrong_address_alike(clinic: DullClinic, client: TestClient[Any], path: str) -> None:
    subscribe(clinic)
    for token in ("revoked", "old"):
        subscribe(clinic, token=token)
    known = clinic.database.read_now(list_feeds, clinic.manager, clinic.practitioners["ada"])
    clinic.database.write_now(revoke_feed, clinic.manager, RevokeFeed(feed=known[1].id))
    clinic.database.write_now(rotate_feed, clinic.manager, RotateFeed(feed=known[2].id, token_hash=digest("new")))
    wrong, unknown = client.get(path), client.get("/feeds/nobody-has-this.ics")
    differ = {"date", "x-request-id"}
    assert (wrong.status_code, wrong.content) == (404, unknown.content)
    assert {k: v for k, v in wrong.headers.items() if k not in differ} == {
        k: v for k, v in unknown.headers.items() if k not in differ
    }
    assert client.get("/feeds/new.ics").status_code == 200


def test_feed_may_be_called_anything(clinic: DullClinic, client: TestClient[Any]) -> None:
    subscribe(clinic)
    assert client.get(f"/feeds/{TOKEN}/ada.ics").status_code == 200


def test_feed_remembers_who_read_it_last(clinic: DullClinic, client: TestClient[Any], clock: Clock) -> None:
    subscribe(clinic)
    seen = []
    for minutes, agent in ((0, "khal"), (5, "other"), (6, "vdirsyncer")):
        clock.advance(minutes=minutes)
        client.get(f"/feeds/{TOKEN}.ics", headers={"user-agent": agent})
        (feed,) = clinic.database.read_now(list_feeds, clinic.manager, clinic.practitioners["ada"])
        seen.append((feed.last_user_agent, feed.last_fetched_at))
    began = clock.now - timedelta(minutes=11)
    assert seen == [("khal", began), ("khal", began), ("vdirsyncer", clock.now)]


def test_feed_takes_nothing(clinic: DullClinic, client: TestClient[Any]) -> None:
    subscribe(clinic)
    answer = client.post(f"/feeds/{TOKEN}.ics")
    assert (answer.status_code, "GET" in answer.headers["allow"]) == (405, True)
