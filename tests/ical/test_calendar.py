import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from booking.ical.calendar import write_event, write_feed
from booking.ical.text import clean
from booking.ical.timezone import vtimezone
from tests.ical.examples import EXAMPLES, HOSTILE, entry, feed

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("golden")


def property_names(written: bytes) -> list[str]:
    lines = written.replace(b"\r\n ", b"").decode().split("\r\n")
    return [line.split(":")[0].split(";")[0] for line in lines]


def rendered_elsewhere(*flags: str, **environment: str) -> bytes:
    command = [sys.executable, *flags, "-m", "tests.ical.render"]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True, timeout=60
    ).stdout


@pytest.mark.parametrize("name", EXAMPLES)
def test_write_feed_is_byte_for_byte_the_golden_file(name: str) -> None:
    assert write_feed(EXAMPLES[name]) == (GOLDEN / f"{name}.ics").read_bytes()


def test_write_feed_in_processes_with_other_hash_seeds_gives_equal_bytes() -> None:
    here = b"".join(map(write_feed, EXAMPLES.values()))
    seeds = ("1", "2")
    assert [rendered_elsewhere(PYTHONHASHSEED=seed) for seed in seeds] == [here, here]


def test_write_feed_without_assertions_gives_equal_bytes() -> None:
    assert rendered_elsewhere("-O") == b"".join(map(write_feed, EXAMPLES.values()))


def test_write_feed_orders_events_by_start_then_uid() -> None:
    earliest = entry(uid="c", starts_at=date(2026, 11, 26), ends_at=date(2026, 11, 27))
    first, second = entry(uid="a"), entry(uid="b")
    shuffled = write_feed(feed(second, earliest, first))
    assert shuffled == write_feed(feed(first, second, earliest))
    events = write_event(earliest) + write_event(first) + write_event(second)
    assert shuffled.endswith(events + b"END:VCALENDAR\r\n")


def test_write_feed_without_events_holds_the_time_zone_alone() -> None:
    empty = feed()
    zone = vtimezone("Europe/Berlin", empty.first_day, empty.last_day)
    written = write_feed(empty)
    assert written.endswith(zone + b"END:VCALENDAR\r\n")
    assert property_names(written.removesuffix(zone + b"END:VCALENDAR\r\n")) == [
        "BEGIN",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "NAME",
        "X-WR-CALNAME",
        "COLOR",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
        "X-WR-TIMEZONE",
        "",
    ]


@pytest.mark.parametrize("kind", HOSTILE)
def test_write_event_with_hostile_text_has_no_property_more(kind: str) -> None:
    text = HOSTILE[kind]
    hostile = write_event(entry(summary=text, location=text, description=text, category=text))
    mild = write_event(
        entry(summary="a", location="a", description="a", category="a") if clean(text, 9) else entry(summary="")
    )
    assert property_names(hostile) == property_names(mild)
    assert [line for line in hostile.split(b"\r\n") if len(line) > 75] == []
    assert [octet for octet in hostile.replace(b"\r\n", b"") if octet < 0x20 or octet == 0x7F] == []
    assert "".join(line.decode() for line in hostile.split(b"\r\n")) == hostile.decode().replace("\r\n", "")


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "controls"])
def test_write_feed_with_hostile_name_has_no_property_more(kind: str) -> None:
    assert property_names(write_feed(feed(name=HOSTILE[kind], colour=HOSTILE[kind]))) == property_names(
        write_feed(feed())
    )


def test_write_event_gives_times_in_utc_whatever_their_zone() -> None:
    start, end = datetime(2026, 11, 26, 8, 30, tzinfo=UTC), datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    east = timezone(timedelta(hours=5, minutes=45))
    in_utc = write_event(entry(starts_at=start, ends_at=end))
    write_event.cache_clear()
    assert write_event(entry(starts_at=start.astimezone(east), ends_at=end.astimezone(east))) == in_utc


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"uid": ""}, "a UID is a short printable text"),
        ({"uid": "a\r\nb"}, "a UID is a short printable text"),
        ({"uid": "a" * 256}, "a UID is a short printable text"),
        ({"starts_at": datetime(2026, 11, 26, 8, 30)}, "a calendar needs aware times"),  # noqa: DTZ001 -- naive on purpose
        ({"created_at": datetime(2026, 11, 26, 8, 30)}, "a calendar needs aware times"),  # noqa: DTZ001 -- naive on purpose
        ({"starts_at": date(2026, 11, 26)}, "an entry of a calendar has two times or two dates"),
        ({"ends_at": datetime(2026, 11, 26, 8, 30, tzinfo=UTC)}, "an entry of a calendar ends after it starts"),
        ({"url": "https://clinic.example/\r\nX:y"}, "a URL holds printable ASCII and no spaces"),
        ({"url": "https://clinic.example/a b"}, "a URL holds printable ASCII and no spaces"),
        ({"url": "https://clinic.example/ü"}, "a URL holds printable ASCII and no spaces"),
    ],
)
def test_entry_that_no_calendar_can_hold_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}$"):
        entry(**changes)


def test_write_feed_of_a_thousand_events_is_small_and_quick() -> None:
    write_event.cache_clear()
    busy_year = feed(
        *(
            entry(
                uid=f"0192f3a4-7c5e-7d10-8f31-{number:012}@clinic.example",
                starts_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number),
                ends_at=datetime(2026, 1, 1, 0, 45, tzinfo=UTC) + timedelta(hours=number),
                summary=f"Dry needling · Müller {number}",
                location="Room 2, Hauptstraße 1, 10115 Berlin",
                description="Room 2\nOpen in the clinic's system: https://clinic.example/me/appointments/123456",
                url="https://clinic.example/me/appointments/123456",
            )
            for number in range(1000)
        )
    )
    started = time.process_time()
    written = write_feed(busy_year)
    cold = time.process_time() - started
    assert write_feed(busy_year) == written
    warm = time.process_time() - started - cold
    assert (len(written) < 1_000_000, cold < 1.5, warm < 0.15) == (True, True, True)
