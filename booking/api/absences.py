"""Who and what is away, and which sites are closed: entered, listed, removed."""

from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from booking.api.fields import Answer, Body, ClockText, Day, DayText, FirstDay, LastDay, Line
from booking.api.operations import open_to
from booking.domain.absence import as_clock
from booking.domain.errors import InvalidInput
from booking.domain.ids import DiaryId, EquipmentId, PractitionerId, RoomId, SiteId
from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.time.local import LocalSpan
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import day, minute
from booking.usecases.absences import (
    AbsenceAdded,
    AddLeave,
    CloseEquipment,
    CloseRoom,
    RemoveAbsence,
    add_leave,
    close_equipment,
    close_room,
    remove_absence,
)
from booking.usecases.closures import CloseSite, ReopenSite, close_site, reopen_site
from booking.usecases.types import Absence, RecordedClosure, RequestKey
from booking.usecases.views.absences import AbsenceQuery, AbsenceView, list_absences

MOST_DAYS = 366
_FROM = {"from_": "from"}  # a word of Python's own


class StretchBody(Body, kw_only=True, rename=_FROM):
    """Local days, both included: from the time `from` of the first until the time `to` of the last.

    Without these it begins and ends with the day. Times are multiples of five minutes.
    """

    first: DayText
    last: DayText
    from_: ClockText | None = None
    to: ClockText | None = None
    reason: Line = ""

    def days(self) -> LocalSpan:
        """Raises InvalidInput."""
        return LocalSpan(
            first=day(self.first, "first"),
            last=day(self.last, "last"),
            start_minute=None if self.from_ is None else minute(self.from_, "from"),
            end_minute=None if self.to is None else minute(self.to, "to"),
        )


class AbsenceBody(StretchBody, kw_only=True):
    """One of `practitioner`, `room` and `equipment` is away."""

    practitioner: UUID | None = None
    room: UUID | None = None
    equipment: UUID | None = None


class ClosureBody(StretchBody, kw_only=True):
    """The site is closed; null closes every site of the clinic."""

    site: UUID | None


class StretchAnswer(Answer, kw_only=True, rename=_FROM):
    """`from` and `to` are null where the first day begins and the last one ends.

    `origin` is `desk` for what was entered, `file` for what the clinic's file says, which brings it again.
    """

    id: UUID
    first: Day
    last: Day
    from_: str | None
    to: str | None
    reason: str
    origin: str


class AbsenceAnswer(StretchAnswer, kw_only=True):
    """`kind` is `leave` for a practitioner and `closed` for a room or a device; the other two ids are null."""

    kind: str
    practitioner: UUID | None
    room: UUID | None
    equipment: UUID | None


class ClosureAnswer(StretchAnswer, kw_only=True):
    """`site` is null where the whole clinic is closed."""

    site: UUID | None


class AddedAnswer(Answer):
    """`appointments` are those that fall into it, in the order of time; none has been changed, each has a finding."""

    absence: AbsenceAnswer
    appointments: list[UUID]


class ClosedAnswer(Answer):
    """`appointments` are those that fall into it, in the order of time; none has been changed, each has a finding."""

    closure: ClosureAnswer
    appointments: list[UUID]


class Absences(Answer):
    """In the order of time. Closures are left out where one practitioner, room or device is asked for."""

    absences: list[AbsenceAnswer]
    closures: list[ClosureAnswer]


@post(
    "/absences",
    operation_id="addAbsence",
    summary="Leave of a practitioner, or a room or device that cannot be used",
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def add_absence(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[AbsenceBody],
) -> AddedAnswer:
    found = await _add(context, caller, key, data)
    answer = _absence(found.absence, data.practitioner, data.room, data.equipment)
    return AddedAnswer(absence=answer, appointments=list(found.visits))


@get(
    "/absences",
    operation_id="listAbsences",
    summary="Who and what is away, and which sites are closed, on at most 366 days",
    opt=open_to(Access.STAFF),
)
async def list_days(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    first: FirstDay,
    last: LastDay,
    practitioner: FromQuery[UUID | None] = None,
    room: FromQuery[UUID | None] = None,
    equipment: FromQuery[UUID | None] = None,
    site: FromQuery[UUID | None] = None,
) -> Absences:
    query = AbsenceQuery(
        first=day(first, "from"),
        last=day(last, "to"),
        whose=_only({"practitioner": practitioner, "room": room, "equipment": equipment}),
        site=None if site is None else SiteId(site),
    )
    if not 0 <= (query.last - query.first).days < MOST_DAYS:
        raise InvalidInput("to", f"Ask for 1 to {MOST_DAYS} days, the first one first.")
    found = await context.database.read(list_absences, caller, query)
    return Absences(
        absences=[_listed(one) for one in found.absences],
        closures=[_closure(one.closure) for one in found.closures],
    )


@delete(
    "/absences/{absence_id:str}",
    operation_id="removeAbsence",
    summary="Take leave, or the closing of a room or device, back: the time is free again",
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def remove_one(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    absence_id: FromPath[UUID],
) -> None:
    await context.database.write(remove_absence, caller, RemoveAbsence(absence=absence_id, request=key))


@post(
    "/closures",
    operation_id="closeSite",
    summary="Close a site, or the whole clinic, for some time",
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def close_one(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[ClosureBody],
) -> ClosedAnswer:
    site = None if data.site is None else SiteId(data.site)
    command = CloseSite(site=site, days=data.days(), reason=data.reason, request=key)
    found = await context.database.write(close_site, caller, command)
    return ClosedAnswer(closure=_closure(found.closure), appointments=list(found.visits))


@delete(
    "/closures/{closure_id:str}",
    operation_id="reopenSite",
    summary="Take a closure back: the site is open again as its hours say",
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def reopen_one(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    closure_id: FromPath[UUID],
) -> None:
    await context.database.write(reopen_site, caller, ReopenSite(closure=closure_id, request=key))


async def _add(context: Context, caller: Caller, key: RequestKey | None, data: AbsenceBody) -> AbsenceAdded:
    days, write = data.days(), context.database.write
    whose = _only({"practitioner": data.practitioner, "room": data.room, "equipment": data.equipment})
    if whose is None:
        raise InvalidInput("practitioner", "Name a practitioner, a room or a device.")
    if data.practitioner is not None:
        leave = AddLeave(practitioner=PractitionerId(whose), days=days, reason=data.reason, request=key)
        return await write(add_leave, caller, leave)
    if data.room is not None:
        room = CloseRoom(room=RoomId(whose), days=days, reason=data.reason, request=key)
        return await write(close_room, caller, room)
    device = CloseEquipment(equipment=EquipmentId(whose), days=days, reason=data.reason, request=key)
    return await write(close_equipment, caller, device)


def _only(given: dict[str, UUID | None]) -> DiaryId | None:
    """The one id that is given, if any. Raises InvalidInput for a second one."""
    named = [(name, one) for name, one in given.items() if one is not None]
    if len(named) > 1:
        raise InvalidInput(named[1][0], "Name one practitioner, room or device.")
    return DiaryId(named[0][1]) if named else None


def _listed(view: AbsenceView) -> AbsenceAnswer:
    is_person, is_room = isinstance(view.whose, Practitioner), isinstance(view.whose, Room)
    whose = view.whose.id
    return _absence(
        view.absence,
        practitioner=whose if is_person else None,
        room=whose if is_room else None,
        equipment=None if is_person or is_room else whose,
    )


def _absence(absence: Absence, practitioner: UUID | None, room: UUID | None, equipment: UUID | None) -> AbsenceAnswer:
    days = absence.days
    return AbsenceAnswer(
        id=absence.id,
        kind=absence.kind,
        practitioner=practitioner,
        room=room,
        equipment=equipment,
        first=days.first.isoformat(),
        last=days.last.isoformat(),
        from_=_clock(days.start_minute),
        to=_clock(days.end_minute),
        reason=absence.reason,
        origin=absence.origin,
    )


def _closure(closure: RecordedClosure) -> ClosureAnswer:
    days = closure.days
    return ClosureAnswer(
        id=closure.id,
        site=closure.site_id,
        first=days.first.isoformat(),
        last=days.last.isoformat(),
        from_=_clock(days.start_minute),
        to=_clock(days.end_minute),
        reason=closure.reason,
        origin=closure.origin,
    )


def _clock(minute: int | None) -> str | None:
    return None if minute is None else as_clock(minute)
