"""A practitioner's secret calendar addresses. What such an address answers is in `booking.api.feed`."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from booking.api.fields import Answer, Body, Instant, Line
from booking.api.idempotency import secret_for
from booking.api.operations import open_to
from booking.domain.ids import FeedId, PractitionerId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.tokens import digest
from booking.settings import Settings
from booking.usecases.feeds import (
    CreateFeed,
    RevokeFeed,
    RotateFeed,
    create_feed,
    list_feeds,
    revoke_feed,
    rotate_feed,
)
from booking.usecases.types import Feed, Privacy, RequestKey


class FeedBody(Body):
    """`privacy` is how much the calendar tells: whoever runs the program that reads it sees that too."""

    practitioner: UUID
    label: Line = ""
    privacy: Privacy = Privacy.MINIMAL


class FeedAnswer(Answer):
    id: UUID
    practitioner: UUID
    label: str
    privacy: Privacy
    created_at: Instant
    last_fetched_at: Instant | None
    last_user_agent: str | None


class NewFeed(Answer):
    """`url` is shown this once: nobody can find it out again."""

    feed: FeedAnswer
    token: str
    url: str


class Feeds(Answer):
    """Those in use, the oldest first."""

    feeds: list[FeedAnswer]


@get("/feeds", operation_id="listFeeds", summary="A practitioner's calendar addresses", opt=open_to(Access.STAFF))
async def list_addresses(
    context: NamedDependency[Context], caller: NamedDependency[Caller], practitioner: FromQuery[UUID]
) -> Feeds:
    found = await context.database.read(list_feeds, caller, PractitionerId(practitioner))
    return Feeds(feeds=[_answer(one) for one in found])


@post(
    "/feeds",
    operation_id="createFeed",
    summary="A new calendar address",
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def create_address(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[FeedBody],
) -> NewFeed:
    token = secret_for(context.settings, "feed", caller, key)
    command = CreateFeed(
        practitioner=PractitionerId(data.practitioner),
        token_hash=digest(token),
        label=data.label,
        privacy=data.privacy,
        request=key,
    )
    return _new(await context.database.write(create_feed, caller, command), token, context.settings)


@post(
    "/feeds/{feed_id:str}/rotate",
    operation_id="rotateFeed",
    summary="A new address for the same calendar; the old one stops at once",
    status_code=200,
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def rotate_address(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    feed_id: FromPath[UUID],
) -> NewFeed:
    token = secret_for(context.settings, "feed", caller, key)
    command = RotateFeed(feed=FeedId(feed_id), token_hash=digest(token), request=key)
    return _new(await context.database.write(rotate_feed, caller, command), token, context.settings)


@post(
    "/feeds/{feed_id:str}/revoke",
    operation_id="revokeFeed",
    summary="Take an address back; it stops at once",
    status_code=204,
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def revoke_address(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    feed_id: FromPath[UUID],
) -> None:
    await context.database.write(revoke_feed, caller, RevokeFeed(feed=FeedId(feed_id), request=key))


def _new(feed: Feed, token: str, settings: Settings) -> NewFeed:
    return NewFeed(feed=_answer(feed), token=token, url=f"{settings.public_url}/feeds/{token}.ics")


def _answer(feed: Feed) -> FeedAnswer:
    return FeedAnswer(
        id=feed.id,
        practitioner=feed.practitioner_id,
        label=feed.label,
        privacy=feed.privacy,
        created_at=feed.created_at.isoformat(),
        last_fetched_at=None if feed.last_fetched_at is None else feed.last_fetched_at.isoformat(),
        last_user_agent=feed.last_user_agent,
    )
