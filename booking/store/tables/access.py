"""Who gets in: staff, sessions, feeds; and what they did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from booking.store.tables.base import Scoped, of_clinic, refers
from booking.store.types import Data, Id, Instant


class StaffRow(Scoped, table=True):
    __tablename__ = "staff"
    __table_args__ = (of_clinic(), refers("practitioner_id", "practitioner"), UniqueConstraint("clinic_id", "login"))
    login: str
    name: str
    role: str
    practitioner_id: UUID | None = Field(default=None, sa_type=Id)
    password_hash: str
    active: bool = True
    created_at: datetime = Field(sa_type=Instant)


class SessionRow(SQLModel, table=True):
    """A signed-in member of staff, by the hash of a secret that only their browser or program has."""

    __tablename__ = "session"
    __table_args__ = (refers("staff_id", "staff"), Index(None, "clinic_id", "staff_id"))
    token_hash: str = Field(primary_key=True)
    clinic_id: UUID = Field(sa_type=Id)
    staff_id: UUID = Field(sa_type=Id)
    created_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class FeedRow(Scoped, table=True):
    """A secret calendar address; the secret itself is shown once and kept as a hash."""

    __tablename__ = "feed"
    __table_args__ = (refers("practitioner_id", "practitioner"), Index(None, "clinic_id", "practitioner_id"))
    practitioner_id: UUID = Field(sa_type=Id)
    token_hash: str = Field(unique=True)
    label: str
    privacy: str
    created_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    last_fetched_at: datetime | None = Field(default=None, sa_type=Instant)
    last_user_agent: str | None = None


class AuditRow(Scoped, table=True):
    """Who changed what; append-only. `detail` holds ids and words, never a patient's data."""

    __tablename__ = "audit"
    __table_args__ = (of_clinic(), Index(None, "clinic_id", "subject_id"))
    actor: str
    action: str
    subject_id: UUID | None = Field(default=None, sa_type=Id)
    detail: Mapping[str, Any] = Field(sa_type=Data)
    request_id: str
    at: datetime = Field(sa_type=Instant)
    digest: str


class IdempotencyRow(SQLModel, table=True):
    """A change that was made under a key, and what to rebuild its answer from; kept 48 hours."""

    __tablename__ = "idempotency"
    __table_args__ = (of_clinic(),)
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    identity: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_digest: str
    answer: Mapping[str, Any] = Field(sa_type=Data)
    at: datetime = Field(sa_type=Instant)
