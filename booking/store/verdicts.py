"""What the database says when it is the judge, translated once."""

from sqlalchemy.exc import IntegrityError

from booking.domain.errors import BookingError, SlotTaken, StaleVersion
from booking.store.guards import NO_OVERLAP

_VERDICTS = {
    NO_OVERLAP: SlotTaken,
    "pk_diary_change": StaleVersion,
    "diary_change.revision": StaleVersion,
    "pk_status": StaleVersion,
    "status.number": StaleVersion,
}


def refusal_of(error: IntegrityError) -> BookingError | None:
    """The refusal that a violated guard or key means; None when no caller can have caused it."""
    diagnosis = getattr(error.orig, "diag", None)
    said = getattr(diagnosis, "constraint_name", None) or str(error.orig)
    return next((verdict() for name, verdict in _VERDICTS.items() if name in said), None)
