"""When each need is met and each grant allows, as spans of time: a combination of needs is the same of spans."""

from collections.abc import Iterator
from dataclasses import replace

from booking.domain.eligibility.amounts import judge_practised, judge_total
from booking.domain.eligibility.ask import Colleague
from booking.domain.eligibility.counting import days, later
from booking.domain.eligibility.fitting import Case
from booking.domain.eligibility.holding import judge_credential, judge_licence
from booking.domain.eligibility.limits import checks
from booking.domain.eligibility.outcome import GrantOutcome, Outcome, Supervisor, intersection, union
from booking.domain.eligibility.stances import usable_spans
from booking.domain.rules import (
    AllOf,
    AnyOf,
    CredentialNeed,
    Grant,
    LicenceNeed,
    Mode,
    Need,
    PatientNeed,
    Phase,
    PractisedNeed,
    Stance,
    SupervisorNeed,
    TotalNeed,
    phase_of,
)
from booking.domain.rules.model import names
from booking.domain.time.span import ALWAYS, NEVER, SpanSet


def judge_grant(grant: Grant, case: Case) -> GrantOutcome:
    """What the grant comes to for a question: its window, what goes beyond its limit, and how its needs stand."""
    window = days(grant.first, grant.last, case.ask.zone)
    if grant.stance not in (Stance.PERMITTED, Stance.SILENT):
        return GrantOutcome(grant=grant, window=window, usable=NEVER, spans=NEVER)
    usable = usable_spans(grant, case)
    beyond = tuple(checks(grant.limit, case)) if grant.limit else ()
    needs = tuple(_judge(need, grant, case) for need in grant.needs)
    spans = NEVER if any(check.beyond for check in beyond) else window & usable
    for outcome in needs:
        if outcome.spans is not ALWAYS:
            spans &= outcome.spans
    return GrantOutcome(grant=grant, window=window, usable=usable, spans=spans, checks=beyond, needs=needs)


def _judge(need: Need, grant: Grant, case: Case) -> Outcome:
    """When the need is met; always, if it is not asked, and while the law exempts from it."""
    if phase_of(need) is Phase.BEFORE_START or not case.concerns(need):
        return Outcome(need=need, spans=ALWAYS, asked=False)
    found = _combination(need, grant, case) if isinstance(need, AnyOf | AllOf) else _leaf(need, case)
    exempt = case.exempt.get(f"{grant.id}.{need.id}") if case.exempt else None
    return replace(found, spans=found.spans | exempt) if exempt else found


def _combination(need: AnyOf | AllOf, grant: Grant, case: Case) -> Outcome:
    judged = (_judge(part, grant, case) for part in need.parts)
    parts = tuple(part for part in judged if part.asked)
    if not parts:
        return Outcome(need=need, spans=ALWAYS, asked=False)
    combine = union if isinstance(need, AnyOf) else intersection
    return Outcome(need=need, spans=combine(part.spans for part in parts), parts=parts)


def _leaf(need: Need, case: Case) -> Outcome:
    match need:
        case LicenceNeed():
            found = judge_licence(need, case)
        case CredentialNeed():
            found = judge_credential(need, case)
        case TotalNeed():
            found = judge_total(need, case)
        case PractisedNeed():
            found = judge_practised(need, case)
        case SupervisorNeed():
            found = _supervision(need, case)
        case PatientNeed():
            found = Outcome(need=need, spans=_old_enough(need, case))
        case _:  # a document never stands in the way of assigning
            found = Outcome(need=need, spans=ALWAYS, asked=False)
    return found


def _old_enough(need: PatientNeed, case: Case) -> SpanSet:
    """From the birthday on; never while nobody knows it."""
    born = case.ask.patient_born
    reached = None if born is None else later(born, years=need.min_age or 0)
    return NEVER if reached is None else days(reached, None, case.ask.zone)


def _supervision(need: SupervisorNeed, case: Case) -> Outcome:
    found = (_as_seen(one, _could(one, need, case), need) for one in case.ask.colleagues)
    supervisors = tuple(one for one in found if one.qualified)
    return Outcome(need=need, spans=union(one.spans for one in supervisors), supervisors=supervisors)


def _as_seen(colleague: Colleague, qualified: SpanSet, need: SupervisorNeed) -> Supervisor:
    at_hand = colleague.present if need.mode is Mode.ON_SITE else colleague.free
    return Supervisor(colleague=colleague, spans=qualified & at_hand, qualified=qualified)


def _could(colleague: Colleague, need: SupervisorNeed, case: Case) -> SpanSet:
    """When the colleague is qualified to supervise. Whoever needs a supervisor himself is not."""
    who = colleague.practitioner
    if who.id == case.ask.practitioner.id or not names(need.professions, who.profession):
        return NEVER
    ask = replace(case.ask, practitioner=who, credentials=colleague.credentials, colleagues=())
    own = Case(ask=ask, rules=case.rules, exempt=case.exempt)
    return intersection(_as_supervisor(need, own))


def _as_supervisor(need: SupervisorNeed, own: Case) -> Iterator[SpanSet]:
    if need.years:
        yield judge_practised(
            PractisedNeed(id=need.id, say=need.say, sources=need.sources, years=need.years), own
        ).spans
    if need.grants:
        named = [one for one in own.rules.grants if one.id in need.grants and one.is_for(own.ask.profession)]
        yield union(judge_grant(grant, own).spans for grant in named)
        return
    for kind in need.kinds:
        yield _holds(kind, need, own)


def _holds(kind: str, need: SupervisorNeed, own: Case) -> SpanSet:
    if kind == "licence":
        licence = LicenceNeed(id=need.id, say=need.say, sources=need.sources, issued_by=need.issued_by)
        return judge_licence(licence, own).spans
    return judge_credential(CredentialNeed(id=need.id, say=need.say, sources=need.sources, kind=kind), own).spans
