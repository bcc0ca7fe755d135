"""What all storage models share.

Every key is `(clinic_id, id)` and foreign keys carry `clinic_id`, so that a row of another clinic cannot be referenced
even by a bug. What SQLModel cannot say about these tables is in `booking.store.guards`.
"""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Table
from sqlmodel import Field, SQLModel

from booking.store.types import Id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """A reference inside the clinic."""
    return ForeignKeyConstraint(["clinic_id", column], [f"{table}.clinic_id", f"{table}.id"])


def of_clinic() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["clinic_id"], ["clinic.id"])


class Scoped(SQLModel):
    clinic_id: UUID = Field(sa_type=Id, primary_key=True)
    id: UUID = Field(sa_type=Id, primary_key=True)


def table(model: type[SQLModel]) -> Table:
    """The table of a storage model, for statements written with SQLAlchemy Core."""
    return metadata.tables[str(model.__tablename__)]
