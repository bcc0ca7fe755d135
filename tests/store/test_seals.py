"""What waits for a seal where the database has its form."""

from collections import Counter

from alembic import command
from sqlalchemy import func, select

from booking.domain.ids import ClinicId
from booking.store import guards, schema, seals
from booking.store.database import Database, Transaction
from booking.store.ids import new_id
from booking.store.queueing import SEALED_BY_KEY
from booking.store.tables import metadata
from tests.clinics import TUESDAY, at, open_clinic


def waiting(tx: Transaction, clinic_id: ClinicId) -> Counter[str]:
    return Counter(key.kind for key in seals.waiting(tx, clinic_id, 1_000))


def test_what_was_on_record_before_there_were_seals_waits_for_one(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    with database.engine.execution_options(write=True).begin() as connection:
        config = schema._config(connection)
        config.attributes["guards"] = False  # what they guard is gone
        guards.drop(connection)
        command.downgrade(config, "0003")
    schema.migrate(database)
    assert database.read_now(waiting, clinic.id) == Counter(status=1, decision=1, audit=1, credential_version=3)


def test_every_row_of_what_is_sealed_waits(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))

    def rows(tx: Transaction) -> Counter[str]:
        counts = {name: select(func.count()).select_from(metadata.tables[name]) for name in SEALED_BY_KEY}
        return Counter({name: tx.connection.execute(query).scalar_one() for name, query in counts.items()})

    assert database.read_now(waiting, clinic.id) == database.read_now(rows)
    assert database.read_now(waiting, ClinicId(new_id())) == Counter()


def test_key_of_a_row_is_its_tables() -> None:
    for name, (row_id, number) in SEALED_BY_KEY.items():
        key = [column.name for column in metadata.tables[name].primary_key]
        assert key == ["clinic_id", row_id, *([] if number is None else [number])]
