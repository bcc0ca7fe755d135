"""PostgreSQL databases that test after test has for its own: emptied in between, which is faster than to make one anew.

One whose form a test has changed, or that has grown large, is dropped instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from sqlalchemy.engine import make_url

from tests.plugins.prepared import OF_POSTGRESQL, tables
from tests.postgres import Address

FORM = """
SELECT (SELECT string_agg(version_num || xmin, ' ') FROM alembic_version), sum(hashtext(of || oid || xmin)) FROM (
  SELECT 'relation' AS of, oid::text, xmin::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'column', attrelid || ' ' || attnum, xmin::text FROM pg_attribute WHERE attrelid > 16384
  UNION ALL SELECT 'trigger', oid::text, xmin::text FROM pg_trigger
  UNION ALL SELECT 'constraint', oid::text, xmin::text FROM pg_constraint
  UNION ALL SELECT 'function', oid::text, xmin::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS part
"""
"""Whatever is changed about tables, triggers and functions changes which transaction has last written that down."""
ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
LARGE = "SELECT pg_database_size(current_database()) > 16000000"
Form = Sequence[object] | None


@dataclass(kw_only=True)
class Emptied:
    """The databases of one process of tests: copies of the template."""

    server: Address
    template: str
    forms: dict[str, Form] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)

    def take(self) -> str:
        """The name of an empty one."""
        if self.free:
            return self.free.pop()
        name = f"test_{uuid4().hex[:12]}"
        self.server.create_database(name, self.template)
        with self._connect(name) as connection:
            self.forms[name] = connection.execute(FORM).fetchone()
        return name

    def give_back(self, name: str) -> None:
        """Whoever is still connected is cut off."""
        if self._emptied(name):
            self.free.append(name)
        else:
            self.server.drop_database(name)

    def drop_all(self) -> None:
        while self.free:
            self.server.drop_database(self.free.pop())

    def _emptied(self, name: str) -> bool:
        with self._connect(name) as connection:
            connection.execute(ALONE)
            changed = connection.execute(FORM).fetchone() != self.forms[name]
            if changed or connection.execute(LARGE).fetchone() != (False,):
                return False
            connection.execute(empty(tables(connection.execute(OF_POSTGRESQL))).encode())
            return True

    def _connect(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        url = make_url(self.server.url(name)).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, connect_timeout=5)


def empty(names: Iterable[str]) -> str:
    """Statements that delete whatever these tables hold: no trigger forbids it, and no foreign key is looked up."""
    deleted = (f"DELETE FROM {name}" for name in names)  # noqa: S608 -- our own tables
    alone = "SET LOCAL session_replication_role = replica"
    return "; ".join(["BEGIN", alone, *deleted, "COMMIT", "SELECT pg_stat_reset()"])
