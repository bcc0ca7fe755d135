"""The answer to a question day after day: stretches on which it is the same, each with what stands in the way then.

The colleagues of the question are taken to be there all day: what is told of a day is true of each time in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

from booking.domain.credential import Credential
from booking.domain.eligibility.counting import credited_on, earned_on, later
from booking.domain.eligibility.outcome import Outcome
from booking.domain.eligibility.reasons import Reason
from booking.domain.eligibility.supervision import Supervision
from booking.domain.eligibility.verdict import Eligibility
from booking.domain.practitioner import Practitioner
from booking.domain.rules import CredentialNeed, Duty, LicenceNeed, SupervisorNeed, TotalNeed
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, day_end, day_span, day_start, local_date

_A_VISIT = timedelta(minutes=1)
"""How long the visit of a day is that reasons are told for: shorter than any day, as every visit is."""


@dataclass(frozen=True, kw_only=True)
class Supervised:
    """A supervisor without whom the practitioner may not, and which colleagues could be it."""

    need: SupervisorNeed
    by: tuple[Practitioner, ...]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Local days, both included, on each of which these `reasons` stand in the way; without any, it may be given.

    Where it may be given under supervision alone, `supervision` has one way or several, of which one will do.
    """

    first: date
    last: date
    span: TimeSpan
    reasons: tuple[Reason, ...]
    supervision: tuple[Supervised, ...] = ()

    @property
    def may(self) -> bool:
        return not self.reasons

    @property
    def days(self) -> int:
        """How many days of the calendar it has."""
        return (self.last - self.first).days + 1


def timeline(eligibility: Eligibility, first: date, last: date) -> tuple[Stretch, ...]:
    """The local days from `first` to `last`, both included, without a gap; neighbours differ.

    The reasons of a stretch are those of a visit on any of its days, within the day. Raises ValueError for days that
    run backwards, and for a single one that the clock skipped.
    """
    zone = eligibility.ask.zone
    under = eligibility.supervision()

    def told(piece: TimeSpan) -> tuple[tuple[Reason, ...], tuple[Supervised, ...]]:
        visit = TimeSpan(piece.start, piece.start + _A_VISIT)
        return eligibility.reasons(visit), supervised(under, visit)

    pieces = [TimeSpan(*ends) for ends in pairwise(_edges(eligibility, under, day_span(first, last, zone)))]
    return tuple(_stretch(list(same), *answer, zone) for answer, same in groupby(pieces, told))


def supervised(under: Iterable[Supervision], visit: TimeSpan) -> tuple[Supervised, ...]:
    """The ways in which a visit may be given under supervision alone; none where the practitioner may without."""
    ways = [one for one in under if one.needed.covers(visit)]
    return tuple(Supervised(need=one.need, by=_by(one, visit)) for one in ways)


def _by(way: Supervision, visit: TimeSpan) -> tuple[Practitioner, ...]:
    return tuple(one.colleague.practitioner for one in way.could if one.spans.covers(visit))


def _stretch(
    pieces: list[TimeSpan], reasons: tuple[Reason, ...], supervision: tuple[Supervised, ...], zone: ZoneName
) -> Stretch:
    span = TimeSpan(pieces[0].start, pieces[-1].end)
    first, last = local_date(span.start, zone), local_date(span.end - datetime.resolution, zone)
    return Stretch(first=first, last=last, span=span, reasons=reasons, supervision=supervision)


def duties(eligibility: Eligibility, period: TimeSpan) -> tuple[Duty, ...]:
    """What the law asks of the practitioner besides, by the grants that allow something in the period."""
    during = SpanSet([period]) & eligibility.spans
    allowing = (one.grant for layer in eligibility.layers for one in layer.grants if one.spans & during)
    return tuple(dict.fromkeys(duty for grant in allowing for duty in grant.duties))


def _edges(eligibility: Eligibility, under: Iterable[Supervision], period: TimeSpan) -> list[datetime]:
    """The midnights within the period at which an answer or the words of a reason may change, and its own two."""
    turns = {*_turns(eligibility), *(edge for one in under for edge in _ends(one.needed))}
    return sorted({edge for edge in turns if period.start < edge < period.end} | {period.start, period.end})


def _turns(eligibility: Eligibility) -> Iterator[datetime]:
    ask = eligibility.ask
    credentials = (*ask.credentials, *ask.site_credentials)
    for credential in credentials:
        yield from _of_credential(credential, ask.zone)
    for layer in eligibility.layers:
        for one in layer.grants:
            yield from _ends(one.window, one.usable)
            for outcome in one.needs:
                yield from _of_outcome(outcome, credentials, ask.zone)


def _of_credential(credential: Credential, zone: ZoneName) -> Iterator[datetime]:
    """Also of one that does not count: what is wrong with it is told by the day."""
    stretches = [(credential.valid_from, credential.valid_until), (earned_on(credential), None)]
    stretches += [(hole.first, hole.last) for hole in credential.suspensions]
    for first, last in stretches:
        yield from (day_start(first, zone), day_end(last, zone))


def _of_outcome(outcome: Outcome, credentials: Iterable[Credential], zone: ZoneName) -> Iterator[datetime]:
    need = outcome.need
    yield from _ends(
        outcome.spans, *(one.spans for one in outcome.evidence), *(one.spans for one in outcome.supervisors)
    )
    if isinstance(need, LicenceNeed | CredentialNeed) and need.accepted is not None:
        yield day_end(need.accepted.last, zone)
    if isinstance(need, TotalNeed) and need.earned_within_years:
        credited = (day for one in credentials if (day := credited_on(one)) is not None)
        yield from (day_start(later(day, years=need.earned_within_years), zone) for day in credited)
    for part in outcome.parts:
        yield from _of_outcome(part, credentials, zone)


def _ends(*several: SpanSet) -> Iterator[datetime]:
    for spans in several:
        for span in spans:
            yield from (span.start, span.end)
