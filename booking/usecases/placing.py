"""Taking time for a visit: lock, read the facts, decide, write. Holding and booking both end here."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.appointment import Agreed, Appointment, Status
from booking.domain.assignment import Candidate, choose, free
from booking.domain.errors import (
    BeyondHorizon,
    BookingError,
    InvalidInput,
    OutsideHours,
    PatientDoubleBooked,
    PractitionerNotEligible,
    TooShortNotice,
)
from booking.domain.ids import AppointmentId, DiaryId, PatientId, PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.domain.room import Room
from booking.domain.site import Site
from booking.domain.slot import is_on_grid
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import local_date
from booking.domain.treatment import TICK_MINUTES
from booking.store import appointments, claims, clinics, diaries
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.usecases import offering
from booking.usecases.offering import Offer
from booking.usecases.recording import record_booked

_REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A visit somebody asks for; anybody who may and can when `practitioner` is None. `start` is in UTC."""

    treatment_type: TreatmentTypeId
    site: SiteId
    start: datetime
    practitioner: PractitionerId | None = None
    regions: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Taker:
    """For whom time is taken: a patient, or whoever has the secret behind `hold_key`, who may hold it for `lasts`.

    `replaces` is the hold that is given up for it.
    """

    patient_id: PatientId | None = None
    hold_key: str | None = None
    lasts: timedelta | None = None
    replaces: Appointment | None = None


@dataclass(frozen=True, kw_only=True)
class _Choice:
    offer: Offer
    site: Site
    visit: TimeSpan
    candidate: Candidate
    room: Room | None


def place(tx: Transaction, caller: Caller, wanted: Wanted, taker: Taker) -> Appointment:
    """Take the time, or raise the refusal that says why not. The clinic's lock must be held.

    Locks everybody who might be chosen, every room of the site, the patient, and the hold that is given up, in one
    statement; each fact is read after that.
    """
    locked = diaries.lock(tx, caller.clinic_id, _might_be_touched(tx, caller, wanted, taker))
    now = tx.now()
    given_up = _give_up(tx, caller, taker)
    choice = _choose(tx, caller, wanted, taker, now)
    appointment = _appointment(choice, taker, now)
    claims.drop_expired(tx, caller.clinic_id, appointment.diaries, now)
    appointments.add(tx, caller.clinic_id, appointment, choice.offer.about.clinic.language, now, taker.hold_key)
    claims.insert_for(tx, caller.clinic_id, appointment, appointment.diaries)
    booked = appointment.status is Status.BOOKED
    if booked:
        record_booked(tx, caller, choice.offer, choice.site, choice.candidate, appointment, now)
    touched = {diary: locked[diary] for diary in appointment.diaries | given_up}
    diaries.changed(tx, caller.clinic_id, touched, appointment.status, appointment.id, now, calendar=booked)
    return appointment


def ensure_bookable(caller: Caller, offer: Offer, site: Site, start: datetime, now: datetime) -> None:
    """Raises unless the policy lets this caller have a visit that starts then; staff are free of notice and horizon."""
    policy = offer.about.clinic.policy
    grid = TICK_MINUTES if caller.is_staff else policy.grid_minutes
    if not is_on_grid(start, site.zone, grid):
        raise OutsideHours(f"Visits start at multiples of {grid} minutes.")
    if caller.is_staff:
        if local_date(start, site.zone) < local_date(now, site.zone):
            raise TooShortNotice("That day is past.")
        return
    if start < now + policy.notice:
        raise TooShortNotice(f"A visit is booked at least {policy.notice_minutes} minutes ahead; please call us.")
    if start > now + policy.horizon:
        raise BeyondHorizon(f"Visits can be booked up to {policy.horizon_days} days ahead.")


def for_the_eyes_of(caller: Caller, refusal: BookingError) -> BookingError:
    """Staff learn every reason; nobody else learns anything about a colleague's credentials."""
    if caller.is_staff or not isinstance(refusal, PractitionerNotEligible):
        return refusal
    return PractitionerNotEligible("This treatment is not offered with this practitioner at that time.", ())


def _might_be_touched(tx: Transaction, caller: Caller, wanted: Wanted, taker: Taker) -> set[DiaryId]:
    """Known without a lock: whoever changes hours or rooms needs the clinic's lock for itself."""
    about = clinics.described(tx, caller.clinic_id)
    anyone = [one.id for one in about.people_at(wanted.site)]
    people = anyone if wanted.practitioner is None else [wanted.practitioner]
    rooms = [room.id for room in about.rooms_at(wanted.site)]
    patient = [] if taker.patient_id is None else [taker.patient_id]
    held = taker.replaces.diaries if taker.replaces else frozenset()
    return {DiaryId(one) for one in (*people, *rooms, *patient)} | held


def _choose(tx: Transaction, caller: Caller, wanted: Wanted, taker: Taker, now: datetime) -> _Choice:
    offer = offering.load(tx, caller, wanted.treatment_type, wanted.regions, wanted.practitioner)
    site = offer.site(wanted.site)
    visit = _visit(wanted.start, offer)
    ensure_bookable(caller, offer, site, visit.start, now)
    claimed = offer.treatment.claimed(visit)
    people = [offer.practitioner(wanted.practitioner)] if wanted.practitioner else offer.about.people_at(site.id)
    rooms = offer.about.rooms_at(site.id)
    patient = [] if taker.patient_id is None else [DiaryId(taker.patient_id)]
    involved = [*(DiaryId(one.id) for one in people), *(DiaryId(room.id) for room in rooms), *patient]
    taken = offering.taken(tx, caller.clinic_id, involved, claimed, now)
    if any(not free(taken[one], visit) for one in patient):
        raise PatientDoubleBooked
    found = offering.candidates(tx, offer, site, people, claimed, taken)
    try:
        candidate, room = choose(found, [(room, taken[DiaryId(room.id)]) for room in rooms], visit, claimed)
    except PractitionerNotEligible as refusal:
        raise for_the_eyes_of(caller, refusal) from refusal
    return _Choice(offer=offer, site=site, visit=visit, candidate=candidate, room=room)


def _visit(start: datetime, offer: Offer) -> TimeSpan:
    try:
        return TimeSpan(start, start + offer.treatment.length)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("start", "That is not a time a visit can start at.") from error


def _appointment(choice: _Choice, taker: Taker, now: datetime) -> Appointment:
    return Appointment(
        id=AppointmentId(new_id()),
        status=Status.HELD if taker.lasts else Status.BOOKED,
        site_id=choice.site.id,
        practitioner_id=choice.candidate.practitioner.id,
        room_id=None if choice.room is None else choice.room.id,
        patient_id=taker.patient_id,
        span=choice.visit,
        zone=choice.site.zone,
        agreed=Agreed.now(choice.offer.treatment, choice.offer.regions),
        version=1,
        sequence=0,
        reference="DN-" + "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(8)),
        expires_at=None if taker.lasts is None else now + taker.lasts,
        held_since=None if taker.lasts is None else now,
    )


def _give_up(tx: Transaction, caller: Caller, taker: Taker) -> frozenset[DiaryId]:
    """Release the hold that is replaced, if it is still there, and answer whose time that gives back."""
    if taker.replaces is None or taker.hold_key is None:
        return frozenset()
    held = appointments.hold_of(tx, caller.clinic_id, taker.hold_key)
    if held is None or held.id != taker.replaces.id:
        return frozenset()
    claims.release(tx, caller.clinic_id, held.id)
    appointments.remove_hold(tx, caller.clinic_id, held.id)
    return held.diaries
