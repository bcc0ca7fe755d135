"""Calendars of which tests know the bytes, and the factories that make them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from booking.ical.calendar import CalendarEvent, FeedCalendar

SOME_DAY = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)

# What people and programs type into names, rooms and notes, by accident or with intent.
HOSTILE = {
    "crlf": "Ann\r\nATTENDEE:mailto:evil@example.org\r\nX: y",
    "lf": "Ann\nATTENDEE:mailto:evil@example.org",
    "cr": "Ann\rATTENDEE:mailto:evil@example.org",
    "next-line": "Ann\x85ATTENDEE:mailto:evil@example.org",
    "line-separator": "Ann\u2028ATTENDEE:mailto:evil@example.org\u2029END:VEVENT",
    "end": "Ann\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VCALENDAR",
    "nul": "Ann\x00\x07\x0b\x0c\x1b\x1f\x7f\x9f Smith",
    "escapes": r"\n\N\;\,\\ C:\new \\",
    "separators": 'Dr. "Ann"; O\'Neil,\\ Müller: a=b^n',
    "bidi": "Ann \u202egpj.exe\u202c \u2066x\u2069",
    "fold": "x" * 62 + "\r\n ATTENDEE:mailto:evil@example.org",
    "surrogate": "Ann \ud83e Smith",
    "controls": "\r\n\x00\u202e",
    "emoji": "👩🏽‍⚕️" * 40,
    "arabic": "محمد أحمد عبد الرحمن، الطابق الثاني؛ غرفة " * 5,
    "marks": "a" * 60 + "e" + "\u0331\u0359\u035c" * 30,
    "long": "Wolfeschlegelsteinhausenbergerdorff " * 100,
}


def entry(**changes: Any) -> CalendarEvent:
    values: dict[str, Any] = {
        "uid": "0192f3a4-7c5e-7d10-8f31-1234567890ab@clinic.example",
        "starts_at": datetime(2026, 11, 26, 8, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
        "summary": "Appointment",
        "created_at": SOME_DAY,
        "changed_at": SOME_DAY,
    }
    return CalendarEvent(**(values | changes))


def feed(*events: CalendarEvent, **changes: Any) -> FeedCalendar:
    values: dict[str, Any] = {
        "name": "Dr Ünal; Mitte",
        "zone": "Europe/Berlin",
        "colour": "teal",
        "refresh_minutes": 15,
        "first_day": date(2026, 10, 21),
        "last_day": date(2027, 11, 20),
        "events": events,
    }
    return FeedCalendar(**(values | changes))


def _week() -> FeedCalendar:
    return feed(
        entry(
            uid="0192f3a4-7c5e-7d10-8f31-000000000001@clinic.example",
            starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            ends_at=datetime(2026, 10, 25, 1, 15, tzinfo=UTC),
            summary="Dry needling · A.B.",
            location="Room 2, Main St 1; 2nd floor",
            description="Room 2\nOpen: https://clinic.example/me/a/7",
            url="https://clinic.example/me/a/7?x=1;y=2,3",
            sequence=2,
            category="DN-30",
            changed_at=SOME_DAY + timedelta(days=1),
        ),
        entry(
            uid="0192f3a4-7c5e-7d10-8f31-000000000002@clinic.example",
            starts_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            ends_at=datetime(2026, 10, 25, 2, 0, tzinfo=UTC),
        ),
        entry(
            uid="0192f3a4-7c5e-7d10-8f31-000000000003@clinic.example",
            summary="Cancelled · Appointment",
            sequence=1,
            status="CANCELLED",
            transparent=True,
            busy_status="FREE",
        ),
        entry(
            uid="0192f3a4-7c5e-7d10-8f31-000000000004@clinic.example",
            starts_at=date(2026, 12, 24),
            ends_at=date(2026, 12, 27),
            summary="Leave",
            busy_status="OOF",
        ),
        entry(
            uid="0192f3a4-7c5e-7d10-8f31-000000000005@clinic.example",
            starts_at=datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
            ends_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
            summary="محمد أحمد 🪡 " + "ä" * 60,
            status="TENTATIVE",
            busy_status="TENTATIVE",
        ),
    )


def _hostile() -> FeedCalendar:
    return feed(
        *(
            entry(uid=f"{kind}@clinic.example", summary=text, location=text, description=text, category=text)
            for kind, text in HOSTILE.items()
        ),
        name=HOSTILE["separators"],
    )


EXAMPLES = {
    "empty": feed(colour=None),
    "week": _week(),
    "hostile": _hostile(),
    "zone-without-rule": feed(zone="America/New_York", first_day=date(2006, 6, 1), last_day=date(2008, 6, 1)),
}
