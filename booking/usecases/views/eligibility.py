"""Why somebody may, or may not, give a treatment somewhere at some time.

Hours, rooms and claims play no part: whoever could supervise is taken to be there.
"""

from dataclasses import dataclass

from booking.domain.eligibility import Colleague, Eligibility, Reason
from booking.domain.eligibility.timeline import Supervised, supervised
from booking.domain.errors import NotFound
from booking.domain.ids import PractitionerId
from booking.domain.permission import Action, Caller, owns, permit
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.span import SpanSet, TimeSpan
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.offering import Offer
from booking.usecases.placing import Wanted
from booking.usecases.supervising import supervisors_at


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """`reasons` is empty exactly when the whole visit is lawful; `lawful` is when it would be.

    `supervision` has the ways in which it is lawful, where it is so under supervision alone.
    """

    practitioner: Practitioner
    site: Site
    visit: TimeSpan
    reasons: tuple[Reason, ...]
    lawful: SpanSet
    rules: str | None
    supervision: tuple[Supervised, ...] = ()


def explain_eligibility(tx: Transaction, caller: Caller, wanted: Wanted) -> Explanation:
    """Ask the rule, and only the rule. `wanted` names the practitioner."""
    who: PractitionerId | None = wanted.practitioner
    if who is None:
        raise NotFound("practitioner")
    permit(caller, Action.EXPLAIN_ELIGIBILITY, own=owns(caller, who))
    offer = offering.load(tx, caller, wanted.treatment_type, wanted.regions)
    site, practitioner = offer.site(wanted.site), offer.practitioner(who)
    visit = TimeSpan(wanted.start, wanted.start + offer.treatment.length)
    eligibility = judged(offer, practitioner, site)
    rules = offer.about.rules.get(site.jurisdiction)
    return Explanation(
        practitioner=practitioner,
        site=site,
        visit=visit,
        reasons=eligibility.reasons(visit),
        lawful=eligibility.spans,
        rules=None if rules is None else f"{rules.jurisdiction}@{rules.version}",
        supervision=supervised(eligibility.supervision(), visit),
    )


def judged(offer: Offer, practitioner: Practitioner, site: Site) -> Eligibility:
    """The rule's answer, as if everybody who could supervise there were always there."""
    could = supervisors_at(offer.about, site, [practitioner])
    offer.papers.know([one.id for one in could])
    return offer.eligibility(practitioner, site, tuple(_as_colleague(offer, one) for one in could))


def _as_colleague(offer: Offer, one: Practitioner) -> Colleague:
    return Colleague(practitioner=one, credentials=tuple(held.credential for held in offer.papers.of(one.id)))
