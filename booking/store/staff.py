"""Members of staff and their sessions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from booking.domain.ids import ClinicId, PractitionerId, StaffId
from booking.domain.permission import Role
from booking.store.database import Transaction
from booking.store.tables import SessionRow, StaffRow, table

_staff = table(StaffRow)
_session = table(SessionRow)


@dataclass(frozen=True, kw_only=True)
class Staff:
    id: StaffId
    clinic_id: ClinicId
    login: str
    name: str
    role: Role
    practitioner_id: PractitionerId | None
    password_hash: str
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Session:
    staff: Staff
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def by_login(tx: Transaction, clinic_id: ClinicId, login: str) -> Staff | None:
    row = tx.connection.execute(
        select(_staff).where(_staff.c.clinic_id == clinic_id, _staff.c.login == login)
    ).one_or_none()
    return None if row is None else _as_staff(row)


def name_of(tx: Transaction, clinic_id: ClinicId, staff_id: UUID) -> str | None:
    """The name of a member of staff, still with us or not."""
    query = select(_staff.c.name).where(_staff.c.clinic_id == clinic_id, _staff.c.id == staff_id)
    return tx.connection.execute(query).scalar()


def add(tx: Transaction, staff: Staff, now: datetime) -> None:
    tx.connection.execute(
        insert(_staff).values(
            clinic_id=staff.clinic_id,
            id=staff.id,
            login=staff.login,
            name=staff.name,
            role=staff.role.value,
            practitioner_id=staff.practitioner_id,
            password_hash=staff.password_hash,
            active=staff.active,
            created_at=now,
        )
    )


def set_password(tx: Transaction, staff: Staff, password_hash: str) -> None:
    """A new password ends all sessions under the old one."""
    mine = (_staff.c.clinic_id == staff.clinic_id) & (_staff.c.id == staff.id)
    tx.connection.execute(update(_staff).where(mine).values(password_hash=password_hash))
    tx.connection.execute(
        delete(_session).where(_session.c.clinic_id == staff.clinic_id, _session.c.staff_id == staff.id)
    )


def add_session(tx: Transaction, token_hash: str, staff: Staff, now: datetime, expires_at: datetime) -> None:
    row = {"token_hash": token_hash, "clinic_id": staff.clinic_id, "staff_id": staff.id}
    tx.connection.execute(insert(_session).values(**row, created_at=now, last_seen_at=now, expires_at=expires_at))


def session(tx: Transaction, token_hash: str) -> Session | None:
    """The session under this hash, whatever its age, of a member of staff who is still active."""
    query = (
        select(_staff, _session.c.created_at.label("began"), _session.c.last_seen_at, _session.c.expires_at)
        .join(_session, (_session.c.clinic_id == _staff.c.clinic_id) & (_session.c.staff_id == _staff.c.id))
        .where(_session.c.token_hash == token_hash, _staff.c.active)
    )
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        return None
    return Session(staff=_as_staff(row), created_at=row.began, last_seen_at=row.last_seen_at, expires_at=row.expires_at)


def touch_session(tx: Transaction, token_hash: str, now: datetime) -> None:
    tx.connection.execute(update(_session).where(_session.c.token_hash == token_hash).values(last_seen_at=now))


def end_session(tx: Transaction, token_hash: str) -> None:
    tx.connection.execute(delete(_session).where(_session.c.token_hash == token_hash))


def has_old_sessions(tx: Transaction, idle_since: datetime, now: datetime) -> bool:
    """Whether there is any session to drop."""
    query = select(_session.c.token_hash).where(_is_old(idle_since, now)).limit(1)
    return tx.connection.execute(query).first() is not None


def drop_sessions(tx: Transaction, idle_since: datetime, now: datetime) -> int:
    """Delete sessions that are over or were not used since then."""
    return tx.connection.execute(delete(_session).where(_is_old(idle_since, now))).rowcount


def _is_old(idle_since: datetime, now: datetime) -> ColumnElement[bool]:
    return (_session.c.expires_at <= now) | (_session.c.last_seen_at <= idle_since)


def _as_staff(row: Row[Any]) -> Staff:
    return Staff(
        id=StaffId(row.id),
        clinic_id=ClinicId(row.clinic_id),
        login=row.login,
        name=row.name,
        role=Role(row.role),
        practitioner_id=None if row.practitioner_id is None else PractitionerId(row.practitioner_id),
        password_hash=row.password_hash,
        active=row.active,
    )
