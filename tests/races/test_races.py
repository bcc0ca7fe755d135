"""Many clients at once: exactly the right number wins, and every other is refused with a reason and other times."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.ids import AppointmentId
from booking.usecases.views.findings import list_findings
from tests.races.conftest import ROUNDS, Arena

CROWD = 200


def refusals_with_alternatives(answers: list[dict[str, object]]) -> bool:
    refused = [one for one in answers if one["status"] in {409, 422}]
    return all(one["alternatives"] for one in refused)


@pytest.mark.parametrize("minutes", [(600,), (720, 735, 750)], ids=["one-slot", "overlapping"])
def test_of_a_crowd_on_overlapping_slots_one_wins(arena: Arena, minutes: tuple[int, ...]) -> None:
    for day in range(ROUNDS):
        starts = [arena.start(minute, day) for minute in minutes]
        requests = [arena.booking(number, starts[number % len(starts)]) for number in range(CROWD)]
        outcome = arena.race(requests, f"{len(starts)} overlapping starts")
        assert (outcome.wins, outcome.refusals) == (1, {(409, "slot-taken"): CROWD - 1})
        assert refusals_with_alternatives(outcome.answers)
    assert arena.violations() == []


def test_of_those_who_take_anyone_as_many_win_as_are_free(arena: Arena) -> None:
    for day in range(ROUNDS):
        requests = [arena.booking(number, arena.start(900, day), None) for number in range(4 + 5)]
        outcome = arena.race(requests, "anyone, 4 free")
        assert (outcome.wins, outcome.refusals) == (4, {(409, "slot-taken"): 5})
    assert arena.violations() == []


def book_in_turn(arena: Arena, day: int) -> list[AppointmentId]:
    """Visits of Cleo's, an hour apart."""
    first, desk = datetime.fromisoformat(arena.start(540, day)).astimezone(UTC), arena.clinic.reception
    starts = [first + timedelta(hours=number) for number in range(5)]
    return [arena.clinic.book(one, "cleo", f"At {one}", desk).appointment.id for one in starts]


def test_of_those_who_move_to_one_time_one_wins(arena: Arena) -> None:
    for day in range(60, 60 + ROUNDS):
        visits, token, start = book_in_turn(arena, day), arena.token(), arena.start(960, day)
        requests = [arena.moving(number, visit, start, token) for number in range(8) for visit in visits]
        outcome = arena.race(requests, "moves to one time")
        assert (outcome.wins, outcome.refusals) == (1, {(409, "stale-version"): 7, (409, "slot-taken"): 32})
        others = [one for one in outcome.answers if one["code"] == "slot-taken"]
        assert refusals_with_alternatives(others)
    assert arena.violations() == []


def test_of_those_who_move_one_visit_one_wins(arena: Arena) -> None:
    for day in range(100, 100 + ROUNDS):
        visit, token = book_in_turn(arena, day)[0], arena.token()
        starts = [arena.start(minute, day) for minute in range(840, 960, 15)]
        requests = [arena.moving(number, visit, start, token) for number, start in enumerate(starts * 5)]
        outcome = arena.race(requests, "one visit moved to many times")
        assert (outcome.wins, outcome.refusals) == (1, {(409, "stale-version"): len(requests) - 1})
    assert arena.violations() == []


def test_a_booking_that_meets_a_suspension_is_refused_or_at_risk(arena: Arena) -> None:
    """The last race: nobody can book Ada after it."""
    starts = [arena.start(minute, day) for day in range(10, 13) for minute in range(540, 1000, 45)]
    requests = [{**arena.booking(number, start), "after": number / 50} for number, start in enumerate(starts)]
    requests.append({**arena.suspension(1), "after": len(starts) / 100})
    outcome = arena.race(requests, "booking against a suspension")
    booked = outcome.wins - 1
    refused = {(422, "practitioner-not-eligible"): len(starts) - booked} if booked < len(starts) else {}
    assert outcome.refusals == refused
    at_risk = arena.clinic.database.read_now(list_findings, arena.clinic.manager)
    assert ({one.appointment_id for one in at_risk}, arena.violations()) == (arena.booked_by("ada"), [])
