"""Step 3 of booking: the time is held, and the patient says who they are."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.hold import find_hold
from booking.usecases.views.catalogue import catalogue
from booking.web.asking import GONE, Held, hold_wanted, looking, sending, still_held
from booking.web.forms import contact
from booking.web.frame import PageRequest, public_frame
from booking.web.hold_pages import check_page, checked_page, details_page, others_page


@post("/book/{clinic:str}/hold", opt={"access": Access.PUBLIC}, status_code=200)
async def hold_time(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    """Who has already said who they are, and lost the time, goes on from there with the new one."""
    of = await sending(request, context, visitor)
    try:
        held = Held(view=await hold_wanted(of))
    except GONE as refusal:
        return await others_page(of, refusal)
    if not of.form.typed("name"):
        return Redirect(f"{request.url.path}/{held.view.appointment.id}", status_code=303)
    return await checked_page(of, held)


@get("/book/{clinic:str}/hold/{hold_id:uuid}", opt={"access": Access.PUBLIC})
async def details(
    request: PageRequest, hold_id: FromPath[UUID], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    of = looking(request, context, visitor)
    found = await context.database.read(catalogue, of.caller)
    public_frame(request, context, found, of.browser.secret)  # for the page that says that the hold is over
    return await details_page(of, Held(view=await context.database.read(find_hold, of.caller, of.ref(hold_id))))


@get(
    [f"/book/{{clinic:str}}/hold/{{hold_id:uuid}}/{step}" for step in ("extend", "details", "check", "book")],
    opt={"access": Access.PUBLIC},
    sync_to_thread=False,
)
def back(request: PageRequest) -> Redirect:
    """For browsers that come back to the address a form was sent to."""
    return Redirect(request.url.path.rpartition("/")[0], status_code=303)


@post("/book/{clinic:str}/hold/{hold_id:uuid}/extend", opt={"access": Access.PUBLIC}, status_code=200)
async def keep(
    request: PageRequest, hold_id: FromPath[UUID], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    """Hold it for longer and show the same step again, with what was typed."""
    of = await sending(request, context, visitor)
    try:
        held = await still_held(of, hold_id, longer=True)
    except GONE as refusal:
        return await others_page(of, refusal)
    person = contact(of.form) if of.form.typed("at") == "check" else None
    if person is not None:
        return await check_page(of, held, person)
    of.form.wrong.clear()
    return await details_page(of, held)


@post("/book/{clinic:str}/hold/{hold_id:uuid}/details", opt={"access": Access.PUBLIC}, status_code=200)
async def change(
    request: PageRequest, hold_id: FromPath[UUID], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    """Back from step 4."""
    of = await sending(request, context, visitor)
    try:
        return await details_page(of, await still_held(of, hold_id))
    except GONE as refusal:
        return await others_page(of, refusal)


HANDLERS = [hold_time, details, back, keep, change]
