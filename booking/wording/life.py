"""What becomes of a visit, in the words of those who work there."""

from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.lifecycle import Status, Step

_STATES = {
    Status.HELD: "Held",
    Status.REQUESTED: "Requested",
    Status.BOOKED: "Booked",
    Status.ARRIVED: "Arrived",
    Status.IN_TREATMENT: "In treatment",
    Status.FULFILLED: "Done",
    Status.CANCELLED: "Cancelled",
    Status.NO_SHOW: "Did not come",
    Status.ENTERED_IN_ERROR: "Entered in error",
}
_LOOKS = {
    Status.REQUESTED: "asked",
    Status.BOOKED: "info",
    Status.ARRIVED: "warn",
    Status.IN_TREATMENT: "under-way",
    Status.NO_SHOW: "bad",
}
_SENTENCES = {
    Status.HELD: "The time is held.",
    Status.REQUESTED: "The request waits for an answer.",
    Status.BOOKED: "The appointment is booked.",
    Status.ARRIVED: "The patient has arrived.",
    Status.IN_TREATMENT: "The treatment has begun.",
    Status.FULFILLED: "The visit is done.",
    Status.CANCELLED: "The appointment is cancelled. Its time is free again.",
    Status.NO_SHOW: "The patient did not come.",
    Status.ENTERED_IN_ERROR: "The appointment is marked as entered in error. Its time is free again.",
}
_BUTTONS = {
    Step.ACCEPT: "Accept",
    Step.DECLINE: "Decline",
    Step.CHECK_IN: "Arrived",
    Step.START: "Start",
    Step.COMPLETE: "Done",
    Step.RECORD_NO_SHOW: "Did not come",
    Step.CANCEL: "Cancel",
    Step.ENTER_IN_ERROR: "Entered in error",
}
_MEANINGS = {
    Step.ACCEPT: "It is booked, if the law and everybody's time still allow it.",
    Step.DECLINE: "It is called off, and its time is free again.",
    Step.CHECK_IN: "The patient is here and waits.",
    Step.START: "The treatment begins.",
    Step.COMPLETE: "The treatment is over; time that is left is free again.",
    Step.RECORD_NO_SHOW: "The time is free again.",
    Step.CANCEL: "It is called off, and its time is free again.",
    Step.ENTER_IN_ERROR: "It should never have been entered. Calendars show it as cancelled, its time is free.",
}


def state(visit: Appointment, now: datetime) -> str:
    """A word or two: `Confirmed` once the patient said to come, `Not recorded` once a booked visit is over."""
    if visit.status is Status.BOOKED and visit.span.end <= now:
        return "Not recorded"
    return "Confirmed" if is_confirmed(visit) else _STATES[visit.status]


def look(visit: Appointment, now: datetime) -> str:
    """The class of the badge that says it."""
    if is_confirmed(visit) and now < visit.span.end:
        return "booked"
    return "done" if visit.span.end <= now and visit.status is Status.BOOKED else _LOOKS.get(visit.status, "done")


def is_confirmed(visit: Appointment) -> bool:
    """Whether all that is known is that the patient will come."""
    return visit.status is Status.BOOKED and visit.confirmed_at is not None


def word(status: Status) -> str:
    """`Arrived`, whatever is known besides."""
    return _STATES[status]


def sentence(status: Status) -> str:
    """What has come of it, such as `The patient has arrived.`."""
    return _SENTENCES[status]


def button(step: Step) -> str:
    return _BUTTONS[step]


def meaning(step: Step) -> str:
    """What taking it means, in one line."""
    return _MEANINGS[step]
