"""Squeezing a visit in: a neighbour's is shortened to make room for it, in one step and never with an overlap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from booking.domain.errors import InvalidInput
from booking.domain.ids import AppointmentId
from booking.domain.patient import Contact
from booking.domain.permission import Action, Caller, permit
from booking.store import appointments, diaries, patients
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.idempotent import once
from booking.usecases.placing import Taker, Wanted, might_be_touched, place
from booking.usecases.relocating import Target, decide, ensure_movable_still, write
from booking.usecases.relocating import might_be_touched as might_be_touched_by
from booking.usecases.views.appointments import AppointmentView, ensure_may_see, view


@dataclass(frozen=True, kw_only=True)
class Shortened:
    """The neighbour, as it was at `version`, with fewer minutes; it may start later."""

    appointment: AppointmentId
    version: int
    minutes: int
    start: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SqueezeIn:
    """Book what is wanted for this person, once the neighbour is shortened; `booked_by` names who else does it."""

    contact: Contact
    wanted: Wanted
    neighbour: Shortened
    booked_by: str | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class SqueezedIn:
    """The visit that was booked, and its neighbour as it is now."""

    booked: AppointmentView
    neighbour: AppointmentView


def squeeze_in(tx: Transaction, caller: Caller, command: SqueezeIn) -> SqueezedIn:
    """Both or neither. Raises whatever speaks against either, and InvalidInput unless the neighbour gets shorter."""
    permit(caller, Action.SQUEEZE_IN)

    def act() -> tuple[SqueezedIn, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        patient_id = patients.find_or_add(tx, caller.clinic_id, command.contact, tx.now())
        taker = Taker(patient_id=patient_id, booked_by=command.booked_by)
        revised = _shorten(tx, caller, command, taker)
        booked = place(tx, caller, command.wanted, taker, known=revised)
        record = {"booked": str(booked.id), "neighbour": str(command.neighbour.appointment)}
        return _both(tx, caller, record), record

    return once(tx, caller.clinic_id, command.request, act, lambda record: _both(tx, caller, record))


def _shorten(tx: Transaction, caller: Caller, command: SqueezeIn, taker: Taker) -> diaries.Revisions:
    """Lock all that either may touch, shorten the neighbour, and answer the revisions as they are then."""
    wanted = command.neighbour
    seen = appointments.get(tx, caller.clinic_id, wanted.appointment)
    ensure_may_see(caller, Action.MOVE, seen)
    target = Target(start=wanted.start or seen.span.start, minutes=wanted.minutes)
    touched = might_be_touched_by(tx, caller.clinic_id, seen, target)
    locked = diaries.lock(tx, caller.clinic_id, touched | might_be_touched(tx, caller, command.wanted, taker))
    current, now = ensure_movable_still(tx, caller, seen, wanted.version), tx.now()
    decided = decide(tx, caller, current, target, now)
    if wanted.minutes >= current.agreed.minutes or not current.span.covers(decided.visit.span):
        raise InvalidInput("minutes", "A neighbour is only shortened: it stays within the time it has.")
    written = write(tx, caller, current, decided, locked, now)
    return {**locked, **{diary: locked[diary] + 1 for diary in current.diaries | written.diaries}}


def _both(tx: Transaction, caller: Caller, record: Mapping[str, Any]) -> SqueezedIn:
    found = {
        key: view(tx, caller.clinic_id, appointments.get(tx, caller.clinic_id, AppointmentId(UUID(record[key]))))
        for key in ("booked", "neighbour")
    }
    return SqueezedIn(booked=found["booked"], neighbour=found["neighbour"])
