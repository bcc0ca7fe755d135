import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.time.zone import instants, wall_time, zone_name
from booking.ical.calendar import CalendarEvent, write_feed
from booking.ical.text import clean
from booking.ical.timezone import vtimezone
from tests.clients.parsers import Row, Table, tables_of, time_text
from tests.ical.examples import HOSTILE, entry, feed

pytestmark = pytest.mark.client

YEAR_START = datetime(2026, 1, 1, tzinfo=UTC)
LETTERS = "aZ09 .·-/:;,\\\"'^=&<>%\tßéØŽ漢字日本ابتثעבריתहिन्दीไทย🪡👩🏽‍⚕️🇩🇪\u200f\ufe0f\n"  # noqa: RUF001 -- letters that look alike are meant


def some_events(draw: random.Random, count: int) -> list[CalendarEvent]:
    return [some_event(draw, number) for number in range(count)]


def some_event(draw: random.Random, number: int) -> CalendarEvent:
    start = YEAR_START + timedelta(minutes=5 * draw.randrange(105_000))
    all_day = draw.random() < 0.1
    return entry(
        uid=f"0192f3a4-7c5e-7d10-8f31-{number:012}@clinic.example",
        starts_at=start.date() if all_day else start,
        ends_at=start.date() + timedelta(days=draw.randint(1, 20))
        if all_day
        else start + timedelta(minutes=5 * draw.randint(1, 144)),
        summary=some_text(draw, 250),
        location=some_text(draw, 80),
        description=some_text(draw, 600),
        sequence=draw.randrange(10),
        status=draw.choice(["CONFIRMED", "CANCELLED", "TENTATIVE"]),
        transparent=draw.random() < 0.5,
        busy_status=draw.choice(["BUSY", "OOF", "FREE", "TENTATIVE"]),
        category=draw.choice([None, "DN-30", some_text(draw, 20)]),
        url=draw.choice([None, "https://clinic.example/me/a/7?x=1;y=2,3"]),
    )


def some_text(draw: random.Random, longest: int) -> str:
    return "".join(draw.choices(LETTERS, k=draw.randint(0, longest)))


def table_of(events: Sequence[CalendarEvent]) -> Table:
    return sorted(
        Row(event.uid, time_text(event.starts_at), time_text(event.ends_at), clean(event.summary, 200), event.status)
        for event in events
    )


def read_by_all(table: Table) -> dict[str, Table]:
    return {"libical": table, "ical.js": table, "ical": table, "vobject": table}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parsers_agree_on_a_random_calendar(seed: int) -> None:
    events = some_events(random.Random(seed), 200)  # noqa: S311 -- repeatable, not secret
    assert tables_of(write_feed(feed(*events))) == read_by_all(table_of(events))


def test_parsers_agree_on_hostile_text() -> None:
    events = [
        entry(uid=f"{kind}@clinic.example", summary=text, location=text, description=text, category=text)
        for kind, text in HOSTILE.items()
    ]
    assert tables_of(write_feed(feed(*events))) == read_by_all(table_of(events))


@pytest.mark.parametrize("kind", HOSTILE)
def test_parsers_accept_a_calendar_with_a_hostile_name(kind: str) -> None:
    written = write_feed(feed(entry(), name=HOSTILE[kind], colour=HOSTILE[kind]))
    assert tables_of(written) == read_by_all(table_of([entry()]))


def test_parsers_accept_an_empty_calendar() -> None:
    assert tables_of(write_feed(feed())) == read_by_all([])


def test_parsers_tell_the_two_hours_of_an_autumn_night_apart() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    events = [
        entry(uid="first", starts_at=first, ends_at=first + timedelta(minutes=45)),
        entry(uid="second", starts_at=second, ends_at=second + timedelta(minutes=45)),
    ]
    assert tables_of(write_feed(feed(*events))) == read_by_all(
        [
            Row("first", "2026-10-25T00:30:00Z", "2026-10-25T01:15:00Z", "Appointment", "CONFIRMED"),
            Row("second", "2026-10-25T01:30:00Z", "2026-10-25T02:15:00Z", "Appointment", "CONFIRMED"),
        ]
    )


@pytest.mark.parametrize(
    "zone",
    [
        "Africa/Cairo",
        "Africa/Casablanca",
        "America/Nuuk",
        "America/Santiago",
        "America/St_Johns",
        "America/Vancouver",
        "Antarctica/Troll",
        "Asia/Gaza",
        "Asia/Jerusalem",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Europe/Berlin",
        "Europe/Dublin",
        "Pacific/Chatham",
        "Pacific/Easter",
    ],
)
def test_parsers_that_obey_a_vtimezone_read_wall_times_as_the_zone_does(zone: str) -> None:
    name = zone_name(zone)
    walls = [wall_time(YEAR_START + timedelta(hours=26 * n), name).replace(tzinfo=None) for n in range(1000)]
    meant = {wall: found[0] for wall in walls if len(found := instants(wall, name)) == 1}
    written = wall_time_calendar(zone, list(meant))
    read = tables_of(written, parsers=("libical", "ical.js"))
    expected = sorted((f"{wall:%Y%m%dT%H%M%S}", time_text(instant)) for wall, instant in meant.items())
    assert {parser: [(row.uid, row.start) for row in table] for parser, table in read.items()} == {
        "libical": expected,
        "ical.js": expected,
    }


def wall_time_calendar(zone: str, walls: list[datetime]) -> bytes:
    """Events at wall times of a zone whose name tells a parser nothing, so that it must obey the VTIMEZONE."""
    component = vtimezone(zone, walls[0].date(), walls[-1].date()).replace(f"TZID:{zone}".encode(), b"TZID:Clinic")
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{wall:%Y%m%dT%H%M%S}\r\nDTSTAMP:20261120T070000Z\r\nSUMMARY:x\r\nSTATUS:CONFIRMED\r\n"
        f"DTSTART;TZID=Clinic:{wall:%Y%m%dT%H%M%S}\r\nDTEND;TZID=Clinic:{wall:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
        for wall in walls
    ).encode()
    beginning = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Clinic//Test//EN\r\n"
    return beginning + component + events + b"END:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"CALSCALE:GREGORIAN\r\n", b"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"),
        (b"DTSTART:20261126T083000Z\r\n", b"DTSTART:tomorrow\r\n"),
        (b"CLASS:PRIVATE\r\n", b"CLASS:PRIVATE\r\nNOT A PROPERTY\r\n"),
    ],
)
def test_tables_of_a_faulty_calendar_are_refused(right: bytes, wrong: bytes) -> None:
    written = write_feed(feed(entry()))
    assert right in written
    with pytest.raises(AssertionError, match="libical finds fault"):
        tables_of(written.replace(right, wrong))
