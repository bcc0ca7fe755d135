"""Holding a time while somebody makes up their mind; a hold belongs to whoever has its secret."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.errors import HoldExpired, NotFound
from booking.domain.ids import AppointmentId, DiaryId
from booking.domain.permission import Action, Caller, permit
from booking.domain.policy import HOLD, LONGEST_HOLD
from booking.store import appointments, claims, clinics, diaries
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.idempotent import once
from booking.usecases.placing import Taker, Wanted, place
from booking.usecases.supervising import supervisors_at
from booking.usecases.views.appointments import AppointmentView, view


@dataclass(frozen=True, kw_only=True)
class HoldSlot:
    """Hold this time under `hold_key`, the hash of a secret. An earlier hold under it is given up."""

    wanted: Wanted
    hold_key: str
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class HoldRef:
    """A hold, and the hash of the secret that proves whose it is."""

    hold: AppointmentId
    hold_key: str


def hold(tx: Transaction, caller: Caller, command: HoldSlot) -> AppointmentView:
    """Hold the time for ten minutes. Raises the refusal that says why it cannot be held."""
    permit(caller, Action.HOLD, own=True)

    def act() -> tuple[AppointmentView, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        earlier = appointments.hold_of(tx, caller.clinic_id, command.hold_key)
        taker = Taker(hold_key=command.hold_key, lasts=HOLD, replaces=earlier)
        held = place(tx, caller, command.wanted, taker)
        return view(tx, caller.clinic_id, held), {"appointment": str(held.id)}

    return once(tx, caller.clinic_id, command.request, act, lambda record: _again(tx, caller, record))


def find_hold(tx: Transaction, caller: Caller, ref: HoldRef) -> AppointmentView:
    """The hold as its owner sees it. Raises HoldExpired when it is over."""
    permit(caller, Action.HOLD, own=True)
    held = _own(tx, caller, ref)
    if not held.is_live_hold(tx.now()):
        raise HoldExpired
    return view(tx, caller.clinic_id, held)


def extend(tx: Transaction, caller: Caller, command: HoldRef) -> AppointmentView:
    """Keep it for another ten minutes from now, thirty in all. Raises HoldExpired when it is over."""
    permit(caller, Action.HOLD, own=True)
    diaries.lock_clinic(tx, caller.clinic_id)
    held, locked = lock_hold(tx, caller, command)
    now = tx.now()
    if not held.is_live_hold(now) or held.held_since is None:
        raise HoldExpired
    longer = replace(held, expires_at=min(now + HOLD, held.held_since + LONGEST_HOLD), version=held.version + 1)
    if claims.set_expiry(tx, caller.clinic_id, held.id, longer.expires_at) != len(held.diaries):
        raise HoldExpired
    appointments.update_from(tx, caller.clinic_id, held, longer, now)
    # Somebody whose clock is a moment ahead may have seen it expire, and remembers its time as free.
    diaries.changed(tx, caller.clinic_id, locked, "extended", held.id, now)
    return view(tx, caller.clinic_id, longer)


def release(tx: Transaction, caller: Caller, command: HoldRef) -> None:
    """Give the time back. Releasing what is no longer held changes nothing."""
    permit(caller, Action.HOLD, own=True)
    diaries.lock_clinic(tx, caller.clinic_id)
    try:
        held, locked = lock_hold(tx, caller, command)
    except HoldExpired:
        return
    claims.release(tx, caller.clinic_id, held.id)
    appointments.remove_hold(tx, caller.clinic_id, held.id)
    diaries.changed(tx, caller.clinic_id, locked, "released", held.id, tx.now())


def lock_hold(tx: Transaction, caller: Caller, ref: HoldRef, *others: DiaryId) -> tuple[Appointment, diaries.Revisions]:
    """Lock all diaries of the hold, and others with them; the hold as it is then, with the revisions of those.

    Whoever might have to supervise it is locked too. Raises HoldExpired.
    """
    held, about = _own(tx, caller, ref), clinics.described(tx, caller.clinic_id)
    could = supervisors_at(about, about.sites[held.site_id], [about.practitioners[held.practitioner_id]])
    mine = held.diaries | set(others)
    locked = diaries.lock(tx, caller.clinic_id, mine | {DiaryId(one.id) for one in could})
    return _own(tx, caller, ref), {diary: locked[diary] for diary in mine}


def _own(tx: Transaction, caller: Caller, ref: HoldRef) -> Appointment:
    held = appointments.hold_of(tx, caller.clinic_id, ref.hold_key)
    if held is None or held.id != ref.hold:
        raise HoldExpired
    return held


def _again(tx: Transaction, caller: Caller, record: Mapping[str, Any]) -> AppointmentView:
    try:
        held = appointments.get(tx, caller.clinic_id, AppointmentId(UUID(record["appointment"])))
    except NotFound as error:
        raise HoldExpired from error
    return view(tx, caller.clinic_id, held)
