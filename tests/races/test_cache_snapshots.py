"""What is read while somebody writes is remembered as what it was: the order of events is made by hand."""

from collections.abc import Hashable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from booking.domain.ids import DiaryId
from booking.store import clinics, description, diaries
from booking.store.database import Database, Transaction
from booking.store.memory import Memory
from booking.store.revisions import Revisions, revisions
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.hold import HoldRef, HoldSlot, extend, hold
from booking.usecases.views.slots import SlotQuery, Written
from tests.clinics import TUESDAY, DullClinic, at, open_clinic
from tests.plugins.database import Clock
from tests.races.cache_clinic import Question
from tests.races.cache_judge import judge, stale, with_memory, written


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    return open_clinic(database)


@pytest.fixture
def question(clinic: DullClinic) -> Question:
    query = SlotQuery(treatment_type=clinic.treatments["needling"], first=TUESDAY, last=TUESDAY)
    return Question(name="tuesday", caller=clinic.public, query=query)


def held(clinic: DullClinic, hour: int = 10) -> HoldRef:
    command = HoldSlot(wanted=clinic.wanted(at(TUESDAY, hour)), hold_key="mine")
    return HoldRef(hold=clinic.database.write_now(hold, clinic.public, command).appointment.id, hold_key="mine")


def is_stale(clinic: DullClinic, question: Question, memory: Memory | None = None) -> bool:
    mine = clinic.database.memory if memory is None else memory
    return bool(stale(clinic.database.read_now(judge, mine, {}, [question])))


class Undo(Exception):
    """No error: what was done is taken back."""


class LabelledLate(Memory):
    """Wrong on purpose: what was read is labelled with the revisions as they are afterwards."""

    def __init__(self, clinic: DullClinic) -> None:
        super().__init__()
        self._clinic = clinic

    def keep(self, key: Hashable, version: Hashable, value: Any, **how: Any) -> None:
        late: Revisions = self._clinic.database.read_now(revisions, self._clinic.id)
        match key, version:
            case (UUID() as diary, *_), (_, int()):
                version = (late.offer, late.by_diary[DiaryId(diary)])
            case _, (_, str(), bounds):
                version = (late.offer, late.vector, bounds)
            case _, (str(), _, _):
                version = late.offer
        super().keep(key, version, value, **how)


@pytest.mark.parametrize("label", ["as of its snapshot", "late"])
def test_rows_of_an_older_snapshot_are_not_taken_for_newer_ones(
    clinic: DullClinic, question: Question, label: str
) -> None:
    """A reader looks; a visit is cancelled; only then the reader reads on and remembers."""
    database = clinic.database
    visit = clinic.book(at(TUESDAY, 10)).appointment
    memory = LabelledLate(clinic) if label == "late" else Memory()

    def read(tx: Transaction) -> Written:
        clinics.get(tx, clinic.id)
        command = CancelAppointment(appointment=visit.id, version=visit.version)
        database.write_now(cancel, clinic.reception, command)
        return written(with_memory(tx, memory, tx.now()), question)

    before = database.read_now(lambda tx: written(with_memory(tx, Memory(), tx.now()), question))
    assert database.read_now(read) == before
    assert is_stale(clinic, question, memory) == (label == "late")


def test_hold_extended_in_its_last_moment_is_not_remembered_as_free(
    clinic: DullClinic, question: Question, clock: Clock
) -> None:
    """Its extension is written just before it would have expired, and committed just after somebody saw it expire."""
    ref = held(clinic)
    clock.advance(minutes=9, seconds=59)

    def slowly(tx: Transaction) -> None:
        extend(tx, clinic.public, ref)
        clock.advance(seconds=2)
        assert not is_stale(clinic, question)

    clinic.database.write_now(slowly)
    assert not is_stale(clinic, question)


def test_whoever_began_earlier_still_sees_what_was_held_then(
    clinic: DullClinic, question: Question, clock: Clock
) -> None:
    """Of two who share a memory, the one with the later clock may remember first."""
    held(clinic)
    expiry = clock.now + timedelta(minutes=10)
    for now in (expiry, expiry - timedelta(microseconds=1), expiry):
        clock.now = now
        assert not is_stale(clinic, question)


def shorten(tx: Transaction, clinic: DullClinic, notice: int) -> None:
    description.update_clinic(tx, clinic.id, {"notice_minutes": notice})
    diaries.raise_offer(tx, clinic.id)


def test_description_that_was_taken_back_is_not_remembered(clinic: DullClinic, question: Question) -> None:
    """The revision that it would have had is then given to another."""
    database = clinic.database

    def in_vain(tx: Transaction) -> None:
        diaries.lock_clinic(tx, clinic.id, exclusive=True)
        shorten(tx, clinic, 48 * 60)
        assert clinics.described(tx, clinic.id).clinic.policy.notice_minutes == 48 * 60
        raise Undo

    with pytest.raises(Undo):
        database.write_now(in_vain)
    database.write_now(shorten, clinic, 5)
    assert not is_stale(clinic, question)


@pytest.mark.parametrize(
    ("locks", "remembered"), [((), False), ((False,), True), ((True,), False), ((False, True), False)]
)
def test_only_a_writer_under_whose_eyes_it_cannot_change_remembers_a_description(
    sqlite: Database, locks: tuple[bool, ...], *, remembered: bool
) -> None:
    """Without the clinic's lock the rows may be newer than the revision; who has it alone may be changing them."""
    clinic = open_clinic(sqlite)

    def look(tx: Transaction) -> None:
        for exclusive in locks:
            diaries.lock_clinic(tx, clinic.id, exclusive=exclusive)
        clinics.described(tx, clinic.id)

    sqlite.write_now(look)
    offer = sqlite.read_now(revisions, clinic.id).offer
    assert (sqlite.memory.recall(("description", clinic.id), offer) is not None) == remembered
