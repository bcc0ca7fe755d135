"""The triggers by which each new row of history waits for its seal, on both databases.

The row's own transaction does it, so that no row is forgotten, whoever writes it; and it costs no statement.
"""

SEALED_BY_KEY = {
    "status": ("appointment_id", "number"),
    "decision": ("id", None),
    "audit": ("id", None),
    "credential_version": ("credential_id", "version"),
}
"""The tables whose rows are sealed: the id in their key, and the number there, if there is one."""


def name_of(table: str) -> str:
    return f"{table}_to_seal"


def _insert(table: str) -> str:
    row_id, number = SEALED_BY_KEY[table]
    key = f"new.{row_id}, {'0' if number is None else f'new.{number}'}"
    columns = "clinic_id, kind, row_id, row_number"
    return f"INSERT INTO unsealed ({columns}) VALUES (new.clinic_id, '{table}', {key})"  # noqa: S608 -- of constants


def sqlite_triggers() -> dict[str, str]:
    return {
        name_of(table): f"CREATE TRIGGER {name_of(table)} AFTER INSERT ON {table} BEGIN {_insert(table)}; END"
        for table in SEALED_BY_KEY
    }


def postgresql_triggers() -> dict[str, str]:
    return {
        name_of(table): f"CREATE TRIGGER {name_of(table)} AFTER INSERT"
        f" ON {table} FOR EACH ROW EXECUTE FUNCTION {name_of(table)}()"
        for table in SEALED_BY_KEY
    }


def postgresql_functions() -> dict[str, str]:
    """The bodies of the functions those triggers call, by name."""
    return {name_of(table): f" BEGIN {_insert(table)}; RETURN NULL; END " for table in SEALED_BY_KEY}
