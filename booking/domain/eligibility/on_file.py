"""What is on file for a need and falls short of it, in words; dates are those of the site's days."""

from collections.abc import Iterator
from datetime import date, datetime

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.eligibility.counting import earned_on, runs_backwards, started_on
from booking.domain.eligibility.fitting import Case, LeafNeed, candidates, fitting, misfits, words
from booking.domain.eligibility.judging import Outcome, first_licence, home_need, total
from booking.domain.rules import AllOf, AnyOf, CredentialNeed, DocumentNeed, LicenceNeed, PractisedNeed, TotalNeed
from booking.domain.time.span import TimeSpan
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
            return _years_on_file(need, case, span)
        case DocumentNeed():
            return NOTHING
        case _:
            return _listed(need, case, span) or NOTHING


def label(credential: Credential) -> str:
    """The credential as it is called, such as `licence PT-1234, US-WA`."""
    called = f"{words(credential.kind)} {credential.number or credential.slug}"
    return f"{called}, {credential.jurisdiction}" if credential.jurisdiction else called


def shortfalls(credential: Credential, need: LeafNeed, case: Case, span: TimeSpan) -> Iterator[str]:
    """Why the credential does not meet the need all through `span`, as phrases; nothing, when it does."""
    unfit = list(misfits(credential, need, case))
    yield from unfit
    yield from _unreliable(credential)
    if isinstance(need, PractisedNeed):
        if started_on(credential) is None:
            yield "has no start date"
        return
    yield from _out_of_time(credential, case, span)
    if unfit:
        return
    if isinstance(need, CredentialNeed):
        yield from _out_of_reach(credential, need, case)
    if isinstance(need, LicenceNeed) and credential.kind == "compact_privilege":
        yield from _without_home(credential, need, case, span)


def _listed(need: LeafNeed, case: Case, span: TimeSpan) -> str:
    """Those that fit but fall short; when none fits, the nearest there is."""
    short = []
    for credential in fitting(need, case) or candidates(need, case):
        phrases = list(shortfalls(credential, need, case, span))
        if phrases:
            short.append(_described(credential, phrases))
    return "; ".join(short)


def _described(credential: Credential, phrases: list[str]) -> str:
    comma = "," if credential.jurisdiction else ""
    return f"{label(credential)}{comma} {' and '.join(phrases)}"


def _sum_on_file(need: TotalNeed, outcome: Outcome, case: Case, span: TimeSpan) -> str:
    reached = f"{total(need, outcome.evidence, span)} of {need.at_least} {words(need.of)}"
    uncounted = _listed(need, case, span)
    if not candidates(need, case):
        return NOTHING
    return f"{reached}; {uncounted}" if uncounted else reached


def _years_on_file(need: PractisedNeed, case: Case, span: TimeSpan) -> str:
    first = first_licence(need, case)
    if first is not None:
        licence, start = first
        return f"{label(licence)}, since {start}"
    return _listed(need, case, span) or NOTHING


def _unreliable(credential: Credential) -> Iterator[str]:
    if credential.verification is Verification.PENDING:
        yield "not verified yet"
    if credential.verification is Verification.REJECTED:
        yield "was rejected when it was checked"
    if credential.verification is Verification.WITHDRAWN:
        yield "was withdrawn from the file"
    if runs_backwards(credential):
        yield "has dates that run backwards"


def _out_of_time(credential: Credential, case: Case, span: TimeSpan) -> Iterator[str]:
    if runs_backwards(credential):
        return
    first, last = local_date(span.start, case.ask.zone), local_date(span.end - datetime.resolution, case.ask.zone)
    if credential.valid_from is not None and credential.valid_from > first:
        yield f"starts {credential.valid_from}"
    if credential.valid_until is not None and credential.valid_until < last:
        yield f"{'ended' if credential.valid_until < first else 'ends'} {credential.valid_until}"
    yield from _unearned(credential, first)
    yield from (_suspended(hole) for hole in credential.suspensions if _meets(hole, first, last))


def _unearned(credential: Credential, first: date) -> Iterator[str]:
    if "earned" not in credential.attributes:
        return
    day = earned_on(credential)
    if day is None:
        yield f"was earned on no date: {credential.attributes['earned']!r}"
    elif day > first:
        yield f"is earned on {day}"


def _meets(hole: Suspension, first: date, last: date) -> bool:
    return hole.first <= last and (hole.last is None or first <= hole.last)


def _suspended(hole: Suspension) -> str:
    return f"suspended since {hole.first}" if hole.last is None else f"suspended from {hole.first} to {hole.last}"


def _out_of_reach(credential: Credential, need: CredentialNeed, case: Case) -> Iterator[str]:
    beyond: set[str] = set()
    if "regions" in need.covers and credential.regions is not None:
        beyond |= case.ask.reached - credential.regions
    if "techniques" in need.covers and credential.techniques is not None:
        beyond |= case.ask.techniques - credential.techniques
    if beyond:
        yield f"does not extend to {', '.join(words(word) for word in sorted(beyond))}"


def _without_home(privilege: Credential, need: LicenceNeed, case: Case, span: TimeSpan) -> Iterator[str]:
    if privilege.home is None:
        yield "names no home licence"
        return
    home = home_need(privilege.home, need)
    licences = [one for one in candidates(home, case) if one.jurisdiction == privilege.home]
    short = [(one, list(shortfalls(one, home, case, span))) for one in licences]
    if not short:
        yield f"rests on a home licence of {privilege.home} that is not on file"
    elif all(phrases for _, phrases in short):
        yield f"rests on {'; '.join(_described(one, phrases) for one, phrases in short)}"
