"""Staff come in and go out."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Response

from booking.domain.errors import RateLimited, Unauthenticated
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, drop_cookie, read_cookie, set_cookie
from booking.http.problems import STATUS
from booking.http.proxies import client_address
from booking.http.sessions import sign_in, sign_out
from booking.http.visitors import Visitor
from booking.usecases.views.catalogue import all_clinics, catalogue
from booking.web.forms import Form, line, own_form
from booking.web.frame import PageRequest, anybody, bare_frame, browser_of, home_of, public_frame
from booking.web.rendering import page


@get("/sign-in", opt={"access": Access.PUBLIC})
async def choose_clinic(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    if visitor.session is not None:
        return Redirect(home_of(visitor.session.staff.role), status_code=303)
    clinics = await context.database.read(all_clinics)
    if len(clinics) == 1:
        out = "?out" if "out" in request.query_params else ""
        return Redirect(f"/sign-in/{clinics[0].slug}{out}", status_code=303)
    return page("clinics.html", bare_frame(request), clinics=clinics, where="/sign-in", verb="Sign in here")


@get("/sign-in/{clinic:str}", opt={"access": Access.PUBLIC})
async def show(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    if visitor.session is not None:
        return Redirect(home_of(visitor.session.staff.role), status_code=303)
    return await _page(request, context, visitor, Form())


@post("/sign-in/{clinic:str}", opt={"access": Access.PUBLIC}, status_code=200)
async def enter(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    form = await own_form(request, context, browser_of(request, context).secret)
    login = line(form, "login", "your login", longest=100)
    password = form.typed("password")
    if not password:
        form.wrong["password"] = "Enter your password."  # noqa: S105 -- what is said when there is none
    if form.wrong or visitor.clinic_id is None:
        return await _page(request, context, visitor, form, 400)
    address = client_address(request, context.settings)
    try:
        token, session = await sign_in(context, visitor.clinic_id, login, password, address)
    except (Unauthenticated, RateLimited) as refusal:
        form.wrong["login"] = refusal.message
        return await _page(request, context, visitor, form, STATUS[refusal.code])
    cookie = set_cookie(context.settings, SESSION, token)
    return Redirect(home_of(session.staff.role), status_code=303, cookies=[cookie])


@post("/sign-out", opt={"access": Access.PUBLIC}, status_code=200)
async def leave(request: PageRequest, context: NamedDependency[Context]) -> Response[str]:
    token = read_cookie(request, context.settings, SESSION)
    if token is not None:
        await own_form(request, context, token)
        await sign_out(context, token)
    return Redirect("/sign-in?out", status_code=303, cookies=[drop_cookie(context.settings, SESSION)])


async def _page(
    request: PageRequest, context: Context, visitor: Visitor, form: Form, status: int = 200
) -> Response[str]:
    found = await context.database.read(catalogue, anybody(request, visitor))
    browser = browser_of(request, context)
    frame = public_frame(request, context, found, browser.secret)
    return page(
        "sign_in.html", frame, status=status, cookies=browser.cookies, form=form, is_out="out" in request.query_params
    )


HANDLERS = [choose_clinic, show, enter, leave]
