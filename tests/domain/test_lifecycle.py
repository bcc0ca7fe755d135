"""The life of an appointment, written out a second time: which step leads where, and what a history may look like."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.errors import StaleVersion, TooEarly
from booking.domain.lifecycle import (
    AHEAD,
    BROUGHT,
    LIFE,
    TAKES_TIME,
    Recorded,
    Status,
    Step,
    actions_between,
    earliest,
    ensure_possible,
    may_be_undone,
    out_of_order,
)
from booking.domain.permission import Action
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import zone_name

ZONE = zone_name("America/Los_Angeles")
START = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # ten in the morning
SPAN = TimeSpan(START, START + timedelta(minutes=30))
MIDNIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

# from, step, to, who may, from when on
TABLE = """
requested     accept          booked            answer_request  -
requested     decline         cancelled         answer_request  -
booked        check_in        arrived           check_in        midnight
booked        start           in_treatment      treat           midnight
arrived       start           in_treatment      treat           midnight
arrived       complete        fulfilled         treat           midnight
in_treatment  complete        fulfilled         treat           midnight
booked        record_no_show  no_show           check_in        start
requested     cancel          cancelled         cancel          -
booked        cancel          cancelled         cancel          -
arrived       cancel          cancelled         cancel          -
requested     enter_in_error  entered_in_error  correct         -
booked        enter_in_error  entered_in_error  correct         -
arrived       enter_in_error  entered_in_error  correct         -
in_treatment  enter_in_error  entered_in_error  correct         -
fulfilled     enter_in_error  entered_in_error  correct         -
cancelled     enter_in_error  entered_in_error  correct         -
no_show       enter_in_error  entered_in_error  correct         -
"""
ROWS = [tuple(line.split()) for line in TABLE.strip().splitlines()]
OPENS = {"-": None, "midnight": MIDNIGHT, "start": START}


@pytest.mark.parametrize(("before", "step", "after", "action", "opens"), ROWS)
def test_step_leads_on_from_its_time_on(before: str, step: str, after: str, action: str, opens: str) -> None:
    taken, current, first = Step(step), Status(before), OPENS[opens]
    assert (LIFE[taken].after, LIFE[taken].action) == (Status(after), Action(action))
    assert earliest(taken, SPAN, ZONE) == first
    ensure_possible(taken, current, SPAN, ZONE, version=1, now=first or datetime(2000, 1, 1, tzinfo=UTC))
    if first is not None:
        with pytest.raises(TooEarly) as early:
            ensure_possible(taken, current, SPAN, ZONE, version=1, now=first - timedelta(microseconds=1))
        assert early.value.details == {"opens": first}


def test_no_other_step_leads_anywhere() -> None:
    listed = {(Status(before), Step(step)) for before, step, *_ in ROWS}
    for status in Status:
        for step in Step:
            if (status, step) not in listed:
                with pytest.raises(StaleVersion) as stale:
                    ensure_possible(step, status, SPAN, ZONE, version=3, now=SPAN.end)
                assert stale.value.details == {"current_version": 3}


def test_what_takes_time_and_what_is_still_to_be_given() -> None:
    assert sorted(TAKES_TIME) == ["arrived", "booked", "fulfilled", "held", "in_treatment", "requested"]
    assert sorted(AHEAD) == ["arrived", "booked", "in_treatment", "requested"]


def test_whoever_may_take_one_of_the_steps_between_may_undo_it() -> None:
    assert actions_between(Status.REQUESTED, Status.CANCELLED) == {Action.ANSWER_REQUEST, Action.CANCEL}
    assert actions_between(Status.BOOKED, Status.CANCELLED) == {Action.CANCEL}
    assert actions_between(Status.CANCELLED, Status.BOOKED) == frozenset()


def history(*entries: str) -> list[Recorded]:
    """`booked arrived booked<2`: each with its number from 1 on, and the number of the one it undoes."""
    found = []
    for number, entry in enumerate(entries, 1):
        status, _, undoes = entry.partition("<")
        one = Recorded(
            number=number, status=Status(status), actor="reception", at=START, undoes=int(undoes or 0) or None
        )
        found.append(one)
    return found


IN_ORDER = [
    "", "booked", "requested booked arrived in_treatment fulfilled", "booked cancelled", "booked cancelled booked<2",
    "booked arrived booked<2 arrived booked<4", "booked no_show booked<2 cancelled",
    "requested cancelled requested<2 booked",
    "booked in_treatment fulfilled in_treatment<3 fulfilled", "booked cancelled entered_in_error cancelled<3",
]  # fmt: skip
OUT_OF_ORDER = [
    "arrived", "held", "cancelled", "booked booked", "booked fulfilled", "cancelled booked", "booked cancelled booked",
    "booked cancelled booked<1", "booked cancelled requested<2", "booked<1", "booked arrived booked<2 arrived<3",
    "booked cancelled booked<2 booked<3", "requested arrived", "booked entered_in_error cancelled",
]  # fmt: skip


@pytest.mark.parametrize("entries", IN_ORDER)
def test_history_that_can_have_happened(entries: str) -> None:
    assert not out_of_order(history(*entries.split()))


@pytest.mark.parametrize("entries", OUT_OF_ORDER)
def test_history_that_cannot_have_happened(entries: str) -> None:
    assert out_of_order(history(*entries.split()))


@pytest.mark.parametrize(
    ("entries", "wrong"),
    [
        ("fulfilled", False), ("no_show entered_in_error no_show<2", False), ("cancelled", False), ("booked", True),
        ("fulfilled fulfilled", True),
    ],
)  # fmt: skip
def test_history_of_another_system_begins_with_how_it_ended(entries: str, *, wrong: bool) -> None:
    assert out_of_order(history(*entries.split()), BROUGHT) == wrong


def test_only_the_last_step_is_undone_and_only_once() -> None:
    assert may_be_undone(history("booked", "arrived"))
    assert not may_be_undone(history("booked"))
    assert not may_be_undone(history("booked", "arrived", "booked<2"))
    assert may_be_undone(history("booked", "arrived", "booked<2", "cancelled"))
