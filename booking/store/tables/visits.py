"""Visits: who comes when, whose time is taken, and what became of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from booking.domain.lifecycle import Status
from booking.store.tables.base import Scoped, refers
from booking.store.types import Data, Id, Ids, Instant, Words

ONLY_ON_SQLITE = frozenset({"claim_by_diary"})
"""On PostgreSQL the index of the guard gives this one's answers."""


class PatientRow(Scoped, table=True):
    """Who is treated. One who was merged into another has no visits any more, and leads to the other."""

    __tablename__ = "patient"
    __table_args__ = (
        refers("id", "diary"),
        UniqueConstraint("clinic_id", "match_key"),
    )
    match_key: str
    merged_into_id: UUID | None = Field(default=None, sa_type=Id)
    born: date | None = None
    note: str = ""
    name: str
    email: str | None = None
    phone: str | None = None
    created_at: datetime = Field(sa_type=Instant)


class AppointmentRow(Scoped, table=True):
    """A visit or a hold, with what was agreed.

    `wall_time` is the promise, in `zone` as of `tzdata`; with `fold` 1 it is the later of two instants that the clock
    shows alike.
    A visit has no `hold_key`; at most one hold has any, so that a browser cannot hold two times at once.
    `external_reference` is what another system calls it, `imported_as` tells salted what that said of it last.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        refers("site_id", "site"),
        refers("practitioner_id", "practitioner"),
        refers("room_id", "room"),
        refers("patient_id", "patient"),
        refers("treatment_type_id", "treatment_type"),
        UniqueConstraint("clinic_id", "reference"),
        UniqueConstraint("clinic_id", "hold_key"),
        CheckConstraint(f"status IN ({', '.join(repr(one.value) for one in Status)})", name="status"),
        CheckConstraint("(status = 'held') = (expires_at IS NOT NULL)", name="only_holds_expire"),
        CheckConstraint("(status = 'held') OR (patient_id IS NOT NULL)", name="visits_have_patients"),
        CheckConstraint("(status = 'held') OR (hold_key IS NULL)", name="visits_have_no_keys"),
        Index(None, "clinic_id", "practitioner_id", "starts_at"),
        Index(
            "appointment_by_supervisor",
            "clinic_id",
            "supervisor_id",
            "starts_at",
            sqlite_where=text("supervisor_id IS NOT NULL"),
            postgresql_where=text("supervisor_id IS NOT NULL"),
        ),
        Index(None, "clinic_id", "site_id", "starts_at"),
        Index(None, "clinic_id", "patient_id", "starts_at"),
        Index(None, "status", "tzdata", "ends_at"),
        Index(
            "appointment_by_external_reference",
            "clinic_id",
            "external_reference",
            unique=True,
            sqlite_where=text("external_reference IS NOT NULL"),
            postgresql_where=text("external_reference IS NOT NULL"),
        ),
        Index(
            "appointment_by_expiry",
            "expires_at",
            sqlite_where=text("expires_at IS NOT NULL"),
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
    )
    status: str
    site_id: UUID = Field(sa_type=Id)
    practitioner_id: UUID = Field(sa_type=Id)
    room_id: UUID | None = Field(default=None, sa_type=Id)
    patient_id: UUID | None = Field(default=None, sa_type=Id)
    equipment_ids: frozenset[UUID] = Field(default=frozenset(), sa_type=Ids)
    supervisor_id: UUID | None = Field(default=None, sa_type=Id)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    zone: str
    wall_time: str
    fold: int = 0
    tzdata: str
    treatment_type_id: UUID = Field(sa_type=Id)
    treatment_name: str
    treatment_version: int
    minutes: int
    buffer_before: int
    buffer_after: int
    regions: frozenset[str] = Field(sa_type=Words)
    techniques: frozenset[str] = Field(sa_type=Words)
    sides: frozenset[str] = Field(default=frozenset(), sa_type=Words)
    adjunct: bool = False
    room: str = "any"
    equipment: frozenset[str] = Field(default=frozenset(), sa_type=Words)
    ends_before_closing: int = 0
    price: int | None = None
    currency: str | None = None
    language: str
    reference: str
    version: int = 1
    sequence: int = 0
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    held_since: datetime | None = Field(default=None, sa_type=Instant)
    hold_key: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    note: str = ""
    booked_by: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    cancel_reason: str | None = None
    external_reference: str | None = None
    imported_as: Mapping[str, Any] | None = Field(default=None, sa_type=Data)
    is_history: bool = False


class ClaimRow(SQLModel, table=True):
    """Exclusive time in one diary; it exists exactly while the time is taken. Overlaps are refused by a guard."""

    __tablename__ = "claim"
    __table_args__: ClassVar[Any] = (
        refers("appointment_id", "appointment"),
        refers("diary_id", "diary"),
        refers("site_id", "site"),
        Index("claim_by_diary", "clinic_id", "diary_id", "starts_at", "ends_at", "expires_at").ddl_if("sqlite"),
        Index(
            "claim_by_expiry",
            "clinic_id",
            "diary_id",
            "expires_at",
            sqlite_where=text("expires_at IS NOT NULL"),
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
    )
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    appointment_id: UUID = Field(sa_type=Id, primary_key=True)
    diary_id: UUID = Field(sa_type=Id, primary_key=True)
    site_id: UUID = Field(sa_type=Id)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)


class DiaryChangeRow(SQLModel, table=True):
    """One row for each diary and revision: the key refuses a change made without the lock."""

    __tablename__ = "diary_change"
    __table_args__ = (refers("diary_id", "diary"),)
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    diary_id: UUID = Field(sa_type=Id, primary_key=True)
    revision: int = Field(primary_key=True)
    what: str
    subject_id: UUID | None = Field(default=None, sa_type=Id)
    calendar_revision: int | None = None
    at: datetime = Field(sa_type=Instant)


class StatusRow(SQLModel, table=True):
    """The history of an appointment's status; append-only. `undoes` is the number of the one that was taken back."""

    __tablename__ = "status"
    __table_args__ = (refers("appointment_id", "appointment"),)
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    appointment_id: UUID = Field(sa_type=Id, primary_key=True)
    number: int = Field(primary_key=True)
    status: str
    undoes: int | None = None
    actor: str
    reason: str | None = None
    at: datetime = Field(sa_type=Instant)
    digest: str


class DecisionRow(Scoped, table=True):
    """Why the practitioner was allowed: the rules by their hash, the credentials by version; append-only."""

    __tablename__ = "decision"
    __table_args__ = (refers("appointment_id", "appointment"), Index(None, "clinic_id", "appointment_id"))
    appointment_id: UUID = Field(sa_type=Id)
    rule_digest: str | None = None
    evaluator: str
    body: Mapping[str, Any] = Field(sa_type=Data)
    at: datetime = Field(sa_type=Instant)
    digest: str


class FindingRow(Scoped, table=True):
    """Something a person must look at. At most one of a kind is open for an appointment."""

    __tablename__ = "finding"
    __table_args__ = (
        refers("appointment_id", "appointment"),
        Index(None, "clinic_id", "appointment_id"),
        Index(
            "finding_open",
            "clinic_id",
            "appointment_id",
            "kind",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    appointment_id: UUID = Field(sa_type=Id)
    kind: str
    detail: Mapping[str, Any] = Field(sa_type=Data)
    opened_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
