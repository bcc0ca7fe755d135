"""Diaries: whose time can be claimed. Locked in one order, versioned by every change."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, func, insert, literal, select, update

from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, DiaryId
from booking.store.database import Transaction
from booking.store.tables import ClinicRow, DiaryChangeRow, DiaryRow, table

_diary = table(DiaryRow)
_change = table(DiaryChangeRow)
_clinic = table(ClinicRow)

Revisions = Mapping[DiaryId, int]


def lock_clinic(tx: Transaction, clinic_id: ClinicId, *, exclusive: bool = False) -> None:
    """Keep the clinic's rules, treatments, policy, sites and rooms from changing; exclusive for whoever changes them.

    Always taken before any diary. On SQLite the transaction itself is the lock. It is no lock of the clinic's row,
    since those who share a row's lock let others in before whoever waits for it alone, who then waits for ever.
    """
    if exclusive:
        tx.unchanging.discard(clinic_id)
    else:
        tx.unchanging.add(clinic_id)
    if tx.connection.dialect.name == "sqlite":
        return
    function = func.pg_advisory_xact_lock if exclusive else func.pg_advisory_xact_lock_shared
    key = int.from_bytes(clinic_id.bytes[8:], "big", signed=True)  # the random half
    tx.connection.execute(select(function(literal(key, BigInteger))))


def lock(tx: Transaction, clinic_id: ClinicId, ids: Iterable[DiaryId]) -> Revisions:
    """Lock the diaries, all in one statement and in the order of their ids, and answer their revisions.

    No fact that a decision rests on may be read before, or in the same statement: after a wait, PostgreSQL reads only
    the locked rows again. Raises NotFound when the clinic has no such diary.
    """
    wanted = sorted(set(ids))
    query = (
        select(_diary.c.id, _diary.c.revision)
        .where(_diary.c.clinic_id == clinic_id, _diary.c.id.in_(wanted))
        .order_by(_diary.c.id)
        .with_for_update(key_share=True)
    )
    found = {DiaryId(row.id): row.revision for row in tx.connection.execute(query)}
    if len(found) != len(wanted):
        raise NotFound("practitioner, room or patient")
    return found


def changed(
    tx: Transaction,
    clinic_id: ClinicId,
    locked: Revisions,
    what: str,
    subject: UUID,
    now: datetime,
    *,
    calendar: bool = False,
) -> None:
    """Raise the revisions of locked diaries by one and say why; `calendar` when what their calendars show changes.

    The new revision is the one read at the lock plus one: the key of `diary_change` refuses a change without a lock.
    """
    ids = sorted(locked)
    values = {"revision": _diary.c.revision + 1}
    if calendar:
        values["calendar_revision"] = _diary.c.calendar_revision + 1
    tx.connection.execute(update(_diary).where(_diary.c.clinic_id == clinic_id, _diary.c.id.in_(ids)).values(values))
    rows = [
        {"clinic_id": clinic_id, "diary_id": one, "revision": locked[one] + 1, "what": what, "subject_id": subject}
        for one in ids
    ]
    tx.connection.execute(insert(_change), [{**row, "at": now} for row in rows])


def add(tx: Transaction, clinic_id: ClinicId, ids: Collection[DiaryId], kind: str) -> None:
    rows = [
        {"clinic_id": clinic_id, "id": one, "kind": kind, "revision": 0, "calendar_revision": 0} for one in sorted(ids)
    ]
    if rows:
        tx.connection.execute(insert(_diary), rows)


def all_of_kind(tx: Transaction, clinic_id: ClinicId, *kinds: str) -> list[DiaryId]:
    query = select(_diary.c.id).where(_diary.c.clinic_id == clinic_id, _diary.c.kind.in_(kinds)).order_by(_diary.c.id)
    return [DiaryId(one) for one in tx.connection.execute(query).scalars()]


def raise_offer(tx: Transaction, clinic_id: ClinicId) -> None:
    """What is offered changed for the whole clinic: rules, treatments, policy, sites, rooms."""
    tx.connection.execute(
        update(_clinic).where(_clinic.c.id == clinic_id).values(offer_revision=_clinic.c.offer_revision + 1)
    )


def raise_display(tx: Transaction, clinic_id: ClinicId, now: datetime) -> None:
    """What calendars and pages call things changed: names, addresses, labels, zone."""
    values = {"display_revision": _clinic.c.display_revision + 1, "display_changed_at": now}
    tx.connection.execute(update(_clinic).where(_clinic.c.id == clinic_id).values(values))
