"""Moving a visit to another time, practitioner, site or room: decided as a new one is, and never without a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from booking.domain.errors import NotBookableOnline
from booking.domain.ids import AppointmentId, PractitionerId, RoomId, SiteId
from booking.domain.permission import Action, Caller
from booking.store import appointments, diaries
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.idempotent import once
from booking.usecases.placing import Wanted
from booking.usecases.relocating import Target, relocate
from booking.usecases.views.appointments import AppointmentView, ensure_may_see, view
from booking.usecases.views.slots import SlotList, alternatives


@dataclass(frozen=True, kw_only=True)
class MoveAppointment:
    """Move the visit, as it was at `version`, to `start` in UTC; its practitioner and its site stay unless named.

    With `anyone` whoever may and can gives it. Staff may also name the `room`, and give it other `minutes`.
    """

    appointment: AppointmentId
    version: int
    start: datetime
    practitioner: PractitionerId | None = None
    site: SiteId | None = None
    anyone: bool = False
    room: RoomId | None = None
    minutes: int | None = None
    request: RequestKey | None = None

    @property
    def target(self) -> Target:
        return Target(
            start=self.start,
            practitioner=self.practitioner,
            site=self.site,
            anyone=self.anyone,
            room=self.room,
            minutes=self.minutes,
        )


@dataclass(frozen=True, kw_only=True)
class Moved:
    """The visit as it is now; `changed` is False when all was so already."""

    view: AppointmentView
    changed: bool


def move(tx: Transaction, caller: Caller, command: MoveAppointment) -> Moved:
    """Move it, or raise the refusal that says why not; what was agreed beside the time stays agreed.

    Raises StaleVersion when it changed meanwhile or is cancelled. A patient may move a visit until it starts, to a time
    that patients may book.
    """
    if not caller.is_staff and (command.room is not None or command.minutes is not None):
        raise NotBookableOnline("Rooms and lengths are changed through reception.")

    def act() -> tuple[Moved, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        visit = relocate(tx, caller, command.appointment, command.version, command.target)
        changed = visit.version != command.version
        seen = view(tx, caller.clinic_id, visit)
        return Moved(view=seen, changed=changed), {"appointment": str(visit.id), "changed": changed}

    def again(record: Mapping[str, Any]) -> Moved:
        visit = appointments.get(tx, caller.clinic_id, AppointmentId(UUID(record["appointment"])))
        return Moved(view=view(tx, caller.clinic_id, visit), changed=record["changed"])

    return once(tx, caller.clinic_id, command.request, act, again)


def other_times(tx: Transaction, caller: Caller, command: MoveAppointment) -> SlotList:
    """The free times nearest to the one that was wanted, as if the visit were not where it is."""
    visit = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.MOVE, visit)
    wanted = Wanted(
        treatment_type=visit.agreed.treatment_type_id,
        site=command.site or visit.site_id,
        start=command.start,
        practitioner=None if command.anyone else command.practitioner or visit.practitioner_id,
    )
    return alternatives(tx, caller, wanted, moves=visit)
