"""time and resources"""

import sqlalchemy as sa
from alembic import op

from booking.store import guards, types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closure",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("site_id", types.Id(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=True),
        sa.Column("end_minute", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "site_id"], ["site.clinic_id", "site.id"], name=op.f("fk_closure_clinic_id_site_id")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_closure_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure_clinic_id_last_day"), "closure", ["clinic_id", "last_day"], unique=False)
    op.create_table(
        "equipment",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("site_id", types.Id(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "id"], ["diary.clinic_id", "diary.id"], name=op.f("fk_equipment_clinic_id_id")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "site_id"], ["site.clinic_id", "site.id"], name=op.f("fk_equipment_clinic_id_site_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("clinic_id", "slug", name=op.f("uq_equipment_clinic_id_slug")),
    )
    op.create_table(
        "travel",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("site_id", types.Id(), nullable=False),
        sa.Column("other_site_id", types.Id(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "other_site_id"],
            ["site.clinic_id", "site.id"],
            name=op.f("fk_travel_clinic_id_other_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "site_id"], ["site.clinic_id", "site.id"], name=op.f("fk_travel_clinic_id_site_id")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_travel_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "site_id", "other_site_id", name=op.f("pk_travel")),
    )
    op.create_table(
        "extra_hours",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=True),
        sa.Column("site_id", types.Id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "practitioner_id"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_extra_hours_clinic_id_practitioner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "site_id"], ["site.clinic_id", "site.id"], name=op.f("fk_extra_hours_clinic_id_site_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_extra_hours")),
    )
    op.create_index(op.f("ix_extra_hours_clinic_id_day"), "extra_hours", ["clinic_id", "day"], unique=False)
    op.add_column("appointment", sa.Column("equipment_ids", types.Ids(), nullable=False, server_default="[]"))
    op.add_column("appointment", sa.Column("fold", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("appointment", sa.Column("room", sa.String(), nullable=False, server_default="any"))
    op.add_column("appointment", sa.Column("equipment", types.Words(), nullable=False, server_default="[]"))
    op.add_column("appointment", sa.Column("ends_before_closing", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        op.f("ix_appointment_clinic_id_patient_id_starts_at"),
        "appointment",
        ["clinic_id", "patient_id", "starts_at"],
        unique=False,
    )
    op.add_column("busy", sa.Column("start_minute", sa.Integer(), nullable=True))
    op.add_column("busy", sa.Column("end_minute", sa.Integer(), nullable=True))
    op.add_column("busy", sa.Column("reason", sa.String(), nullable=False, server_default=""))
    op.add_column("busy", sa.Column("origin", sa.String(), nullable=False, server_default="file"))
    op.add_column("busy", sa.Column("tzdata", sa.String(), nullable=True))
    op.execute("UPDATE busy SET tzdata = '' WHERE first_day IS NOT NULL")  # some release before this one
    op.create_index(op.f("ix_busy_tzdata_ends_at"), "busy", ["tzdata", "ends_at"], unique=False)
    op.create_index(
        op.f("ix_appointment_status_tzdata_ends_at"), "appointment", ["status", "tzdata", "ends_at"], unique=False
    )
    _place_claims()
    op.add_column("clinic", sa.Column("same_day_until", sa.Integer(), nullable=True))
    op.add_column("clinic", sa.Column("smallest_gap_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clinic", sa.Column("region_spacing_hours", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clinic", sa.Column("travel_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_diary_clinic_id_kind"), "diary", ["clinic_id", "kind"], unique=False)
    op.add_column("practitioner", sa.Column("daily_limit", sa.Integer(), nullable=True))
    op.add_column("room", sa.Column("kinds", types.Words(), nullable=False, server_default="[]"))
    op.add_column("site", sa.Column("holiday_country", sa.String(), nullable=True))
    op.add_column("site", sa.Column("holiday_region", sa.String(), nullable=True))
    op.add_column("site", sa.Column("holidays_open_on", types.Words(), nullable=False, server_default="[]"))
    op.add_column("site", sa.Column("holidays_open_names", types.Words(), nullable=False, server_default="[]"))
    op.add_column("treatment_type", sa.Column("room", sa.String(), nullable=False, server_default="any"))
    op.add_column("treatment_type", sa.Column("equipment", types.Words(), nullable=False, server_default="[]"))
    op.add_column("treatment_type", sa.Column("ends_before_closing", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("treatment_type", sa.Column("daily_limit", sa.Integer(), nullable=True))
    op.add_column("treatment_type", sa.Column("suits", sa.String(), nullable=False, server_default="all"))
    op.add_column("working_hours", sa.Column("every_weeks", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("working_hours", sa.Column("week_of", sa.Date(), nullable=True))
    with op.batch_alter_table("working_hours") as working_hours:
        working_hours.alter_column("practitioner_id", existing_type=types.Id(), nullable=True)


def _place_claims() -> None:
    """Each claim says at which site it is, as its appointment does."""
    guards.drop(op.get_bind())
    op.add_column("claim", sa.Column("site_id", types.Id(), nullable=True))
    op.execute(
        "UPDATE claim SET site_id = (SELECT site_id FROM appointment"
        " WHERE appointment.clinic_id = claim.clinic_id AND appointment.id = claim.appointment_id)"
    )
    with op.batch_alter_table("claim") as claim:
        claim.alter_column("site_id", existing_type=types.Id(), nullable=False)
        claim.create_foreign_key(
            op.f("fk_claim_clinic_id_site_id"), "site", ["clinic_id", "site_id"], ["clinic_id", "id"]
        )
    _index_claims(
        by_diary=["clinic_id", "diary_id", "starts_at", "ends_at", "expires_at"],
        by_expiry=["clinic_id", "diary_id", "expires_at"],
    )


def _index_claims(by_diary: list[str], by_expiry: list[str]) -> None:
    """SQLite takes the index that begins with most of what is asked for, however little that tells apart."""
    held = sa.text("expires_at IS NOT NULL")
    op.drop_index("claim_by_expiry", table_name="claim")
    op.create_index("claim_by_expiry", "claim", by_expiry, sqlite_where=held, postgresql_where=held)
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("claim_by_diary", table_name="claim")
        op.create_index("claim_by_diary", "claim", by_diary)


def downgrade() -> None:
    op.execute("DELETE FROM working_hours WHERE practitioner_id IS NULL")
    with op.batch_alter_table("working_hours") as working_hours:
        working_hours.alter_column("practitioner_id", existing_type=types.Id(), nullable=False)
    op.drop_column("working_hours", "week_of")
    op.drop_column("working_hours", "every_weeks")
    op.drop_column("treatment_type", "suits")
    op.drop_column("treatment_type", "daily_limit")
    op.drop_column("treatment_type", "ends_before_closing")
    op.drop_column("treatment_type", "equipment")
    op.drop_column("treatment_type", "room")
    op.drop_column("site", "holidays_open_names")
    op.drop_column("site", "holidays_open_on")
    op.drop_column("site", "holiday_region")
    op.drop_column("site", "holiday_country")
    op.drop_column("room", "kinds")
    op.drop_column("practitioner", "daily_limit")
    op.drop_index(op.f("ix_diary_clinic_id_kind"), table_name="diary")
    op.drop_column("clinic", "travel_minutes")
    op.drop_column("clinic", "region_spacing_hours")
    op.drop_column("clinic", "smallest_gap_minutes")
    op.drop_column("clinic", "same_day_until")
    guards.drop(op.get_bind())
    _index_claims(["diary_id", "starts_at", "ends_at"], ["expires_at"])
    with op.batch_alter_table("claim") as claim:
        claim.drop_constraint(op.f("fk_claim_clinic_id_site_id"), type_="foreignkey")
        claim.drop_column("site_id")
    op.drop_index(op.f("ix_appointment_status_tzdata_ends_at"), table_name="appointment")
    op.drop_index(op.f("ix_busy_tzdata_ends_at"), table_name="busy")
    op.drop_column("busy", "tzdata")
    op.drop_column("busy", "origin")
    op.drop_column("busy", "reason")
    op.drop_column("busy", "end_minute")
    op.drop_column("busy", "start_minute")
    op.drop_index(op.f("ix_appointment_clinic_id_patient_id_starts_at"), table_name="appointment")
    op.drop_column("appointment", "ends_before_closing")
    op.drop_column("appointment", "equipment")
    op.drop_column("appointment", "room")
    op.drop_column("appointment", "fold")
    op.drop_column("appointment", "equipment_ids")
    op.drop_index(op.f("ix_extra_hours_clinic_id_day"), table_name="extra_hours")
    op.drop_table("extra_hours")
    op.drop_table("travel")
    op.drop_table("equipment")
    op.drop_index(op.f("ix_closure_clinic_id_last_day"), table_name="closure")
    op.drop_table("closure")
