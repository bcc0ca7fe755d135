"""What the law asks about, put together: who would give what where, with all that is on file for it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from booking.domain.eligibility import OF_ANY_AGE, Ask, Colleague
from booking.domain.ids import ClinicId, PatientId, PractitionerId
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.treatment import Needling
from booking.store import credentials, patients
from booking.store.clinics import Description
from booking.store.credentials import Held
from booking.store.database import Transaction


@dataclass(kw_only=True)
class Papers:
    """What people hold, read in this transaction when somebody asks."""

    tx: Transaction
    clinic_id: ClinicId
    _held: dict[PractitionerId, tuple[Held, ...]] = field(default_factory=dict, init=False)

    def know(self, people: Collection[PractitionerId]) -> None:
        """Read what these people hold, as far as it is not known yet, at once."""
        new = set(people) - self._held.keys()
        if new:
            found = credentials.held(self.tx, self.clinic_id, new)
            self._held |= {who: found.get(who, ()) for who in new}

    def of(self, who: PractitionerId) -> tuple[Held, ...]:
        if who not in self._held:
            self.know([who])
        return self._held[who]


def ask_of(
    about: Description,
    papers: Papers,
    practitioner: Practitioner,
    site: Site,
    needling: Needling,
    colleagues: tuple[Colleague, ...] = (),
    born: date | None = OF_ANY_AGE,
) -> Ask:
    """The question to the rule. Without colleagues nobody is there to supervise; `born` is the patient's birthday."""
    return Ask(
        practitioner=practitioner,
        credentials=tuple(one.credential for one in papers.of(practitioner.id)),
        regions=needling.regions,
        techniques=needling.techniques,
        sides=needling.sides,
        adjunct=needling.adjunct,
        zone=site.zone,
        site=site.slug,
        site_credentials=about.site_credentials.get(site.id, ()),
        colleagues=colleagues,
        decisions=about.decisions,
        patient_born=born,
    )


def birthday(tx: Transaction, about: Description, patient_id: PatientId | None) -> date | None:
    """The patient's, where a law of the clinic may ask for it; OF_ANY_AGE where none does, or nobody is named yet."""
    if patient_id is None or not any(about.asking_age.values()):
        return OF_ANY_AGE
    return patients.get_many(tx, about.clinic.id, [patient_id])[patient_id].born
