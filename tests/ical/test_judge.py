"""The icalendar library, given the same properties, must write the same bytes."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from booking.ical.calendar import PRODUCT, CalendarEvent, FeedCalendar, write_feed
from booking.ical.text import clean
from booking.ical.timezone import vtimezone
from tests.ical.examples import EXAMPLES, entry, feed


def judged_event(event: CalendarEvent) -> icalendar.Event:
    texts = {
        "summary": clean(event.summary, 200),
        "location": clean(event.location, 200),
        "description": clean(event.description, 2000),
    }
    judged = icalendar.Event()
    for name, value in {
        **{name: text for name, text in texts.items() if text},
        "uid": event.uid,
        "dtstart": event.starts_at,
        "dtend": event.ends_at,
        "dtstamp": event.changed_at,
        "last-modified": event.changed_at,
        "created": event.created_at,
        "sequence": event.sequence,
        "status": event.status,
        "class": "PRIVATE",
        "transp": "TRANSPARENT" if event.transparent else "OPAQUE",
        "x-microsoft-cdo-busystatus": icalendar.vText(event.busy_status),
    }.items():
        judged.add(name, value)
    if event.url:
        judged.add("url", event.url)
    if event.category and clean(event.category, 255):
        judged.add("categories", [clean(event.category, 255)])
    return judged


def judged_feed(calendar: FeedCalendar) -> bytes:
    name = icalendar.vText(clean(calendar.name, 200))
    refresh = timedelta(minutes=calendar.refresh_minutes)
    judged = icalendar.Calendar()
    judged.add("version", "2.0")
    judged.add("prodid", PRODUCT)
    judged.add("calscale", "GREGORIAN")
    judged["NAME"] = name
    judged["X-WR-CALNAME"] = name
    if calendar.colour:
        judged.add("color", calendar.colour)
    judged.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    judged["X-PUBLISHED-TTL"] = icalendar.vDuration(refresh)
    judged["X-WR-TIMEZONE"] = icalendar.vText(calendar.zone)
    zone = vtimezone(calendar.zone, calendar.first_day, calendar.last_day)
    judged.add_component(icalendar.Timezone.from_ical(zone))
    for event in calendar.events:
        judged.add_component(judged_event(event))
    written: bytes = judged.to_ical()
    return written


def read_back(event: icalendar.Event) -> dict[str, Any]:
    return {
        "uid": str(event["UID"]),
        "summary": str(event.get("SUMMARY", "")),
        "location": str(event.get("LOCATION", "")),
        "description": str(event.get("DESCRIPTION", "")),
        "start": event.start,
        "end": event.end,
    }


TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(" \\;,\r\nÄ🪡م\u202e")), max_size=150)
# icalendar takes a typed backslash and N for a line break, and breaks lines before combining marks.
PLAIN_TEXTS = TEXTS.filter(lambda text: r"\N" not in clean(text, 2000) and not any(map(is_mark, clean(text, 2000))))
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis wants naive bounds
LENGTHS = st.timedeltas(timedelta(minutes=5), timedelta(hours=12))


def is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


@st.composite
def events(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> CalendarEvent:
    start = draw(INSTANTS)
    end = start + draw(LENGTHS)
    all_day = draw(st.booleans())
    return entry(
        starts_at=start.date() if all_day else start,
        ends_at=end.date() + timedelta(days=1) if all_day else end,
        summary=draw(texts),
        location=draw(texts),
        description=draw(texts),
        category=draw(st.none() | texts),
        url=draw(st.none() | st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=120)),
        sequence=draw(st.integers(0, 10_000)),
        status=draw(st.sampled_from(["CONFIRMED", "CANCELLED", "TENTATIVE"])),
        busy_status=draw(st.sampled_from(["BUSY", "OOF", "FREE", "TENTATIVE"])),
        transparent=draw(st.booleans()),
        changed_at=draw(INSTANTS),
    )


@pytest.mark.parametrize("name", ["empty", "week", "zone-without-rule"])
def test_icalendar_writes_the_same_bytes_of_an_example(name: str) -> None:
    example = EXAMPLES[name]
    in_order = sorted(example.events, key=lambda event: (f"{event.starts_at:%Y%m%d%H%M}", event.uid))
    assert write_feed(example) == judged_feed(
        feed(
            *in_order, zone=example.zone, colour=example.colour, first_day=example.first_day, last_day=example.last_day
        )
    )


@settings(deadline=None)
@given(event=events(PLAIN_TEXTS), name=PLAIN_TEXTS, refresh=st.integers(1, 59))
def test_icalendar_writes_the_same_bytes_of_any_event(event: CalendarEvent, name: str, refresh: int) -> None:
    assume(clean(name, 200))
    calendar = feed(event, name=name, refresh_minutes=refresh)
    assert write_feed(calendar) == judged_feed(calendar)


@settings(deadline=None)
@given(event=events(TEXTS))
def test_icalendar_reads_back_what_was_written(event: CalendarEvent) -> None:
    read = icalendar.Calendar.from_ical(write_feed(feed(event)))
    assert list(map(read_back, read.events)) == [
        {
            "uid": event.uid,
            "summary": clean(event.summary, 200),
            "location": clean(event.location, 200),
            "description": clean(event.description, 2000),
            "start": whole_second(event.starts_at),
            "end": whole_second(event.ends_at),
        }
    ]


def whole_second(time: datetime | date) -> datetime | date:
    return time.replace(microsecond=0) if isinstance(time, datetime) else time


def test_icalendar_finds_no_fault() -> None:
    for example in EXAMPLES.values():
        read = icalendar.Calendar.from_ical(write_feed(example))
        assert [fault for component in read.walk() for fault in component.errors] == []
        assert len(read.events) == len(example.events)
