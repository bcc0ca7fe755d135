"""What surrounds every page: whose it is, and who looks at it."""

from dataclasses import dataclass, replace
from typing import Any

from litestar.connection import Request
from litestar.datastructures import Cookie

from booking.domain.clinic import Clinic
from booking.domain.permission import Action, Caller, Role, reach_of
from booking.domain.time.zone import ZoneName
from booking.http.context import Context
from booking.http.cookies import HOLD, SESSION, read_cookie, set_cookie
from booking.http.csrf import csrf_token
from booking.http.tokens import digest, new_secret
from booking.http.visitors import Visitor
from booking.usecases.types import Staff, Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.findings import list_findings

PageRequest = Request[Any, Any, Any]
CHANNEL = "web"


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page of the desk; `count` is how many things wait there."""

    name: str
    url: str
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Frame:
    """`csrf` is for the forms of this browser; `member` is set where staff are at work, with their `tabs`."""

    clinic: Clinic | None = None
    is_demo: bool = False
    csrf: str = ""
    member: Staff | None = None
    tabs: tuple[Tab, ...] = ()
    tab: str = ""

    @property
    def start(self) -> str:
        """Where the clinic's name leads."""
        if self.member is not None:
            return home_of(self.member.role)
        return f"/book/{self.clinic.slug}" if self.clinic else "/"

    @property
    def zone(self) -> ZoneName:
        """The clock of the clinic."""
        return self.clinic.zone if self.clinic else ZoneName("UTC")

    @property
    def sign_in(self) -> str:
        return f"/sign-in/{self.clinic.slug}" if self.clinic else "/sign-in"


@dataclass(frozen=True, kw_only=True)
class Browser:
    """Somebody's browser, known by a secret in a cookie: what it holds is held under the secret's hash."""

    secret: str
    cookies: tuple[Cookie, ...] = ()

    @property
    def hold_key(self) -> str:
        return digest(self.secret)


def browser_of(request: PageRequest, context: Context) -> Browser:
    """The browser that asks; a new one gets its cookie with the answer that carries `cookies`."""
    known = read_cookie(request, context.settings, HOLD)
    if known is not None:
        return Browser(secret=known)
    secret = new_secret()
    return Browser(secret=secret, cookies=(set_cookie(context.settings, HOLD, secret),))


def anybody(request: PageRequest, visitor: Visitor) -> Caller:
    """The caller of the patients' pages: staff see there what everybody sees."""
    return replace(visitor, session=None).caller(CHANNEL, request.headers.get("x-request-id", ""))


def at_work(request: PageRequest, visitor: Visitor) -> Caller:
    """The caller of the staff's pages."""
    return visitor.caller(CHANNEL, request.headers.get("x-request-id", ""))


def public_frame(request: PageRequest, context: Context, found: Catalogue, secret: str) -> Frame:
    """For patients; `secret` is what the browser proves its forms by."""
    csrf = csrf_token(context.settings, secret)
    return _kept(request, Frame(clinic=found.clinic, is_demo=found.is_demo, csrf=csrf))


async def staff_frame(request: PageRequest, context: Context, visitor: Visitor, tab: str) -> Frame:
    """For staff, with the tab that they are at."""
    caller = at_work(request, visitor)
    found, count = await context.database.read(_surroundings, caller)
    csrf = csrf_token(context.settings, read_cookie(request, context.settings, SESSION) or "")
    member = visitor.session.staff if visitor.session else None
    frame = Frame(clinic=found.clinic, is_demo=found.is_demo, csrf=csrf, member=member, tab=tab)
    return _kept(request, replace(frame, tabs=_tabs(caller, count)))


def home_of(role: Role) -> str:
    return "/me" if role is Role.PRACTITIONER else "/desk"


def _surroundings(tx: Transaction, caller: Caller) -> tuple[Catalogue, int]:
    return catalogue(tx, caller), len({one.appointment_id for one in list_findings(tx, caller)})


def _tabs(caller: Caller, findings: int) -> tuple[Tab, ...]:
    if caller.role is Role.PRACTITIONER:
        return (
            Tab(name="My visits", url="/me"),
            Tab(name="May I needle?", url="/me/now"),
            Tab(name="My credentials", url="/me/credentials"),
            Tab(name="My leave", url="/me/leave"),
            Tab(name="My calendar", url="/me/calendar"),
        )
    tabs = (
        Tab(name="Day", url="/desk"),
        Tab(name="At risk", url="/desk/findings", count=findings),
        Tab(name="Patients", url="/desk/patients"),
        Tab(name="Away", url="/desk/away"),
        Tab(name="Why not?", url="/desk/why"),
        Tab(name="Who may needle?", url="/desk/eligibility"),
        Tab(name="The law", url="/desk/law"),
    )
    if reach_of(caller, Action.MANAGE_CREDENTIALS) is None:
        return tabs
    return (*tabs, Tab(name="Credentials", url="/desk/credentials"))


def bare_frame(request: PageRequest) -> Frame:
    """As much of a frame as is known: the one that the page had got to, else the clinic that the address names."""
    known = getattr(request.state, "frame", None)
    if isinstance(known, Frame):
        return known
    is_demo = bool(getattr(request.app.state, "is_demo", False))
    return Frame(clinic=getattr(request.scope.get("user"), "clinic", None), is_demo=is_demo)


def _kept(request: PageRequest, frame: Frame) -> Frame:
    """Left where pages without a clinic, and those of errors, find it: a database is a demo for good, or not at all."""
    request.state.frame = frame
    request.app.state.is_demo = frame.is_demo
    return frame
