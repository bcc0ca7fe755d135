"""Steps 1 and 2 of booking: what is needed, and when."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Redirect, Response

from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.views.catalogue import all_clinics, catalogue
from booking.web.forms import Form, read_day
from booking.web.frame import PageRequest, anybody, bare_frame, browser_of, public_frame
from booking.web.links import month_url, times_url
from booking.web.rendering import page
from booking.web.searching import TimesAsked, look


@get("/", opt={"access": Access.PUBLIC})
async def start(request: PageRequest, context: NamedDependency[Context]) -> Response[str]:
    clinics = await context.database.read(all_clinics)
    if len(clinics) == 1:
        return Redirect(f"/book/{clinics[0].slug}", status_code=303)
    return page("clinics.html", bare_frame(request), clinics=clinics, where="/book", verb="Book here")


@get("/book/{clinic:str}", opt={"access": Access.PUBLIC})
async def needs(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _needs(request, context, visitor, Form(values={"site": request.query_params.get("site", "")}))


@get("/book/{clinic:str}/times", opt={"access": Access.PUBLIC})
async def times(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    asked = times_asked(request)
    browser = browser_of(request, context)
    found = await context.database.read(look, anybody(request, visitor), asked, browser.hold_key)
    if found is None:
        return await needs_page(request, context, visitor, asked)
    return page(
        "times.html",
        public_frame(request, context, found.catalogue, browser.secret),
        cookies=browser.cookies,
        found=found,
        wanted=found.wanted,
        several_sites=len(found.catalogue.sites) > 1,
        first_url=times_url(found, None),
        later_url=times_url(found, found.later) if found.later else "",
        anybody_url=times_url(found, found.first, with_practitioner=False),
        month_url=month_url(found, found.days[0].date if found.days else found.first),
    )


def times_asked(request: PageRequest) -> TimesAsked:
    """What the address says."""
    query = request.query_params
    return TimesAsked(
        treatment=query.get("treatment", ""),
        site=query.get("site", ""),
        practitioner=query.get("practitioner", ""),
        first=read_day(query.get("from", "")),
    )


async def needs_page(request: PageRequest, context: Context, visitor: Visitor, asked: TimesAsked) -> Response[str]:
    """The first step again, where something is still to be chosen."""
    wrong = {"site": "Choose where you would like to come."} if asked.treatment and not asked.site else {}
    return await _needs(request, context, visitor, Form(values={"site": asked.site}, wrong=wrong))


async def _needs(request: PageRequest, context: Context, visitor: Visitor, form: Form) -> Response[str]:
    found = await context.database.read(catalogue, anybody(request, visitor))
    frame = public_frame(request, context, found, "")
    return page("needs.html", frame, status=400 if form.wrong else 200, catalogue=found, form=form)


HANDLERS = [start, needs, times]
