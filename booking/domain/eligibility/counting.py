"""When a credential counts."""

from datetime import date

from booking.domain.credential import Credential, Verification
from booking.domain.time.span import ALWAYS, NEVER, SpanSet
from booking.domain.time.zone import ZoneName, day_span


def counted(credential: Credential, zone: ZoneName) -> SpanSet:
    """When it counts: verified, within its dates, not suspended, and from the day it was earned, if that is on file.

    Dates that run backwards, and an `earned` that is not a date, count for nothing.
    """
    if credential.verification is not Verification.VERIFIED or runs_backwards(credential):
        return NEVER
    return credential.valid(zone) & _since_earned(credential, zone)


def runs_backwards(credential: Credential) -> bool:
    """Whether it, or a suspension of it, ends before it starts."""
    stretches = [(credential.valid_from, credential.valid_until)]
    stretches += [(hole.first, hole.last) for hole in credential.suspensions]
    return any(first is not None and last is not None and last < first for first, last in stretches)


def earned_on(credential: Credential) -> date | None:
    """The day in its attribute `earned`, such as "2024-05-31"; None when there is none, or it is not a date."""
    try:
        return date.fromisoformat(str(credential.attributes.get("earned")))
    except ValueError:
        return None


def _since_earned(credential: Credential, zone: ZoneName) -> SpanSet:
    if "earned" not in credential.attributes:
        return ALWAYS
    day = earned_on(credential)
    return NEVER if day is None else SpanSet([day_span(day, None, zone)])


def amount(credential: Credential, attribute: str) -> int:
    """The whole number in an attribute; 0 when it is something else, or less than nothing."""
    value = credential.attributes.get(attribute)
    return max(value, 0) if type(value) is int else 0  # true is no number


def started_on(credential: Credential) -> date | None:
    """The first day its holder had it: the day it was earned or the start of its dates, whichever is earlier."""
    days = [day for day in (earned_on(credential), credential.valid_from) if day is not None]
    return min(days, default=None)
