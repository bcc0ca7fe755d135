"""Somebody at the booking pages with a form, and the time that they hold."""

from dataclasses import dataclass
from uuid import UUID

from booking.domain.errors import (
    BeyondHorizon,
    HoldExpired,
    NotOffered,
    OutsideHours,
    PractitionerNotEligible,
    SlotTaken,
    TooShortNotice,
)
from booking.domain.ids import AppointmentId
from booking.domain.permission import Caller
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.hold import HoldRef, HoldSlot, extend, find_hold, hold
from booking.usecases.views.appointments import AppointmentView
from booking.web.forms import Form, own_form
from booking.web.frame import Browser, PageRequest, anybody, browser_of
from booking.web.wanting import asked_for

GONE = (SlotTaken, OutsideHours, NotOffered, PractitionerNotEligible, TooShortNotice, BeyondHorizon)
"""The refusals that other times are the answer to."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks, by which browser, and what they sent; nothing for a page that is only looked at."""

    request: PageRequest
    context: Context
    caller: Caller
    browser: Browser
    form: Form

    def ref(self, hold_id: UUID) -> HoldRef:
        """The hold, as far as it is this browser's."""
        return HoldRef(hold=AppointmentId(hold_id), hold_key=self.browser.hold_key)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A hold of this browser; `again` when it had run out and its time was still free."""

    view: AppointmentView
    again: bool = False


def looking(request: PageRequest, context: Context, visitor: Visitor) -> Asking:
    caller, browser = anybody(request, visitor), browser_of(request, context)
    return Asking(request=request, context=context, caller=caller, browser=browser, form=Form())


async def sending(request: PageRequest, context: Context, visitor: Visitor) -> Asking:
    """Whoever sent a form of ours. Raises NotPermitted for a form from elsewhere."""
    caller, browser = anybody(request, visitor), browser_of(request, context)
    form = await own_form(request, context, browser.secret)
    return Asking(request=request, context=context, caller=caller, browser=browser, form=form)


async def hold_wanted(of: Asking) -> AppointmentView:
    """Hold what the form asks for. Raises the refusal that says why it cannot be had."""
    asked = await of.context.database.read(asked_for, of.caller, of.form)
    return await of.context.database.write(hold, of.caller, HoldSlot(wanted=asked.wanted, hold_key=of.browser.hold_key))


async def still_held(of: Asking, hold_id: UUID, *, longer: bool = False) -> Held:
    """The hold, for `longer` if that is asked; when it has run out, its time is held again, silently if it can be had.

    Raises the refusal that says why it cannot.
    """
    database = of.context.database
    try:
        if longer:
            return Held(view=await database.write(extend, of.caller, of.ref(hold_id)))
        return Held(view=await database.read(find_hold, of.caller, of.ref(hold_id)))
    except HoldExpired:
        return Held(view=await hold_wanted(of), again=True)
