"""The law that the clinic goes by; the manager records what the owner decides, and sees which visits that concerns."""

from collections.abc import Callable
from dataclasses import dataclass

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.errors import InvalidInput
from booking.domain.ids import AppointmentId
from booking.domain.permission import Action, Caller, permit, reach_of
from booking.domain.rules import Grant, Need, Phase, Stance, phase_of
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, read_cookie
from booking.http.visitors import Visitor
from booking.usecases.law import DecideGrant, LawChanged, WithdrawDecision, decide_grant, withdraw_decision
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView, get_appointment
from booking.usecases.views.law import GrantView, Law, Standing, law
from booking.web.desk import at_desk
from booking.web.forms import Form, day, line, own_form
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.me import own
from booking.web.rendering import page
from booking.wording import law as wording

DESK, MINE = "/desk/law", "/me/law"
TAB = "The law"
_INPUTS = frozenset({"decided_by", "basis", "decided_on", "valid_until"})


@dataclass(frozen=True, kw_only=True)
class Badge:
    tone: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was just decided or withdrawn, and visits that it concerns: of many the first few."""

    changed: LawChanged
    lost: tuple[AppointmentView, ...]
    covered: tuple[AppointmentView, ...]


@get(DESK, opt={"access": Access.STAFF})
async def board(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, at_desk(request, visitor))


@get(MINE, opt={"access": Access.STAFF})
async def mine(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller = at_work(request, visitor)
    own(caller)
    return await _page(request, context, visitor, caller)


@post(f"{DESK}/decide", opt={"access": Access.STAFF}, status_code=200)
async def decide(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, form = await _sent(request, context, visitor)
    command = DecideGrant(
        jurisdiction=form.typed("jurisdiction"),
        grant=form.typed("grant"),
        version=form.typed("version"),
        decided_by=line(form, "decided_by", "who has decided", longest=200),
        basis=line(form, "basis", "what the decision rests on", longest=500),
        decided_on=day(form, "decided_on", "the day of the decision"),
        valid_until=day(form, "valid_until", "the last day"),
    )
    return await _change(request, context, visitor, caller, form, lambda tx, who: decide_grant(tx, who, command))


@post(f"{DESK}/withdraw", opt={"access": Access.STAFF}, status_code=200)
async def withdraw(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, form = await _sent(request, context, visitor)
    if not form.typed("sure"):
        form.wrong["sure"] = "Tick the box if you mean it."
    command = WithdrawDecision(jurisdiction=form.typed("jurisdiction"), grant=form.typed("grant"))
    return await _change(request, context, visitor, caller, form, lambda tx, who: withdraw_decision(tx, who, command))


async def _sent(request: PageRequest, context: Context, visitor: Visitor) -> tuple[Caller, Form]:
    caller = at_desk(request, visitor)
    permit(caller, Action.DECIDE_GRANTS)
    return caller, await own_form(request, context, read_cookie(request, context.settings, SESSION))


async def _change(
    request: PageRequest,
    context: Context,
    visitor: Visitor,
    caller: Caller,
    form: Form,
    act: Callable[[Transaction, Caller], LawChanged],
) -> Response[str]:
    """Do it and show what came of it. There is nothing to lead on to: what a decision did is known only now."""
    if form.wrong:
        return await _page(request, context, visitor, caller, form)
    try:
        changed = await context.database.write(act, caller)
    except InvalidInput as refusal:
        field = str(refusal.details["field"])
        form.wrong[field if field in _INPUTS else ""] = refusal.message
        return await _page(request, context, visitor, caller, form)
    return await _page(request, context, visitor, caller, Form(), changed)


async def _page(
    request: PageRequest,
    context: Context,
    visitor: Visitor,
    caller: Caller,
    form: Form | None = None,
    changed: LawChanged | None = None,
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB if caller.practitioner_id is None else "My credentials")
    found, done = await context.database.read(_board, caller, changed)
    form = form or Form()
    return page(
        "law.html",
        frame,
        status=400 if form.wrong else 200,
        law=found,
        done=done,
        form=form,
        blank=Form(),
        at_desk=caller.practitioner_id is None,
        may_decide=reach_of(caller, Action.DECIDE_GRANTS) is not None,
        badge=badge,
        wording=wording,
        asked_by=asked_by,
    )


def asked_by(grant: Grant) -> dict[Phase, list[Need]]:
    """What it asks for, by when that is asked."""
    return {phase: [need for need in grant.needs if phase_of(need) is phase] for phase in Phase}


def badge(one: GrantView) -> Badge:
    """What a grant comes to today, in a few words."""
    if one.standing is Standing.OVER:
        return Badge(tone="done", words="No longer in force")
    if one.waits:
        return Badge(tone="warn", words="Waits for the owner")
    if one.standing is Standing.LATER:
        return Badge(tone="done", words="Not in force yet")
    if one.grant.to_decide:
        return Badge(tone="booked", words="Open by the owner's decision")
    good = one.grant.stance is Stance.PERMITTED
    return Badge(tone="booked" if good else "bad", words=wording.verdict(one.grant))


def _board(tx: Transaction, caller: Caller, changed: LawChanged | None) -> tuple[Law, Done | None]:
    if changed is None:
        return law(tx, caller), None
    lost, covered = (_first(tx, caller, visits) for visits in (changed.lost, changed.covered))
    return law(tx, caller), Done(changed=changed, lost=lost, covered=covered)


def _first(tx: Transaction, caller: Caller, visits: tuple[AppointmentId, ...]) -> tuple[AppointmentView, ...]:
    return tuple(get_appointment(tx, caller, one) for one in visits[:8])


HANDLERS = [board, mine, decide, withdraw]
