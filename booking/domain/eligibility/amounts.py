"""When enough has added up: hours of training, supervised sessions, time in practice."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise

from booking.domain.credential import Credential, Verification
from booking.domain.eligibility.counting import (
    amount,
    before,
    credited_on,
    days,
    later,
    runs_backwards,
    started_on,
)
from booking.domain.eligibility.fitting import Case, fitting
from booking.domain.eligibility.holding import counting
from booking.domain.eligibility.outcome import Evidence, Outcome, union
from booking.domain.rules import PractisedNeed, TotalNeed
from booking.domain.time.span import ALWAYS, NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName


def judge_total(need: TotalNeed, case: Case) -> Outcome:
    evidence = tuple(one for one in counting(need, case) if amount(one.credential, need.of))
    if need.dated:
        evidence = tuple(one for one in evidence if credited_on(one.credential) is not None)
    if need.earned_within_years:
        evidence = tuple(_fresh(one, need.earned_within_years, case.ask.zone) for one in evidence)
    spans = union(_enough(need, together) for together in _together(need, evidence))
    if need.only_for_months and evidence:
        spans &= before(ramp_end(need.only_for_months, evidence), case.ask.zone)
    return Outcome(need=need, spans=spans, evidence=evidence)


def ramp_end(months: int, evidence: Iterable[Evidence]) -> date | None:
    """The first day on which a ramp no longer counts, which began with the first day anything was earned."""
    return later(min(_credit_day(one) for one in evidence), months=months)


def total(need: TotalNeed, evidence: tuple[Evidence, ...], during: TimeSpan) -> int:
    """The most that credentials which count all through `during` add up to, of such as may be added up together."""
    return max((_sum(need, together, during) for together in _together(need, evidence)), default=0)


def _fresh(one: Evidence, years: int, zone: ZoneName) -> Evidence:
    return replace(one, spans=one.spans & before(later(_credit_day(one), years=years), zone))


def _credit_day(one: Evidence) -> date:
    return credited_on(one.credential) or date.min


def _together(need: TotalNeed, evidence: tuple[Evidence, ...]) -> list[tuple[Evidence, ...]]:
    """What may be added up: all of it or, where it must be finished in time, what was earned from each first day on."""
    if not need.finish_within_months:
        return [evidence]
    starts = {_credit_day(one) for one in evidence}
    ends = {start: later(start, months=need.finish_within_months) for start in starts}
    return [
        tuple(one for one in evidence if start <= _credit_day(one) and (end is None or _credit_day(one) < end))
        for start, end in sorted(ends.items())
    ]


def _enough(need: TotalNeed, evidence: tuple[Evidence, ...]) -> SpanSet:
    if len(evidence) == 1:
        return evidence[0].spans if amount(evidence[0].credential, need.of) >= need.at_least else NEVER
    edges = sorted({edge for one in evidence for span in one.spans for edge in (span.start, span.end)})
    stretches = (TimeSpan(start, end) for start, end in pairwise(edges))
    return SpanSet(stretch for stretch in stretches if _sum(need, evidence, stretch) >= need.at_least)


def _sum(need: TotalNeed, evidence: Iterable[Evidence], during: TimeSpan) -> int:
    return sum(amount(one.credential, need.of) for one in evidence if one.spans.covers(during))


def judge_practised(need: PractisedNeed, case: Case) -> Outcome:
    years = _licensed_for(need, case) if need.years else Outcome(need=need, spans=ALWAYS)
    if not need.hours:
        return years
    hours = judge_total(hours_need(need, case), case)
    return Outcome(need=need, spans=years.spans & hours.spans, evidence=(*years.evidence, *hours.evidence))


def hours_need(need: PractisedNeed, case: Case) -> TotalNeed:
    """The hours of practice that a need for time in practice asks for, as a need of their own."""
    issuer = case.rules.jurisdiction if need.here_only else None
    return TotalNeed(
        id=need.id, say=need.say, sources=need.sources,
        kind="practice", of="practice_hours", at_least=need.hours, issued_by=issuer,
    )  # fmt: skip


def _licensed_for(need: PractisedNeed, case: Case) -> Outcome:
    first = first_licence(need, case)
    if first is None:
        return Outcome(need=need, spans=NEVER)
    licence, start = first
    reached = later(start, years=need.years)
    spans = NEVER if reached is None else days(reached, None, case.ask.zone)
    return Outcome(need=need, spans=spans, evidence=(Evidence(credential=licence, spans=spans),))


def first_licence(need: PractisedNeed, case: Case) -> tuple[Credential, date] | None:
    """The earliest verified licence of the profession and the day it began; one without a start proves no years."""
    begun = [
        (start, licence)
        for licence in fitting(need, case)
        if licence.verification is Verification.VERIFIED and not runs_backwards(licence)
        if (start := started_on(licence)) is not None
    ]
    if not begun:
        return None
    start, licence = min(begun, key=lambda one: (one[0], str(one[1].id)))
    return licence, start
