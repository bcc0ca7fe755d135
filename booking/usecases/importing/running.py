"""A whole file, row by row, each in a transaction of its own: what is refused undoes nothing else.

Whoever is interrupted begins again with the same file: what was done is there already. A dry run does the same in one
transaction that is taken back, so that rows meet one another as they would.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from booking.domain.errors import BookingError, PractitionerNotEligible, Unavailable
from booking.domain.permission import Action, Caller, permit
from booking.store import clinics, history
from booking.store.database import Database, Transaction, tentatively
from booking.usecases.importing.deciding import import_row
from booking.usecases.importing.model import Counts, Line, Outcome, RawRow, ReadContact, Row, RowRefused, Source
from booking.usecases.importing.names import Names, names_of
from booking.usecases.importing.reading import read_row

Each = Callable[[Line], None]
"""Told what became of each row, as soon as it is known."""


@dataclass(frozen=True, kw_only=True)
class ImportAppointments:
    """Import the rows of this file; `contact` reads who a patient is. A dry run changes nothing."""

    source: Source
    contact: ReadContact
    dry_run: bool = False


Do = Callable[[Row], Outcome]


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One run through a file. `seen` are the digests of the references met, each with its row and that row's digest."""

    names: Names
    began: datetime
    contact: ReadContact
    each: Each
    counts: Counts = field(default_factory=Counts)
    seen: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)

    def through(self, source: Source, do: Do) -> None:
        """What is over comes first: what is to come is judged by it, too. Raises Unavailable: no row is to blame."""
        for over in (True, False):
            for raw in source.rows():
                try:
                    self._ensure_once(raw)
                    row = read_row(raw, self.names, self.contact)
                except RowRefused as refusal:
                    if over:
                        self._tell(raw, Outcome.REFUSED, refusal.message)
                    continue
                if (row.span.end <= self.began) is over:
                    self._do(raw, row, do)

    def _do(self, raw: RawRow, row: Row, do: Do) -> None:
        try:
            outcome, reason = do(row), ""
        except Unavailable:
            raise
        except BookingError as refusal:
            outcome, reason = Outcome.REFUSED, _reason(refusal)
        self._tell(raw, outcome, reason)

    def _tell(self, raw: RawRow, outcome: Outcome, reason: str) -> None:
        self.counts.of[outcome] += 1
        self.each(Line(number=raw.number, reference=raw["reference"], outcome=outcome, reason=reason))

    def _ensure_once(self, raw: RawRow) -> None:
        """Raises RowRefused for a reference under which the file has said something else before."""
        content = _digest(repr((sorted(raw.values.items()), raw.people)))
        number, before = self.seen.setdefault(_digest(raw["reference"]), (raw.number, content))
        if raw["reference"] and before != content:
            raise RowRefused(f"Row {number} has the same reference and says something else.")


class _OnlyLooking(Exception):
    """Rolls the transaction of a dry run back, and carries what it would have done."""

    def __init__(self, counts: Counts) -> None:
        super().__init__()
        self.counts = counts


def import_appointments(database: Database, caller: Caller, command: ImportAppointments, each: Each) -> Counts:
    """Import the file, and answer how many rows became what.

    Raises Unavailable when the database does not answer; what was done until then stays, and is done.
    """
    if command.dry_run:
        try:
            database.write_now(_dry, caller, command, each)
        except _OnlyLooking as looked:
            return looked.counts
    run = database.read_now(_begin, caller, command, each)
    try:
        run.through(command.source, lambda row: database.write_now(import_row, caller, row))
    finally:
        database.write_now(_note, caller, command.source, run.counts)
    return run.counts


def _dry(tx: Transaction, caller: Caller, command: ImportAppointments, each: Each) -> None:
    run = _begin(tx, caller, command, each)
    run.through(command.source, lambda row: tentatively(tx, import_row, caller, row))
    raise _OnlyLooking(run.counts)


def _begin(tx: Transaction, caller: Caller, command: ImportAppointments, each: Each) -> _Run:
    permit(caller, Action.MANAGE_CLINIC)
    names = names_of(clinics.described(tx, caller.clinic_id))
    return _Run(names=names, began=tx.now(), contact=command.contact, each=each)


def _note(tx: Transaction, caller: Caller, source: Source, counts: Counts) -> None:
    """Who has imported which file, and what came of it; nothing of what it says."""
    done = {outcome.value: counts.of[outcome] for outcome in Outcome}
    history.add_audit(tx, caller, "appointments_imported", None, tx.now(), file=source.digest, rows=source.size, **done)


def _reason(refusal: BookingError) -> str:
    """The refusal in plain words; of a practitioner who may not, every need that is not met."""
    if not isinstance(refusal, PractitionerNotEligible):
        return refusal.message
    needs = "; ".join(f"{one.need} ({one.have})" for one in refusal.details["reasons"])
    return f"{refusal.message} {needs}" if needs else refusal.message


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
