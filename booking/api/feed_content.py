"""From a practitioner's agenda to the bytes of their feed, and the tag those bytes have."""

import hashlib

from booking import __version__
from booking.domain.lifecycle import Shown, shows
from booking.domain.time.zone import tzdata_version
from booking.ical.calendar import BusyStatus, CalendarEvent, EventStatus, FeedCalendar, write_feed
from booking.usecases.types import AgendaEntry, Feed
from booking.usecases.views.agenda import Agenda, FeedState, uid_of, window_of
from booking.wording.calendars import calendar_name, entry_summary, place

REFRESH_MINUTES = 15

_STATUS: dict[Shown, EventStatus] = {"tentative": "TENTATIVE", "confirmed": "CONFIRMED", "cancelled": "CANCELLED"}
_BUSY: dict[Shown, BusyStatus] = {"tentative": "TENTATIVE", "confirmed": "BUSY", "cancelled": "FREE"}


def etag_of(state: FeedState, public_url: str) -> str:
    """A strong tag that is known without rendering: equal content has equal tags, and any change another one."""
    parts = (
        __version__, tzdata_version(), public_url, state.epoch, state.feed.id, state.feed.privacy,
        state.calendar_revision, state.display_revision, state.day,
    )  # fmt: skip
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def feed_bytes(agenda: Agenda, state: FeedState, public_url: str) -> bytes:
    """The feed as iCalendar."""
    first, last = window_of(state)
    calendar = FeedCalendar(
        name=calendar_name(state.feed.label, agenda.clinic.name, agenda.practitioner.name),
        zone=agenda.clinic.zone,
        colour="teal",
        refresh_minutes=REFRESH_MINUTES,
        first_day=first,
        last_day=last,
        events=[_event(entry, agenda, state.feed, public_url) for entry in agenda.entries],
    )
    return write_feed(calendar)


def _event(entry: AgendaEntry, agenda: Agenda, feed: Feed, public_url: str) -> CalendarEvent:
    shown = shows(entry.status)
    cancelled = shown == "cancelled"
    tells_place = feed.privacy != "busy"
    return CalendarEvent(
        uid=uid_of(entry.id, agenda.installation),
        starts_at=entry.span.start,
        ends_at=entry.span.end,
        summary=entry_summary(
            feed.privacy.value,
            agenda.clinic.calendar_label,
            entry.treatment,
            entry.patient,
            shown=shown,
            supervises=entry.supervises,
        ),
        location=place(entry.room, entry.site, entry.address) if tells_place else "",
        url=f"{public_url}/me" if tells_place else None,
        sequence=entry.sequence,
        status=_STATUS[shown],
        transparent=cancelled,
        busy_status=_BUSY[shown],
        created_at=entry.created_at,
        changed_at=max(entry.changed_at, agenda.display_changed_at),
    )
