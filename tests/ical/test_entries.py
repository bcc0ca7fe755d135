"""Entries of calendar files: single visits are read with their time, everything else says why it is none."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.ical.calendar import write_feed
from booking.ical.entries import CalendarUnreadable, Entry, open_entries
from tests.ical.examples import entry, feed

Write = Callable[..., Path]

VISIT = """BEGIN:VEVENT
UID:one@there.example
DTSTAMP:20261101T000000Z
DTSTART:{start}
DTEND:{end}
SUMMARY:Dry needling\\, first
LOCATION:Seattle
DESCRIPTION:brings a
  friend
ORGANIZER;CN=Ada Byrne:mailto:ada@clinic.example
ATTENDEE;CN="Smith, Pat";PARTSTAT=ACCEPTED:MAILTO:pat@example.org
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
DESCRIPTION:soon
END:VALARM
END:VEVENT
"""
CUSTOM = """BEGIN:VTIMEZONE
TZID:The clinic's own
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
TZNAME:OWN
END:STANDARD
END:VTIMEZONE
"""


def visit(start: str = "20261201T173000Z", end: str = "20261201T180000Z", **lines: str) -> str:
    text = VISIT.format(start=start, end=end)
    return text.replace("END:VEVENT", "".join(f"{line}\n" for line in lines.values()) + "END:VEVENT")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*parts: str) -> Path:
        path = tmp_path / "visits.ics"
        text = "".join(("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n", *parts, "END:VCALENDAR\n"))
        path.write_bytes(text.replace("\n", "\r\n").encode())
        return path

    return written


def one(path: Path) -> Entry:
    (found,) = open_entries(path).entries()
    return found


def test_entry_is_read_whole(write: Write) -> None:
    assert one(write(visit())) == Entry(
        uid="one@there.example",
        start=datetime(2026, 12, 1, 17, 30, tzinfo=UTC),
        minutes=30,
        summary="Dry needling, first",
        location="Seattle",
        description="brings a friend",
        people=(("Ada Byrne", "ada@clinic.example"), ("Smith, Pat", "pat@example.org")),
    )


def test_time_that_floats_stays_naive(write: Write) -> None:
    assert one(write(visit("20261201T093000", "20261201T100000"))).start == datetime(2026, 12, 1, 9, 30)  # noqa: DTZ001 -- it floats


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific Standard Time"])
def test_time_of_a_zone_is_by_its_clock(write: Write, zone: str) -> None:
    text = visit().replace("DTSTART:20261201T173000Z", f"DTSTART;TZID={zone}:20261201T093000")
    assert one(write(text)).start == datetime(2026, 12, 1, 17, 30, tzinfo=UTC)


def test_time_of_a_zone_that_the_file_describes_is_by_that(write: Write) -> None:
    text = visit().replace("DTSTART:20261201T173000Z", 'DTSTART;TZID="The clinic\'s own":20261201T203000')
    for parts in ((CUSTOM, text), (text, CUSTOM)):
        assert one(write(*parts)).start == datetime(2026, 12, 1, 17, 30, tzinfo=UTC)


def test_length_may_be_said_as_duration_or_not_at_all(write: Write) -> None:
    assert one(write(visit().replace("DTEND:20261201T180000Z", "DURATION:PT45M"))).minutes == 45
    assert one(write(visit().replace("DTEND:20261201T180000Z\n", ""))).minutes is None


def test_words_that_look_like_an_end_are_words_where_a_line_goes_on(write: Write) -> None:
    text = visit().replace("brings a\n  friend", "brings a\n END:VEVENT\n friend")
    assert one(write(text)).description == "brings aEND:VEVENTfriend"


def test_cancelled_entry_says_so(write: Write) -> None:
    assert one(write(visit(status="STATUS:CANCELLED"))).cancelled


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (visit(rule="RRULE:FREQ=WEEKLY"), "The entry repeats: write each visit as an entry of its own."),
        (visit(rule="RECURRENCE-ID:20261201T173000Z"), "The entry repeats: write each visit as an entry of its own."),
        (visit().replace("DTSTART:20261201T173000Z\n", ""), "The entry has no start."),
        (
            visit().replace("DTSTART:20261201T173000Z", "DTSTART;VALUE=DATE:20261201"),
            "The entry is for whole days, and visits start at a time.",
        ),
        (visit(end="20261201T180000"), "The start and the end of the entry are of different kinds."),
        (visit(end="20261201T173000Z"), "The entry must end a whole number of minutes after its start."),
        (
            visit().replace("DTSTART:20261201T173000Z", "DTSTART;TZID=Middle/Earth:20261201T093000"),
            "The time zone 'Middle/Earth' is not known, and the file does not describe it.",
        ),
    ],
)
def test_entry_that_is_no_single_visit_says_why(write: Write, text: str, problem: str) -> None:
    assert one(write(text)) == Entry(uid="one@there.example", problem=problem)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("DTSTART:tomorrow", "The DTSTART of the entry cannot be read."),
        ("DURATION:long", "The DURATION of the entry cannot be read."),
    ],
)
def test_entry_that_cannot_be_read_is_a_problem_of_its_own(write: Write, line: str, problem: str) -> None:
    name = line.partition(":")[0]
    broken = "".join(f"{one}\n" for one in visit().splitlines() if not one.startswith(("DTEND", name)))
    broken = broken.replace("END:VEVENT", f"{line}\nEND:VEVENT")
    first, second = open_entries(write(broken, visit())).entries()
    assert (first.problem, second.problem) == (problem, None)


def test_time_of_a_zone_that_the_file_describes_badly_is_not_known(write: Write) -> None:
    text = visit().replace("DTSTART:20261201T173000Z", "DTSTART;TZID=Broken:20261201T203000")
    found = one(write(CUSTOM.replace("The clinic's own", "Broken").replace("+0300", "soon"), text))
    assert found.problem == "The time zone 'Broken' is not known, and the file does not describe it."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it has no BEGIN:VCALENDAR"),
        ("reference,start\n", "it has no BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "it ends inside a VEVENT: some of it is missing"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "END:VCALENDAR has no BEGIN"),
        ("END:VEVENT\n", "END:VEVENT has no BEGIN"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + "X-A:1\n" * 30_000, "a VEVENT has no END"),
    ],
)
def test_file_that_is_no_calendar_says_why(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "visits.ics"
    path.write_text(text)
    with pytest.raises(CalendarUnreadable, match=why):
        open_entries(path)


def test_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "visits.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\nX-A:\xff\nEND:VCALENDAR\n")
    with pytest.raises(CalendarUnreadable, match="it is not UTF-8 text"):
        open_entries(path)


def test_what_this_program_writes_it_reads(tmp_path: Path) -> None:
    events = [entry(uid=f"{n}@clinic.example", summary=f"Visit; {n}, Ünal") for n in range(3)]
    path = tmp_path / "feed.ics"
    path.write_bytes(write_feed(feed(*events)))
    found = list(open_entries(path).entries())
    assert [(one.uid, one.start, one.summary) for one in found] == [
        (event.uid, event.starts_at, event.summary) for event in events
    ]
    assert {one.minutes for one in found} == {30}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([*visit().splitlines(), *CUSTOM.splitlines(), "DTSTART:", "RRULE:X", "x"]), max_size=30)
)
def test_odd_files_are_read_or_say_why_and_never_more(write: Write, lines: list[str]) -> None:
    try:
        file = open_entries(write("".join(f"{line}\n" for line in lines)))
    except CalendarUnreadable:
        return
    assert len(list(file.entries())) == file.size
