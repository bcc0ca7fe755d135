"""When the stance of a grant lets it allow anything: always, never, or once the clinic's owner has decided."""

from collections.abc import Iterator

from booking.domain.eligibility.ask import OwnerDecision
from booking.domain.eligibility.counting import days
from booking.domain.eligibility.fitting import Case
from booking.domain.eligibility.outcome import union
from booking.domain.rules import Grant, Stance
from booking.domain.time.span import ALWAYS, NEVER, SpanSet


def usable_spans(grant: Grant, case: Case) -> SpanSet:
    """A law that is silent or too little known waits for the owner; nobody can decide against a refusal."""
    if grant.to_decide:
        return union(days(one.decided_on, one.valid_until, case.ask.zone) for one in decisions(grant, case))
    return ALWAYS if grant.stance is Stance.PERMITTED else NEVER


def decisions(grant: Grant, case: Case) -> Iterator[OwnerDecision]:
    """What the owner has decided of the grant, at whatever time."""
    place = case.rules.jurisdiction
    return (one for one in case.ask.decisions if (one.jurisdiction, one.grant) == (place, grant.id))


def scope(grant: Grant) -> str:
    """The name of its stance in a reason or a leaf, such as `scope.silent`."""
    unsure = grant.stance is Stance.PERMITTED and grant.to_decide
    return "scope.low_confidence" if unsure else f"scope.{grant.stance}"
