"""The staff's note on a visit."""

import pytest
from sqlalchemy import text

from booking.domain.errors import InvalidInput, StaleVersion
from booking.store.database import Database
from booking.usecases.notes import LONGEST_NOTE, Annotate, annotate
from booking.usecases.views.appointments import AppointmentView
from tests.clinics import TUESDAY, at, open_clinic
from tests.usecases.test_confirming import AUDITED
from tests.usecases.test_revisions import only, raised


def on(booked: AppointmentView, note: str, version: int = 1) -> Annotate:
    return Annotate(appointment=booked.appointment.id, version=version, note=note)


def test_note_is_written_replaced_and_taken_away(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    changes = raised(clinic, lambda: database.write_now(annotate, clinic.reception, on(booked, "Rang:\nlate")))
    assert changes == only(("ada", "room-1", "Pat Smith"), 0, "annotated")
    for version, note in ((2, "Comes by train"), (3, "")):
        noted = database.write_now(annotate, clinic.reception, on(booked, note, version)).appointment
        assert (noted.note, noted.version, noted.sequence) == (note, version + 1, 0)
    rows = database.read_now(lambda tx: tx.connection.execute(text(AUDITED), {"action": "appointment_annotated"}).all())
    assert len(rows) == 3
    assert not [row for row in rows if "train" in str(row.detail)]


def test_same_note_changes_nothing_and_another_version_is_stale(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    booked = clinic.book(at(TUESDAY, 10))
    for _ in range(2):
        noted = sqlite.write_now(annotate, clinic.reception, on(booked, "Rang")).appointment
        assert (noted.note, noted.version) == ("Rang", 2)
    with pytest.raises(StaleVersion) as stale:
        sqlite.write_now(annotate, clinic.reception, on(booked, "Rang again"))
    assert stale.value.details == {"current_version": 2}


@pytest.mark.parametrize("note", ["x" * (LONGEST_NOTE + 1), "a\x00b", "a\r\nb", "\u202eb", "a\tb", "a\x85"])
def test_what_is_no_text_or_too_long_is_refused(sqlite: Database, note: str) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(InvalidInput) as refused:
        sqlite.write_now(annotate, clinic.reception, on(clinic.book(at(TUESDAY, 10)), note))
    assert refused.value.details == {"field": "note"}
