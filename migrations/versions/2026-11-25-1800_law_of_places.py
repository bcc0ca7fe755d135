"""law of places: what sites hold, what owners decide, what credentials said"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from booking.store import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _let_sites_hold_credentials()
    op.create_table(
        "owner_decision",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("grant_id", sa.String(), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_owner_decision_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_owner_decision")),
        sa.UniqueConstraint(
            "clinic_id", "jurisdiction", "grant_id", name=op.f("uq_owner_decision_clinic_id_jurisdiction_grant_id")
        ),
    )
    for table in ("treatment_type", "appointment"):
        op.add_column(table, sa.Column("sides", types.Words(), nullable=False, server_default="[]"))
        op.add_column(table, sa.Column("adjunct", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("appointment", sa.Column("supervisor_id", types.Id(), nullable=True))


def _let_sites_hold_credentials() -> None:
    """SQLite rebuilds the table for it, which it does not do while others refer to it."""
    suspensions = _take_suspensions()
    with op.batch_alter_table("credential") as credential:
        credential.alter_column("practitioner_id", existing_type=types.Id(), nullable=True)
        credential.add_column(sa.Column("site_id", types.Id(), nullable=True))
        credential.create_foreign_key(
            op.f("fk_credential_clinic_id_site_id"), "site", ["clinic_id", "site_id"], ["clinic_id", "id"]
        )
        credential.create_unique_constraint(
            op.f("uq_credential_clinic_id_site_id_slug"), ["clinic_id", "site_id", "slug"]
        )
        credential.create_check_constraint(
            op.f("ck_credential_one_holder"), "(practitioner_id IS NULL) <> (site_id IS NULL)"
        )
    _give_back_suspensions(suspensions)
    op.create_table(
        "credential_version",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("credential_id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", types.Data(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "credential_id"],
            ["credential.clinic_id", "credential.id"],
            name=op.f("fk_credential_version_clinic_id_credential_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "credential_id", "version", name=op.f("pk_credential_version")),
    )
    _record_versions(suspensions)


def _suspension() -> list[sa.Column[Any]]:
    return [
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("credential_id", types.Id(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
    ]


def _take_suspensions() -> list[Mapping[str, Any]]:
    rows = op.get_bind().execute(sa.select(*_lightweight("suspension", *_suspension()).c))
    found: list[Mapping[str, Any]] = [row._asdict() for row in rows]
    op.drop_index(op.f("ix_suspension_clinic_id_credential_id"), table_name="suspension")
    op.drop_table("suspension")
    return found


def _give_back_suspensions(rows: list[Mapping[str, Any]]) -> None:
    op.create_table(
        "suspension",
        *_suspension(),
        sa.ForeignKeyConstraint(
            ["clinic_id", "credential_id"],
            ["credential.clinic_id", "credential.id"],
            name=op.f("fk_suspension_clinic_id_credential_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_suspension")),
    )
    op.create_index(
        op.f("ix_suspension_clinic_id_credential_id"), "suspension", ["clinic_id", "credential_id"], unique=False
    )
    if rows:
        op.bulk_insert(_lightweight("suspension", *_suspension()), [dict(row) for row in rows])


def _record_versions(suspensions: list[Mapping[str, Any]]) -> None:
    """What each credential says now; what it said before was never kept."""
    said = ("slug", "kind", "profession", "jurisdiction", "number", "verification", "home")
    credential = _lightweight(
        "credential",
        *(sa.Column(name, types.Id()) for name in ("clinic_id", "id")),
        *(sa.Column(name, sa.String()) for name in said),
        *(sa.Column(name, sa.Date()) for name in ("valid_from", "valid_until")),
        *(sa.Column(name, types.Words()) for name in ("regions", "techniques")),
        sa.Column("attributes", types.Data()),
        sa.Column("version", sa.Integer()),
    )
    now = datetime.now(UTC)
    rows = []
    for row in op.get_bind().execute(sa.select(*credential.c)).all():
        holes = [one for one in suspensions if one["credential_id"] == row.id and one["clinic_id"] == row.clinic_id]
        body = {
            **{name: getattr(row, name) for name in said},
            "valid_from": _day(row.valid_from),
            "valid_until": _day(row.valid_until),
            "regions": None if row.regions is None else sorted(row.regions),
            "techniques": None if row.techniques is None else sorted(row.techniques),
            "attributes": dict(row.attributes),
            "suspensions": [
                {"first": _day(one["first_day"]), "last": _day(one["last_day"]), "reason": one["reason"]}
                for one in sorted(holes, key=lambda one: (one["first_day"], one["id"]))
            ],
        }
        key = {"clinic_id": row.clinic_id, "credential_id": row.id, "version": row.version}
        rows.append({**key, "body": body, "at": now})
    if rows:
        ids: list[sa.Column[Any]] = [sa.Column(name, types.Id()) for name in ("clinic_id", "credential_id")]
        rest = [sa.Column("version", sa.Integer()), sa.Column("body", types.Data()), sa.Column("at", types.Instant())]
        op.bulk_insert(_lightweight("credential_version", *ids, *rest), rows)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _lightweight(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(name, sa.MetaData(), *columns)


def downgrade() -> None:
    op.drop_column("appointment", "supervisor_id")
    for table in ("appointment", "treatment_type"):
        op.drop_column(table, "adjunct")
        op.drop_column(table, "sides")
    op.drop_table("owner_decision")
    op.drop_table("credential_version")
    op.execute(
        "DELETE FROM suspension WHERE credential_id IN (SELECT id FROM credential WHERE practitioner_id IS NULL)"
    )
    op.execute("DELETE FROM credential WHERE practitioner_id IS NULL")
    suspensions = _take_suspensions()
    with op.batch_alter_table("credential") as credential:
        credential.drop_constraint(op.f("ck_credential_one_holder"), type_="check")
        credential.drop_constraint(op.f("uq_credential_clinic_id_site_id_slug"), type_="unique")
        credential.drop_constraint(op.f("fk_credential_clinic_id_site_id"), type_="foreignkey")
        credential.drop_column("site_id")
        credential.alter_column("practitioner_id", existing_type=types.Id(), nullable=False)
    _give_back_suspensions(suspensions)
