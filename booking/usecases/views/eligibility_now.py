"""What somebody may needle now: every region there is, asked one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from booking.domain.appointment import Appointment
from booking.domain.eligibility import Reason
from booking.domain.eligibility.timeline import Supervised, supervised
from booking.domain.errors import InvalidInput, NotFound
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.lifecycle import Status
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
from booking.usecases.supervising import colleagues, supervisors_at
from booking.usecases.views.appointments import DayQuery, list_appointments

PARTS = {
    "head_and_neck": ("head_face", "neck_posterior", "neck_lateral", "neck_anterior", "supraclavicular"),
    "trunk": ("upper_trapezius", "scapular", "thorax", "abdomen", "lumbar", "pelvis"),
    "arm": ("shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand"),
    "leg": ("gluteal_hip", "thigh", "knee", "lower_leg", "ankle_foot"),
}
"""The parts of the body, with every region once."""

Told = tuple[tuple[Reason, ...], tuple[Supervised, ...]]
Kind = tuple[tuple[tuple[str | None, str, date | None], ...], tuple[Supervised, ...]]
Asking = Callable[[frozenset[str]], Told]
"""What stands in the way of needling these regions, and under whose supervision they may be."""


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

    They are told for all of these regions together, so that what goes beyond a limit or a cover is named once. Where
    they may be needled under supervision alone, `supervision` has the ways, with the colleagues who are there.
    """

    regions: tuple[str, ...]
    reasons: tuple[Reason, ...]
    supervision: tuple[Supervised, ...] = ()

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
    """Ask the rule about every region, whether or not the treatment is offered for it, with those who are there now.

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
    could = supervisors_at(offer.about, site, [practitioner])
    others = colleagues(tx, offer.about, offer.papers, site, could, visit, now)

    def told(regions: frozenset[str]) -> Told:
        asked = replace(offer, regions=query.besides | regions)
        found = asked.eligibility(practitioner, site, others)
        return found.reasons(visit), supervised(found.supervision(), visit)

    return MayNeedle(
        practitioner=practitioner,
        site=site,
        treatment=offer.treatment,
        techniques=techniques,
        besides=query.besides,
        visit=visit,
        parts=tuple(_part(name, regions, told) for name, regions in PARTS.items()),
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


def _part(name: str, regions: tuple[str, ...], ask: Asking) -> PartNow:
    alone = {region: ask(frozenset({region})) for region in regions}
    kinds = sorted(dict.fromkeys(_kind(told) for told in alone.values()), key=_is_refusal)
    return PartNow(name=name, answers=tuple(one for kind in kinds for one in _alike(kind, alone, ask)))


def _alike(kind: Kind, alone: dict[str, Told], ask: Asking) -> Iterator[Alike]:
    """One answer for the regions of this kind or, should they differ once they are asked together, one for each."""
    regions = tuple(one for one, told in alone.items() if _kind(told) == kind)
    reasons, supervision = ask(frozenset(regions)) if _is_refusal(kind) else alone[regions[0]]
    if _kind((reasons, supervision)) == kind:
        yield Alike(regions=regions, reasons=reasons, supervision=supervision)
    else:
        yield from (Alike(regions=(one,), reasons=alone[one][0]) for one in regions)


def _kind(told: Told) -> Kind:
    """What makes answers alike: the rules that are in the way, until when, and who supervises."""
    reasons, supervision = told
    return tuple((one.grant, one.rule, one.true_from) for one in reasons), supervision


def _is_refusal(kind: Kind) -> bool:
    return bool(kind[0])


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
