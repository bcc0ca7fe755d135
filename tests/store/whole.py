"""A clinic with something of everything, and all that a database holds."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from booking.domain.permission import Role
from booking.domain.time.local import LocalSpan
from booking.store import guards, schema
from booking.store.database import Database, Transaction
from booking.store.tables import metadata
from booking.usecases import sealing
from booking.usecases.absences import AddLeave, add_leave
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.feeds import CreateFeed, create_feed
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.move import MoveAppointment, move
from booking.usecases.staff import AddStaff, add_staff, begin_session
from tests.clinics import DullClinic, dull, open_clinic

HOUR = timedelta(hours=1)
Rows = dict[str, list[dict[str, Any]]]


def fill(database: Database, ten: datetime, feed: str = "of ada") -> DullClinic:
    """A clinic with visits, a move, a cancellation, a hold, leave, a suspension, seals, a feed and a session.

    `ten` is that hour of a Tuesday to come, at the clinic; `feed` is the hash of a feed's token.
    """
    data = dull(ben={})
    for person in data["practitioner"]:
        del person["credential"][0]["valid_until"]
    clinic, write = open_clinic(database, data), database.write_now
    visits = [clinic.book(ten + n * HOUR, patient=f"Patient {n} Ångström").appointment for n in range(4)]
    clinic.book(ten + timedelta(days=7), practitioner="ben")
    write(cancel, clinic.reception, CancelAppointment(appointment=visits[0].id, version=1))
    write(move, clinic.reception, MoveAppointment(appointment=visits[1].id, version=1, start=ten + 5 * HOUR))
    write(hold, clinic.public, HoldSlot(wanted=clinic.wanted(ten + 6 * HOUR), hold_key="somebody"))
    ada, ben = clinic.practitioners["ada"], clinic.practitioners["ben"]
    day = ten.date() + timedelta(days=1)
    write(add_leave, clinic.manager, AddLeave(practitioner=ada, days=LocalSpan(first=day, last=day), reason="course"))
    write(suspend, clinic.manager, SuspendCredential(credential=clinic.credentials["ben", "licence"], reason="order"))
    write(create_feed, clinic.manager, CreateFeed(practitioner=ada, token_hash=feed))
    write(create_feed, clinic.manager, CreateFeed(practitioner=ben, token_hash="another"))
    write(sealing.seal, clinic.id)
    added = AddStaff(login="olive", name="Olive", role=Role.RECEPTION, password_hash="none")
    write(begin_session, write(add_staff, clinic.manager, added), "session")
    return clinic


def everything(url: str) -> Rows:
    """All rows of all tables, in the order of their keys."""
    database = Database(url, threads=1)
    try:
        return database.read_now(_all_rows)
    finally:
        database.close_now()


def _all_rows(tx: Transaction) -> Rows:
    found: Rows = {}
    for table in metadata.sorted_tables:
        query = select(table).order_by(*table.primary_key.columns)
        found[table.name] = [dict(row) for row in tx.connection.execute(query).mappings()]
    found["alembic_version"] = [{"version_num": schema.revision(tx.connection)}]
    return found


def empty_tables(tx: Transaction) -> None:
    """Leave not a row."""
    guards.drop(tx.connection)
    for table in reversed(metadata.sorted_tables):
        tx.connection.execute(delete(table))
    guards.create(tx.connection)


def lasting(rows: Rows) -> Rows:
    """The same without what a restore makes anew."""
    kept = {name: value for name, value in rows.items() if name not in ("installation", "session")}
    named = ("kind", "uid_domain", "created_at")
    return kept | {"installation": [{name: row[name] for name in named} for row in rows["installation"]]}
