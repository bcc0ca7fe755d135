"""Taking time for a visit: lock, read the facts, decide, write. Holding and booking both end here."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking.domain.appointment import Agreed, Appointment
from booking.domain.assignment import Choice, choose, first_refusal
from booking.domain.availability.facts import Place
from booking.domain.availability.obstacles import Obstacle, Visit, of_patient, of_time
from booking.domain.errors import BookingError, InvalidInput, NotBookableOnline, NotFound, PractitionerNotEligible
from booking.domain.ids import AppointmentId, DiaryId, PatientId, PractitionerId, RoomId, SiteId, TreatmentTypeId
from booking.domain.lifecycle import Status
from booking.domain.permission import Caller
from booking.domain.site import Site
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.treatment import LONGEST_CLAIM, TICK_MINUTES, TreatmentType
from booking.store import appointments, claims, clinics, diaries
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.usecases import gathering, offering
from booking.usecases.cover import recheck_supervised
from booking.usecases.gathering import Around, gather
from booking.usecases.offering import Offer
from booking.usecases.papers import birthday
from booking.usecases.recording import record_booked
from booking.usecases.supervising import supervisors_at

_FAR = timedelta(days=60)
"""Facts are read at most so far around a visit."""

_REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A visit somebody asks for; anybody who may and can when `practitioner` is None. `start` is in UTC.

    Staff may also name the `room`, and have it last other `minutes` than visits of its type do.
    """

    treatment_type: TreatmentTypeId
    site: SiteId
    start: datetime
    practitioner: PractitionerId | None = None
    regions: frozenset[str] | None = None
    room: RoomId | None = None
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Taker:
    """For whom time is taken: a patient, or whoever has the secret behind `hold_key`, who may hold it for `lasts`.

    `replaces` is the hold that is given up for it; `booked_by` names who books for the patient.
    """

    patient_id: PatientId | None = None
    hold_key: str | None = None
    lasts: timedelta | None = None
    replaces: Appointment | None = None
    booked_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A place that a visit can have; `visit` is what is wanted there."""

    offer: Offer
    site: Site
    visit: Visit
    choice: Choice


def place(
    tx: Transaction, caller: Caller, wanted: Wanted, taker: Taker, known: diaries.Revisions | None = None
) -> Appointment:
    """Take the time, or raise the refusal that says why not. The clinic's lock must be held.

    Locks everybody who might be chosen, every room and device of the site that would do, the patient, and the hold that
    is given up, in one statement; each fact is read after that. `known` are the revisions as they are now of all that,
    where it is locked already.
    """
    locked = known or diaries.lock(tx, caller.clinic_id, might_be_touched(tx, caller, wanted, taker))
    now = tx.now()
    given_up = _give_up(tx, caller, taker)
    decided = _decide(tx, caller, wanted, taker, now)
    appointment = _appointment(caller, decided, taker, now)
    claims.drop_expired(tx, caller.clinic_id, appointment.diaries, now)
    appointments.add(tx, caller.clinic_id, appointment, decided.offer.about.clinic.language, now, taker.hold_key)
    claims.insert_for(tx, caller.clinic_id, appointment, appointment.diaries)
    booked = appointment.status is not Status.HELD
    if booked:
        record_booked(tx, caller, decided.site, decided.choice.candidate, appointment, now)
        recheck_supervised(tx, caller.clinic_id, now, [appointment.practitioner_id])
    touched = {diary: locked[diary] for diary in appointment.diaries | given_up}
    diaries.changed(tx, caller.clinic_id, touched, appointment.status, appointment.id, now, calendar=booked)
    return appointment


def with_choice(visit: Appointment, choice: Choice) -> Appointment:
    """The visit with what was chosen for it."""
    return replace(
        visit,
        practitioner_id=choice.candidate.practitioner.id,
        room_id=None if choice.room is None else choice.room.id,
        equipment_ids=frozenset(one.id for one in choice.equipment),
        supervisor_id=None if choice.supervisor is None else choice.supervisor.id,
    )


def new_reference() -> str:
    """What people call a visit by."""
    return "DN-" + "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(8))


def first_status(caller: Caller, treatment: TreatmentType) -> Status:
    """What a visit begins as: patients only request what is given on request."""
    return Status.REQUESTED if treatment.on_request and not caller.is_staff else Status.BOOKED


def for_the_eyes_of(caller: Caller, refusal: BookingError) -> BookingError:
    """Staff learn every reason; nobody else learns anything about a colleague's credentials."""
    if caller.is_staff or not isinstance(refusal, PractitionerNotEligible):
        return refusal
    return PractitionerNotEligible("This treatment is not offered with this practitioner at that time.", ())


def might_be_touched(tx: Transaction, caller: Caller, wanted: Wanted, taker: Taker) -> set[DiaryId]:
    """Known without a lock: whoever changes hours, rooms or treatments needs the clinic's lock for itself."""
    about = clinics.described(tx, caller.clinic_id)
    treatment, timetable = about.treatment_types.get(wanted.treatment_type), about.timetables.get(wanted.site)
    if treatment is None or timetable is None:
        raise NotFound("treatment type" if treatment is None else "site")
    anyone = [one.id for one in about.people_at(wanted.site)]
    people = anyone if wanted.practitioner is None else [wanted.practitioner]
    named = [about.practitioners[one] for one in people if one in about.practitioners]
    supervisors = gathering.diaries_of(supervisors_at(about, about.sites[wanted.site], named))
    rooms = [one.id for one in gathering.rooms_for(about, wanted.site, treatment.needs)]
    devices = [one.id for one in gathering.equipment_for(about, wanted.site, treatment.needs)]
    patient = [] if taker.patient_id is None else [taker.patient_id]
    held = taker.replaces.diaries if taker.replaces else frozenset()
    return {DiaryId(one) for one in (*people, *supervisors, *rooms, *devices, *patient)} | held


def _decide(tx: Transaction, caller: Caller, wanted: Wanted, taker: Taker, now: datetime) -> Decided:
    if not caller.is_staff and (wanted.room is not None or wanted.minutes is not None):
        raise NotBookableOnline("Rooms and lengths are chosen by reception.")
    asked = lasting(offering.load(tx, caller, wanted.treatment_type, wanted.regions), wanted.minutes)
    offer = replace(asked, born=birthday(tx, asked.about, taker.patient_id))
    site = offer.site(wanted.site)
    visit = visit_of(wanted.start, offer)
    refusal = first_refusal(of_time(visit, site, now), staff=caller.is_staff)
    if refusal is None and taker.patient_id is not None:
        patient = patient_obstacles(tx, offer, visit, taker.patient_id, now)
        refusal = first_refusal(patient, staff=caller.is_staff)
    if refusal is not None:
        raise refusal
    people = [offer.practitioner(wanted.practitioner)] if wanted.practitioner else offer.about.people_at(site.id)
    around = Around(site=site, visit=visit.span, claimed=visit.claimed, now=now)
    found = gather(tx, offer, people, around)
    try:
        choice = choose(visit, in_room(found.place, wanted.room), found.candidates, staff=caller.is_staff)
    except PractitionerNotEligible as error:
        raise for_the_eyes_of(caller, error) from error
    return Decided(offer=offer, site=site, visit=visit, choice=choice)


def in_room(place: Place, room: RoomId | None) -> Place:
    """The place with this room alone, if one is named. Raises InvalidInput when it does not do for the visit."""
    if room is None:
        return place
    rooms = [(one, taken) for one, taken in place.rooms if one.id == room]
    if not rooms:
        raise InvalidInput("room", "That room does not do for this treatment.")
    return replace(place, rooms=rooms)


def lasting(offer: Offer, minutes: int | None) -> Offer:
    """The offer with this length, if one is named. Raises InvalidInput when no visit can be so long."""
    if minutes is None:
        return offer
    treatment = offer.treatment
    whole = timedelta(minutes=treatment.buffer_before + minutes + treatment.buffer_after)
    if minutes < TICK_MINUTES or minutes % TICK_MINUTES or whole > LONGEST_CLAIM:
        raise InvalidInput("minutes", f"A visit takes a multiple of {TICK_MINUTES} minutes, and not half a day.")
    return replace(offer, treatment=replace(treatment, minutes=minutes))


def patient_obstacles(
    tx: Transaction,
    offer: Offer,
    visit: Visit,
    patient_id: PatientId,
    now: datetime,
    but: AppointmentId | None = None,
) -> list[Obstacle]:
    """What the patient's other visits, except `but`, have against this one."""
    clinic_id, diary = offer.about.clinic.id, DiaryId(patient_id)
    taken = claims.claimed(tx, clinic_id, [diary], visit.span, now, but=but).get(diary, {})
    spacing = visit.policy.region_spacing
    close = (
        appointments.of_patient(tx, clinic_id, patient_id, visit.span.padded(spacing, spacing), but) if spacing else []
    )
    mine = SpanSet(span for spans in taken.values() for span in spans)
    return list(of_patient(visit, offer.regions, mine, close))


def visit_of(start: datetime, offer: Offer) -> Visit:
    """The visit of this offer that starts then. Raises InvalidInput for a time at which none can."""
    try:
        span = TimeSpan(start, start + offer.treatment.length)
        visit = Visit(span=span, treatment=offer.treatment, policy=offer.about.clinic.policy)
        span.padded(_FAR, _FAR)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("start", "That is not a time a visit can start at.") from error
    return visit


def _appointment(caller: Caller, decided: Decided, taker: Taker, now: datetime) -> Appointment:
    choice = decided.choice
    return Appointment(
        id=AppointmentId(new_id()),
        status=Status.HELD if taker.lasts else first_status(caller, decided.offer.treatment),
        site_id=decided.site.id,
        practitioner_id=choice.candidate.practitioner.id,
        room_id=None if choice.room is None else choice.room.id,
        supervisor_id=None if choice.supervisor is None else choice.supervisor.id,
        patient_id=taker.patient_id,
        booked_by=taker.booked_by,
        span=decided.visit.span,
        zone=decided.site.zone,
        agreed=Agreed.now(decided.offer.treatment, decided.offer.regions),
        version=1,
        sequence=0,
        reference=new_reference(),
        equipment_ids=frozenset(one.id for one in choice.equipment),
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
