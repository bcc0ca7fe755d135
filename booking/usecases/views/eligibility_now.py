"""What somebody may needle now: every region there is, asked one by one."""

from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.appointment import Appointment, Status
from booking.domain.eligibility import Reason
from booking.domain.errors import InvalidInput, NotFound
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Action, Caller, owns, permit
from booking.domain.practitioner import Practitioner
from booking.domain.rules import RuleSet
from booking.domain.site import Site
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import local_date
from booking.domain.treatment import TreatmentType
from booking.domain.words import REGIONS, TECHNIQUES
from booking.store import clinics
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.offering import Offer
from booking.usecases.views.appointments import DayQuery, list_appointments


@dataclass(frozen=True, kw_only=True)
class NowQuery:
    """What is asked of a treatment that would begin now: `techniques` None is the treatment's own.

    `besides` are regions that the same visit treats already; each other one is asked together with them.
    """

    treatment_type: TreatmentTypeId
    practitioner: PractitionerId
    site: SiteId
    techniques: frozenset[str] | None = None
    besides: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class RegionNow:
    """`reasons` is empty exactly when the region may be needled."""

    region: str
    reasons: tuple[Reason, ...]

    @property
    def may(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, kw_only=True)
class MayNeedle:
    """Every region of the vocabulary, by name; `visit` is the time it is asked for, from now on."""

    practitioner: Practitioner
    site: Site
    treatment: TreatmentType
    techniques: frozenset[str]
    besides: frozenset[str]
    visit: TimeSpan
    regions: tuple[RegionNow, ...]
    rules: RuleSet | None


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where a practitioner is today, as far as visits and hours tell; `under_way` is the visit that goes on now."""

    site: Site | None
    under_way: Appointment | None


def may_needle(tx: Transaction, caller: Caller, query: NowQuery) -> MayNeedle:
    """Ask the rule about every region, whether or not the treatment is offered for it.

    Raises NotPermitted to practitioners who ask about others, NotFound, and InvalidInput for a treatment without
    needles and for words that are none.
    """
    permit(caller, Action.EXPLAIN_ELIGIBILITY, own=owns(caller, query.practitioner))
    offer = offering.load(tx, caller, query.treatment_type)
    site, practitioner = offer.site(query.site), offer.practitioner(query.practitioner)
    techniques = offer.treatment.techniques if query.techniques is None else query.techniques
    _ensure_words(techniques, query.besides)
    offer = replace(offer, treatment=replace(offer.treatment, techniques=techniques))
    now = tx.now()
    visit = TimeSpan(now, now + offer.treatment.length)
    asked = ((region, replace(offer, regions=query.besides | {region})) for region in sorted(REGIONS))
    regions = tuple(_region(one, region, practitioner, site, visit) for region, one in asked)
    return MayNeedle(
        practitioner=practitioner,
        site=site,
        treatment=offer.treatment,
        techniques=techniques,
        besides=query.besides,
        visit=visit,
        regions=regions,
        rules=offer.about.rules.get(site.jurisdiction),
    )


def whereabouts(tx: Transaction, caller: Caller, practitioner_id: PractitionerId) -> Whereabouts:
    """By the visit under way, or the next one of today, or the last one; without any, by today's published hours.

    Raises NotPermitted to practitioners who ask about others, and NotFound.
    """
    permit(caller, Action.EXPLAIN_ELIGIBILITY, own=owns(caller, practitioner_id))
    about, now = clinics.described(tx, caller.clinic_id), tx.now()
    if practitioner_id not in about.practitioners:
        raise NotFound("practitioner")
    visits = _of_today(tx, caller, practitioner_id, about, now)
    under_way = next((one for one in visits if one.span.start <= now < one.span.end), None)
    ahead = [one for one in visits if one.span.end > now]
    nearest = next(iter(ahead or visits[-1:]), None)
    if nearest is not None:
        return Whereabouts(site=about.sites[nearest.site_id], under_way=under_way)
    return Whereabouts(site=_site_of_today(practitioner_id, about, now), under_way=None)


def _ensure_words(techniques: frozenset[str], besides: frozenset[str]) -> None:
    if not techniques:
        raise InvalidInput("treatment_type", "This treatment uses no needles.")
    if not techniques <= TECHNIQUES:
        raise InvalidInput("techniques", "The techniques must be words that rules know.")
    if not besides <= REGIONS:
        raise InvalidInput("besides", "The regions must be words that rules know.")


def _region(offer: Offer, region: str, practitioner: Practitioner, site: Site, visit: TimeSpan) -> RegionNow:
    return RegionNow(region=region, reasons=offer.eligibility(practitioner, site).reasons(visit))


def _of_today(
    tx: Transaction, caller: Caller, who: PractitionerId, about: Description, now: datetime
) -> list[Appointment]:
    """Their booked visits that start on today's date at the site of each, in the order of time."""
    days = {local_date(now, site.zone) for site in about.sites.values()} or {local_date(now, about.clinic.zone)}
    query = DayQuery(first=min(days), last=max(days), practitioner=who)
    listed = [one.appointment for one in list_appointments(tx, caller, query)]
    return [
        one
        for one in listed
        if one.status is Status.BOOKED and local_date(one.span.start, one.zone) == local_date(now, one.zone)
    ]


def _site_of_today(who: PractitionerId, about: Description, now: datetime) -> Site | None:
    """The site where their hours go on now, or begin or ended nearest; None without any today."""
    found = []
    for site in (one for one in about.sites.values() if one.active):
        today = local_date(now, site.zone)
        hours = about.timetables[site.id].hours(who, today, today)
        found += [(_away(span, now), site.slug, site) for span in hours]
    return min(found, key=lambda one: one[:2])[2] if found else None


def _away(span: TimeSpan, now: datetime) -> float:
    """How many seconds the span is away from the instant; none while it goes on."""
    return max((span.start - now).total_seconds(), (now - span.end).total_seconds(), 0)
