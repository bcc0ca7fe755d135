"""The life of an appointment as one table: which step leads from where to where, from when on, and how it is undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from booking.domain.errors import StaleVersion, TooEarly
from booking.domain.permission import Action
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, day_span, local_date


class Status(StrEnum):
    """Words of FHIR's appointment and encounter status, where those have one."""

    HELD = "held"
    REQUESTED = "requested"
    BOOKED = "booked"
    ARRIVED = "arrived"
    IN_TREATMENT = "in_treatment"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    ENTERED_IN_ERROR = "entered_in_error"


TAKES_TIME = frozenset({
    Status.HELD, Status.REQUESTED, Status.BOOKED, Status.ARRIVED, Status.IN_TREATMENT, Status.FULFILLED,
})  # fmt: skip
"""Claims exist exactly in these; of a fulfilled visit for as long as it took."""

AHEAD = frozenset({Status.REQUESTED, Status.BOOKED, Status.ARRIVED, Status.IN_TREATMENT})
"""Visits that are still to be given, wholly or in part, and must be lawful."""


Shown = Literal["tentative", "confirmed", "cancelled"]
"""The words of RFC 5545 for whether what a calendar shows takes place."""


def shows(status: Status) -> Shown:
    """What calendars show of it: a request is tentative, and what was called off is cancelled."""
    if status is Status.REQUESTED:
        return "tentative"
    return "confirmed" if status in {*AHEAD, Status.FULFILLED} else "cancelled"


class Step(StrEnum):
    """What is done to a visit once it is there."""

    ACCEPT = "accept"
    DECLINE = "decline"
    CHECK_IN = "check_in"
    START = "start"
    COMPLETE = "complete"
    RECORD_NO_SHOW = "record_no_show"
    CANCEL = "cancel"
    ENTER_IN_ERROR = "enter_in_error"


class FromWhen(StrEnum):
    """From when on a step can be taken: any time, on the visit's local day, or once it should have started."""

    ANY_TIME = "any_time"
    THAT_DAY = "that_day"
    ITS_START = "its_start"


@dataclass(frozen=True, kw_only=True)
class Transition:
    before: frozenset[Status]
    after: Status
    action: Action
    from_when: FromWhen = FromWhen.ANY_TIME


LIFE: dict[Step, Transition] = {
    Step.ACCEPT: Transition(before=frozenset({Status.REQUESTED}), after=Status.BOOKED, action=Action.ANSWER_REQUEST),
    Step.DECLINE: Transition(
        before=frozenset({Status.REQUESTED}), after=Status.CANCELLED, action=Action.ANSWER_REQUEST
    ),
    Step.CHECK_IN: Transition(
        before=frozenset({Status.BOOKED}), after=Status.ARRIVED, action=Action.CHECK_IN, from_when=FromWhen.THAT_DAY
    ),
    Step.START: Transition(
        before=frozenset({Status.BOOKED, Status.ARRIVED}),
        after=Status.IN_TREATMENT,
        action=Action.TREAT,
        from_when=FromWhen.THAT_DAY,
    ),
    Step.COMPLETE: Transition(
        before=frozenset({Status.ARRIVED, Status.IN_TREATMENT}),
        after=Status.FULFILLED,
        action=Action.TREAT,
        from_when=FromWhen.THAT_DAY,
    ),
    Step.RECORD_NO_SHOW: Transition(
        before=frozenset({Status.BOOKED}),
        after=Status.NO_SHOW,
        action=Action.CHECK_IN,
        from_when=FromWhen.ITS_START,
    ),
    Step.CANCEL: Transition(
        before=frozenset({Status.REQUESTED, Status.BOOKED, Status.ARRIVED}),
        after=Status.CANCELLED,
        action=Action.CANCEL,
    ),
    Step.ENTER_IN_ERROR: Transition(
        before=frozenset(Status) - {Status.HELD, Status.ENTERED_IN_ERROR},
        after=Status.ENTERED_IN_ERROR,
        action=Action.CORRECT,
    ),
}

BEGINS = frozenset({Status.REQUESTED, Status.BOOKED})
"""What history begins with. A hold that is released or expires leaves no trace."""

BROUGHT = frozenset({Status.FULFILLED, Status.CANCELLED, Status.NO_SHOW})
"""What the history of a visit begins with that another system has kept, and that was over when it came here."""


def actions_between(before: Status, after: Status) -> frozenset[Action]:
    """Of whom one must be permitted whoever leads a visit from the one to the other, or undoes that."""
    return frozenset(each.action for each in LIFE.values() if before in each.before and each.after is after)


def ensure_possible(
    step: Step, current: Status, span: TimeSpan, zone: ZoneName, *, version: int, now: datetime
) -> None:
    """Raises StaleVersion when the step does not lead on from where the visit is, TooEarly before it can be taken."""
    transition = LIFE[step]
    if current not in transition.before:
        raise StaleVersion(version)
    opens = earliest(step, span, zone)
    if opens is not None and now < opens:
        raise TooEarly(opens)


def earliest(step: Step, span: TimeSpan, zone: ZoneName) -> datetime | None:
    """From when on the step can be taken; None is any time."""
    match LIFE[step].from_when:
        case FromWhen.THAT_DAY:
            day = local_date(span.start, zone)
            return day_span(day, day, zone).start
        case FromWhen.ITS_START:
            return span.start
        case FromWhen.ANY_TIME:
            return None


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One entry of a visit's history: `undoes` is the number of the entry that it takes back."""

    number: int
    status: Status
    actor: str
    at: datetime
    undoes: int | None = None
    reason: str | None = None


def may_be_undone(history: Sequence[Recorded]) -> bool:
    """One step back: the last entry is no undoing itself, and there was something before it."""
    return len(history) > 1 and history[-1].undoes is None


def out_of_order(history: Sequence[Recorded], begins: Collection[Status] = BEGINS) -> bool:
    """Whether this cannot have happened: an entry that follows from none before it, the first not one of `begins`."""
    return any(not _follows(history[:n], one, begins) for n, one in enumerate(history))


def _follows(before: Sequence[Recorded], one: Recorded, begins: Collection[Status]) -> bool:
    if not before:
        return one.status in begins and one.undoes is None
    if one.undoes is not None:
        return may_be_undone(before) and (one.undoes, one.status) == (before[-1].number, before[-2].status)
    return any(before[-1].status in each.before and one.status is each.after for each in LIFE.values())
