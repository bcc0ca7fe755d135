"""The clinic: its sites, rooms, people, treatment types and hours."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from booking.store.tables.base import Scoped, of_clinic, refers
from booking.store.types import Id, Instant, Words


class InstallationRow(SQLModel, table=True):
    """One row: what this database is. `epoch` is in every cache key, ETag and token, and renewed by a restore."""

    __tablename__ = "installation"
    id: int = Field(primary_key=True)
    epoch: str
    kind: str
    uid_domain: str
    created_at: datetime = Field(sa_type=Instant)


class ClinicRow(SQLModel, table=True):
    __tablename__ = "clinic"
    id: UUID = Field(sa_type=Id, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    zone: str
    phone: str
    email: str
    language: str
    calendar_label: str
    grid_minutes: int
    notice_minutes: int
    horizon_days: int
    offer_revision: int = 0
    display_revision: int = 0
    display_changed_at: datetime = Field(sa_type=Instant)


class DiaryRow(Scoped, table=True):
    """Whose time can be claimed: what is locked, claimed and versioned. Practitioner, room and patient share its id."""

    __tablename__ = "diary"
    __table_args__ = (of_clinic(),)
    kind: str
    revision: int = 0
    calendar_revision: int = 0


class SiteRow(Scoped, table=True):
    __tablename__ = "site"
    __table_args__ = (of_clinic(), UniqueConstraint("clinic_id", "slug"))
    slug: str
    name: str
    address: str
    zone: str
    jurisdiction: str
    active: bool = True


class PractitionerRow(Scoped, table=True):
    __tablename__ = "practitioner"
    __table_args__ = (refers("id", "diary"), UniqueConstraint("clinic_id", "slug"))
    slug: str
    name: str
    profession: str
    active: bool = True


class RoomRow(Scoped, table=True):
    __tablename__ = "room"
    __table_args__ = (refers("id", "diary"), refers("site_id", "site"), UniqueConstraint("clinic_id", "slug"))
    site_id: UUID = Field(sa_type=Id)
    slug: str
    name: str
    active: bool = True


class TreatmentTypeRow(Scoped, table=True):
    __tablename__ = "treatment_type"
    __table_args__ = (of_clinic(), UniqueConstraint("clinic_id", "slug"))
    slug: str
    name: str
    description: str
    minutes: int
    buffer_before: int
    buffer_after: int
    regions: frozenset[str] = Field(sa_type=Words)
    techniques: frozenset[str] = Field(sa_type=Words)
    price: int | None = None
    currency: str | None = None
    online: bool = True
    active: bool = True
    version: int = 1


class WorkingHoursRow(Scoped, table=True):
    __tablename__ = "working_hours"
    __table_args__ = (
        refers("practitioner_id", "practitioner"),
        refers("site_id", "site"),
        Index(None, "clinic_id", "practitioner_id"),
    )
    practitioner_id: UUID = Field(sa_type=Id)
    site_id: UUID = Field(sa_type=Id)
    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date | None = None
    valid_until: date | None = None


class BusyRow(Scoped, table=True):
    """Time that blocks offers and may overlap anything, such as leave."""

    __tablename__ = "busy"
    __table_args__ = (refers("diary_id", "diary"), Index(None, "clinic_id", "diary_id", "ends_at", "starts_at"))
    diary_id: UUID = Field(sa_type=Id)
    kind: str
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    first_day: date | None = None
    last_day: date | None = None
