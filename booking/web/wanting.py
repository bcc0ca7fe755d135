"""What a form of the booking pages asks for: it carries the visit from step to step, by slugs."""

from dataclasses import dataclass

from booking.domain.appointment import Appointment
from booking.domain.errors import InvalidInput, NotFound
from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.treatment import TreatmentType
from booking.usecases.placing import Wanted
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.slots import alternatives
from booking.web.forms import Form, read_instant, write_instant
from booking.web.searching import Choice, choices_of

CONTACT = ("name", "email", "phone", "born")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A visit that a form asks for, as the clinic offers it."""

    catalogue: Catalogue
    treatment: TreatmentType
    site: Site
    practitioner: Practitioner | None
    wanted: Wanted

    @property
    def kept(self) -> dict[str, str]:
        """The same for the next form."""
        who = self.practitioner.slug if self.practitioner else ""
        return {**self.kept_for_choice, "practitioner": who, "start": write_instant(self.wanted.start)}

    @property
    def kept_for_choice(self) -> dict[str, str]:
        """What a form with times to choose from keeps."""
        return {"treatment": self.treatment.slug, "site": self.site.slug}


def asked_for(tx: Transaction, caller: Caller, form: Form) -> Asked:
    """Raises InvalidInput for a time that is none, and NotFound for what is not offered."""
    found = catalogue(tx, caller)
    chosen = form.typed("choice").partition(" ") if form.typed("choice") else None
    who, start = (chosen[0], chosen[2]) if chosen else (form.typed("practitioner"), form.typed("start"))
    treatment = next((one for one in found.treatment_types if one.slug == form.typed("treatment")), None)
    site = next((one for one in found.sites if one.slug == form.typed("site")), None)
    practitioner = next((one for one in found.practitioners if one.slug == who), None)
    if treatment is None or site is None or (who and practitioner is None):
        raise NotFound("offer at this clinic")
    wanted = Wanted(
        treatment_type=treatment.id,
        site=site.id,
        start=read_instant(start),
        practitioner=practitioner.id if practitioner else None,
    )
    return Asked(catalogue=found, treatment=treatment, site=site, practitioner=practitioner, wanted=wanted)


def kept_of(found: Catalogue, visit: Appointment) -> dict[str, str]:
    """What the forms about a hold keep of it, so that the same time can be asked for again when it runs out."""
    treatment = next((one.slug for one in found.treatment_types if one.id == visit.agreed.treatment_type_id), "")
    site = next((one.slug for one in found.sites if one.id == visit.site_id), "")
    who = next((one.slug for one in found.practitioners if one.id == visit.practitioner_id), "")
    return {"treatment": treatment, "site": site, "practitioner": who, "start": write_instant(visit.span.start)}


def nearest(tx: Transaction, caller: Caller, asked: Asked) -> list[Choice]:
    """At most three times near to the one that cannot be had; none when nothing of it is offered any more."""
    try:
        return choices_of(alternatives(tx, caller, asked.wanted))
    except (NotFound, InvalidInput):
        return []


def contact_typed(form: Form) -> dict[str, str]:
    """What was typed about the person, for the next form."""
    return {name: form.typed(name) for name in CONTACT}
