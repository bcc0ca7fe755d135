"""life of an appointment"""

import sqlalchemy as sa
from alembic import op

from booking.store import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = "status IN ('held', 'booked', 'cancelled')"
AFTER = (
    "status IN ('held', 'requested', 'booked', 'arrived', 'in_treatment', 'fulfilled', 'cancelled', 'no_show',"
    " 'entered_in_error')"
)


def upgrade() -> None:
    for name in ("ended_at", "confirmed_at"):
        op.add_column("appointment", sa.Column(name, types.Instant(), nullable=True))
    op.add_column("appointment", sa.Column("note", sa.String(), nullable=False, server_default=""))
    op.add_column("appointment", sa.Column("booked_by", sa.String(), nullable=True))
    op.add_column("status", sa.Column("undoes", sa.Integer(), nullable=True))
    op.add_column("patient", sa.Column("merged_into_id", types.Id(), nullable=True))
    op.add_column("patient", sa.Column("born", sa.Date(), nullable=True))
    op.add_column("patient", sa.Column("note", sa.String(), nullable=False, server_default=""))
    op.add_column("treatment_type", sa.Column("on_request", sa.Boolean(), nullable=False, server_default=sa.false()))
    _let_status_be(BEFORE, AFTER)


def _let_status_be(before: str, after: str) -> None:
    """Change which words the column allows.

    SQLite would rebuild the table for it, which it does not do while others refer to it. What is on disk stays as it
    is, so its schema may be written instead (sqlite.org/lang_altertable.html, part 8).
    """
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_appointment_status"), "appointment", type_="check")
        op.create_check_constraint(op.f("ck_appointment_status"), "appointment", after)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
            " WHERE type = 'table' AND name = 'appointment' AND instr(sql, :before)"
        ),
        {"before": before, "after": after},
    )
    if changed.rowcount != 1:
        raise RuntimeError("the table of appointments has not the statuses it must have")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def downgrade() -> None:
    op.execute(
        "DELETE FROM claim WHERE appointment_id IN"
        " (SELECT id FROM appointment WHERE status NOT IN ('held', 'booked', 'cancelled'))"
    )
    op.execute("UPDATE appointment SET status = 'cancelled' WHERE status NOT IN ('held', 'booked', 'cancelled')")
    _let_status_be(AFTER, BEFORE)
    op.drop_column("treatment_type", "on_request")
    for name in ("note", "born", "merged_into_id"):
        op.drop_column("patient", name)
    op.drop_column("status", "undoes")
    for name in ("booked_by", "note", "confirmed_at", "ended_at"):
        op.drop_column("appointment", name)
