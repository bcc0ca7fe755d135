"""The facts that a search and a visit are decided by, read the same way for both."""

from dataclasses import dataclass, replace
from datetime import date

from booking.domain.appointment import Appointment
from booking.domain.eligibility import OF_ANY_AGE, Colleague, Eligibility, evaluate
from booking.domain.errors import InvalidInput, NotBookableOnline, NotFound
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.span import SpanSet
from booking.domain.treatment import Needling, TreatmentType
from booking.store import clinics
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.usecases.papers import Papers, ask_of, birthday


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A treatment type of a clinic, in these regions, and what its being lawful depends on.

    `born` is the patient's birthday, as far as a law may ask for it.
    """

    about: Description
    treatment: TreatmentType
    regions: frozenset[str]
    papers: Papers
    born: date | None = OF_ANY_AGE

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

    @property
    def needling(self) -> Needling:
        return self.treatment.needling(self.regions)

    def eligibility(
        self, practitioner: Practitioner, site: Site, colleagues: tuple[Colleague, ...] = ()
    ) -> Eligibility:
        """When the law lets the practitioner give it there, with these colleagues to supervise."""
        ask = ask_of(self.about, self.papers, practitioner, site, self.needling, colleagues, self.born)
        return evaluate(self.about.rules.get(site.jurisdiction), ask)

    def hours(self, practitioner: Practitioner, site: Site, first: date, last: date) -> SpanSet:
        """Published hours of the local days from `first` to `last`."""
        return self.about.timetables[site.id].hours(practitioner.id, first, last)


def load(
    tx: Transaction, caller: Caller, treatment_type: TreatmentTypeId, regions: frozenset[str] | None = None
) -> Offer:
    """Raises NotFound, NotBookableOnline, and InvalidInput when `regions` are not some of the treatment's."""
    return offered(tx, caller, clinics.described(tx, caller.clinic_id), treatment_type, regions)


def offered(
    tx: Transaction,
    caller: Caller,
    about: Description,
    treatment_type: TreatmentTypeId,
    regions: frozenset[str] | None = None,
) -> Offer:
    """The same, by a description that is at hand."""
    treatment = about.treatment_types.get(treatment_type)
    if treatment is None or not treatment.active:
        raise NotFound("treatment type")
    if not treatment.online and not caller.is_staff:
        raise NotBookableOnline(f"{treatment.name} is booked through reception.")
    wanted = treatment.regions if regions is None else regions
    if not wanted <= treatment.regions or bool(wanted) != bool(treatment.regions):
        raise InvalidInput("regions", "The regions must be some of the treatment's own.")
    papers = Papers(tx=tx, clinic_id=caller.clinic_id)
    return Offer(about=about, treatment=treatment, regions=wanted, papers=papers)


def agreed(tx: Transaction, caller: Caller, appointment: Appointment) -> Offer:
    """The offer as it was agreed for this visit, with what people hold now."""
    about = clinics.described(tx, caller.clinic_id)
    known = about.treatment_types[appointment.agreed.treatment_type_id]
    treatment = replace(
        known,
        minutes=appointment.agreed.minutes,
        buffer_before=appointment.agreed.buffer_before,
        buffer_after=appointment.agreed.buffer_after,
        techniques=appointment.agreed.techniques,
        sides=appointment.agreed.sides,
        adjunct=appointment.agreed.adjunct,
        needs=appointment.agreed.needs,
    )
    papers = Papers(tx=tx, clinic_id=caller.clinic_id)
    born = birthday(tx, about, appointment.patient_id)
    return Offer(about=about, treatment=treatment, regions=appointment.agreed.regions, papers=papers, born=born)
