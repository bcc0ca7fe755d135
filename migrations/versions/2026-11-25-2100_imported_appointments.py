"""imported appointments: what another system calls a visit, and what it has kept"""

import sqlalchemy as sa
from alembic import op

from booking.store import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IMPORTED = sa.text("external_reference IS NOT NULL")


def upgrade() -> None:
    op.add_column("appointment", sa.Column("external_reference", sa.String(), nullable=True))
    op.add_column("appointment", sa.Column("imported_as", types.Data(), nullable=True))
    op.add_column("appointment", sa.Column("is_history", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "appointment_by_external_reference",
        "appointment",
        ["clinic_id", "external_reference"],
        unique=True,
        sqlite_where=IMPORTED,
        postgresql_where=IMPORTED,
    )


def downgrade() -> None:
    op.drop_index("appointment_by_external_reference", table_name="appointment")
    for name in ("is_history", "imported_as", "external_reference"):
        op.drop_column("appointment", name)
