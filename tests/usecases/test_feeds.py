"""Secret calendar addresses: one secret at a time, worth nothing once it is replaced or taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.domain.errors import IdempotencyMismatch, NotFound, NotPermitted
from booking.domain.ids import FeedId, PractitionerId
from booking.domain.permission import Caller, Role
from booking.store.database import Database
from booking.store.feeds import Feed, Privacy
from booking.store.idempotency import RequestKey
from booking.store.ids import new_id
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.feeds import (
    CreateFeed,
    RevokeFeed,
    RotateFeed,
    create_feed,
    list_feeds,
    note_fetch,
    revoke_feed,
    rotate_feed,
)
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.views.agenda import FeedState, agenda, feed_state
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock


def practitioner(clinic: DullClinic, slug: str = "ada") -> Caller:
    return clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners[slug])


def made(clinic: DullClinic, hashed: str = "first", privacy: Privacy = Privacy.MINIMAL) -> Feed:
    command = CreateFeed(practitioner=clinic.practitioners["ada"], token_hash=hashed, privacy=privacy)
    return clinic.database.write_now(create_feed, clinic.manager, command)


def state(clinic: DullClinic, token_hash: str) -> FeedState | None:
    return clinic.database.read_now(feed_state, token_hash)


def test_feed_is_found_by_its_secret_until_that_is_replaced_or_taken_back(database: Database) -> None:
    clinic = open_clinic(database)
    feed = made(clinic)
    found = state(clinic, "first")
    assert found is not None
    assert found.feed == feed
    assert state(clinic, "guessed") is None
    rotated = database.write_now(rotate_feed, clinic.manager, RotateFeed(feed=feed.id, token_hash="second"))
    assert (rotated.id, state(clinic, "first")) == (feed.id, None)
    assert state(clinic, "second") is not None
    for _ in range(2):
        database.write_now(revoke_feed, clinic.manager, RevokeFeed(feed=feed.id))
    assert state(clinic, "second") is None
    assert database.read_now(list_feeds, clinic.manager, clinic.practitioners["ada"]) == []


def test_a_practitioner_manages_their_own_feeds_alone(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    feed = made(clinic)
    ada, ben = practitioner(clinic), practitioner(clinic, "ben")
    assert database.read_now(list_feeds, ada, clinic.practitioners["ada"]) == [feed]
    with pytest.raises(NotPermitted):
        database.read_now(list_feeds, ben, clinic.practitioners["ada"])
    for_ada = CreateFeed(practitioner=clinic.practitioners["ada"], token_hash="other")
    with pytest.raises(NotPermitted):
        database.write_now(create_feed, ben, for_ada)
    with pytest.raises(NotFound):
        database.write_now(rotate_feed, ben, RotateFeed(feed=feed.id, token_hash="other"))
    with pytest.raises(NotFound):
        database.write_now(revoke_feed, ben, RevokeFeed(feed=feed.id))
    assert state(clinic, "first") is not None
    database.write_now(revoke_feed, ada, RevokeFeed(feed=feed.id))
    assert state(clinic, "first") is None


def test_names_in_a_feed_are_for_the_manager_to_allow(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    command = CreateFeed(practitioner=clinic.practitioners["ada"], token_hash="full", privacy=Privacy.FULL)
    with pytest.raises(NotPermitted):
        sqlite.write_now(create_feed, practitioner(clinic), command)
    assert made(clinic, "full", Privacy.FULL).privacy is Privacy.FULL


def test_feed_of_nobody_and_unknown_feed_are_not_found(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    nobody = CreateFeed(practitioner=PractitionerId(new_id()), token_hash="none")
    with pytest.raises(NotFound):
        sqlite.write_now(create_feed, clinic.manager, nobody)
    with pytest.raises(NotFound):
        sqlite.write_now(rotate_feed, clinic.manager, RotateFeed(feed=FeedId(new_id()), token_hash="none"))


def test_feed_of_somebody_who_no_longer_treats_opens_nothing(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    made(clinic)
    without = dull(ben={})
    del without["practitioner"][0]
    open_clinic(database, without)
    assert state(clinic, "first") is None


def test_create_once_under_one_key(database: Database) -> None:
    clinic = open_clinic(database)
    request = RequestKey(identity="manager", key="k1", digest="d1")
    command = CreateFeed(practitioner=clinic.practitioners["ada"], token_hash="first", request=request)
    first, again = (database.write_now(create_feed, clinic.manager, command) for _ in range(2))
    assert first == again
    with pytest.raises(IdempotencyMismatch):
        database.write_now(create_feed, clinic.manager, replace(command, request=replace(request, digest="d2")))


def test_agenda_shows_visits_and_for_a_while_cancelled_ones_but_no_holds(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database, dull(ben={}))
    made(clinic)
    kept, gone = clinic.book(at(TUESDAY, 10)), clinic.book(at(TUESDAY, 12), patient="Someone Else")
    clinic.book(at(TUESDAY, 14), "ben")
    database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 15)), hold_key="mine"))
    database.write_now(cancel, clinic.reception, CancelAppointment(appointment=gone.appointment.id, version=1))

    def shown() -> list[tuple[object, str, str]]:
        seen = state(clinic, "first")
        assert seen is not None
        entries = database.read_now(agenda, seen).entries
        return [(entry.id, str(entry.status), entry.patient) for entry in entries]

    assert shown() == [
        (kept.appointment.id, "booked", "Pat Smith"),
        (gone.appointment.id, "cancelled", "Someone Else"),
    ]
    clock.now = at(TUESDAY + timedelta(days=30), 10)
    assert shown() == [(kept.appointment.id, "booked", "Pat Smith")]


def test_state_moves_exactly_when_what_is_shown_may(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    made(clinic)
    seen = [state(clinic, "first")]
    database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 15)), hold_key="mine"))
    clock.advance(minutes=30)
    assert state(clinic, "first") == seen[0]
    booked = clinic.book(at(TUESDAY, 10))
    seen.append(state(clinic, "first"))
    database.write_now(cancel, clinic.reception, CancelAppointment(appointment=booked.appointment.id, version=1))
    seen.append(state(clinic, "first"))
    data = dull()
    data["site"][0]["name"] = "Seattle North"
    open_clinic(database, data)
    seen.append(state(clinic, "first"))
    clock.advance(days=1)
    seen.append(state(clinic, "first"))
    assert [seen.count(one) for one in seen] == [1] * 5


def test_fetches_are_noted_every_ten_minutes_at_most(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite)
    feed = made(clinic)
    stale = []
    for _ in range(3):
        seen = state(clinic, "first")
        assert seen is not None
        stale.append(seen.is_stale)
        sqlite.write_now(note_fetch, clinic.id, feed.id, "a calendar " * 100)
        clock.advance(minutes=5)
    clock.advance(minutes=5)
    seen = state(clinic, "first")
    assert seen is not None
    assert (stale, seen.is_stale, len(seen.feed.last_user_agent or "")) == ([True, False, False], True, 200)
