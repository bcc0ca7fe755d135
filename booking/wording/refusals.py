"""What a refusal says to whoever caused it, and what they can do next."""

from datetime import date

from booking.domain.errors import AlreadyDone, BookingError, TooEarly
from booking.domain.time.zone import ZoneName
from booking.wording import dates

_TITLES = {
    "invalid-input": "Please look at this again",
    "unauthenticated": "Please sign in",
    "not-permitted": "This is not open to you",
    "not-found": "We could not find that",
    "slot-taken": "That time has just been taken",
    "patient-double-booked": "There is another visit at that time",
    "patients-overlap": "Their visits overlap",
    "stale-version": "This visit has changed meanwhile",
    "hold-expired": "That time is no longer held for you",
    "still-running": "We are still working on it",
    "already-done": "Somebody else has done that",
    "nothing-to-undo": "There is nothing to undo",
    "too-early": "It is too early for that",
    "practitioner-not-eligible": "That time is not offered any more",
    "patient-age": "It depends on the patient's age",
    "outside-hours": "That time is not offered any more",
    "too-short-notice": "That time is too soon to book online",
    "beyond-horizon": "That day is not open for booking yet",
    "not-offered": "That time is not offered online",
    "too-close": "There is another visit too close to it",
    "not-bookable-online": "This is booked by phone",
    "rate-limited": "Too many attempts",
    "unavailable": "We cannot answer at the moment",
    "database-refused": "We cannot answer at the moment",
    "method-not-allowed": "That cannot be done here",
    "internal-error": "Something went wrong here",
}
_AT_THE_DESK = {
    "slot-taken": "That time is taken",
    "practitioner-not-eligible": "The law, or what is on file, does not allow it",
    "outside-hours": "That is outside working hours",
}
_SENTENCES = {
    "not-permitted": "Your sign-in does not open this. Ask your manager if you need it.",
    "not-found": "The address may be mistyped, or what it led to is gone.",
    "method-not-allowed": "Go back and try once more from the page before.",
    "invalid-input": "What was sent could not be read. Go back and try once more.",
    "internal-error": "This is our fault, and it has been recorded. Please try again in a moment.",
}


def title(code: str) -> str:
    """A heading for the refusal, whatever it was."""
    return _TITLES.get(code, "That did not work")


def title_at_the_desk(code: str) -> str:
    """The same for staff, who look for a time rather than having lost one."""
    return _AT_THE_DESK.get(code) or title(code)


def sentence(code: str) -> str:
    """What to do, where the refusal has no sentence of its own; empty when the title says it all."""
    return _SENTENCES.get(code, "")


def at_the_desk(refusal: BookingError, zone: ZoneName, today: date) -> str:
    """The same for staff at a visit, with who did it before or from when on it can be done, by the clock there."""
    match refusal:
        case AlreadyDone():
            moment = dates.moment(refusal.details["at"], zone, today)
            return f"{refusal.details['by']} has done that already: {moment}."
        case TooEarly():
            return f"It can be done from {dates.moment(refusal.details['opens'], zone, today)} on."
        case _:
            return explained(refusal)


def explained(refusal: BookingError) -> str:
    """The refusal's own sentence, unless the title has said the same already; no names of permissions."""
    if refusal.code == "not-permitted":
        return sentence(refusal.code)
    return "" if refusal.message.rstrip(".") == title(refusal.code) else refusal.message
