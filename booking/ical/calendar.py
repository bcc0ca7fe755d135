"""The calendar of a feed as iCalendar (RFC 5545, RFC 7986), written so that equal content gives equal bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

from booking.ical.text import clean, fold, text_line
from booking.ical.timezone import vtimezone

PRODUCT = "-//Dry Needling Booking//Calendar 1.0//EN"

EventStatus = Literal["CONFIRMED", "CANCELLED", "TENTATIVE"]
BusyStatus = Literal["BUSY", "OOF", "FREE", "TENTATIVE"]

_NAME_LIMIT = 200
_SUMMARY_LIMIT = 200
_LOCATION_LIMIT = 200
_DESCRIPTION_LIMIT = 2000
_TOKEN_LIMIT = 255


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One entry of a calendar: aware instants with `ends_at` after `starts_at`, or dates, the end not included.

    `uid` never changes; `changed_at` is the last change of anything shown here; `url` is ASCII, as RFC 3986 wants it.
    The texts may hold anything: they are cleaned, and cut at 200 characters (the description at 2,000).
    Raises ValueError.
    """

    uid: str
    starts_at: datetime | date
    ends_at: datetime | date
    summary: str
    location: str = ""
    description: str = ""
    url: str | None = None
    sequence: int = 0
    status: EventStatus = "CONFIRMED"
    transparent: bool = False
    created_at: datetime
    changed_at: datetime
    busy_status: BusyStatus = "BUSY"
    category: str | None = None

    def __post_init__(self) -> None:
        if not self.uid or self.uid != clean(self.uid, _TOKEN_LIMIT):
            raise ValueError("a UID is a short printable text")
        times = (self.starts_at, self.ends_at, self.created_at, self.changed_at)
        if any(isinstance(time, datetime) and time.tzinfo is None for time in times):
            raise ValueError("a calendar needs aware times")
        if isinstance(self.starts_at, datetime) != isinstance(self.ends_at, datetime):
            raise ValueError("an entry of a calendar has two times or two dates")
        if _time(self.starts_at) >= _time(self.ends_at):
            raise ValueError("an entry of a calendar ends after it starts")
        if self.url is not None and not (self.url.isascii() and self.url.isprintable() and " " not in self.url):
            raise ValueError("a URL holds printable ASCII and no spaces")


@dataclass(frozen=True, kw_only=True)
class FeedCalendar:
    """A calendar to subscribe to.

    `zone` is an IANA zone; `colour` a CSS3 name; `refresh_minutes` asks clients to come back after so long;
    `first_day` to `last_day` is the window that the events come from.
    """

    name: str
    zone: str
    colour: str | None
    refresh_minutes: int
    first_day: date
    last_day: date
    events: Sequence[CalendarEvent]


def write_feed(calendar: FeedCalendar) -> bytes:
    """The calendar as bytes that depend on nothing but its content, the events by start, then uid.

    Properties stand in the order in which icalendar sorts them. There is no METHOD, hence DTSTAMP is the last change,
    and no UID of the calendar, which some clients take for that of every event. Times are UTC: the hour that comes
    twice in autumn has no other unambiguous form. The VTIMEZONE keeps an empty calendar within the grammar.
    """
    parts = [
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        fold(f"PRODID:{PRODUCT}"),
        b"CALSCALE:GREGORIAN\r\n",
        text_line("NAME", calendar.name, _NAME_LIMIT),
        text_line("X-WR-CALNAME", calendar.name, _NAME_LIMIT),
        text_line("COLOR", calendar.colour or "", _TOKEN_LIMIT),
        fold(f"REFRESH-INTERVAL;VALUE=DURATION:PT{calendar.refresh_minutes}M"),
        fold(f"X-PUBLISHED-TTL:PT{calendar.refresh_minutes}M"),
        text_line("X-WR-TIMEZONE", calendar.zone, _TOKEN_LIMIT),
        vtimezone(calendar.zone, calendar.first_day, calendar.last_day),
    ]
    events = sorted(calendar.events, key=lambda event: (_time(event.starts_at), event.uid))
    return b"".join([*parts, *map(write_event, events), b"END:VCALENDAR\r\n"])


@lru_cache(maxsize=8192)
def write_event(event: CalendarEvent) -> bytes:
    """The VEVENT of one entry, as it stands in the feed."""
    value = "" if isinstance(event.starts_at, datetime) else ";VALUE=DATE"
    lines = [
        b"BEGIN:VEVENT\r\n",
        text_line("SUMMARY", event.summary, _SUMMARY_LIMIT),
        fold(f"DTSTART{value}:{_time(event.starts_at)}"),
        fold(f"DTEND{value}:{_time(event.ends_at)}"),
        fold(f"DTSTAMP:{_time(event.changed_at)}"),
        text_line("UID", event.uid, _TOKEN_LIMIT),
        fold(f"SEQUENCE:{event.sequence:d}"),
        text_line("CATEGORIES", event.category or "", _TOKEN_LIMIT),
        b"CLASS:PRIVATE\r\n",
        fold(f"CREATED:{_time(event.created_at)}"),
        text_line("DESCRIPTION", event.description, _DESCRIPTION_LIMIT),
        fold(f"LAST-MODIFIED:{_time(event.changed_at)}"),
        text_line("LOCATION", event.location, _LOCATION_LIMIT),
        text_line("STATUS", event.status, _TOKEN_LIMIT),
        b"TRANSP:TRANSPARENT\r\n" if event.transparent else b"TRANSP:OPAQUE\r\n",
        fold(f"URL:{event.url}") if event.url else b"",
        text_line("X-MICROSOFT-CDO-BUSYSTATUS", event.busy_status, _TOKEN_LIMIT),
        b"END:VEVENT\r\n",
    ]
    return b"".join(lines)


def _time(time: datetime | date) -> str:
    """DATE, or DATE-TIME in UTC (RFC 5545 3.3.4 and 3.3.5, form 2): sorts as the times do."""
    if isinstance(time, datetime):
        plain = time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
        return plain.replace("-", "").replace(":", "")
    return time.isoformat().replace("-", "")
