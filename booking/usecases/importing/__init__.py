"""Importing the appointments of another system: what is to come is booked, what is over is kept as history."""

from booking.usecases.importing.csv_file import open_csv
from booking.usecases.importing.model import (
    COLUMNS,
    Counts,
    ImportInvalid,
    Line,
    Outcome,
    RawRow,
    ReadContact,
    Source,
    quoted,
)
from booking.usecases.importing.running import ImportAppointments, import_appointments

__all__ = [
    "COLUMNS",
    "Counts",
    "ImportAppointments",
    "ImportInvalid",
    "Line",
    "Outcome",
    "RawRow",
    "ReadContact",
    "Source",
    "import_appointments",
    "open_csv",
    "quoted",
]
