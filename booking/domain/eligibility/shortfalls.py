"""Why one credential does not meet a need during a span, as phrases that follow its name."""

from collections.abc import Iterator
from datetime import date, datetime

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.eligibility.counting import (
    ACTIVE,
    credited_on,
    earned_on,
    later,
    runs_backwards,
    started_on,
    status_of,
)
from booking.domain.eligibility.fitting import Case, LeafNeed, accepted, candidates, listed, misfits, words
from booking.domain.eligibility.holding import home_need, names_site, regions_of
from booking.domain.rules import CredentialNeed, LicenceNeed, PractisedNeed, TotalNeed
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import local_date


def label(credential: Credential) -> str:
    """The credential as it is called, such as `licence PT-1234, US-WA`."""
    called = f"{words(credential.kind)} {credential.number or credential.slug}"
    return f"{called}, {credential.jurisdiction}" if credential.jurisdiction else called


def described(credential: Credential, phrases: list[str]) -> str:
    comma = "," if credential.jurisdiction else ""
    return f"{label(credential)}{comma} {' and '.join(phrases)}"


def shortfalls(credential: Credential, need: LeafNeed, case: Case, span: TimeSpan) -> Iterator[str]:
    """Why the credential does not meet the need all through `span`; nothing, when it does."""
    unfit = list(misfits(credential, need, case))
    yield from unfit
    yield from _unreliable(credential)
    if isinstance(need, PractisedNeed):
        if started_on(credential) is None:
            yield "has no start date"
        return
    yield from _out_of_time(credential, need, case, span)
    if unfit:
        return
    if isinstance(need, TotalNeed):
        yield from _out_of_date(credential, need, case, span)
    if isinstance(need, CredentialNeed):
        yield from _out_of_reach(credential, need, case)
    if isinstance(need, LicenceNeed) and credential.kind == "compact_privilege":
        yield from _without_home(credential, need, case, span)


def _unreliable(credential: Credential) -> Iterator[str]:
    if credential.verification is Verification.PENDING:
        yield "not verified yet"
    if credential.verification is Verification.REJECTED:
        yield "was rejected when it was checked"
    if credential.verification is Verification.WITHDRAWN:
        yield "was withdrawn from the file"
    if runs_backwards(credential):
        yield "has dates that run backwards"


def _out_of_time(credential: Credential, need: LeafNeed, case: Case, span: TimeSpan) -> Iterator[str]:
    if runs_backwards(credential):
        return
    first, last = _days(span, case)
    if credential.valid_from is not None and credential.valid_from > first:
        yield f"starts {credential.valid_from}"
    if credential.valid_until is not None and credential.valid_until < last:
        yield f"{'ended' if credential.valid_until < first else 'ends'} {credential.valid_until}"
    yield from _unearned(credential, first)
    yield from (_suspended(hole) for hole in credential.suspensions if _meets(hole, first, last))
    besides = accepted(need)
    if status_of(credential) != ACTIVE and besides and besides.last is not None and besides.last < last:
        yield f"counts as {status_of(credential)} to {besides.last} only"


def _days(span: TimeSpan, case: Case) -> tuple[date, date]:
    """The first and the last local day of a span."""
    return local_date(span.start, case.ask.zone), local_date(span.end - datetime.resolution, case.ask.zone)


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


def _out_of_date(credential: Credential, need: TotalNeed, case: Case, span: TimeSpan) -> Iterator[str]:
    """What of the day it was earned keeps it from being added up."""
    day = credited_on(credential)
    if day is None:
        if need.dated and "earned" not in credential.attributes:
            yield "has no day on which it was earned"
        return
    end = later(day, years=need.earned_within_years) if need.earned_within_years else None
    if end is not None and end <= _days(span, case)[1]:
        yield f"was earned on {day}, and counts before {end} only"


def _out_of_reach(credential: Credential, need: CredentialNeed, case: Case) -> Iterator[str]:
    beyond: set[str] = set()
    regions = regions_of(credential, case)
    if "regions" in need.covers and regions is not None:
        beyond |= case.reached - regions
    if "techniques" in need.covers and credential.techniques is not None:
        beyond |= case.ask.techniques - credential.techniques
    if beyond:
        yield f"does not extend to {listed(beyond)}"
    if "site" in need.covers and not names_site(credential, case):
        yield f"does not name {case.ask.site or 'this site'}"


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
        yield f"rests on {'; '.join(described(one, phrases) for one, phrases in short)}"
