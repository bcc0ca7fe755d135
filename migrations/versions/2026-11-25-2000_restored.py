"""restored: since when the worker rests"""

import sqlalchemy as sa
from alembic import op

from booking.store import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("installation", sa.Column("rests_since", types.Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("installation", "rests_since")
