"""Two visits that change places in one step: neither is ever without a time, and nobody comes in between."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.errors import InvalidInput
from booking.domain.ids import AppointmentId
from booking.domain.permission import Action, Caller
from booking.store import appointments, claims, diaries
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.idempotent import once
from booking.usecases.relocating import Target, decide, ensure_movable_still, might_be_touched, write
from booking.usecases.views.appointments import AppointmentView, ensure_may_see, view


@dataclass(frozen=True, kw_only=True)
class SwapAppointments:
    """Each of the two visits, as they were at these versions, takes the time, site and practitioner of the other."""

    one: AppointmentId
    version: int
    other: AppointmentId
    other_version: int
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class Swapped:
    """Both visits as they are now."""

    one: AppointmentView
    other: AppointmentView


def swap(tx: Transaction, caller: Caller, command: SwapAppointments) -> Swapped:
    """Both are decided as new visits are, each knowing that the other leaves; if one cannot be, neither moves."""
    if command.one == command.other:
        raise InvalidInput("other", "A visit cannot change places with itself.")

    def act() -> tuple[Swapped, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        done = _swap(tx, caller, command)
        found = [view(tx, caller.clinic_id, visit) for visit in done]
        return Swapped(one=found[0], other=found[1]), {"one": str(command.one), "other": str(command.other)}

    def again(record: Mapping[str, Any]) -> Swapped:
        both = (appointments.get(tx, caller.clinic_id, AppointmentId(UUID(record[key]))) for key in ("one", "other"))
        one, other = (view(tx, caller.clinic_id, visit) for visit in both)
        return Swapped(one=one, other=other)

    return once(tx, caller.clinic_id, command.request, act, again)


def _swap(tx: Transaction, caller: Caller, command: SwapAppointments) -> tuple[Appointment, Appointment]:
    seen = [appointments.get(tx, caller.clinic_id, visit) for visit in (command.one, command.other)]
    for visit in seen:
        ensure_may_see(caller, Action.SWAP, visit)
    touched = (might_be_touched(tx, caller.clinic_id, mine, _place_of(there)) for mine, there in (seen, seen[::-1]))
    locked = diaries.lock(tx, caller.clinic_id, set().union(*touched))
    versions = (command.version, command.other_version)
    one, other = (
        ensure_movable_still(tx, caller, visit, version) for visit, version in zip(seen, versions, strict=True)
    )
    now = tx.now()
    for visit in (one, other):
        claims.release(tx, caller.clinic_id, visit.id)
    first = decide(tx, caller, one, _place_of(other), now)
    moved = write(tx, caller, one, first, locked, now)
    second = decide(tx, caller, other, _place_of(one), now)
    after = {**locked, **{diary: locked[diary] + 1 for diary in one.diaries | moved.diaries}}
    return moved, write(tx, caller, other, second, after, now)


def _place_of(visit: Appointment) -> Target:
    return Target(start=visit.span.start, site=visit.site_id, practitioner=visit.practitioner_id)
