"""What a clinic offers and who works there, for anybody who looks."""

from dataclasses import dataclass

from booking.domain.clinic import Clinic
from booking.domain.errors import NotFound
from booking.domain.ids import SiteId
from booking.domain.permission import Action, Caller, permit
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.treatment import TreatmentType
from booking.store import clinics, installation
from booking.store.database import Transaction
from booking.store.installation import Kind


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What is active. A caller who is not staff sees only treatment types that are booked online.

    At the sites in `asking_age` the law may ask how old the patient is.
    """

    clinic: Clinic
    sites: tuple[Site, ...]
    treatment_types: tuple[TreatmentType, ...]
    practitioners: tuple[Practitioner, ...]
    is_demo: bool
    asking_age: frozenset[SiteId] = frozenset()


def catalogue(tx: Transaction, caller: Caller) -> Catalogue:
    permit(caller, Action.SEARCH)
    about = clinics.described(tx, caller.clinic_id)
    treatments = about.treatment_types.values()
    found = installation.get(tx)
    return Catalogue(
        clinic=about.clinic,
        sites=tuple(one for one in about.sites.values() if one.active),
        treatment_types=tuple(one for one in treatments if one.active and (one.online or caller.is_staff)),
        practitioners=tuple(one for one in about.practitioners.values() if one.active),
        is_demo=found is not None and found.kind is Kind.DEMO,
        asking_age=frozenset(one.id for one in about.sites.values() if about.asking_age.get(one.jurisdiction)),
    )


def clinic_by_slug(tx: Transaction, slug: str) -> Clinic:
    """Raises NotFound."""
    clinic = clinics.by_slug(tx, slug)
    if clinic is None:
        raise NotFound("clinic")
    return clinic


def all_clinics(tx: Transaction) -> list[Clinic]:
    return clinics.clinics(tx)
