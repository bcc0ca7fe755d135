"""seal the record"""

import sqlalchemy as sa
from alembic import op

from booking.store import guards, types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_seal_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "number", name=op.f("pk_seal")),
    )
    op.create_table(
        "sealed",
        *_key(),
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "seal"], ["seal.clinic_id", "seal.number"], name=op.f("fk_sealed_clinic_id_seal")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "kind", "row_id", "row_number", name=op.f("pk_sealed")),
    )
    op.create_index(op.f("ix_sealed_clinic_id_seal"), "sealed", ["clinic_id", "seal"], unique=False)
    op.create_table(
        "unsealed",
        *_key(),
        sa.PrimaryKeyConstraint("clinic_id", "kind", "row_id", "row_number", name=op.f("pk_unsealed")),
    )
    _let_all_wait()


def _key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", types.Id(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
    )


def _let_all_wait() -> None:
    """What is on record already is sealed first."""
    for kind, key in (
        ("status", "appointment_id, number"),
        ("decision", "id, 0"),
        ("audit", "id, 0"),
        ("credential_version", "credential_id, version"),
    ):
        op.execute(f"INSERT INTO unsealed SELECT clinic_id, '{kind}', {key} FROM {kind}")  # noqa: S608 -- of constants


def downgrade() -> None:
    guards.drop(op.get_bind())
    op.drop_table("unsealed")
    op.drop_index(op.f("ix_sealed_clinic_id_seal"), table_name="sealed")
    op.drop_table("sealed")
    op.drop_table("seal")
