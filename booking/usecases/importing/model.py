"""What an import is made of: rows as they stand in a file, rows as they are meant, and what became of each."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from booking.domain.errors import BookingError
from booking.domain.lifecycle import Status
from booking.domain.patient import Contact
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.site import Site
from booking.domain.time.span import TimeSpan
from booking.domain.treatment import TreatmentType

REQUIRED = ("reference", "start", "site", "practitioner", "treatment", "patient_name")
OPTIONAL = ("minutes", "regions", "room", "status", "patient_email", "patient_phone", "note")
COLUMNS = (*REQUIRED, *OPTIONAL)

LARGEST_FILE = 100_000_000
"""Bytes; more is refused unread."""
_LONGEST_QUOTED = 80

ReadContact = Callable[[str, str | None, str | None], Contact]
"""The person of this name, e-mail address and telephone number. Raises InvalidInput."""


class ImportInvalid(BookingError):
    """A file cannot be read at all; `faults` says where and why, one sentence each. Nothing is imported of it."""

    code = "import-invalid"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults), faults=tuple(faults))


class RowRefused(BookingError):
    """One row cannot be meant, or does not fit what is here; the message says why, in plain words."""

    code = "row-refused"


def quoted(text: str) -> str:
    """Words of a file as they may stand in a sentence and on a terminal: of one line, and not too long."""
    return repr(text if len(text) <= _LONGEST_QUOTED else f"{text[: _LONGEST_QUOTED - 1]}…")


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """A row as it stands in the file: words by column, those that are not there as none.

    `number` counts rows as a spreadsheet does, or a calendar's entries. `people` are names and e-mail addresses among
    which are the practitioner and the patient, where the file does not say who is which. `problem` is why the row
    cannot be imported whatever it says.
    """

    number: int
    values: Mapping[str, str]
    people: tuple[tuple[str, str], ...] = ()
    problem: str | None = None

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


class Source(Protocol):
    """A file that was looked through once and can be read, row by row, as often as one wants."""

    @property
    def size(self) -> int:
        """How many rows it has."""

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""

    def rows(self) -> Iterator[RawRow]:
        """Its rows, in their order; never all at once in memory."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row as it is meant. `minutes`, `regions` and `room` are None where the file leaves them to the clinic."""

    number: int
    reference: str
    start: datetime
    site: Site
    practitioner: Practitioner
    treatment: TreatmentType
    contact: Contact
    status: Status
    minutes: int | None = None
    regions: frozenset[str] | None = None
    room: Room | None = None
    note: str = ""

    @property
    def length(self) -> int:
        """In minutes."""
        return self.treatment.minutes if self.minutes is None else self.minutes

    @property
    def span(self) -> TimeSpan:
        return TimeSpan(self.start, self.start + timedelta(minutes=self.length))


class Outcome(StrEnum):
    """What became of a row."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    RECORDED = "recorded"
    HISTORY = "history"
    ALREADY = "already_there"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Line:
    """What became of one row, and why it was refused if it was."""

    number: int
    reference: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many rows had which outcome."""

    of: Counter[Outcome] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        return self.of.total()

    @property
    def refused(self) -> int:
        return self.of[Outcome.REFUSED]
