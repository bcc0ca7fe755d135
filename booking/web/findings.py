"""Visits that cannot take place as things stand, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.conflict import Conflict
from booking.domain.permission import Caller
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.findings import FoundVisit, list_found_visits
from booking.web.desk import at_desk
from booking.web.frame import PageRequest, staff_frame
from booking.web.rendering import page
from booking.web.speaking_against import InTheWay, in_the_way


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A visit in a group; `is_first` where it stands on the page for the first time."""

    view: AppointmentView
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """Visits that the same speaks against, by their time."""

    why: InTheWay
    visits: tuple[Listed, ...]


@get("/desk/findings", opt={"access": Access.STAFF})
async def show(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, "At risk")
    found, now = await context.database.read(_board, at_desk(request, visitor))
    return page("findings.html", frame, groups=grouped(found), today=local_date(now, frame.zone))


def grouped(found: Iterable[FoundVisit]) -> list[Group]:
    """By what speaks against them, so that what is so once is read once; the most urgent group first."""
    groups: dict[object, list[Listed]] = {}
    whys: dict[object, InTheWay] = {}
    seen = set()
    for one in found:
        for finding in one.findings:
            whose = one.view.practitioner.id if finding.kind == Conflict.LOST_COVER else None
            key = (finding.kind, whose, repr(finding.detail))
            whys.setdefault(key, in_the_way(one.view, finding))
            visit = one.view.appointment.id
            groups.setdefault(key, []).append(Listed(view=one.view, is_first=visit not in seen))
            seen.add(visit)
    return [Group(why=whys[key], visits=tuple(visits)) for key, visits in groups.items()]


def without_cover(tx: Transaction, caller: Caller) -> list[AppointmentView]:
    """The visits whose practitioner may not give them, by their time."""
    found = list_found_visits(tx, caller)
    return [one.view for one in found if any(each.kind == Conflict.LOST_COVER for each in one.findings)]


def _board(tx: Transaction, caller: Caller) -> tuple[list[FoundVisit], datetime]:
    return list_found_visits(tx, caller), tx.now()


HANDLERS = [show]
