"""The pages about a time that is held, or that cannot be had."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from litestar.response import Response

from booking.domain.appointment import Appointment
from booking.domain.errors import BookingError
from booking.domain.patient import Contact
from booking.domain.permission import Caller
from booking.domain.policy import LONGEST_HOLD
from booking.domain.time.zone import local_date
from booking.http.problems import STATUS
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.web.asking import Asking, Held
from booking.web.errors import said
from booking.web.forms import contact
from booking.web.frame import public_frame
from booking.web.links import times_like, times_of
from booking.web.rendering import page
from booking.web.wanting import asked_for, contact_typed, kept_of, nearest


async def details_page(of: Asking, held: Held) -> Response[str]:
    """Step 3, with what was typed and what is wrong with it."""
    found, now = await of.context.database.read(_around, of.caller)
    status = 400 if of.form.wrong else 200
    return page(
        "details.html",
        public_frame(of.request, of.context, found, of.browser.secret),
        status=status,
        form=of.form,
        **_about(found, held, now),
    )


async def check_page(of: Asking, held: Held, contact: Contact, problem: BookingError | None = None) -> Response[str]:
    """Step 4."""
    found, now = await of.context.database.read(_around, of.caller)
    return page(
        "check.html",
        public_frame(of.request, of.context, found, of.browser.secret),
        status=200 if problem is None else STATUS[problem.code],
        contact={
            "name": contact.name,
            "email": contact.email or "",
            "phone": contact.phone or "",
            "born": "" if contact.born is None else contact.born.isoformat(),
        },
        born=contact.born,
        problem=None if problem is None else said(problem),
        on_request=_is_on_request(found, held.view.appointment),
        **_about(found, held, now),
    )


async def checked_page(of: Asking, held: Held) -> Response[str]:
    """Step 4, or step 3 again when something is wrong with what was typed."""
    person = contact(of.form)
    if person is not None and person.born is None and await _asks_age(of, held):
        of.form.wrong["born"] = "Enter the date of birth."
        person = None
    return await (details_page(of, held) if person is None else check_page(of, held, person))


async def others_page(of: Asking, refusal: BookingError) -> Response[str]:
    """Why the time cannot be had, and the nearest that can; what was typed goes along."""
    asked = await of.context.database.read(asked_for, of.caller, of.form)
    choices = await of.context.database.read(nearest, of.caller, asked)
    _, now = await of.context.database.read(_around, of.caller)
    return page(
        "others.html",
        public_frame(of.request, of.context, asked.catalogue, of.browser.secret),
        status=STATUS[refusal.code],
        problem=said(refusal),
        choices=choices,
        wanted=asked.kept_for_choice,
        contact=contact_typed(of.form),
        site=asked.site,
        today=local_date(now, asked.site.zone),
        times_url=times_of(asked.catalogue, asked.kept_for_choice),
    )


def hold_url(found: Catalogue, held: Appointment) -> str:
    return f"/book/{found.clinic.slug}/hold/{held.id}"


def _is_on_request(found: Catalogue, held: Appointment) -> bool:
    """Whether booking it now only requests it."""
    return any(one.on_request for one in found.treatment_types if one.id == held.agreed.treatment_type_id)


async def _asks_age(of: Asking, held: Held) -> bool:
    found, _now = await of.context.database.read(_around, of.caller)
    return held.view.appointment.site_id in found.asking_age


def _around(tx: Transaction, caller: Caller) -> tuple[Catalogue, datetime]:
    return catalogue(tx, caller), tx.now()


def _about(found: Catalogue, held: Held, now: datetime) -> dict[str, Any]:
    visit = held.view.appointment
    since, until = visit.held_since, visit.expires_at
    return {
        "view": held.view,
        "asks_age": visit.site_id in found.asking_age,
        "held_again": held.again,
        "wanted": kept_of(found, visit),
        "minutes_left": 0 if until is None else ceil((until - now) / timedelta(minutes=1)),
        "may_extend": since is not None and until is not None and until < since + LONGEST_HOLD,
        "today": local_date(now, visit.zone),
        "hold_url": hold_url(found, visit),
        "times_url": times_like(found, visit),
    }
