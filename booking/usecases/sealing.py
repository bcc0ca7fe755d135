"""Sealing: what was decided and done is chained in batches, so that nobody changes it afterwards unseen.

A chain inside the transaction that books would make all bookings of a clinic wait for one another. So each row waits
for its seal, which follows within a minute while a worker runs; until then only the append-only guards keep the row.

What the chain shows, to whoever checks it: that a sealed row was altered, also when its own digest was made anew, or
removed; that a row came in past the guards, or says that it is older than seals which do not have it; that a seal was
altered, removed or put in between. It does not show what was done before the seal, nor that its end was cut off or all
of it made anew from some point on, by somebody who may write everything: that shows only by comparing with the digest
of a seal that was written down elsewhere.
"""

from booking.domain.ids import ClinicId
from booking.store import seals
from booking.store.database import Transaction
from booking.store.seals import Seal

BATCH = 1_000
"""As many rows are sealed in one transaction: on SQLite all who write wait for it."""

MISSING = ""
"""What a row says that was gone before it was sealed."""


def due(tx: Transaction) -> list[ClinicId]:
    """The clinics with rows to seal; only reads, so that an idle worker keeps nobody waiting."""
    return seals.clinics_waiting(tx)


def seal(tx: Transaction, clinic_id: ClinicId) -> Seal | None:
    """Put what waits under the clinic's next seal, at most BATCH rows; None when there is nothing.

    A row under a seal already waits again only if it was removed and put back: the seal it is under tells.
    """
    seals.lock(tx, clinic_id)
    found = seals.waiting(tx, clinic_id, BATCH + 1)
    batch = found[:BATCH]
    known = seals.under_a_seal(tx, clinic_id, batch)
    new = [one for one in batch if one not in known]
    made = None
    if new:
        rows = seals.written(tx, clinic_id, new)
        said = {one: rows[one].content if one in rows else MISSING for one in new}
        made = seals.add(tx, clinic_id, _next(tx, clinic_id, len(new), complete=len(found) <= BATCH), said)
    seals.no_longer_waiting(tx, clinic_id, batch)
    return made


def _next(tx: Transaction, clinic_id: ClinicId, rows: int, *, complete: bool) -> Seal:
    head = seals.head(tx, clinic_id)
    number, previous = (1, None) if head is None else (head.number + 1, head.digest)
    return Seal(number=number, previous=previous, rows=rows, complete=complete, at=tx.now())
