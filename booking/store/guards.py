"""What neither SQLModel nor Alembic can say, on both databases: overlaps are refused; history only grows and is sealed.

Alembic does not see these guards and its batch mode drops SQLite's triggers, so they are made here, after every
migration, and compared with the database word by word when the program starts.
"""

from sqlalchemy import Connection, text

from booking.domain.treatment import LONGEST_CLAIM
from booking.store import queueing

NO_OVERLAP = "claim_no_overlap"
CLAIM_SPAN = "claim_span"
APPEND_ONLY = ("status", "decision", "audit", "diary_change", "credential_version", "seal", "sealed")

_HOURS = int(LONGEST_CLAIM.total_seconds()) // 3600
_MICROSECONDS = _HOURS * 3_600_000_000

_SQLITE_BODY = f"""
  SELECT RAISE(ABORT, '{NO_OVERLAP}') WHERE EXISTS (
    SELECT 1 FROM claim WHERE clinic_id = new.clinic_id AND diary_id = new.diary_id AND rowid <> new.rowid
      AND starts_at < new.ends_at AND starts_at > new.starts_at - {_MICROSECONDS} AND ends_at > new.starts_at);
  SELECT RAISE(ABORT, '{CLAIM_SPAN}')
    WHERE new.starts_at >= new.ends_at OR new.ends_at - new.starts_at > {_MICROSECONDS};
"""  # noqa: S608 -- made of constants


def _sqlite_triggers() -> dict[str, str]:
    triggers = {
        "claim_guard_insert": f"CREATE TRIGGER claim_guard_insert AFTER INSERT ON claim BEGIN{_SQLITE_BODY}END",
        "claim_guard_update": f"CREATE TRIGGER claim_guard_update AFTER UPDATE ON claim BEGIN{_SQLITE_BODY}END",
    }
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            refusal = f"SELECT RAISE(ABORT, '{table} is append-only');"
            triggers[name] = f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN {refusal} END"
    return triggers | queueing.sqlite_triggers()


_POSTGRESQL_CONSTRAINTS = {
    CLAIM_SPAN: f"CHECK (((starts_at < ends_at) AND (ends_at <= (starts_at + '{_HOURS:02}:00:00'::interval))))",
    NO_OVERLAP: "EXCLUDE USING gist (diary_id WITH =, tstzrange(starts_at, ends_at, '[)'::text) WITH &&)",
}

_REFUSE_CHANGE = " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END "
_POSTGRESQL_FUNCTIONS = {"refuse_change": _REFUSE_CHANGE, **queueing.postgresql_functions()}


def _postgresql_triggers() -> dict[str, str]:
    refusing = {
        f"{table}_append_only": f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR UPDATE OR TRUNCATE"
        f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    }
    return refusing | queueing.postgresql_triggers()


def create(connection: Connection) -> None:
    """Make every guard as it must be. Where all of them stand already nothing is touched.

    Somebody else may be looking at them meanwhile, and PostgreSQL tells of a trigger by what is there at that moment,
    whatever the snapshot.
    """
    if not faults(connection):
        return
    if connection.dialect.name == "postgresql":
        _create_on_postgresql(connection)
    else:
        for name, statement in _sqlite_triggers().items():
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.exec_driver_sql(statement)


def drop(connection: Connection) -> None:
    """Remove every guard, for a migration that rebuilds a guarded table."""
    if connection.dialect.name == "postgresql":
        for name in _POSTGRESQL_CONSTRAINTS:
            connection.execute(text(f"ALTER TABLE claim DROP CONSTRAINT IF EXISTS {name}"))
        for name, statement in _postgresql_triggers().items():
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {_table_of(statement)}"))
    else:
        for name in _sqlite_triggers():
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))


def faults(connection: Connection) -> list[str]:
    """What is missing or is not what it must be, a sentence for each; empty when the guards stand."""
    if connection.dialect.name == "postgresql":
        return _faults_on_postgresql(connection)
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return _compare(_sqlite_triggers(), {row[0]: row[1] for row in rows})


def _create_on_postgresql(connection: Connection) -> None:
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
    for name, body in _POSTGRESQL_FUNCTIONS.items():
        made = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        connection.exec_driver_sql(made.replace("%", "%%"))
    found = _constraints(connection)
    for name, definition in _POSTGRESQL_CONSTRAINTS.items():
        if found.get(name) != definition:
            connection.execute(text(f"ALTER TABLE claim DROP CONSTRAINT IF EXISTS {name}"))
            connection.exec_driver_sql(f"ALTER TABLE claim ADD CONSTRAINT {name} {definition}")
    for name, statement in _postgresql_triggers().items():
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {_table_of(statement)}"))
        connection.execute(text(statement))
    connection.execute(text("ALTER TABLE diary SET (fillfactor = 50)"))  # a raised revision stays on its page


def _table_of(statement: str) -> str:
    """The table a trigger of PostgreSQL is made on."""
    return statement.partition(" ON ")[2].partition(" ")[0]


def _faults_on_postgresql(connection: Connection) -> list[str]:
    triggers = connection.execute(
        text(
            "SELECT tgname, replace(pg_get_triggerdef(t.oid), current_schema() || '.', '')"
            "  || CASE tgenabled WHEN 'O' THEN '' ELSE ' (switched off)' END"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
            " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
        )
    )
    functions = connection.execute(
        text(
            "SELECT proname, prosrc FROM pg_proc"
            " WHERE proname = ANY(:names) AND pronamespace = current_schema()::regnamespace"
        ),
        {"names": list(_POSTGRESQL_FUNCTIONS)},
    )
    return [
        *_compare(_POSTGRESQL_CONSTRAINTS, _constraints(connection)),
        *_compare(_postgresql_triggers(), {row[0]: row[1] for row in triggers}),
        *_compare(_POSTGRESQL_FUNCTIONS, {row[0]: row[1] for row in functions}),
    ]


def _constraints(connection: Connection) -> dict[str, str]:
    rows = connection.execute(
        text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = to_regclass('claim') AND contype IN ('c', 'x')"
        )
    )
    return {row[0]: row[1] for row in rows}


def _compare(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    missing = [f"the guard {name} is missing" for name in wanted if name not in found]
    changed = [
        f"the guard {name} is not as it must be" for name in wanted if found.get(name, wanted[name]) != wanted[name]
    ]
    return missing + changed
