"""The facts that a search and a visit are decided by, read the same way for both."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.assignment import Candidate
from booking.domain.clinic import Clinic
from booking.domain.eligibility import Ask, Eligibility, evaluate
from booking.domain.errors import InvalidInput, NotBookableOnline, NotFound
from booking.domain.ids import AppointmentId, ClinicId, DiaryId, PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.rules import RuleSet
from booking.domain.schedule import WeeklyHours, open_time
from booking.domain.site import Site
from booking.domain.time.span import NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import instant_after, local_date
from booking.domain.treatment import TreatmentType
from booking.store import appointments, claims, clinics, credentials
from booking.store.credentials import Held
from booking.store.database import Transaction


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A treatment type of a clinic, in these regions, and everybody and every place that may have to do with it."""

    clinic: Clinic
    treatment: TreatmentType
    regions: frozenset[str]
    sites: dict[SiteId, Site]
    practitioners: dict[PractitionerId, Practitioner]
    hours: dict[tuple[PractitionerId, SiteId], list[WeeklyHours]]
    held: dict[PractitionerId, tuple[Held, ...]]
    rules: dict[str, RuleSet]

    def site(self, site_id: SiteId) -> Site:
        """Raises NotFound for a site that is unknown or closed for good."""
        site = self.sites.get(site_id)
        if site is None or not site.active:
            raise NotFound("site")
        return site

    def practitioner(self, practitioner_id: PractitionerId) -> Practitioner:
        """Raises NotFound for somebody who is unknown or no longer treats."""
        practitioner = self.practitioners.get(practitioner_id)
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
        return open_time(self.hours.get((practitioner.id, site.id), ()), first, last, site.zone)

    def at(self, site: Site) -> list[Practitioner]:
        """Everybody who has hours at the site and still treats."""
        people = self.practitioners.values()
        return [one for one in people if one.active and (one.id, site.id) in self.hours]


def load(
    tx: Transaction, caller: Caller, treatment_type: TreatmentTypeId, regions: frozenset[str] | None = None
) -> Offer:
    """Raises NotFound, NotBookableOnline, and InvalidInput when `regions` are not some of the treatment's."""
    clinic_id = caller.clinic_id
    treatment = clinics.treatment_types(tx, clinic_id).get(treatment_type)
    if treatment is None or not treatment.active:
        raise NotFound("treatment type")
    if not treatment.online and not caller.is_staff:
        raise NotBookableOnline(f"{treatment.name} is booked through reception.")
    wanted = treatment.regions if regions is None else regions
    if not wanted <= treatment.regions or bool(wanted) != bool(treatment.regions):
        raise InvalidInput("regions", "The regions must be some of the treatment's own.")
    return Offer(
        clinic=clinics.get(tx, clinic_id),
        treatment=treatment,
        regions=wanted,
        sites=clinics.sites(tx, clinic_id),
        practitioners=clinics.practitioners(tx, clinic_id),
        hours=clinics.hours(tx, clinic_id),
        held=credentials.held(tx, clinic_id),
        rules=credentials.adopted(tx, clinic_id),
    )


def candidates(
    tx: Transaction,
    offer: Offer,
    site: Site,
    people: Iterable[Practitioner],
    claimed: TimeSpan,
    now: datetime,
    but: AppointmentId | None = None,
) -> list[Candidate]:
    """These people as the facts show them around the time to be claimed. Read under their locks."""
    who = list(people)
    ids = [DiaryId(one.id) for one in who]
    clinic_id = offer.clinic.id
    taken = claims.taken(tx, clinic_id, ids, claimed, now, but=but)
    busy = claims.busy(tx, clinic_id, ids, claimed)
    week = week_of(claimed.start, site)
    booked = appointments.booked_time(tx, clinic_id, [one.id for one in who], week) if len(who) > 1 else {}
    return [
        Candidate(
            practitioner=one,
            eligibility=offer.eligibility(one, site),
            there=offer.there(one, site, claimed) - busy.get(DiaryId(one.id), NEVER),
            taken=taken.get(DiaryId(one.id), NEVER) | busy.get(DiaryId(one.id), NEVER),
            booked=booked.get(one.id, timedelta()),
        )
        for one in who
    ]


def rooms_taken(
    tx: Transaction,
    clinic_id: ClinicId,
    rooms: Collection[Room],
    window: TimeSpan,
    now: datetime,
    but: AppointmentId | None = None,
) -> list[tuple[Room, SpanSet]]:
    """Each room with what is claimed or closed in the window."""
    ids = [DiaryId(room.id) for room in rooms]
    taken = claims.taken(tx, clinic_id, ids, window, now, but=but)
    busy = claims.busy(tx, clinic_id, ids, window)
    return [(room, taken.get(DiaryId(room.id), NEVER) | busy.get(DiaryId(room.id), NEVER)) for room in rooms]


def week_of(instant: datetime, site: Site) -> TimeSpan:
    """The week, from Monday at the site, that the instant lies in."""
    day = local_date(instant, site.zone)
    monday = day - timedelta(days=day.weekday())
    return TimeSpan(instant_after(monday, 0, site.zone), instant_after(monday + timedelta(days=7), 0, site.zone))
