"""From TOML text to a checked file; every fault is named in one pass."""

from booking.usecases.clinic_file.reading.whole import read_clinic

__all__ = ["read_clinic"]
