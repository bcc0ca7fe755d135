"""create the clinic"""

import sqlalchemy as sa
from alembic import op

from booking.store import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinic",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("calendar_label", sa.String(), nullable=False),
        sa.Column("grid_minutes", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("offer_revision", sa.Integer(), nullable=False),
        sa.Column("display_revision", sa.Integer(), nullable=False),
        sa.Column("display_changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("slug", name=op.f("uq_clinic_slug")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("uid_domain", sa.String(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "rule_text",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_rule_text")),
    )
    op.create_table(
        "adoption",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_adoption_clinic_id")),
        sa.ForeignKeyConstraint(["digest"], ["rule_text.digest"], name=op.f("fk_adoption_digest")),
        sa.PrimaryKeyConstraint("clinic_id", "jurisdiction", name=op.f("pk_adoption")),
    )
    op.create_table(
        "audit",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_id", types.Id(), nullable=True),
        sa.Column("detail", types.Data(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_clinic_id_subject_id"), "audit", ["clinic_id", "subject_id"], unique=False)
    op.create_table(
        "diary",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("calendar_revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_diary_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_diary")),
    )
    op.create_table(
        "idempotency",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_digest", sa.String(), nullable=False),
        sa.Column("answer", types.Data(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_idempotency_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "identity", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "site",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_site_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_site")),
        sa.UniqueConstraint("clinic_id", "slug", name=op.f("uq_site_clinic_id_slug")),
    )
    op.create_table(
        "treatment_type",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("regions", types.Words(), nullable=False),
        sa.Column("techniques", types.Words(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_treatment_type_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_treatment_type")),
        sa.UniqueConstraint("clinic_id", "slug", name=op.f("uq_treatment_type_clinic_id_slug")),
    )
    op.create_table(
        "busy",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("diary_id", types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", types.Instant(), nullable=False),
        sa.Column("ends_at", types.Instant(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "diary_id"], ["diary.clinic_id", "diary.id"], name=op.f("fk_busy_clinic_id_diary_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_busy")),
    )
    op.create_index(
        op.f("ix_busy_clinic_id_diary_id_ends_at_starts_at"),
        "busy",
        ["clinic_id", "diary_id", "ends_at", "starts_at"],
        unique=False,
    )
    op.create_table(
        "diary_change",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("diary_id", types.Id(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject_id", types.Id(), nullable=True),
        sa.Column("calendar_revision", sa.Integer(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "diary_id"], ["diary.clinic_id", "diary.id"], name=op.f("fk_diary_change_clinic_id_diary_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "diary_id", "revision", name=op.f("pk_diary_change")),
    )
    op.create_table(
        "patient",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("match_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "id"], ["diary.clinic_id", "diary.id"], name=op.f("fk_patient_clinic_id_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_patient")),
        sa.UniqueConstraint("clinic_id", "match_key", name=op.f("uq_patient_clinic_id_match_key")),
    )
    op.create_table(
        "practitioner",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("profession", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "id"], ["diary.clinic_id", "diary.id"], name=op.f("fk_practitioner_clinic_id_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("clinic_id", "slug", name=op.f("uq_practitioner_clinic_id_slug")),
    )
    op.create_table(
        "room",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("site_id", types.Id(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "id"], ["diary.clinic_id", "diary.id"], name=op.f("fk_room_clinic_id_id")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "site_id"], ["site.clinic_id", "site.id"], name=op.f("fk_room_clinic_id_site_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_room")),
        sa.UniqueConstraint("clinic_id", "slug", name=op.f("uq_room_clinic_id_slug")),
    )
    op.create_table(
        "appointment",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("site_id", types.Id(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=False),
        sa.Column("room_id", types.Id(), nullable=True),
        sa.Column("patient_id", types.Id(), nullable=True),
        sa.Column("starts_at", types.Instant(), nullable=False),
        sa.Column("ends_at", types.Instant(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("wall_time", sa.String(), nullable=False),
        sa.Column("tzdata", sa.String(), nullable=False),
        sa.Column("treatment_type_id", types.Id(), nullable=False),
        sa.Column("treatment_name", sa.String(), nullable=False),
        sa.Column("treatment_version", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("regions", types.Words(), nullable=False),
        sa.Column("techniques", types.Words(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=True),
        sa.Column("held_since", types.Instant(), nullable=True),
        sa.Column("hold_key", sa.String(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.Column("cancelled_at", types.Instant(), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(status = 'held') = (expires_at IS NOT NULL)", name=op.f("ck_appointment_only_holds_expire")
        ),
        sa.CheckConstraint("(status = 'held') OR (hold_key IS NULL)", name=op.f("ck_appointment_visits_have_no_keys")),
        sa.CheckConstraint(
            "(status = 'held') OR (patient_id IS NOT NULL)", name=op.f("ck_appointment_visits_have_patients")
        ),
        sa.CheckConstraint("status IN ('held', 'booked', 'cancelled')", name=op.f("ck_appointment_status")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_appointment_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "practitioner_id"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_appointment_clinic_id_practitioner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "room_id"], ["room.clinic_id", "room.id"], name=op.f("fk_appointment_clinic_id_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "site_id"], ["site.clinic_id", "site.id"], name=op.f("fk_appointment_clinic_id_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "treatment_type_id"],
            ["treatment_type.clinic_id", "treatment_type.id"],
            name=op.f("fk_appointment_clinic_id_treatment_type_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("clinic_id", "hold_key", name=op.f("uq_appointment_clinic_id_hold_key")),
        sa.UniqueConstraint("clinic_id", "reference", name=op.f("uq_appointment_clinic_id_reference")),
    )
    op.create_index(
        "appointment_by_expiry",
        "appointment",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_appointment_clinic_id_practitioner_id_starts_at"),
        "appointment",
        ["clinic_id", "practitioner_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_appointment_clinic_id_site_id_starts_at"),
        "appointment",
        ["clinic_id", "site_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "credential",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("profession", sa.String(), nullable=True),
        sa.Column("jurisdiction", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("verification", sa.String(), nullable=False),
        sa.Column("regions", types.Words(), nullable=True),
        sa.Column("techniques", types.Words(), nullable=True),
        sa.Column("attributes", types.Data(), nullable=False),
        sa.Column("home", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "practitioner_id"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_credential_clinic_id_practitioner_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_credential")),
        sa.UniqueConstraint(
            "clinic_id", "practitioner_id", "slug", name=op.f("uq_credential_clinic_id_practitioner_id_slug")
        ),
    )
    op.create_table(
        "feed",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("privacy", sa.String(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.Column("last_fetched_at", types.Instant(), nullable=True),
        sa.Column("last_user_agent", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "practitioner_id"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_feed_clinic_id_practitioner_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
    )
    op.create_index(op.f("ix_feed_clinic_id_practitioner_id"), "feed", ["clinic_id", "practitioner_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "practitioner_id"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_staff_clinic_id_practitioner_id"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_staff_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_staff")),
        sa.UniqueConstraint("clinic_id", "login", name=op.f("uq_staff_clinic_id_login")),
    )
    op.create_table(
        "working_hours",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=False),
        sa.Column("site_id", types.Id(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "practitioner_id"],
            ["practitioner.clinic_id", "practitioner.id"],
            name=op.f("fk_working_hours_clinic_id_practitioner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "site_id"], ["site.clinic_id", "site.id"], name=op.f("fk_working_hours_clinic_id_site_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_working_hours")),
    )
    op.create_index(
        op.f("ix_working_hours_clinic_id_practitioner_id"),
        "working_hours",
        ["clinic_id", "practitioner_id"],
        unique=False,
    )
    op.create_table(
        "claim",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("appointment_id", types.Id(), nullable=False),
        sa.Column("diary_id", types.Id(), nullable=False),
        sa.Column("starts_at", types.Instant(), nullable=False),
        sa.Column("ends_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("fk_claim_clinic_id_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "diary_id"], ["diary.clinic_id", "diary.id"], name=op.f("fk_claim_clinic_id_diary_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "appointment_id", "diary_id", name=op.f("pk_claim")),
    )
    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL answers with the index of its guard
        op.create_index("claim_by_diary", "claim", ["diary_id", "starts_at", "ends_at"], unique=False)
    op.create_index(
        "claim_by_expiry",
        "claim",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_table(
        "decision",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("appointment_id", types.Id(), nullable=False),
        sa.Column("rule_digest", sa.String(), nullable=True),
        sa.Column("evaluator", sa.String(), nullable=False),
        sa.Column("body", types.Data(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("fk_decision_clinic_id_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_decision")),
    )
    op.create_index(
        op.f("ix_decision_clinic_id_appointment_id"), "decision", ["clinic_id", "appointment_id"], unique=False
    )
    op.create_table(
        "finding",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("appointment_id", types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", types.Data(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("fk_finding_clinic_id_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_finding")),
    )
    op.create_index(
        op.f("ix_finding_clinic_id_appointment_id"), "finding", ["clinic_id", "appointment_id"], unique=False
    )
    op.create_index(
        "finding_open",
        "finding",
        ["clinic_id", "appointment_id", "kind"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("staff_id", types.Id(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("last_seen_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_session_clinic_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_clinic_id_staff_id"), "session", ["clinic_id", "staff_id"], unique=False)
    op.create_table(
        "status",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("appointment_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("fk_status_clinic_id_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "appointment_id", "number", name=op.f("pk_status")),
    )
    op.create_table(
        "suspension",
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("credential_id", types.Id(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
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


def downgrade() -> None:
    op.drop_index(op.f("ix_suspension_clinic_id_credential_id"), table_name="suspension")
    op.drop_table("suspension")
    op.drop_table("status")
    op.drop_index(op.f("ix_session_clinic_id_staff_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(
        "finding_open",
        table_name="finding",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_finding_clinic_id_appointment_id"), table_name="finding")
    op.drop_table("finding")
    op.drop_index(op.f("ix_decision_clinic_id_appointment_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(
        "claim_by_expiry",
        table_name="claim",
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("claim_by_diary", table_name="claim")
    op.drop_table("claim")
    op.drop_index(op.f("ix_working_hours_clinic_id_practitioner_id"), table_name="working_hours")
    op.drop_table("working_hours")
    op.drop_table("staff")
    op.drop_index(op.f("ix_feed_clinic_id_practitioner_id"), table_name="feed")
    op.drop_table("feed")
    op.drop_table("credential")
    op.drop_index(op.f("ix_appointment_clinic_id_site_id_starts_at"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_clinic_id_practitioner_id_starts_at"), table_name="appointment")
    op.drop_index(
        "appointment_by_expiry",
        table_name="appointment",
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.drop_table("appointment")
    op.drop_table("room")
    op.drop_table("practitioner")
    op.drop_table("patient")
    op.drop_table("diary_change")
    op.drop_index(op.f("ix_busy_clinic_id_diary_id_ends_at_starts_at"), table_name="busy")
    op.drop_table("busy")
    op.drop_table("treatment_type")
    op.drop_table("site")
    op.drop_table("idempotency")
    op.drop_table("diary")
    op.drop_index(op.f("ix_audit_clinic_id_subject_id"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("adoption")
    op.drop_table("rule_text")
    op.drop_table("installation")
    op.drop_table("clinic")
