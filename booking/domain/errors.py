"""Every refusal of the system: what went wrong, for whoever caused it, with a code that does not change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


class BookingError(Exception):
    """A refusal. `code` is stable and public; `message` is a sentence; `details` are facts that may be shown."""

    code = "refused"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, Any] = details


class InvalidInput(BookingError):
    """What was sent cannot be meant. `field` names the part."""

    code = "invalid-input"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, field=field)


class Unauthenticated(BookingError):
    """The caller must first say who they are, or what they said is not so."""

    code = "unauthenticated"


class NotPermitted(BookingError):
    """The caller's role does not allow it."""

    code = "not-permitted"

    def __init__(self, action: str) -> None:
        super().__init__(f"Your role does not allow this ({action.replace('_', ' ')}).", action=str(action))


class NotFound(BookingError):
    """There is no such thing, or it is none of the caller's business: the answer is the same."""

    code = "not-found"

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.")


class SlotTaken(BookingError):
    """Somebody or something the visit needs is not free at that time."""

    code = "slot-taken"

    def __init__(self, message: str = "That time has just been taken.") -> None:
        super().__init__(message)


class PatientAge(BookingError):
    """The law lets nobody give this treatment to somebody so young, or of an age that nobody has told."""

    code = "patient-age"


class PatientDoubleBooked(BookingError):
    """The patient has another appointment at that time."""

    code = "patient-double-booked"

    def __init__(self) -> None:
        super().__init__("There is already an appointment for this person at that time.")


class PatientsOverlap(BookingError):
    """Two records have visits at one time, which one person cannot both have; `references` names them."""

    code = "patients-overlap"

    def __init__(self, references: Sequence[str]) -> None:
        sentence = f"One person cannot have these at the same time: {', '.join(references)}."
        super().__init__(sentence, references=tuple(references))


class StaleVersion(BookingError):
    """The thing changed after the caller last saw it."""

    code = "stale-version"

    def __init__(self, current: int | None = None) -> None:
        super().__init__("It has been changed meanwhile; look at it again.", current_version=current)


class HoldExpired(BookingError):
    """The hold is over, was released, or never was."""

    code = "hold-expired"

    def __init__(self) -> None:
        super().__init__("That time is no longer held for you.")


class StillRunning(BookingError):
    """The same request, under the same idempotency key, is being worked on."""

    code = "still-running"

    def __init__(self) -> None:
        super().__init__("The first request with this idempotency key has not finished.")


class IdempotencyMismatch(BookingError):
    """The idempotency key was used before, for another request."""

    code = "idempotency-mismatch"

    def __init__(self) -> None:
        super().__init__("This idempotency key was used for a different request.")


class PractitionerNotEligible(BookingError):
    """The practitioner may not lawfully give this treatment there and then; `reasons` is one entry per failed need."""

    code = "practitioner-not-eligible"

    def __init__(self, message: str, reasons: Sequence[Any]) -> None:
        super().__init__(message, reasons=tuple(reasons))


class OutsideHours(BookingError):
    """The practitioner does not work there at that time, or no visit starts at that minute."""

    code = "outside-hours"


class TooShortNotice(BookingError):
    code = "too-short-notice"


class TooEarly(BookingError):
    """What was asked can be done of this visit only later."""

    code = "too-early"

    def __init__(self, opens: datetime) -> None:
        super().__init__("It is too early for that.", opens=opens)


class AlreadyDone(BookingError):
    """Somebody else did it before; whoever repeats what they did themselves is told that it is done."""

    code = "already-done"

    def __init__(self, by: str, at: datetime) -> None:
        super().__init__(f"{by} has done that already.", by=by, at=at)


class NothingToUndo(BookingError):
    """The last step was the first, or was an undoing itself."""

    code = "nothing-to-undo"

    def __init__(self) -> None:
        super().__init__("There is nothing to undo: only the last step can be, and only once.")


class BeyondHorizon(BookingError):
    code = "beyond-horizon"


class NotOffered(BookingError):
    """The clinic does not offer patients that time: the day is full, or it would leave a gap nobody can use."""

    code = "not-offered"


class TooClose(BookingError):
    """The patient has another visit to the same part of the body too shortly before or after."""

    code = "too-close"


class NotBookableOnline(BookingError):
    """The treatment, or the practitioner, is booked through reception only."""

    code = "not-bookable-online"


class RateLimited(BookingError):
    code = "rate-limited"


class Unavailable(BookingError):
    """The system cannot answer now, and the request may be sent again with the same idempotency key."""

    code = "unavailable"

    def __init__(self, message: str = "The system cannot answer at the moment; try again.") -> None:
        super().__init__(message)


class RulesInvalid(BookingError):
    """A rule set is not well formed; `faults` says where and why, one sentence each."""

    code = "rules-invalid"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults), faults=tuple(faults))


class ClinicInvalid(BookingError):
    """A description of a clinic is not well formed; `faults` says where and why, one sentence each."""

    code = "clinic-invalid"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults), faults=tuple(faults))


class DatabaseRefused(BookingError):
    """The database is not one this program may serve: older, newer, damaged, or of another kind."""

    code = "database-refused"
