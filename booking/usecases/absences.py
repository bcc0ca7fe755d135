"""Leave of people, closures of rooms and devices: entered and removed at the desk, or by whoever is away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from booking.domain.absence import MOST_ON_RECORD, ensure_room_for_more, ensure_some, sound
from booking.domain.errors import NotFound
from booking.domain.ids import AppointmentId, ClinicId, DiaryId, EquipmentId, PractitionerId, RoomId, SiteId
from booking.domain.permission import Action, Caller, Reach, owns, permit, reach_of
from booking.domain.time.local import LocalSpan
from booking.domain.time.zone import ZoneName
from booking.store import absences, appointments, clinics, diaries, history
from booking.store.absences import CLOSED, DESK, LEAVE, Absence
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.cover import recheck, recheck_things
from booking.usecases.idempotent import once


@dataclass(frozen=True, kw_only=True)
class AddLeave:
    """The practitioner is away, by the clocks of all sites where they have hours."""

    practitioner: PractitionerId
    days: LocalSpan
    reason: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class CloseRoom:
    """The room cannot be used, by its site's clock."""

    room: RoomId
    days: LocalSpan
    reason: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class CloseEquipment:
    """The device cannot be used, by its site's clock."""

    equipment: EquipmentId
    days: LocalSpan
    reason: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveAbsence:
    """What was entered at the desk, or came from the clinic's file, which brings it again when it is applied again."""

    absence: UUID
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class AbsenceAdded:
    """The absence, and the booked visits that fall into it, in the order of time: none has been changed."""

    absence: Absence
    visits: tuple[AppointmentId, ...]


@dataclass(frozen=True, kw_only=True)
class _Whose:
    """Somebody or something that can be away.

    Those whose `diaries` are locked together are judged together: all rooms and devices of a site, since a visit takes
    several. `site_id` is None for a practitioner.
    """

    diary_id: DiaryId
    what: str
    zones: frozenset[ZoneName]
    diaries: frozenset[DiaryId]
    site_id: SiteId | None = None


_ADDED = {"practitioner": "leave_added", "room": "room_closed", "equipment": "equipment_closed"}
_REMOVED = {"practitioner": "leave_removed", "room": "room_reopened", "equipment": "equipment_reopened"}


def add_leave(tx: Transaction, caller: Caller, command: AddLeave) -> AbsenceAdded:
    """No new visit is given meanwhile; visits that are booked get a finding. The same leave again adds nothing.

    Raises NotFound for somebody unknown or no longer treating, InvalidInput for days that cannot be meant.
    """
    permit(caller, Action.MANAGE_ABSENCES, own=owns(caller, command.practitioner))
    return _add(tx, caller, command, lambda about: _person(about, command.practitioner))


def close_room(tx: Transaction, caller: Caller, command: CloseRoom) -> AbsenceAdded:
    """As `add_leave`, for a room."""
    permit(caller, Action.MANAGE_ABSENCES)
    return _add(tx, caller, command, lambda about: _room(about, command.room))


def close_equipment(tx: Transaction, caller: Caller, command: CloseEquipment) -> AbsenceAdded:
    """As `add_leave`, for a device."""
    permit(caller, Action.MANAGE_ABSENCES)
    return _add(tx, caller, command, lambda about: _device(about, command.equipment))


def remove_absence(tx: Transaction, caller: Caller, command: RemoveAbsence) -> None:
    """The time is free again; findings that it caused are closed.

    Raises NotFound for one that is not on record, and to a practitioner for one that is not theirs.
    """
    permit(caller, Action.MANAGE_ABSENCES, own=True)

    def act() -> tuple[None, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        seen = absences.get(tx, caller.clinic_id, command.absence)
        _ensure_theirs(caller, seen)
        whose = _who_has(clinics.described(tx, caller.clinic_id), seen.diary_id)
        locked = diaries.lock(tx, caller.clinic_id, whose.diaries)
        absence = absences.get(tx, caller.clinic_id, command.absence)
        absences.remove(tx, caller.clinic_id, [absence.id])
        _note(tx, caller, whose, absence, _REMOVED[whose.what], locked[whose.diary_id])
        return None, {}

    once(tx, caller.clinic_id, command.request, act, lambda _record: None)


def _add(
    tx: Transaction,
    caller: Caller,
    command: AddLeave | CloseRoom | CloseEquipment,
    find: Callable[[Description], _Whose],
) -> AbsenceAdded:
    days = sound(command.days)

    def act() -> tuple[AbsenceAdded, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        whose = find(clinics.described(tx, caller.clinic_id))
        locked = diaries.lock(tx, caller.clinic_id, whose.diaries)
        new = _new(whose, days, command.reason)
        known = absences.lying_at(tx, caller.clinic_id, whose.diary_id, new.span)
        absence = next((one for one in known if replace(one, id=new.id) == new), new)
        if absence is new:
            ensure_room_for_more(absences.count(tx, caller.clinic_id, whose.diary_id, MOST_ON_RECORD))
            absences.add(tx, caller.clinic_id, [absence])
            _note(tx, caller, whose, absence, _ADDED[whose.what], locked[whose.diary_id])
        return _added(tx, caller.clinic_id, whose, absence), {"absence": str(absence.id)}

    def again(record: Mapping[str, Any]) -> AbsenceAdded:
        absence = absences.get(tx, caller.clinic_id, UUID(record["absence"]))
        return _added(tx, caller.clinic_id, find(clinics.described(tx, caller.clinic_id)), absence)

    return once(tx, caller.clinic_id, command.request, act, again)


def _new(whose: _Whose, days: LocalSpan, reason: str) -> Absence:
    time = days.over(whose.zones)
    ensure_some(time)
    kind = LEAVE if whose.site_id is None else CLOSED
    return absences.new(whose.diary_id, kind, days, time.spans[0], reason=reason, origin=DESK)


def _note(tx: Transaction, caller: Caller, whose: _Whose, absence: Absence, deed: str, revision: int) -> None:
    """Everything that follows a change; why somebody is away is nothing for the trail."""
    now = tx.now()
    if whose.site_id is None:
        recheck(tx, caller.clinic_id, now, [PractitionerId(whose.diary_id)])
    else:
        recheck_things(tx, caller.clinic_id, now, whose.site_id)
    days = absence.days
    said = {"first": days.first.isoformat(), "last": days.last.isoformat()}
    minutes = {"start_minute": days.start_minute, "end_minute": days.end_minute}
    whom = {whose.what: str(whose.diary_id), "origin": absence.origin}
    history.add_audit(tx, caller, deed, absence.id, now, **whom, **said, **minutes)
    diaries.changed(tx, caller.clinic_id, {whose.diary_id: revision}, deed, absence.id, now)


def _added(tx: Transaction, clinic_id: ClinicId, whose: _Whose, absence: Absence) -> AbsenceAdded:
    people = None if whose.site_id else [PractitionerId(whose.diary_id)]
    sites = None if whose.site_id is None else [whose.site_id]
    visits = appointments.booked_after(tx, clinic_id, tx.now(), people, sites)
    meeting = [one.id for one in visits if whose.diary_id in one.diaries and one.claimed.overlaps(absence.span)]
    return AbsenceAdded(absence=absence, visits=tuple(meeting))


def _ensure_theirs(caller: Caller, absence: Absence) -> None:
    is_own = owns(caller, PractitionerId(absence.diary_id))
    if reach_of(caller, Action.MANAGE_ABSENCES) is not Reach.ALL and not is_own:
        raise NotFound("absence")


def _who_has(about: Description, diary_id: DiaryId) -> _Whose:
    """Whose diary it is, whether in use or not."""
    if diary_id in about.practitioners:
        return _person(about, PractitionerId(diary_id), active=False)
    if diary_id in about.rooms:
        return _room(about, RoomId(diary_id), active=False)
    return _device(about, EquipmentId(diary_id), active=False)


def _person(about: Description, practitioner_id: PractitionerId, *, active: bool = True) -> _Whose:
    practitioner = about.practitioners.get(practitioner_id)
    if practitioner is None or (active and not practitioner.active):
        raise NotFound("practitioner")
    diary = DiaryId(practitioner_id)
    zones = about.zones_of(diary)
    return _Whose(diary_id=diary, what="practitioner", zones=zones, diaries=frozenset({diary}))


def _room(about: Description, room_id: RoomId, *, active: bool = True) -> _Whose:
    room = about.rooms.get(room_id)
    if room is None or (active and not room.active):
        raise NotFound("room")
    return _thing(about, DiaryId(room.id), "room", room.site_id)


def _device(about: Description, equipment_id: EquipmentId, *, active: bool = True) -> _Whose:
    device = about.equipment.get(equipment_id)
    if device is None or (active and not device.active):
        raise NotFound("device")
    return _thing(about, DiaryId(device.id), "equipment", device.site_id)


def _thing(about: Description, diary_id: DiaryId, what: str, site_id: SiteId) -> _Whose:
    rooms = {DiaryId(one.id) for one in about.rooms.values() if one.site_id == site_id}
    devices = {DiaryId(one.id) for one in about.equipment.values() if one.site_id == site_id}
    return _Whose(
        diary_id=diary_id,
        what=what,
        zones=about.zones_of(diary_id),
        diaries=frozenset(rooms | devices),
        site_id=site_id,
    )
