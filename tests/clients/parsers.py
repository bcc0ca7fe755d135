"""What four independent parsers read in the same calendar, as tables that can be compared."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import vobject
from ical.calendar_stream import IcsCalendarStream

from tests.clients.tools import HERE, icaljs, libical_table, output_of, program


class Row(NamedTuple):
    """An event; times are UTC as `2026-11-26T08:30:00Z`, days `2026-11-26`, the end not included."""

    uid: str
    start: str
    end: str
    summary: str
    status: str


Table = list[Row]


def tables_of(ics: bytes, parsers: Sequence[str] = ()) -> dict[str, Table]:
    """The events of a calendar, sorted, by the name of the parser that read them: of all parsers, or of those named.

    Raises when a parser refuses the calendar, or finds any fault that it knows to look for.
    """
    return {parser: sorted(PARSERS[parser](ics)) for parser in parsers or PARSERS}


def time_text(time: datetime | date) -> str:
    if isinstance(time, datetime):
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return time.isoformat()


@contextmanager
def _file_of(ics: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calendar.ics"
        path.write_bytes(ics)
        yield path


def _libical(ics: bytes) -> Table:
    with _file_of(ics) as path:
        rows = [line.split("\t") for line in output_of([libical_table(), path]).splitlines()]
    return [
        Row(bytes.fromhex(uid).decode(), start, end, bytes.fromhex(summary).decode(), status)
        for uid, start, end, summary, status in rows
    ]


def _icaljs(ics: bytes) -> Table:
    with _file_of(ics) as path:
        rows = json.loads(output_of([program("node"), HERE / "icaljs_table.mjs", icaljs(), path]))
    return [Row(*row) for row in rows]


def _ical(ics: bytes) -> Table:
    events = IcsCalendarStream.calendar_from_ics(ics.decode()).events
    return [
        Row(
            event.uid,
            time_text(event.start),
            time_text(event.end),
            event.summary or "",
            event.status.value if event.status else "",
        )
        for event in events
    ]


def _vobject(ics: bytes) -> Table:
    calendar = vobject.readOne(ics.decode())
    calendar.validate(raiseException=True)
    return [
        Row(
            event.uid.value,
            time_text(event.dtstart.value),
            time_text(event.dtend.value),
            event.getChildValue("summary", ""),
            event.status.value,
        )
        for event in calendar.contents.get("vevent", [])
    ]


PARSERS: dict[str, Callable[[bytes], Table]] = {
    "libical": _libical,
    "ical.js": _icaljs,
    "ical": _ical,
    "vobject": _vobject,
}
