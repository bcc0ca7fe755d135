"""What people and sites hold, and the rules they are held against."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from booking.store.tables.base import Scoped, of_clinic, refers
from booking.store.types import Data, Id, Instant, Words


class CredentialRow(Scoped, table=True):
    """What a practitioner holds, or a site."""

    __tablename__ = "credential"
    __table_args__ = (
        refers("practitioner_id", "practitioner"),
        refers("site_id", "site"),
        UniqueConstraint("clinic_id", "practitioner_id", "slug"),
        UniqueConstraint("clinic_id", "site_id", "slug"),
        CheckConstraint("(practitioner_id IS NULL) <> (site_id IS NULL)", name="one_holder"),
    )
    practitioner_id: UUID | None = Field(default=None, sa_type=Id)
    site_id: UUID | None = Field(default=None, sa_type=Id)
    slug: str
    kind: str
    profession: str | None = None
    jurisdiction: str | None = None
    number: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    verification: str
    regions: frozenset[str] | None = Field(default=None, sa_type=Words)
    techniques: frozenset[str] | None = Field(default=None, sa_type=Words)
    attributes: Mapping[str, Any] = Field(sa_type=Data)
    home: str | None = None
    version: int = 1


class SuspensionRow(Scoped, table=True):
    __tablename__ = "suspension"
    __table_args__ = (refers("credential_id", "credential"), Index(None, "clinic_id", "credential_id"))
    credential_id: UUID = Field(sa_type=Id)
    first_day: date
    last_day: date | None = None
    reason: str


class CredentialVersionRow(SQLModel, table=True):
    """What a credential said at one of its versions: what a decision refers to can be replayed."""

    __tablename__ = "credential_version"
    __table_args__ = (refers("credential_id", "credential"),)
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    credential_id: UUID = Field(sa_type=Id, primary_key=True)
    version: int = Field(primary_key=True)
    body: Mapping[str, Any] = Field(sa_type=Data)
    at: datetime = Field(sa_type=Instant)


class OwnerDecisionRow(Scoped, table=True):
    """What the clinic's owner decided of a grant as one version of a jurisdiction's rules has it."""

    __tablename__ = "owner_decision"
    __table_args__ = (of_clinic(), UniqueConstraint("clinic_id", "jurisdiction", "grant_id"))
    jurisdiction: str
    grant_id: str
    rules_version: str
    decided_on: date
    decided_by: str
    basis: str
    valid_until: date | None = None


class RuleTextRow(SQLModel, table=True):
    """A rule set as it was adopted, found by the SHA-256 of its text: what a decision refers to can be replayed."""

    __tablename__ = "rule_text"
    digest: str = Field(primary_key=True)
    jurisdiction: str
    body: str = Field(sa_type=Text)


class AdoptionRow(SQLModel, table=True):
    """Which text of a jurisdiction's rules the clinic goes by, and who said so."""

    __tablename__ = "adoption"
    __table_args__ = (of_clinic(), ForeignKeyConstraint(["digest"], ["rule_text.digest"]))
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    jurisdiction: str = Field(primary_key=True)
    digest: str
    adopted_by: str
    adopted_on: date
