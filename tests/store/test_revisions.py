"""The revisions of what bears on free times, as one snapshot shows them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, DiaryId
from booking.store import diaries
from booking.store.database import Database, Transaction
from booking.store.ids import new_id
from booking.store.revisions import Revisions, revisions
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    data = dull(ben={})
    data["site"][0]["equipment"] = [{"slug": "laser", "name": "Laser", "kind": "laser"}]
    return open_clinic(database, data)


def seen(clinic: DullClinic) -> Revisions:
    return clinic.database.read_now(revisions, clinic.id)


def written(clinic: DullClinic, statement: str) -> None:
    clinic.database.write_now(lambda tx: tx.connection.execute(text(statement)))


def test_people_rooms_and_devices_are_in_it_and_patients_are_not(clinic: DullClinic) -> None:
    clinic.book(at(TUESDAY, 10))
    clinic.book(at(TUESDAY, 11))
    (device,) = clinic.database.read_now(diaries.all_of_kind, clinic.id, "equipment")
    known = {**clinic.practitioners, **clinic.rooms, "laser": device}
    found = seen(clinic).by_diary
    assert {slug: found[DiaryId(one)] for slug, one in known.items()} == {
        "ada": 2, "ben": 0, "room-1": 2, "room-2": 0, "laser": 0,
    }  # fmt: skip
    assert len(found) == len(known)


def test_vector_is_the_same_until_something_changes(clinic: DullClinic) -> None:
    before = seen(clinic)
    assert seen(clinic) == before
    clinic.book(at(TUESDAY, 10), "ben")
    after = seen(clinic)
    assert (after.offer == before.offer, after.vector == before.vector) == (True, False)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda clinic: clinic.database.write_now(diaries.raise_offer, clinic.id), 2),
        (lambda clinic: written(clinic, "UPDATE installation SET epoch = 'another'"), 0),
    ],
    ids=["description", "restore"],
)
def test_offer_names_the_database_the_clinic_and_its_description(
    clinic: DullClinic, change: Callable[[DullClinic], Any], part: int
) -> None:
    before = seen(clinic)
    change(clinic)
    after = seen(clinic)
    assert before.offer[1] == clinic.id
    assert [place for place in range(3) if before.offer[place] != after.offer[place]] == [part]
    assert before.vector == after.vector


def test_names_and_another_clinic_change_nothing(clinic: DullClinic) -> None:
    data = dull()
    data["clinic"]["slug"] = "another"
    before = seen(clinic)
    another = open_clinic(clinic.database, data)
    another.book(at(TUESDAY, 10))
    clinic.database.write_now(lambda tx: diaries.raise_display(tx, clinic.id, tx.now()))
    assert seen(clinic) == before
    assert set(seen(another).by_diary).isdisjoint(before.by_diary)


def test_clinic_without_anybody_has_an_empty_vector(database: Database) -> None:
    data = dull()
    data["practitioner"], data["site"][0]["room"] = [], []
    found = seen(open_clinic(database, data))
    assert (found.vector, found.by_diary) == ("", {})


def test_unknown_clinic_is_not_found(clinic: DullClinic) -> None:
    with pytest.raises(NotFound):
        clinic.database.read_now(revisions, ClinicId(new_id()))


def test_a_snapshot_shows_what_was_there_when_it_was_first_looked_at(clinic: DullClinic) -> None:
    def look(tx: Transaction) -> tuple[Revisions, Revisions]:
        before = revisions(tx, clinic.id)
        clinic.book(at(TUESDAY, 10))
        return before, revisions(tx, clinic.id)

    before, after = clinic.database.read_now(look)
    assert before == after != seen(clinic)
