"""Who and what holds what; the manager verifies and suspends, and sees which visits that leaves without cover."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.credential import Credential
from booking.domain.errors import InvalidInput
from booking.domain.ids import CredentialId
from booking.domain.permission import Action, Caller, permit
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, read_cookie
from booking.http.visitors import Visitor
from booking.usecases.credentials import (
    CredentialChanged,
    SuspendCredential,
    VerifyCredential,
    of_practitioner,
    of_site,
    suspend,
    verify,
)
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.catalogue import catalogue
from booking.web.findings import without_cover
from booking.web.forms import Form, day, line, own_form
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.rendering import page

DEEDS = {"verify": "verified", "suspend": "suspended"}


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A practitioner or a site, with what they hold; `among` says of whose or of which visits."""

    who: Practitioner | Site
    credentials: tuple[Credential, ...]

    @property
    def is_site(self) -> bool:
        return isinstance(self.who, Site)

    @property
    def key(self) -> str:
        """What leads to it on the page."""
        return f"{'site' if self.is_site else 'person'}-{self.who.slug}"

    @property
    def among(self) -> str:
        return f"{'at' if self.is_site else 'of'} {self.who.name}"


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A credential that was just changed, and the visits of its holder that are without cover."""

    holder: Holder
    credential: Credential
    lost: tuple[AppointmentView, ...]


@dataclass(frozen=True, kw_only=True)
class _Board:
    holders: tuple[Holder, ...]
    changed: Changed | None
    now: datetime


@get("/desk/credentials", opt={"access": Access.STAFF})
async def board(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, Form())


@post("/desk/credentials/{credential_id:uuid}/verify", opt={"access": Access.STAFF}, status_code=200)
async def verify_it(
    request: PageRequest,
    credential_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    form = await _form(request, context, credential_id, "verify")
    source = line(form, "source", "where you looked", longest=300)
    command = VerifyCredential(credential=CredentialId(credential_id), source=source)
    return await _change(request, context, visitor, form, lambda tx, caller: verify(tx, caller, command))


@post("/desk/credentials/{credential_id:uuid}/suspend", opt={"access": Access.STAFF}, status_code=200)
async def suspend_it(
    request: PageRequest,
    credential_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    form = await _form(request, context, credential_id, "suspend")
    command = SuspendCredential(
        credential=CredentialId(credential_id),
        reason=line(form, "reason", "a reason", longest=300),
        first=day(form, "first", "the first day"),
        last=day(form, "last", "the last day"),
    )
    return await _change(request, context, visitor, form, lambda tx, caller: suspend(tx, caller, command))


async def _form(request: PageRequest, context: Context, credential_id: UUID, deed: str) -> Form:
    """The form, which remembers what it is about."""
    sent = await own_form(request, context, read_cookie(request, context.settings, SESSION))
    return Form(values={**sent.values, "credential": str(credential_id), "deed": deed})


async def _change(
    request: PageRequest,
    context: Context,
    visitor: Visitor,
    form: Form,
    act: Callable[[Transaction, Caller], CredentialChanged],
) -> Response[str]:
    if not form.wrong:
        try:
            await context.database.write(act, at_work(request, visitor))
        except InvalidInput as refusal:
            form.wrong[str(refusal.details["field"])] = refusal.message
    if form.wrong:
        return await _page(request, context, visitor, form)
    changed, deed = form.typed("credential"), form.typed("deed")
    return Redirect(f"/desk/credentials?changed={changed}&deed={deed}", status_code=303)


async def _page(request: PageRequest, context: Context, visitor: Visitor, form: Form) -> Response[str]:
    frame = await staff_frame(request, context, visitor, "Credentials")
    found = await context.database.read(_board, at_work(request, visitor), request.query_params.get("changed", ""))
    return page(
        "credentials.html",
        frame,
        status=400 if form.wrong else 200,
        form=form,
        blank=Form(),
        holders=found.holders,
        changed=found.changed,
        deed=DEEDS.get(request.query_params.get("deed", ""), "changed"),
        today=local_date(found.now, frame.zone),
    )


def _board(tx: Transaction, caller: Caller, changed: str) -> _Board:
    permit(caller, Action.MANAGE_CREDENTIALS)
    found = catalogue(tx, caller)
    people = [Holder(who=one, credentials=tuple(of_practitioner(tx, caller, one.id))) for one in found.practitioners]
    sites = [Holder(who=one, credentials=tuple(of_site(tx, caller, one.id))) for one in found.sites]
    holders = (*people, *(one for one in sites if one.credentials))
    return _Board(holders=holders, changed=_changed(tx, caller, holders, changed), now=tx.now())


def _changed(tx: Transaction, caller: Caller, holders: tuple[Holder, ...], changed: str) -> Changed | None:
    for holder in holders:
        for credential in holder.credentials:
            if str(credential.id) == changed:
                lost = (one for one in without_cover(tx, caller) if holder.who.id in {one.practitioner.id, one.site.id})
                return Changed(holder=holder, credential=credential, lost=tuple(lost))
    return None


HANDLERS = [board, verify_it, suspend_it]
