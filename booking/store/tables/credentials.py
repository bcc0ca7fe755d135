"""What people hold, and the rules they are held against."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from booking.store.tables.base import Scoped, of_clinic, refers
from booking.store.types import Data, Id, Words


class CredentialRow(Scoped, table=True):
    __tablename__ = "credential"
    __table_args__ = (
        refers("practitioner_id", "practitioner"),
        UniqueConstraint("clinic_id", "practitioner_id", "slug"),
    )
    practitioner_id: UUID = Field(sa_type=Id)
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
