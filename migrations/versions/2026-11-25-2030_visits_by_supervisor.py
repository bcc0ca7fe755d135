"""visits by supervisor"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SUPERVISED = sa.text("supervisor_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "appointment_by_supervisor",
        "appointment",
        ["clinic_id", "supervisor_id", "starts_at"],
        unique=False,
        sqlite_where=SUPERVISED,
        postgresql_where=SUPERVISED,
    )


def downgrade() -> None:
    op.drop_index("appointment_by_supervisor", table_name="appointment")
