"""A PostgreSQL database comes back empty, and only if it is still what it was."""

import pytest
from psycopg import OperationalError

from tests.plugins.emptied import Emptied

pytestmark = pytest.mark.postgres


@pytest.fixture
def several(emptied: Emptied) -> Emptied:
    """Those of this test."""
    return Emptied(server=emptied.server, template=emptied.template)


def test_rows_are_gone_and_whoever_was_connected_is_cut_off(several: Emptied) -> None:
    name = several.take()
    with several._connect(name) as left_open:
        left_open.execute("INSERT INTO rule_text (digest, jurisdiction, body) VALUES ('a', 'b', 'c')")
        several.give_back(name)
        with pytest.raises(OperationalError):
            left_open.execute("SELECT 1")
    assert several.take() == name
    with several._connect(name) as connection:
        assert connection.execute("SELECT count(*) FROM rule_text").fetchone() == (0,)
    several.give_back(name)
    several.drop_all()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE site ADD COLUMN forgotten INTEGER",
        "ALTER TABLE site ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE claim DROP CONSTRAINT claim_no_overlap",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_what_is_no_longer_as_it_was_is_dropped(several: Emptied, change: str) -> None:
    name = several.take()
    with several._connect(name) as connection:
        connection.execute(change.encode())
    several.give_back(name)
    assert several.free == []
