"""Visits whose practitioner may no longer give them, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView, get_appointment
from booking.usecases.views.findings import list_findings
from booking.web.desk import at_desk
from booking.web.frame import PageRequest, staff_frame
from booking.web.rendering import page


@dataclass(frozen=True, kw_only=True)
class AtRisk:
    """A visit without cover, and one entry for each thing that is missing."""

    view: AppointmentView
    reasons: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Visits of one practitioner that are at risk for the same reasons, by their time."""

    practitioner: Practitioner
    reasons: tuple[Mapping[str, Any], ...]
    visits: tuple[AtRisk, ...]


@get("/desk/findings", opt={"access": Access.STAFF})
async def show(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, "At risk")
    found, now = await context.database.read(_board, at_desk(request, visitor))
    return page("findings.html", frame, groups=grouped(found), today=local_date(now, frame.zone))


def at_risk(tx: Transaction, caller: Caller) -> list[AtRisk]:
    """The visits without cover, by their time."""
    found = [
        AtRisk(view=get_appointment(tx, caller, one.appointment_id), reasons=tuple(one.detail.get("reasons", ())))
        for one in list_findings(tx, caller)
    ]
    return sorted(found, key=lambda one: (one.view.appointment.span.start, one.view.appointment.id))


def grouped(found: Iterable[AtRisk]) -> list[Group]:
    """By practitioner and reasons, so that what is missing once is read once; the most urgent group first."""
    groups: dict[object, list[AtRisk]] = {}
    for one in found:
        why = tuple(tuple(sorted(reason.items())) for reason in one.reasons)
        groups.setdefault((one.view.practitioner.id, why), []).append(one)
    return [
        Group(practitioner=visits[0].view.practitioner, reasons=visits[0].reasons, visits=tuple(visits))
        for visits in groups.values()
    ]


def _board(tx: Transaction, caller: Caller) -> tuple[list[AtRisk], datetime]:
    return at_risk(tx, caller), tx.now()


HANDLERS = [show]
