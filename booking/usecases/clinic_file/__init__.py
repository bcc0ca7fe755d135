"""A whole clinic in one TOML file: read, applied to the database, and written from it."""

from booking.usecases.clinic_file.applying import Applied, ApplyClinic, apply_clinic
from booking.usecases.clinic_file.covering import CoverChange, CoverChanges
from booking.usecases.clinic_file.exporting import export_clinic
from booking.usecases.clinic_file.model import ClinicFile
from booking.usecases.clinic_file.reading import read_clinic

__all__ = [
    "Applied",
    "ApplyClinic",
    "ClinicFile",
    "CoverChange",
    "CoverChanges",
    "apply_clinic",
    "export_clinic",
    "read_clinic",
]
