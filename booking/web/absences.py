"""Who is away, what cannot be used, which sites are closed: listed, entered, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.errors import InvalidInput, NotFound
from booking.domain.ids import EquipmentId, PractitionerId, RoomId, SiteId
from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.time.local import LocalSpan
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, read_cookie
from booking.http.visitors import Visitor
from booking.usecases.absences import (
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
from booking.usecases.types import Transaction
from booking.usecases.views.absences import (
    AbsenceChoices,
    AbsenceQuery,
    absence_choices,
    list_absences,
)
from booking.usecases.views.catalogue import catalogue
from booking.web.desk import at_desk
from booking.web.forms import Form, own_form
from booking.web.frame import PageRequest, staff_frame
from booking.web.rendering import page
from booking.web.stretches import (
    Entered,
    Holidays,
    Row,
    entered,
    holidays,
    reason,
    row_of_absence,
    row_of_closure,
    stretch,
)

TAB = "Away"
BASE = "/desk/away"
LAST_DAY = date(2199, 12, 31)
"""No absence ends later."""

Enter = Callable[[Transaction, Caller], UUID]


@dataclass(frozen=True, kw_only=True)
class _Board:
    people: tuple[Row, ...]
    things: tuple[Row, ...]
    sites: tuple[Row, ...]
    holidays: tuple[Holidays, ...]
    choices: AbsenceChoices
    entered: Entered | None
    today: date


@get(BASE, opt={"access": Access.STAFF})
async def board(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, Form())


@post(BASE, opt={"access": Access.STAFF}, status_code=200)
async def enter(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, form = await _sent(request, context, visitor)
    act = _asked(form)
    if act is not None:
        try:
            which = await context.database.write(act, caller)
            return Redirect(f"{BASE}?entered={which}", status_code=303)
        except InvalidInput as refusal:
            form.wrong[str(refusal.details["field"])] = refusal.message
        except NotFound:
            form.wrong["whose"] = _CHOOSE
    return await _page(request, context, visitor, form)


@post(f"{BASE}/{{absence_id:uuid}}/remove", opt={"access": Access.STAFF}, status_code=200)
async def take_back(
    request: PageRequest,
    absence_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    caller, _ = await _sent(request, context, visitor)
    await context.database.write(remove_absence, caller, RemoveAbsence(absence=absence_id))
    return Redirect(f"{BASE}?removed", status_code=303)


@post(f"{BASE}/closures/{{closure_id:uuid}}/remove", opt={"access": Access.STAFF}, status_code=200)
async def reopen(
    request: PageRequest,
    closure_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    caller, _ = await _sent(request, context, visitor)
    await context.database.write(reopen_site, caller, ReopenSite(closure=closure_id))
    return Redirect(f"{BASE}?removed", status_code=303)


async def _sent(request: PageRequest, context: Context, visitor: Visitor) -> tuple[Caller, Form]:
    caller = at_desk(request, visitor)
    return caller, await own_form(request, context, read_cookie(request, context.settings, SESSION))


async def _page(request: PageRequest, context: Context, visitor: Visitor, form: Form) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    query = request.query_params
    found = await context.database.read(_board, at_desk(request, visitor), query.get("entered", ""))
    status = 400 if form.wrong else 200
    return page("away.html", frame, status=status, form=form, board=found, removed="removed" in query)


_CHOOSE = "Choose who or what is away."


def _asked(form: Form) -> Enter | None:
    """What the form asks for; None when something is wrong with it, each with its sentence."""
    kind, _, text = form.typed("whose").partition(":")
    which = _id(text)
    if kind not in _COMMANDS or (which is None) is not (kind == "clinic"):
        form.wrong["whose"] = _CHOOSE
    why, days = reason(form), stretch(form)
    if days is None or form.wrong:
        return None
    return _COMMANDS[kind](which or UUID(int=0), days, why)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _leave(whose: UUID, days: LocalSpan, why: str) -> Enter:
    command = AddLeave(practitioner=PractitionerId(whose), days=days, reason=why)
    return lambda tx, caller: add_leave(tx, caller, command).absence.id


def _room(whose: UUID, days: LocalSpan, why: str) -> Enter:
    command = CloseRoom(room=RoomId(whose), days=days, reason=why)
    return lambda tx, caller: close_room(tx, caller, command).absence.id


def _device(whose: UUID, days: LocalSpan, why: str) -> Enter:
    command = CloseEquipment(equipment=EquipmentId(whose), days=days, reason=why)
    return lambda tx, caller: close_equipment(tx, caller, command).absence.id


def _site(whose: UUID, days: LocalSpan, why: str) -> Enter:
    command = CloseSite(site=SiteId(whose), days=days, reason=why)
    return lambda tx, caller: close_site(tx, caller, command).closure.id


def _clinic(_whose: UUID, days: LocalSpan, why: str) -> Enter:
    command = CloseSite(site=None, days=days, reason=why)
    return lambda tx, caller: close_site(tx, caller, command).closure.id


_COMMANDS: dict[str, Callable[[UUID, LocalSpan, str], Enter]] = {
    "practitioner": _leave,
    "room": _room,
    "equipment": _device,
    "site": _site,
    "clinic": _clinic,
}


def _board(tx: Transaction, caller: Caller, which: str) -> _Board:
    today = local_date(tx.now(), catalogue(tx, caller).clinic.zone)
    found = list_absences(tx, caller, AbsenceQuery(first=today, last=LAST_DAY))
    choices = absence_choices(tx, caller)
    by_name = sorted(found.absences, key=lambda one: (one.site.name if one.site else "", one.whose.name))
    return _Board(
        people=tuple(row_of_absence(one, BASE) for one in by_name if isinstance(one.whose, Practitioner)),
        things=tuple(row_of_absence(one, BASE) for one in by_name if not isinstance(one.whose, Practitioner)),
        sites=tuple(row_of_closure(one, BASE) for one in found.closures),
        holidays=tuple(holidays(choices.sites, today)),
        choices=choices,
        entered=entered(tx, caller, found, which, BASE),
        today=today,
    )


HANDLERS = [board, enter, take_back, reopen]
