"""The clinic: its sites, rooms, people, treatment types and hours."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from booking.store.tables.base import Scoped, of_clinic, refers
from booking.store.types import Id, Instant, Words


class InstallationRow(SQLModel, table=True):
    """One row: what this database is. `epoch` is in every cache key, ETag and token, and renewed by a restore.

    `rests_since` is when this was restored or copied, until somebody lets the worker work on it.
    """

    __tablename__ = "installation"
    id: int = Field(primary_key=True)
    epoch: str
    kind: str
    uid_domain: str
    created_at: datetime = Field(sa_type=Instant)
    rests_since: datetime | None = Field(default=None, sa_type=Instant)


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
    same_day_until: int | None = None
    smallest_gap_minutes: int = 0
    region_spacing_hours: int = 0
    travel_minutes: int = 0
    offer_revision: int = 0
    display_revision: int = 0
    display_changed_at: datetime = Field(sa_type=Instant)


class DiaryRow(Scoped, table=True):
    """Whose time can be claimed: what is locked, claimed and versioned.

    A practitioner, a room, a device and a patient each share the id of theirs.
    """

    __tablename__ = "diary"
    __table_args__ = (of_clinic(), Index(None, "clinic_id", "kind"))
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
    holiday_country: str | None = None
    holiday_region: str | None = None
    holidays_open_on: frozenset[str] = Field(default=frozenset(), sa_type=Words)
    holidays_open_names: frozenset[str] = Field(default=frozenset(), sa_type=Words)
    active: bool = True


class PractitionerRow(Scoped, table=True):
    __tablename__ = "practitioner"
    __table_args__ = (refers("id", "diary"), UniqueConstraint("clinic_id", "slug"))
    slug: str
    name: str
    profession: str
    daily_limit: int | None = None
    active: bool = True


class RoomRow(Scoped, table=True):
    __tablename__ = "room"
    __table_args__ = (refers("id", "diary"), refers("site_id", "site"), UniqueConstraint("clinic_id", "slug"))
    site_id: UUID = Field(sa_type=Id)
    slug: str
    name: str
    kinds: frozenset[str] = Field(default=frozenset(), sa_type=Words)
    active: bool = True


class EquipmentRow(Scoped, table=True):
    __tablename__ = "equipment"
    __table_args__ = (refers("id", "diary"), refers("site_id", "site"), UniqueConstraint("clinic_id", "slug"))
    site_id: UUID = Field(sa_type=Id)
    slug: str
    name: str
    kind: str
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
    sides: frozenset[str] = Field(default=frozenset(), sa_type=Words)
    adjunct: bool = False
    room: str = "any"
    equipment: frozenset[str] = Field(default=frozenset(), sa_type=Words)
    ends_before_closing: int = 0
    daily_limit: int | None = None
    suits: str = "all"
    price: int | None = None
    currency: str | None = None
    online: bool = True
    on_request: bool = False
    active: bool = True
    version: int = 1


class WorkingHoursRow(Scoped, table=True):
    """Weekly hours of a practitioner at a site; without a practitioner, the site's own opening hours."""

    __tablename__ = "working_hours"
    __table_args__ = (
        refers("practitioner_id", "practitioner"),
        refers("site_id", "site"),
        Index(None, "clinic_id", "practitioner_id"),
    )
    practitioner_id: UUID | None = Field(default=None, sa_type=Id)
    site_id: UUID = Field(sa_type=Id)
    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date | None = None
    valid_until: date | None = None
    every_weeks: int = 1
    week_of: date | None = None


class ExtraHoursRow(Scoped, table=True):
    """Hours of one day beside the weekly ones; without a practitioner, the site's own."""

    __tablename__ = "extra_hours"
    __table_args__ = (
        refers("practitioner_id", "practitioner"),
        refers("site_id", "site"),
        Index(None, "clinic_id", "day"),
    )
    practitioner_id: UUID | None = Field(default=None, sa_type=Id)
    site_id: UUID = Field(sa_type=Id)
    day: date
    start_minute: int
    end_minute: int


class ClosureRow(Scoped, table=True):
    """A stretch of local time during which a site, or without one the whole clinic, is closed."""

    __tablename__ = "closure"
    __table_args__ = (of_clinic(), refers("site_id", "site"), Index(None, "clinic_id", "last_day"))
    site_id: UUID | None = Field(default=None, sa_type=Id)
    first_day: date
    last_day: date
    start_minute: int | None = None
    end_minute: int | None = None
    reason: str = ""
    origin: str = "file"


class TravelRow(SQLModel, table=True):
    """How long somebody needs from one site to another, either way: `site_id` is the lower of the two."""

    __tablename__ = "travel"
    __table_args__ = (of_clinic(), refers("site_id", "site"), refers("other_site_id", "site"))
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    site_id: UUID = Field(sa_type=Id, primary_key=True)
    other_site_id: UUID = Field(sa_type=Id, primary_key=True)
    minutes: int


class BusyRow(Scoped, table=True):
    """Time that blocks offers and may overlap anything, such as leave, with the local days and minutes it stands for.

    `origin` is `file` for what the clinic's file says, `desk` for what was entered by hand. `tzdata` is the release of
    the time zone database that the days became instants by; None without days.
    """

    __tablename__ = "busy"
    __table_args__ = (
        refers("diary_id", "diary"),
        Index(None, "clinic_id", "diary_id", "ends_at", "starts_at"),
        Index(None, "tzdata", "ends_at"),
    )
    diary_id: UUID = Field(sa_type=Id)
    kind: str
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    first_day: date | None = None
    last_day: date | None = None
    start_minute: int | None = None
    end_minute: int | None = None
    reason: str = ""
    origin: str = "file"
    tzdata: str | None = None
