"""The facts that a search and a visit are decided by, read the same way for both."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking.domain.appointment import Appointment
from booking.domain.assignment import Candidate
from booking.domain.eligibility import Ask, Eligibility, evaluate
from booking.domain.errors import InvalidInput, NotBookableOnline, NotFound
from booking.domain.ids import AppointmentId, ClinicId, DiaryId, PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.rules import RuleSet
from booking.domain.schedule import open_time
from booking.domain.site import Site
from booking.domain.time.span import NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import instant_after, local_date
from booking.domain.treatment import TreatmentType
from booking.store import appointments, claims, clinics, credentials
from booking.store.clinics import Description
from booking.store.credentials import Held
from booking.store.database import Transaction


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A treatment type of a clinic, in these regions, and what its being lawful depends on."""

    about: Description
    treatment: TreatmentType
    regions: frozenset[str]
    held: dict[PractitionerId, tuple[Held, ...]]
    rules: dict[str, RuleSet]

    def site(self, site_id: SiteId) -> Site:
        """Raises NotFound for a site that is unknown or closed for good."""
        site = self.about.sites.get(site_id)
        if site is None or not site.active:
            raise NotFound("site")
        return site

    def practitioner(self, practitioner_id: PractitionerId) -> Practitioner:
        """Raises NotFound for somebody who is unknown or no longer treats."""
        practitioner = self.about.practitioners.get(practitioner_id)
        if practitioner is None or not practitioner.active:
            raise NotFound("practitioner")
        return practitioner

    def eligibility(self, practitioner: Practitioner, site: Site) -> Eligibility:
        ask = Ask(
            practitioner=practitioner,
            credentials=tuple(one.credential for one in self.held.get(practitioner.id, ())),
            regions=self.regions,
            techniques=self.treatment.techniques,
            zone=site.zone,
        )
        return evaluate(self.rules.get(site.jurisdiction), ask)

    def there(self, practitioner: Practitioner, site: Site, window: TimeSpan) -> SpanSet:
        """Published hours on all local days that the window touches."""
        first, last = local_date(window.start, site.zone), local_date(window.end, site.zone)
        return open_time(self.about.hours.get((practitioner.id, site.id), ()), first, last, site.zone)


def load(
    tx: Transaction,
    caller: Caller,
    treatment_type: TreatmentTypeId,
    regions: frozenset[str] | None = None,
    practitioner: PractitionerId | None = None,
) -> Offer:
    """The offer, with what one practitioner holds, or with what all do.

    Raises NotFound, NotBookableOnline, and InvalidInput when `regions` are not some of the treatment's.
    """
    about = clinics.described(tx, caller.clinic_id)
    treatment = about.treatment_types.get(treatment_type)
    if treatment is None or not treatment.active:
        raise NotFound("treatment type")
    if not treatment.online and not caller.is_staff:
        raise NotBookableOnline(f"{treatment.name} is booked through reception.")
    wanted = treatment.regions if regions is None else regions
    if not wanted <= treatment.regions or bool(wanted) != bool(treatment.regions):
        raise InvalidInput("regions", "The regions must be some of the treatment's own.")
    return Offer(
        about=about,
        treatment=treatment,
        regions=wanted,
        held=credentials.held(tx, caller.clinic_id, None if practitioner is None else [practitioner]),
        rules=credentials.adopted(tx, caller.clinic_id),
    )


def agreed(tx: Transaction, caller: Caller, appointment: Appointment) -> Offer:
    """The offer as it was agreed for this visit, with what its practitioner holds now."""
    about = clinics.described(tx, caller.clinic_id)
    known = about.treatment_types[appointment.agreed.treatment_type_id]
    return Offer(
        about=about,
        treatment=replace(known, techniques=appointment.agreed.techniques),
        regions=appointment.agreed.regions,
        held=credentials.held(tx, caller.clinic_id, [appointment.practitioner_id]),
        rules=credentials.adopted(tx, caller.clinic_id),
    )


def taken(
    tx: Transaction,
    clinic_id: ClinicId,
    diaries: Collection[DiaryId],
    window: TimeSpan,
    now: datetime,
    but: AppointmentId | None = None,
) -> dict[DiaryId, SpanSet]:
    """What is claimed and what is busy in each of these diaries around the window; `but` one visit's own claims."""
    claimed = claims.taken(tx, clinic_id, diaries, window, now, but=but)
    busy = claims.busy(tx, clinic_id, diaries, window)
    return {one: claimed.get(one, NEVER) | busy.get(one, NEVER) for one in diaries}


def candidates(
    tx: Transaction,
    offer: Offer,
    site: Site,
    people: Sequence[Practitioner],
    claimed: TimeSpan,
    taken_time: Mapping[DiaryId, SpanSet],
) -> list[Candidate]:
    """These people as the facts show them around the time to be claimed. Read under their locks."""
    ids = [one.id for one in people]
    week = week_of(claimed.start, site)
    booked = appointments.booked_time(tx, offer.about.clinic.id, ids, week) if len(ids) > 1 else {}
    return [
        Candidate(
            practitioner=one,
            eligibility=offer.eligibility(one, site),
            there=offer.there(one, site, claimed),
            taken=taken_time[DiaryId(one.id)],
            booked=booked.get(one.id, timedelta()),
        )
        for one in people
    ]


def week_of(instant: datetime, site: Site) -> TimeSpan:
    """The week, from Monday at the site, that the instant lies in."""
    day = local_date(instant, site.zone)
    monday = day - timedelta(days=day.weekday())
    return TimeSpan(instant_after(monday, 0, site.zone), instant_after(monday + timedelta(days=7), 0, site.zone))
