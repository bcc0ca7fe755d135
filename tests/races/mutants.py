"""The protocol of writing with a piece left out, for a process of its own: what those who look on must find.

Where a fault would show only in the moment between two statements, that moment is made longer.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from booking.domain.ids import ClinicId, DiaryId
from booking.store import diaries
from booking.store.database import Transaction
from booking.store.diaries import Revisions
from booking.store.tables import DiaryChangeRow, DiaryRow, table
from booking.usecases import placing

LONGER = 0.03  # seconds

_diary = table(DiaryRow)


def lock_nothing() -> None:
    """Revisions are read and nobody is kept out."""
    vars(diaries)["lock"] = _only_read


def lock_nothing_and_raise_in_place() -> None:
    """The same, and a new revision is whatever is there by then, plus one: its key refuses nobody."""
    vars(diaries)["lock"] = _only_read
    vars(diaries)["changed"] = _raised_in_place


def lock_one_by_one() -> None:
    """In any order, a statement for each."""
    together = diaries.lock

    def lock(tx: Transaction, clinic_id: ClinicId, ids: Iterable[DiaryId]) -> Revisions:
        wanted = list(set(ids))
        random.shuffle(wanted)
        return {one: revision for each in wanted for one, revision in together(tx, clinic_id, [each]).items()}

    vars(diaries)["lock"] = lock


def decide_on_what_was_read_before_the_lock() -> None:
    """As one statement does that reads while it locks: after a wait it shows what was there before the wait."""
    touched, decide = placing.might_be_touched, placing._decide
    early = threading.local()

    def first_decide(tx: Transaction, caller: Any, wanted: Any, taker: Any) -> set[DiaryId]:
        early.decided = decide(tx, caller, wanted, taker, tx.now())
        time.sleep(LONGER)
        return touched(tx, caller, wanted, taker)

    def remember(tx: Transaction, caller: Any, wanted: Any, taker: Any, now: datetime) -> object:
        known, early.decided = getattr(early, "decided", None), None
        return known or decide(tx, caller, wanted, taker, now)

    vars(placing).update(might_be_touched=first_decide, _decide=remember)


def _only_read(tx: Transaction, clinic_id: ClinicId, ids: Iterable[DiaryId]) -> Revisions:
    query = select(_diary.c.id, _diary.c.revision).where(_diary.c.clinic_id == clinic_id, _diary.c.id.in_(set(ids)))
    found = {DiaryId(row.id): row.revision for row in tx.connection.execute(query)}
    time.sleep(LONGER)
    return found


def _raised_in_place(
    tx: Transaction,
    clinic_id: ClinicId,
    locked: Revisions,
    what: str,
    subject: UUID,
    now: datetime,
    *,
    calendar: bool = False,
) -> None:
    time.sleep(LONGER)
    raised = update(_diary).values(revision=_diary.c.revision + 1).returning(_diary.c.revision)
    for diary in sorted(locked):
        revision = tx.connection.execute(raised.where(_diary.c.id == diary)).scalar_one()
        row = {"clinic_id": clinic_id, "diary_id": diary, "revision": revision, "what": what, "subject_id": subject}
        tx.connection.execute(insert(table(DiaryChangeRow)).values(**row, at=now))


MUTANTS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        lock_nothing, lock_nothing_and_raise_in_place, lock_one_by_one, decide_on_what_was_read_before_the_lock,
    )
}  # fmt: skip
