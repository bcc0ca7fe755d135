"""Alembic's way in: the connection is handed over by `booking.store.schema`, and the guards are made last."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString

from booking.store import guards, schema, types
from booking.store.tables import metadata

OURS = (types.Id, types.Instant, types.Words, types.Ids, types.Data)


def render_item(kind: str, item: Any, _autogenerate: AutogenContext) -> str | Literal[False]:
    """Our own types by their short names, SQLModel's string as a plain one."""
    if kind == "type" and isinstance(item, OURS):
        return f"types.{type(item).__name__}()"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_item=render_item, **schema.comparing(connection)
)
with context.begin_transaction():
    context.run_migrations()
    if context.config.attributes.get("guards", True):
        guards.create(connection)
