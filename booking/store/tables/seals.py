"""What proves that history is as it was written: seals, and which row is under which of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from booking.store.tables.base import of_clinic
from booking.store.types import Id, Instant


class SealRow(SQLModel, table=True):
    """One link of a clinic's chain; append-only.

    `previous` is the digest of the seal before; None for the first. `complete` says that it left nothing waiting that
    was there to be sealed.
    """

    __tablename__ = "seal"
    __table_args__ = (of_clinic(),)
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    number: int = Field(primary_key=True)
    previous: str | None = None
    rows: int
    complete: bool
    at: datetime = Field(sa_type=Instant)
    digest: str


class SealedRow(SQLModel, table=True):
    """A row of history that is under a seal, with what it said when it was sealed; append-only.

    `kind` is its table, and `row_id` with `row_number` its key there; a table without numbers has 0.
    """

    __tablename__ = "sealed"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "seal"], ["seal.clinic_id", "seal.number"]),
        Index(None, "clinic_id", "seal"),
    )
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(primary_key=True)
    row_id: UUID = Field(sa_type=Id, primary_key=True)
    row_number: int = Field(primary_key=True)
    seal: int
    digest: str


class UnsealedRow(SQLModel, table=True):
    """A row of history that waits for a seal; written by triggers in the transaction that writes the row."""

    __tablename__ = "unsealed"
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(primary_key=True)
    row_id: UUID = Field(sa_type=Id, primary_key=True)
    row_number: int = Field(primary_key=True)
