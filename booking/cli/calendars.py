"""Calendar files as something that appointments can be imported from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from booking.ical.entries import CalendarUnreadable, Entry, EntryFile, open_entries
from booking.usecases.importing import ImportInvalid, RawRow
from booking.usecases.importing.csv_file import ensure_readable


@dataclass(frozen=True, kw_only=True)
class _CalendarFile:
    """The entries as rows: the UID is the reference, the summary the treatment, the location the site."""

    file: EntryFile

    @property
    def size(self) -> int:
        return self.file.size

    @property
    def digest(self) -> str:
        return self.file.digest

    def rows(self) -> Iterator[RawRow]:
        return (_row(number, entry) for number, entry in enumerate(self.file.entries(), 1))


def open_calendar(path: Path) -> _CalendarFile:
    """Look the file through. Raises ImportInvalid."""
    ensure_readable(path)
    try:
        return _CalendarFile(file=open_entries(path))
    except CalendarUnreadable as unreadable:
        raise ImportInvalid([f"{path} cannot be read: {unreadable}."]) from unreadable
    except OSError as error:
        raise ImportInvalid([f"{path} cannot be read: {error.strerror}."]) from error


def _row(number: int, entry: Entry) -> RawRow:
    start = "" if entry.start is None else entry.start.isoformat(sep=" ")
    values = {
        "reference": entry.uid,
        "start": start,
        "minutes": "" if entry.minutes is None else str(entry.minutes),
        "treatment": entry.summary,
        "site": entry.location,
        "status": "cancelled" if entry.cancelled else "",
        "note": entry.description,
    }
    return RawRow(number=number, values=values, people=entry.people, problem=entry.problem)
