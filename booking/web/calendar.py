"""A practitioner's calendar addresses: made, replaced, taken back. The address itself is shown once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.errors import NotFound
from booking.domain.ids import FeedId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, drop_cookie, read_cookie, set_cookie
from booking.http.tokens import digest, new_secret
from booking.http.visitors import Visitor
from booking.settings import Settings
from booking.usecases.feeds import CreateFeed, RevokeFeed, RotateFeed, create_feed, list_feeds, revoke_feed, rotate_feed
from booking.usecases.types import Feed, Privacy, Transaction
from booking.web.forms import Form, line, own_form
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.me import own
from booking.web.rendering import page

TAB = "My calendar"
_SHOWN_ONCE = "feed"
"""The cookie that carries a new address from the form that made it to the page that shows it."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """How much an address shows, in words."""

    name: str
    explained: str


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a calendar program reads; `webcal` makes a device open its calendar program."""

    https: str
    webcal: str


LEVELS = {
    Privacy.BUSY: Level(name="Busy times only", explained="When you are booked, and nothing else."),
    Privacy.MINIMAL: Level(
        name="Times and places", explained="When and where. No names, and nothing about the treatment."
    ),
    Privacy.INITIALS: Level(
        name="Times, places and initials", explained="The patient's initials too. Nothing about the treatment."
    ),
    Privacy.FULL: Level(name="Names and treatments", explained="Everything. Only a manager can allow this."),
}
OFFERED = {key: level for key, level in LEVELS.items() if key is not Privacy.FULL}
_DONE = {"taken-back": "The address is taken back. It shows nothing any more."}


@get("/me/calendar", opt={"access": Access.STAFF})
async def show(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, Form(values={"privacy": Privacy.MINIMAL}))


@post("/me/calendar", opt={"access": Access.STAFF}, status_code=200)
async def make(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, form = await _sent(request, context, visitor)
    label = line(form, "label", "a name", longest=60)
    privacy = next((one for one in OFFERED if one == form.typed("privacy")), Privacy.MINIMAL)
    if form.wrong:
        return await _page(request, context, visitor, form)
    secret = new_secret()
    command = CreateFeed(practitioner=own(caller), token_hash=digest(secret), label=label, privacy=privacy)
    return _once(context.settings, await context.database.write(create_feed, caller, command), secret)


@post("/me/calendar/{feed_id:uuid}/rotate", opt={"access": Access.STAFF}, status_code=200)
async def rotate(
    request: PageRequest, feed_id: FromPath[UUID], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, _ = await _sent(request, context, visitor)
    secret = new_secret()
    command = RotateFeed(feed=FeedId(feed_id), token_hash=digest(secret))
    return _once(context.settings, await context.database.write(rotate_feed, caller, command), secret)


@post("/me/calendar/{feed_id:uuid}/revoke", opt={"access": Access.STAFF}, status_code=200)
async def revoke(
    request: PageRequest, feed_id: FromPath[UUID], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, _ = await _sent(request, context, visitor)
    await context.database.write(revoke_feed, caller, RevokeFeed(feed=FeedId(feed_id)))
    return Redirect("/me/calendar?done=taken-back", status_code=303)


@get("/me/calendar/{feed_id:uuid}", opt={"access": Access.STAFF})
async def made(
    request: PageRequest, feed_id: FromPath[UUID], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    """The address, the first time this is looked at after it was made."""
    frame = await staff_frame(request, context, visitor, TAB)
    feeds, _ = await context.database.read(_feeds, at_work(request, visitor))
    feed = next((one for one in feeds if one.id == feed_id), None)
    if feed is None:
        raise NotFound("calendar address")
    whose, _, secret = (read_cookie(request, context.settings, _SHOWN_ONCE) or "").partition(".")
    return page(
        "calendar_made.html",
        frame,
        cookies=[drop_cookie(context.settings, _SHOWN_ONCE)],
        feed=feed,
        levels=LEVELS,
        address=address_of(context.settings, secret) if whose == str(feed_id) else None,
        is_reachable=context.settings.secure,
    )


def address_of(settings: Settings, secret: str) -> Address:
    url = f"{settings.public_url}/feeds/{secret}.ics"
    return Address(https=url, webcal=f"webcal://{url.partition('://')[2]}")


def _once(settings: Settings, feed: Feed, secret: str) -> Response[str]:
    """To the page that shows the new secret: by a cookie, so that loading that page again makes no second address."""
    cookie = set_cookie(settings, _SHOWN_ONCE, f"{feed.id}.{secret}", lasts=120)
    return Redirect(f"/me/calendar/{feed.id}", status_code=303, cookies=[cookie])


async def _sent(request: PageRequest, context: Context, visitor: Visitor) -> tuple[Caller, Form]:
    form = await own_form(request, context, read_cookie(request, context.settings, SESSION))
    return at_work(request, visitor), form


async def _page(request: PageRequest, context: Context, visitor: Visitor, form: Form) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    feeds, now = await context.database.read(_feeds, at_work(request, visitor))
    return page(
        "calendar.html",
        frame,
        status=400 if form.wrong else 200,
        form=form,
        feeds=feeds,
        levels=LEVELS,
        offered=OFFERED,
        done=_DONE.get(request.query_params.get("done", ""), ""),
        now=now,
    )


def _feeds(tx: Transaction, caller: Caller) -> tuple[list[Feed], datetime]:
    return list_feeds(tx, caller, own(caller)), tx.now()


HANDLERS = [show, make, rotate, revoke, made]
