"""When a credential counts."""

from datetime import MAXYEAR, date, timedelta
from functools import lru_cache

from booking.domain.credential import Credential, Verification
from booking.domain.rules import Accepted
from booking.domain.time.span import ALWAYS, NEVER, SpanSet
from booking.domain.time.zone import ZoneName, day_span

ACTIVE = "active"
"""The status of a credential that does not say otherwise."""


@lru_cache(maxsize=1 << 12)  # the windows of grants and the days of credentials recur with every question
def days(first: date | None, last: date | None, zone: ZoneName) -> SpanSet:
    """The local days from `first` to `last`, both included; None is open. Days that run backwards are none."""
    try:
        return SpanSet([day_span(first, last, zone)])
    except ValueError:  # backwards, or a single day that the clock skipped
        return NEVER


def counted(credential: Credential, zone: ZoneName, accepted: Accepted | None = None) -> SpanSet:
    """When it counts: verified, within its dates, not suspended, and from the day it was earned, if that is on file.

    Dates that run backwards, and an `earned` that is not a date, count for nothing; nor does a status other than
    active, but for what is `accepted` and as long.
    """
    if credential.verification is not Verification.VERIFIED:
        return NEVER
    if credential.suspensions and runs_backwards(credential):
        return NEVER
    spans = days(credential.valid_from, credential.valid_until, zone)
    for hole in credential.suspensions:
        spans -= days(hole.first, hole.last, zone)
    if "earned" in credential.attributes:
        spans &= _since_earned(credential, zone)
    return spans if status_of(credential) == ACTIVE else spans & _while_accepted(credential, accepted, zone)


def _while_accepted(credential: Credential, accepted: Accepted | None, zone: ZoneName) -> SpanSet:
    if accepted is None or status_of(credential) not in accepted.statuses:
        return NEVER
    return days(None, accepted.last, zone)


def runs_backwards(credential: Credential) -> bool:
    """Whether it, or a suspension of it, ends before it starts."""
    stretches = [(credential.valid_from, credential.valid_until)]
    stretches += [(hole.first, hole.last) for hole in credential.suspensions]
    return any(first is not None and last is not None and last < first for first, last in stretches)


def status_of(credential: Credential) -> str:
    """How it stands at its issuer: a word of `booking.domain.words.STATUSES`, or something else nobody accepts."""
    return str(credential.attributes.get("status", ACTIVE))


def earned_on(credential: Credential) -> date | None:
    """The day in its attribute `earned`, such as "2024-05-31"; None when there is none, or it is not a date."""
    try:
        return date.fromisoformat(str(credential.attributes.get("earned")))
    except ValueError:
        return None


def _since_earned(credential: Credential, zone: ZoneName) -> SpanSet:
    day = earned_on(credential)
    return NEVER if day is None else days(day, None, zone)


def amount(credential: Credential, attribute: str) -> int:
    """The whole number in an attribute; 0 when it is something else, or less than nothing."""
    value = credential.attributes.get(attribute)
    return max(value, 0) if type(value) is int else 0  # true is no number


def started_on(credential: Credential) -> date | None:
    """The first day its holder had it: the day it was earned or the start of its dates, whichever is earlier."""
    known = [day for day in (earned_on(credential), credential.valid_from) if day is not None]
    return min(known, default=None)


def credited_on(credential: Credential) -> date | None:
    """The day its amounts were earned: the day it was earned itself, or else the start of its dates."""
    return earned_on(credential) if "earned" in credential.attributes else credential.valid_from


def later(day: date, *, years: int = 0, months: int = 0) -> date | None:
    """The day so much later by the calendar; the first of the next month for a day that a month does not have.

    None beyond the calendar's last year.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + years * 12 + months, 12)
    if year > MAXYEAR:
        return None
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 2, 1)  # never December, which has 31 days


def before(day: date | None, zone: ZoneName) -> SpanSet:
    """All days before the day; None is a day that never comes."""
    return ALWAYS if day is None else days(None, day - timedelta(days=1), zone)
