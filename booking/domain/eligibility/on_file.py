"""What is on file for a need and falls short of it, in words; dates are those of the site's days."""

from booking.domain.eligibility.amounts import first_licence, hours_need, judge_total, ramp_end, total
from booking.domain.eligibility.ask import Colleague
from booking.domain.eligibility.fitting import Case, LeafNeed, candidates, fitting, listed, with_article, words
from booking.domain.eligibility.outcome import Outcome, Supervisor
from booking.domain.eligibility.shortfalls import described, label, shortfalls
from booking.domain.rules import (
    AllOf,
    AnyOf,
    CredentialNeed,
    LicenceNeed,
    Mode,
    PractisedNeed,
    SupervisorNeed,
    TotalNeed,
)
from booking.domain.rules.model import names
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import local_date

NOTHING = "nothing on file"


def on_file(outcome: Outcome, case: Case, span: TimeSpan) -> str:
    """What there is for a need that is not met all through `span`, each credential with what is wrong with it."""
    need = outcome.need
    match need:
        case AnyOf() | AllOf():
            failed = (part for part in outcome.parts if not part.spans.covers(span))
            return "; ".join(f"{part.need.id}: {on_file(part, case, span)}" for part in failed)
        case TotalNeed():
            return _sum_on_file(need, outcome, case, span)
        case PractisedNeed():
            return _practice_on_file(need, case, span)
        case SupervisorNeed():
            return _supervisors(need, outcome, case, span)
        case LicenceNeed() | CredentialNeed():
            of_site = isinstance(need, CredentialNeed) and need.of_site
            return _short(need, case, span) or (f"{NOTHING} for the site" if of_site else NOTHING)
        case _:
            unknown = case.ask.patient_born is None
            return "the patient's date of birth is not known" if unknown else "the patient is younger than that"


def _short(need: LeafNeed, case: Case, span: TimeSpan) -> str:
    """Those that fit but fall short; when none fits, the nearest there is."""
    short = []
    for credential in fitting(need, case) or candidates(need, case):
        phrases = list(shortfalls(credential, need, case, span))
        if phrases:
            short.append(described(credential, phrases))
    return "; ".join(short)


def _sum_on_file(need: TotalNeed, outcome: Outcome, case: Case, span: TimeSpan) -> str:
    if not candidates(need, case):
        return NOTHING
    within = f" within {need.finish_within_months} months" if need.finish_within_months else ""
    parts = [f"{total(need, outcome.evidence, span)} of {need.at_least} {words(need.of)}{within}"]
    if need.only_for_months and outcome.evidence:
        end = ramp_end(need.only_for_months, outcome.evidence)
        parts.append(f"it counts before {end} only, {need.only_for_months} months from the first")
    return "; ".join(filter(None, [*parts, _short(need, case, span)]))


def _practice_on_file(need: PractisedNeed, case: Case, span: TimeSpan) -> str:
    parts = []
    if need.years:
        first = first_licence(need, case)
        parts.append(f"{label(first[0])}, since {first[1]}" if first else _short(need, case, span) or NOTHING)
    if need.hours:
        hours = hours_need(need, case)
        reached = total(hours, judge_total(hours, case).evidence, span)
        parts.append(f"{reached} of {need.hours} practice hours")
        parts.append(_short(hours, case, span))
    return "; ".join(filter(None, parts))


def _supervisors(need: SupervisorNeed, outcome: Outcome, case: Case, span: TimeSpan) -> str:
    others = [one for one in case.ask.colleagues if one.practitioner.id != case.ask.practitioner.id]
    if not others:
        return "no colleague is given who could supervise"
    known = {one.colleague.practitioner.id: one for one in outcome.supervisors}
    return "; ".join(_why_not(one, known.get(one.practitioner.id), need, case, span) for one in others)


def _why_not(
    colleague: Colleague, supervisor: Supervisor | None, need: SupervisorNeed, case: Case, span: TimeSpan
) -> str:
    who = colleague.practitioner
    if not names(need.professions, who.profession):
        return f"{who.name} is {with_article(who.profession)}, not {listed(need.professions)}"
    if supervisor is None or not supervisor.qualified & SpanSet([span]):
        start = supervisor.qualified.first_cover(span) if supervisor else None
        until = f" before {local_date(start, case.ask.zone)}" if start else ""
        return f"{who.name} does not meet what is asked of a supervisor{until}"
    if supervisor.qualified.covers(span):
        return f"{who.name} is not {'there' if need.mode is Mode.ON_SITE else 'free'} for the whole visit"
    return f"{who.name} meets what is asked of a supervisor for a part of the visit only"
