"""The answer to a question day after day: stretches on which it is the same, each with what stands in the way then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from booking.domain.credential import Credential
from booking.domain.eligibility.counting import credited_on, earned_on, later
from booking.domain.eligibility.outcome import GrantOutcome, Outcome
from booking.domain.eligibility.reasons import Reason
from booking.domain.eligibility.verdict import Eligibility
from booking.domain.rules import CredentialNeed, Duty, LicenceNeed, TotalNeed
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, day_end, day_span, day_start, local_date

_A_VISIT = timedelta(minutes=1)
"""How long the visit of a day is that reasons are told for: shorter than any day, as every visit is."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Local days, both included, on each of which these `reasons` stand in the way; without any, it may be given."""

    first: date
    last: date
    span: TimeSpan
    reasons: tuple[Reason, ...]

    @property
    def may(self) -> bool:
        return not self.reasons


def timeline(eligibility: Eligibility, first: date, last: date) -> tuple[Stretch, ...]:
    """The local days from `first` to `last`, both included, without a gap; neighbours differ.

    The reasons of a stretch are those of a visit on any of its days, within the day. Raises ValueError for days that
    run backwards, and for a single one that the clock skipped.
    """
    period, zone = day_span(first, last, eligibility.ask.zone), eligibility.ask.zone
    found: list[Stretch] = []
    for start, end in pairwise(_edges(eligibility, period)):
        reasons = eligibility.reasons(TimeSpan(start, start + _A_VISIT))
        if found and found[-1].reasons == reasons:
            start = found.pop().span.start
        span = TimeSpan(start, end)
        found.append(Stretch(first=local_date(start, zone), last=_last_day(span, zone), span=span, reasons=reasons))
    return tuple(found)


def duties(eligibility: Eligibility, period: TimeSpan) -> tuple[Duty, ...]:
    """What the law asks of the practitioner besides, by the grants that allow something in the period."""
    during = SpanSet([period]) & eligibility.spans
    allowing = (one.grant for layer in eligibility.layers for one in layer.grants if one.spans & during)
    return tuple(dict.fromkeys(duty for grant in allowing for duty in grant.duties))


def _last_day(span: TimeSpan, zone: ZoneName) -> date:
    return local_date(span.end - datetime.resolution, zone)


def _edges(eligibility: Eligibility, period: TimeSpan) -> list[datetime]:
    """The midnights within the period at which an answer or the words of a reason may change, and its own two."""
    inside = {edge for edge in _turns(eligibility) if period.start < edge < period.end}
    return sorted(inside | {period.start, period.end})


def _turns(eligibility: Eligibility) -> Iterator[datetime]:
    ask = eligibility.ask
    credentials = (*ask.credentials, *ask.site_credentials)
    days = {day for one in credentials for day in _days_of(one)}
    for layer in eligibility.layers:
        for grant in layer.grants:
            yield from _of_grant(grant)
            days |= {day for one in grant.needs for day in _days_told(one, credentials)}
    yield from (day_start(day, ask.zone) for day in days)


def _of_grant(one: GrantOutcome) -> Iterator[datetime]:
    for spans in (one.window, one.usable, one.spans):
        yield from _ends(spans)
    for outcome in one.needs:
        yield from _of_outcome(outcome)


def _of_outcome(outcome: Outcome) -> Iterator[datetime]:
    yield from _ends(outcome.spans)
    for serving in (*outcome.evidence, *outcome.supervisors):
        yield from _ends(serving.spans)
    for part in outcome.parts:
        yield from _of_outcome(part)


def _ends(spans: SpanSet) -> Iterator[datetime]:
    for span in spans:
        yield from (span.start, span.end)
