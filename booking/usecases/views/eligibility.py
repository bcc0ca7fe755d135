"""Why somebody may, or may not, give a treatment somewhere at some time."""

from dataclasses import dataclass

from booking.domain.eligibility import Reason
from booking.domain.errors import NotFound
from booking.domain.ids import PractitionerId
from booking.domain.permission import Action, Caller, owns, permit
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.span import SpanSet, TimeSpan
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.placing import Wanted


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """`reasons` is empty exactly when the whole visit is lawful; `lawful` is when it would be."""

    practitioner: Practitioner
    site: Site
    visit: TimeSpan
    reasons: tuple[Reason, ...]
    lawful: SpanSet
    rules: str | None


def explain_eligibility(tx: Transaction, caller: Caller, wanted: Wanted) -> Explanation:
    """Ask the rule, and only the rule: hours, rooms and claims play no part. `wanted` names the practitioner."""
    who: PractitionerId | None = wanted.practitioner
    if who is None:
        raise NotFound("practitioner")
    permit(caller, Action.EXPLAIN_ELIGIBILITY, own=owns(caller, who))
    offer = offering.load(tx, caller, wanted.treatment_type, wanted.regions)
    site, practitioner = offer.site(wanted.site), offer.practitioner(who)
    visit = TimeSpan(wanted.start, wanted.start + offer.treatment.length)
    eligibility = offer.eligibility(practitioner, site)
    rules = offer.about.rules.get(site.jurisdiction)
    return Explanation(
        practitioner=practitioner,
        site=site,
        visit=visit,
        reasons=eligibility.reasons(visit),
        lawful=eligibility.spans,
        rules=None if rules is None else f"{rules.jurisdiction}@{rules.version}",
    )
