"""When each need is met, as spans of time: a combination of needs is the same combination of spans."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date
from functools import reduce
from itertools import pairwise
from operator import and_

from booking.domain.credential import Credential, Verification
from booking.domain.eligibility.counting import amount, counted, runs_backwards, started_on
from booking.domain.eligibility.fitting import Case, fitting
from booking.domain.rules import (
    AllOf,
    AnyOf,
    CredentialNeed,
    DocumentNeed,
    LicenceNeed,
    Need,
    PractisedNeed,
    TotalNeed,
)
from booking.domain.time.span import ALWAYS, NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import day_span


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A credential that serves a need, and when it does."""

    credential: Credential
    spans: SpanSet


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """When a need is met, by what; `parts` are the outcomes a combination is made of."""

    need: Need
    spans: SpanSet
    evidence: tuple[Evidence, ...] = ()
    parts: tuple["Outcome", ...] = ()


def judge(need: Need, case: Case) -> Outcome:
    """When the need is met. A document is no matter of the practitioner: it is met always, and listed elsewhere."""
    match need:
        case LicenceNeed():
            return _licence(need, case)
        case CredentialNeed():
            return _credential(need, case)
        case TotalNeed():
            return _total(need, case)
        case PractisedNeed():
            return _practised(need, case)
        case DocumentNeed():
            return Outcome(need=need, spans=ALWAYS)
        case AnyOf() | AllOf():
            return _combination(need, case)


def _combination(need: AnyOf | AllOf, case: Case) -> Outcome:
    parts = tuple(judge(part, case) for part in need.parts)
    combine = _union if isinstance(need, AnyOf) else _intersection
    return Outcome(need=need, spans=combine(part.spans for part in parts), parts=parts)


def _union(sets: Iterable[SpanSet]) -> SpanSet:
    return SpanSet(span for spans in sets for span in spans)


def _intersection(sets: Iterable[SpanSet]) -> SpanSet:
    return reduce(and_, sets, ALWAYS)


def _counting(credentials: Iterable[Credential], case: Case) -> tuple[Evidence, ...]:
    found = (Evidence(credential=one, spans=counted(one, case.ask.zone)) for one in credentials)
    return tuple(one for one in found if one.spans)


def _licence(need: LicenceNeed, case: Case) -> Outcome:
    fits = _counting(fitting(need, case), case)
    evidence = [one for one in fits if one.credential.kind == "licence"]
    for privilege in fits:
        if privilege.credential.kind == "compact_privilege":
            evidence += _with_home(privilege, need, case)
    return Outcome(need=need, spans=_union(one.spans for one in evidence), evidence=tuple(evidence))


def _with_home(privilege: Evidence, need: LicenceNeed, case: Case) -> list[Evidence]:
    """The privilege while its home licence counts, and the home licence while it carries the privilege."""
    homes = home_licences(privilege.credential, need, case)
    carried = privilege.spans & _union(home.spans for home in homes)
    if not carried:
        return []
    return [replace(privilege, spans=carried), *(replace(home, spans=home.spans & carried) for home in homes)]


def home_licences(privilege: Credential, need: LicenceNeed, case: Case) -> tuple[Evidence, ...]:
    """The licences of the privilege's home jurisdiction, as far as they count."""
    return () if privilege.home is None else _counting(fitting(home_need(privilege.home, need), case), case)


def home_need(home: str, need: LicenceNeed) -> LicenceNeed:
    """What is asked of the home licence of a privilege: the same as of a licence here."""
    return replace(need, issued_by=home, compact=False)


def _credential(need: CredentialNeed, case: Case) -> Outcome:
    evidence = _counting(fitting(need, case), case)
    spans = _union(one.spans for one in evidence)
    if "regions" in need.covers:
        spans &= _reaching(case.ask.reached, evidence, lambda one: one.regions)
    if "techniques" in need.covers:
        spans &= _reaching(case.ask.techniques, evidence, lambda one: one.techniques)
    return Outcome(need=need, spans=spans, evidence=evidence)


def _reaching(
    asked: frozenset[str], evidence: Iterable[Evidence], reach: Callable[[Credential], frozenset[str] | None]
) -> SpanSet:
    """When each word asked for is reached by some credential; a reach of None is everything."""
    known = [(reach(one.credential), one.spans) for one in evidence]
    return _intersection(
        _union(spans for reached, spans in known if reached is None or word in reached) for word in asked
    )


def _total(need: TotalNeed, case: Case) -> Outcome:
    evidence = tuple(one for one in _counting(fitting(need, case), case) if amount(one.credential, need.of))
    edges = sorted({edge for one in evidence for span in one.spans for edge in (span.start, span.end)})
    stretches = (TimeSpan(start, end) for start, end in pairwise(edges))
    return Outcome(
        need=need,
        spans=SpanSet(stretch for stretch in stretches if total(need, evidence, stretch) >= need.at_least),
        evidence=evidence,
    )


def total(need: TotalNeed, evidence: Iterable[Evidence], during: TimeSpan) -> int:
    """What the credentials that count all through `during` add up to."""
    return sum(amount(one.credential, need.of) for one in evidence if one.spans.covers(during))


def _practised(need: PractisedNeed, case: Case) -> Outcome:
    first = first_licence(need, case)
    if first is None:
        return Outcome(need=need, spans=NEVER)
    licence, start = first
    reached = _years_after(start, need.years)
    spans = NEVER if reached is None else SpanSet([day_span(reached, None, case.ask.zone)])
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


def _years_after(day: date, years: int) -> date | None:
    """The same day of a later calendar year, 1 March for 29 February; None beyond the calendar."""
    if day.year + years > MAXYEAR:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
