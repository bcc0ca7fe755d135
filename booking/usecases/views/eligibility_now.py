"""What somebody may needle now: every region there is, asked one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from booking.domain.appointment import Appointment, Status
from booking.domain.eligibility import Reason
from booking.domain.errors import InvalidInput, NotFound
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Action, Caller, owns, permit
from booking.domain.practitioner import Practitioner
from booking.domain.rules import RuleSet
from booking.domain.site import Site
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import local_date
from booking.domain.treatment import TreatmentType
from booking.domain.words import REGIONS, TECHNIQUES
from booking.store import clinics
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.views.appointments import DayQuery, list_appointments

PARTS = {
    "head_and_neck": ("head_face", "neck_posterior", "neck_lateral", "neck_anterior", "supraclavicular"),
    "trunk": ("upper_trapezius", "scapular", "thorax", "abdomen", "lumbar", "pelvis"),
    "arm": ("shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand"),
    "leg": ("gluteal_hip", "thigh", "knee", "lower_leg", "ankle_foot"),
}
"""The parts of the body, with every region once."""

Kind = tuple[tuple[str | None, str, date | None], ...]
Asking = Callable[[frozenset[str]], tuple[Reason, ...]]
"""What stands in the way of needling these regions."""


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
class Alike:
    """Regions of one part of the body with the same answer, whose `reasons` are empty exactly when each may be needled.

    They are told for all of these regions together, so that what goes beyond a limit or a cover is named once.
    """

    regions: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def may(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, kw_only=True)
class PartNow:
    """A part of the body, each of whose regions stands in one answer; those that may be needled come first."""

    name: str
    answers: tuple[Alike, ...]


@dataclass(frozen=True, kw_only=True)
class MayNeedle:
    """Every region of the vocabulary, by parts of the body; `visit` is the time it is asked for, from now on."""

    practitioner: Practitioner
    site: Site
    treatment: TreatmentType
    techniques: frozenset[str]
    besides: frozenset[str]
    visit: TimeSpan
    parts: tuple[PartNow, ...]
    rules: RuleSet | None

    @property
    def allowed(self) -> frozenset[str]:
        """The regions that may be needled, each by itself or with what the visit treats already."""
        return frozenset(region for part in self.parts for one in part.answers if one.may for region in one.regions)


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where a practitioner is today or, without anything today, works at all; `under_way` is the visit of this moment.

    `site` is None for somebody who has neither visits nor hours.
    """

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
    offer, now = replace(offer, treatment=replace(offer.treatment, techniques=techniques)), tx.now()
    visit = TimeSpan(now, now + offer.treatment.length)

    def in_the_way(regions: frozenset[str]) -> tuple[Reason, ...]:
        asked = replace(offer, regions=query.besides | regions)
        return asked.eligibility(practitioner, site).reasons(visit)

    return MayNeedle(
        practitioner=practitioner,
        site=site,
        treatment=offer.treatment,
        techniques=techniques,
        besides=query.besides,
        visit=visit,
        parts=tuple(_part(name, regions, in_the_way) for name, regions in PARTS.items()),
        rules=offer.about.rules.get(site.jurisdiction),
    )


def whereabouts(tx: Transaction, caller: Caller, practitioner_id: PractitionerId) -> Whereabouts:
    """By the visit under way, or the next one of today, or the last one; without any, by published hours.

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
    return Whereabouts(site=_site_by_hours(practitioner_id, about, now), under_way=None)


def _ensure_words(techniques: frozenset[str], besides: frozenset[str]) -> None:
    if not techniques:
        raise InvalidInput("treatment_type", "This treatment uses no needles.")
    if not techniques <= TECHNIQUES:
        raise InvalidInput("techniques", "The techniques must be words that rules know.")
    if not besides <= REGIONS:
        raise InvalidInput("besides", "The regions must be words that rules know.")


def _part(name: str, regions: tuple[str, ...], in_the_way: Asking) -> PartNow:
    alone = {region: in_the_way(frozenset({region})) for region in regions}
    kinds = sorted(dict.fromkeys(_kind(reasons) for reasons in alone.values()), key=bool)
    return PartNow(name=name, answers=tuple(one for kind in kinds for one in _alike(kind, alone, in_the_way)))


def _alike(kind: Kind, alone: dict[str, tuple[Reason, ...]], in_the_way: Asking) -> Iterator[Alike]:
    """One answer for the regions of this kind or, should they differ once they are asked together, one for each."""
    regions = tuple(one for one, reasons in alone.items() if _kind(reasons) == kind)
    together = in_the_way(frozenset(regions)) if kind else ()
    if _kind(together) == kind:
        yield Alike(regions=regions, reasons=together)
    else:
        yield from (Alike(regions=(one,), reasons=alone[one]) for one in regions)


def _kind(reasons: tuple[Reason, ...]) -> Kind:
    """What makes answers alike: the rules that are in the way, and until when."""
    return tuple((one.grant, one.rule, one.true_from) for one in reasons)


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


def _site_by_hours(who: PractitionerId, about: Description, now: datetime) -> Site | None:
    """The site where their hours go on now, or begin or ended nearest today; else the first one where they have any."""
    sites = [one for one in about.sites.values() if one.active and who in about.timetables[one.id].people]
    found = [(_away(span, now), site.slug, site) for site in sites for span in _hours_of_today(who, site, about, now)]
    found = found or [(0, site.slug, site) for site in sites]
    return min(found, key=lambda one: one[:2])[2] if found else None


def _hours_of_today(who: PractitionerId, site: Site, about: Description, now: datetime) -> SpanSet:
    today = local_date(now, site.zone)
    return about.timetables[site.id].hours(who, today, today)


def _away(span: TimeSpan, now: datetime) -> float:
    """How many seconds the span is away from the instant; none while it goes on."""
    return max((span.start - now).total_seconds(), (now - span.end).total_seconds(), 0)
