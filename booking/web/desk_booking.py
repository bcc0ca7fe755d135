"""Reception books for somebody who rings or stands there: at a time that is named, or at the next that is free."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Response

from booking.domain.errors import BookingError, InvalidInput, Unavailable
from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.zone import local_date
from booking.domain.treatment import TreatmentType
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import LONGEST_NAME
from booking.http.problems import STATUS
from booking.http.visitors import Visitor
from booking.usecases.book import BookAppointment, book
from booking.usecases.notes import Annotate, annotate
from booking.usecases.placing import Wanted
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.outlook import Outlook, first_days
from booking.usecases.views.slots import alternatives
from booking.web.choices import only
from booking.web.desk import TAB, at_desk
from booking.web.desk_forms import (
    OF_TIME,
    Refused,
    desk_form,
    once_only,
    picked,
    picked_or_any,
    refused,
    request_key,
    start_at,
    with_choice,
    zone_of,
)
from booking.web.forms import Form, contact, day, line, text
from booking.web.frame import PageRequest, staff_frame
from booking.web.rendering import page
from booking.web.searching import Choice, choices_of

MOST_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What is wanted; without a time the next free ones are asked for."""

    treatment: TreatmentType
    site: Site
    practitioner: Practitioner | None
    first: date | None
    start: datetime | None

    @property
    def wanted(self) -> Wanted:
        assert self.start is not None  # noqa: S101 -- asked only where there is a time
        return Wanted(
            treatment_type=self.treatment.id,
            site=self.site.id,
            start=self.start,
            practitioner=self.practitioner.id if self.practitioner else None,
        )


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What is said above the form: why not, or which times are free."""

    problem: Refused | None = None
    free: tuple[Choice, ...] | None = None
    status: int = 200


@get("/desk/book", opt={"access": Access.STAFF})
async def show(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, Form(values=dict(request.query_params)), _Answer())


@post("/desk/book", opt={"access": Access.STAFF}, status_code=200)
async def book_it(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, form = at_desk(request, visitor), await desk_form(request, context)
    found = await context.database.read(catalogue, caller)
    form = with_choice(form, zone_of(found, form))
    wish = _wish(found, form)
    if wish is not None and wish.start is None:
        free = await context.database.read(_next_free, caller, wish)
        return await _page(request, context, visitor, form, _Answer(free=free))
    command = None if wish is None else _command(caller, form, wish)
    if wish is None or command is None:
        return await _page(request, context, visitor, form, _Answer(status=400))
    try:
        booked = await context.database.write(_book, caller, command, text(form, "note"))
    except InvalidInput as refusal:
        form.wrong["note" if refusal.details["field"] == "note" else "time"] = refusal.message
        return await _page(request, context, visitor, form, _Answer(status=400))
    except Unavailable:
        raise
    except BookingError as refusal:
        others = await _others(context, caller, wish) if isinstance(refusal, OF_TIME) else ()
        answer = _Answer(
            problem=refused(refusal, others, anyone=wish.practitioner is None), status=STATUS[refusal.code]
        )
        return await _page(request, context, visitor, form, answer)
    return Redirect(f"/desk/appointments/{booked.appointment.id}?done=booked", status_code=303)


def _book(tx: Transaction, caller: Caller, command: BookAppointment, note: str) -> AppointmentView:
    """Both or neither; a note that is there already, because this was sent twice, stays."""
    booked = book(tx, caller, command)
    visit = booked.appointment
    if not note or visit.note:
        return booked
    return annotate(tx, caller, Annotate(appointment=visit.id, version=visit.version, note=note))


def _wish(found: Catalogue, form: Form) -> _Wish | None:
    """None when something is wrong with it, each with its sentence in the form."""
    treatment = picked(form, "treatment", found.treatment_types, "Choose a treatment.")
    site = only(found.sites) or picked(form, "site", found.sites, "Choose a site.")
    who = picked_or_any(form, "practitioner", found.practitioners, "Choose a practitioner, or anyone.")
    start = start_at(form, zone_of(found, form)) if form.typed("time").strip() else None
    first = day(form, "day", "the day")
    if form.wrong or treatment is None or site is None:
        return None
    return _Wish(treatment=treatment, site=site, practitioner=who, first=first, start=start)


def _command(caller: Caller, form: Form, wish: _Wish) -> BookAppointment | None:
    person = contact(form, "the patient's")
    booker = line(form, "booked_by", "who books", longest=LONGEST_NAME, required=False)
    if person is None or form.wrong:
        return None
    key = request_key(caller, form)
    return BookAppointment(contact=person, what=wish.wanted, booked_by=booker or None, request=key)


def _next_free(tx: Transaction, caller: Caller, wish: _Wish) -> tuple[Choice, ...]:
    """The first times that are free from the day on that was asked for, or from now on."""
    query = Outlook(
        treatment_type=wish.treatment.id,
        site=wish.site.id,
        practitioner=wish.practitioner.id if wish.practitioner else None,
        first=wish.first,
    )
    return tuple(choices_of(first_days(tx, caller, query, 1).listed)[:MOST_SHOWN])


async def _others(context: Context, caller: Caller, wish: _Wish) -> Sequence[Choice]:
    """Times near to it; none rather than an error: the refusal itself is what must be heard."""
    try:
        return choices_of(await context.database.read(alternatives, caller, wish.wanted))
    except BookingError:
        return ()


async def _page(request: PageRequest, context: Context, visitor: Visitor, form: Form, answer: _Answer) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    found, today = await context.database.read(_look, at_desk(request, visitor), form)
    shown = form if form.typed("day") else replace(form, values={**form.values, "day": today.isoformat()})
    return page(
        "desk_book.html",
        frame,
        status=answer.status,
        form=once_only(shown),
        about=found,
        problem=answer.problem,
        free=answer.free,
        zone=zone_of(found, form),
        today=today,
    )


def _look(tx: Transaction, caller: Caller, form: Form) -> tuple[Catalogue, date]:
    found = catalogue(tx, caller)
    return found, local_date(tx.now(), zone_of(found, form))


HANDLERS = [show, book_it]
