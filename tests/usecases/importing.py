"""Files of appointments for tests, and a short way to import them."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from booking.domain.permission import Caller, Role
from booking.domain.time.zone import wall_time
from booking.http.fields import contact
from booking.store import clinics, imported
from booking.store.database import Database, Transaction
from booking.store.imported import Imported
from booking.usecases.audit import audit
from booking.usecases.importing import (
    COLUMNS,
    Counts,
    ImportAppointments,
    Line,
    Outcome,
    RawRow,
    import_appointments,
    open_csv,
)
from booking.usecases.importing.model import Row
from booking.usecases.importing.names import names_of
from booking.usecases.importing.reading import read_row
from tests.clinics import SEATTLE_ZONE, TUESDAY, DullClinic, at

DULL_ROW = {
    "reference": "A-1",
    "start": f"{wall_time(at(TUESDAY, 10), SEATTLE_ZONE):%Y-%m-%d %H:%M}",
    "site": "seattle",
    "practitioner": "ada",
    "treatment": "needling",
    "patient_name": "Pat Smith",
    "patient_email": "pat.smith@example.org",
}


def row(**changes: str) -> dict[str, str]:
    return {**DULL_ROW, **changes}


def csv_text(*rows: dict[str, str], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=delimiter, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def meant(clinic: DullClinic, **changes: str) -> Row:
    """A row like the dull one, as it is meant in this clinic."""
    about = clinic.database.read_now(clinics.described, clinic.id)
    return read_row(RawRow(number=2, values=row(**changes)), names_of(about), contact)


@dataclass(kw_only=True)
class Importer:
    """Imports rows into a clinic; `lines` are what became of those of the last time, in their order.

    With `stop_after` it is interrupted once it is told of so many.
    """

    clinic: DullClinic
    folder: Path
    lines: list[Line] = field(default_factory=list)
    stop_after: int | None = None

    @property
    def caller(self) -> Caller:
        return self.clinic.caller(Role.SYSTEM)

    def __call__(self, *rows: dict[str, str], dry_run: bool = False, caller: Caller | None = None) -> Counts:
        file = self.folder / "visits.csv"
        file.write_text(csv_text(*rows), encoding="utf-8")
        command = ImportAppointments(source=open_csv(file), contact=contact, dry_run=dry_run)
        self.lines = []
        counts = import_appointments(self.clinic.database, caller or self.caller, command, self._note)
        self.lines.sort(key=lambda line: line.number)
        return counts

    def _note(self, line: Line) -> None:
        self.lines.append(line)
        if len(self.lines) == self.stop_after:
            raise KeyboardInterrupt

    def one(self, **changes: str) -> Outcome:
        """What becomes of a row like the dull one."""
        self(row(**changes))
        return self.lines[0].outcome

    def refusal(self, **changes: str) -> str:
        """Why such a row is refused."""
        assert self.one(**changes) is Outcome.REFUSED
        return self.lines[0].reason

    def found(self, reference: str = "A-1") -> Imported:
        found = self.clinic.database.read_now(imported.find, self.clinic.id, reference)
        assert found is not None
        return found

    def violations(self) -> list[str]:
        report = self.clinic.database.read_now(audit, self.clinic.manager)
        return [f"{one.kind}: {one.sentence}" for one in report.violations]


def outcomes(counts: Counts) -> dict[str, int]:
    return {outcome.value: number for outcome, number in counts.of.items() if number}


def count(database: Database, table: str) -> int:
    def ask(tx: Transaction) -> int:
        found: int = tx.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 -- our own
        return found

    return database.read_now(ask)
