"""Cover: whether booked visits can still be given after something they rest on has changed."""

from collections.abc import Collection
from datetime import datetime

from booking.domain.conflict import ALL, Conflict
from booking.domain.eligibility import Reason
from booking.domain.ids import AppointmentId, ClinicId, PractitionerId, SiteId
from booking.store import appointments, clinics
from booking.store.database import Transaction
from booking.usecases.conflicts import Scope, eligibilities, settle


def recheck(
    tx: Transaction, clinic_id: ClinicId, now: datetime, practitioners: Collection[PractitionerId] | None = None
) -> list[AppointmentId]:
    """Decide every visit that is not over again, of these people or of all, and answer those without cover.

    A visit gets a finding of each kind that now speaks against it, and loses those that no longer do; no visit is
    changed. The caller holds the locks of these people, which keep no closed room from changing, so that those are left
    alone; without people, the clinic's own.
    """
    kinds = ALL if practitioners is None else ALL - {Conflict.ROOM_CLOSED}
    found = settle(tx, clinic_id, now, Scope(practitioners=practitioners, kinds=kinds))
    lost = [visit for visit, against in found.items() if Conflict.LOST_COVER in against]
    return lost if practitioners is None else [*lost, *recheck_supervised(tx, clinic_id, now, practitioners)]


def recheck_supervised(
    tx: Transaction, clinic_id: ClinicId, now: datetime, supervisors: Collection[PractitionerId]
) -> list[AppointmentId]:
    """Decide the visits again that may rest on these people being there to supervise; those without cover.

    The caller holds the locks of these people and the clinic's: whoever books such a visit locks all who might
    supervise it.
    """
    about = clinics.described(tx, clinic_id)
    professions = frozenset[str]().union(*about.supervised.values())
    supervised = [
        one.id for one in about.practitioners.values() if one.profession in professions and one.id not in supervisors
    ]
    if not supervised:
        return []
    found = settle(tx, clinic_id, now, Scope(practitioners=supervised, kinds={Conflict.LOST_COVER}))
    return [visit for visit, against in found.items() if Conflict.LOST_COVER in against]


def recheck_things(tx: Transaction, clinic_id: ClinicId, now: datetime, site_id: SiteId) -> None:
    """The same for closed rooms and devices of a site. The caller holds the locks of all of them."""
    settle(tx, clinic_id, now, Scope(sites=[site_id], kinds={Conflict.ROOM_CLOSED}))


def recheck_opening(tx: Transaction, clinic_id: ClinicId, now: datetime, site_id: SiteId | None) -> None:
    """The same for the opening of a site, or of all. The caller holds the clinic's lock alone."""
    sites = None if site_id is None else [site_id]
    settle(tx, clinic_id, now, Scope(sites=sites, kinds={Conflict.SITE_CLOSED, Conflict.OUTSIDE_HOURS}))


def unlawful(
    tx: Transaction, clinic_id: ClinicId, now: datetime, practitioners: Collection[PractitionerId] | None = None
) -> dict[AppointmentId, tuple[Reason, ...]]:
    """The visits that are not over and may not be given as things stand, each with the reasons."""
    about = clinics.read(tx, clinic_id)
    eligibility = eligibilities(tx, about, now, practitioners)
    visits = appointments.booked_after(tx, clinic_id, now, practitioners, about.sites)
    return {visit.id: why for visit in visits if (why := eligibility(visit).reasons(visit.span))}
