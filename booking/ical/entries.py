"""Reading the entries of a calendar file one by one, however large it is.

The file is taken apart at the lines that begin and end components (RFC 5545, 3.6), so that only one entry is in memory;
what is inside is icalendar's to parse.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Component, Event, Timezone, vBroken

_EVENT, _ZONE, _CALENDAR = "VEVENT", "VTIMEZONE", "VCALENDAR"
_LONGEST_LINES = 20_000
"""Of one component; a longer one is none."""
_UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
"""What icalendar raises for what it cannot parse."""
_RECURS = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


class CalendarUnreadable(Exception):
    """The file as such is no calendar; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A VEVENT. `start` is in UTC, or naive when it floats; `people` are names and addresses of all who take part.

    `problem` says why it stands for no single visit; then the rest may be missing.
    """

    uid: str = ""
    start: datetime | None = None
    minutes: int | None = None
    summary: str = ""
    location: str = ""
    description: str = ""
    cancelled: bool = False
    people: tuple[tuple[str, str], ...] = ()
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class EntryFile:
    """A calendar file that was looked through once; its zones are known since."""

    path: Path
    size: int
    digest: str

    def entries(self) -> Iterator[Entry]:
        """Its entries, in their order."""
        return (_entry(lines) for name, lines in _components(self.path) if name == _EVENT)


def open_entries(path: Path) -> EntryFile:
    """Look the file through, and learn its time zones. Raises CalendarUnreadable, and OSError."""
    size = 0
    try:
        for name, lines in _components(path):
            size += name == _EVENT
            if name == _ZONE:
                _learn(lines)
    except UnicodeDecodeError as error:
        raise CalendarUnreadable("it is not UTF-8 text") from error
    with path.open("rb") as file:
        return EntryFile(path=path, size=size, digest=hashlib.file_digest(file, "sha256").hexdigest())


def _learn(lines: list[str]) -> None:
    """Parsing a zone lets icalendar know it; one that it cannot parse is unknown, and entries by its clock say so."""
    with suppress(*_UNREADABLE):
        Timezone.from_ical("".join(lines))


def _components(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Name and lines of each component of the calendars in the file."""
    open_names: list[str] = []
    kept: list[str] = []
    calendars = 0
    with path.open(encoding="utf-8-sig", newline=None) as text:
        for line in text:
            word, _, name = line.rstrip().upper().partition(":")  # after a space a line goes on
            if word == "BEGIN":
                open_names.append(name)
                calendars += name == _CALENDAR
            if open_names[1:]:
                kept.append(line)
            if word == "END":
                if not open_names or open_names.pop() != name:
                    raise CalendarUnreadable(f"END:{name} has no BEGIN")
                if len(open_names) == 1:
                    yield name, kept
                    kept = []
            elif len(kept) > _LONGEST_LINES:
                raise CalendarUnreadable(f"a {open_names[1]} has no END")
    if open_names:
        raise CalendarUnreadable(f"it ends inside a {open_names[-1]}: some of it is missing")
    if not calendars:
        raise CalendarUnreadable("it has no BEGIN:VCALENDAR")


def _entry(lines: list[str]) -> Entry:
    try:
        event = Event.from_ical("".join(lines))
    except _UNREADABLE:
        return Entry(problem="The entry cannot be read.")
    uid = _text(event, "UID")
    if any(name in event for name in _RECURS):
        return Entry(uid=uid, problem="The entry repeats: write each visit as an entry of its own.")
    try:
        start, minutes = _times(event)
        people = tuple(_people(event))
    except _NoVisit as refusal:
        return Entry(uid=uid, problem=str(refusal))
    return Entry(
        uid=uid,
        start=start,
        minutes=minutes,
        summary=_text(event, "SUMMARY"),
        location=_text(event, "LOCATION"),
        description=_text(event, "DESCRIPTION"),
        cancelled=_text(event, "STATUS").upper() == "CANCELLED",
        people=people,
    )


class _NoVisit(Exception):
    """Why an entry stands for no single visit."""


def _times(event: Component) -> tuple[datetime, int | None]:
    start, end = _instant(event, "DTSTART"), _instant(event, "DTEND")
    if start is None:
        raise _NoVisit("The entry has no start.")
    length = end - start if end is not None and (end.tzinfo is None) == (start.tzinfo is None) else _duration(event)
    if end is not None and (end.tzinfo is None) != (start.tzinfo is None):
        raise _NoVisit("The start and the end of the entry are of different kinds.")
    if length is not None and (length <= timedelta() or length % timedelta(minutes=1)):
        raise _NoVisit("The entry must end a whole number of minutes after its start.")
    return start, None if length is None else length // timedelta(minutes=1)


def _duration(event: Component) -> timedelta | None:
    prop = event.get("DURATION")
    if isinstance(prop, vBroken):
        raise _NoVisit("The DURATION of the entry cannot be read.")
    value = getattr(prop, "dt", None)
    return value if isinstance(value, timedelta) else None


def _instant(event: Component, name: str) -> datetime | None:
    """In UTC; naive for a time that floats."""
    prop: Any = event.get(name)
    if prop is None:
        return None
    if isinstance(prop, list):
        raise _NoVisit(f"The entry has several {name}.")
    if isinstance(prop, vBroken):
        raise _NoVisit(f"The {name} of the entry cannot be read.")
    value: date | datetime | None = getattr(prop, "dt", None)
    if not isinstance(value, datetime):
        raise _NoVisit("The entry is for whole days, and visits start at a time.")
    zone = prop.params.get("TZID")
    if value.tzinfo is None:
        if zone is not None:
            raise _NoVisit(f"The time zone {str(zone)[:80]!r} is not known, and the file does not describe it.")
        return value
    return value.astimezone(UTC)


def _people(event: Component) -> Iterator[tuple[str, str]]:
    for name in ("ORGANIZER", "ATTENDEE"):
        found: Any = event.get(name, [])
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, vBroken):
                raise _NoVisit(f"An {name} of the entry cannot be read.")
            address = str(one)
            is_mail = address.lower().startswith("mailto:")
            yield str(one.params.get("CN", "")).strip(), address[len("mailto:") :].strip() if is_mail else ""


def _text(event: Component, name: str) -> str:
    value: Any = event.get(name, "")
    found: Iterable[Any] = value if isinstance(value, list) else [value]
    return " ".join(str(one) for one in found).strip()
