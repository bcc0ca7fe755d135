"""A restored backup, as far as a memory can tell: other facts under revisions that were seen before."""

import secrets

from sqlalchemy import text

from booking.domain.ids import ClinicId
from booking.store import diaries, guards
from booking.store.database import Transaction
from booking.store.types import Id

BACK = """
UPDATE diary SET revision = CASE WHEN revision < :back THEN 0 ELSE revision - :back END WHERE clinic_id = :clinic
"""
FORGET = """
DELETE FROM diary_change WHERE revision > (SELECT revision FROM diary WHERE diary.id = diary_change.diary_id)
"""
OFFER_BACK = """
UPDATE clinic SET offer_revision = CASE WHEN offer_revision < :back THEN 0 ELSE offer_revision - :back END
WHERE id = :clinic
"""


def restore(tx: Transaction, clinic_id: ClinicId, back: int = 1) -> None:
    """Let all revisions run backwards, and renew the epoch as a restore does. The facts stay as they are."""
    diaries.lock_clinic(tx, clinic_id, exclusive=True)
    known = diaries.all_of_kind(tx, clinic_id, "practitioner", "room", "equipment", "patient")
    diaries.lock(tx, clinic_id, known)
    execute = tx.connection.execute
    for statement in (BACK, OFFER_BACK):
        execute(text(statement).columns().bindparams(back=back), {"clinic": _bound(tx, clinic_id)})
    if tx.connection.dialect.name == "sqlite":
        execute(text("DROP TRIGGER diary_change_no_delete"))
        execute(text(FORGET))
        guards.create(tx.connection)
    else:
        execute(text("SET LOCAL session_replication_role = replica"))  # no trigger refuses it
        execute(text(FORGET))
        execute(text("SET LOCAL session_replication_role = origin"))
    execute(text("UPDATE installation SET epoch = :epoch"), {"epoch": secrets.token_hex(8)})


def _bound(tx: Transaction, clinic_id: ClinicId) -> object:
    return Id().process_bind_param(clinic_id, tx.connection.dialect)
