"""GET and HEAD /feeds/{token}.ics: a practitioner's calendar, for whoever has its secret address.

No cookie, no redirect, no content negotiation but gzip: calendar services fetch this without an Accept header.
"""

import gzip
import logging
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath

from booking.api.feed_content import etag_of, feed_bytes
from booking.domain.errors import NotFound, Unavailable
from booking.http.access import Access
from booking.http.conditional import accepts_gzip, matches
from booking.http.context import Context
from booking.http.tokens import digest
from booking.usecases.feeds import note_fetch
from booking.usecases.views.agenda import FeedState, agenda, feed_state

_SUFFIX = ".ics"
_LONGEST_TOKEN = 100
_HEADERS = {
    "cache-control": "private, max-age=0, must-revalidate",
    "content-disposition": 'inline; filename="calendar.ics"',
    "vary": "Accept-Encoding",
    "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer",
}
_NO_GZIP = ("outlook", "microsoft", "exchange")
"""Outlook and Exchange could not subscribe to a compressed feed (markuspoerschke/iCal, issue 541)."""

_log = logging.getLogger(__name__)


@route(
    ["/feeds/{name:str}", "/feeds/{name:str}/{shown:str}"],
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    opt={"access": Access.FEED},
    include_in_schema=False,
)
async def practitioner_feed(
    request: Request[Any, Any, Any], context: NamedDependency[Context], name: FromPath[str]
) -> Response[bytes]:
    """200 with the calendar, 304 when the caller has it already, the same 404 for every address that opens nothing."""
    state = await _state(request, context, name)
    user_agent = request.headers.get("user-agent", "")
    zipped = accepts_gzip(request.headers.get("accept-encoding", "")) and not _is_outlook(user_agent)
    etag = f'"{etag_of(state, context.settings.public_url)}{"-gz" if zipped else ""}"'
    headers = {**_HEADERS, "etag": etag, **({"content-encoding": "gzip"} if zipped else {})}
    fetched = BackgroundTask(_note, context, state, user_agent) if state.is_stale else None
    if matches(request.headers.get("if-none-match"), etag):
        del headers["content-disposition"]
        headers.pop("content-encoding", None)
        return Response(b"", status_code=304, headers=headers, background=fetched)
    body = feed_bytes(await context.database.read(agenda, state), state, context.settings.public_url)
    body = gzip.compress(body, 6, mtime=0) if zipped else body
    return Response(body, media_type="text/calendar", headers=headers, background=fetched)


async def _state(request: Request[Any, Any, Any], context: Context, name: str) -> FeedState:
    """What the address stands for. Raises the same NotFound whatever is wrong with it."""
    token = name.removesuffix(_SUFFIX)
    if not request.url.path.endswith(_SUFFIX) or len(token) > _LONGEST_TOKEN:
        raise NotFound("calendar")
    state = await context.database.read(feed_state, digest(token))
    if state is None:
        raise NotFound("calendar")
    return state


async def _note(context: Context, state: FeedState, user_agent: str) -> None:
    """Written at most every ten minutes; the feed was served, whether this can be written or not."""
    try:
        await context.database.write(note_fetch, state.feed.clinic_id, state.feed.id, user_agent)
    except Unavailable:
        _log.info("could not note that a feed was read")


def _is_outlook(user_agent: str) -> bool:
    return any(word in user_agent.casefold() for word in _NO_GZIP)
