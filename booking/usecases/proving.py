"""Proving the record of a clinic: its seals, every row of its history, and every decision asked again."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from booking.domain.permission import Action, Caller, permit
from booking.store import decisions, seals
from booking.store.database import Database, Transaction
from booking.store.seals import Seal
from booking.usecases.audit import Violation
from booking.usecases.chain import Place, check_seals, check_unsealed
from booking.usecases.replay import Agreement, Archive, Replayed, open_archive, replayed

DECISIONS = 250
"""As many are asked again in one transaction."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one transaction looked at: so many rows under these seals, waiting for one, decisions asked again."""

    violations: tuple[Violation, ...] = ()
    seals: tuple[Seal, ...] = ()
    waiting: int = 0
    decisions: int = 0
    untold: int = 0
    """Decisions that only another version of this program could ask again."""


def prove(database: Database, caller: Caller, head: str | None = None) -> Iterator[Step]:
    """Check everything, a snapshot for each step, so that nobody waits for it and it takes little room.

    `head` is the digest of a seal as it was once written down elsewhere: a chain without it is not the same chain.
    """
    permit(caller, Action.AUDIT)
    place, found = Place(), head is None
    while (links := database.read_now(check_seals, caller, place)).seals:
        place, found = links.place, found or any(seal.digest == head for seal in links.seals)
        yield Step(seals=links.seals, violations=links.violations)
    if not found:
        said = f"no seal has the digest {head}: the chain was cut off or made anew since that was written down"
        yield Step(violations=(Violation(kind="head-missing", subject=caller.clinic_id, sentence=said),))
    for kind in seals.KINDS:
        yield from _unsealed(database, caller, kind, place)
    yield from _decisions(database, caller)


def _unsealed(database: Database, caller: Caller, kind: str, place: Place) -> Iterator[Step]:
    past = None
    while True:
        loose = database.read_now(check_unsealed, caller, kind, past, place.complete_at)
        yield Step(waiting=loose.rows, violations=loose.violations)
        past = loose.past
        if past is None:
            return


def _decisions(database: Database, caller: Caller) -> Iterator[Step]:
    archive, past = database.read_now(open_archive, caller.clinic_id), None
    while some := database.read_now(_ask_again, archive, past):
        past = some[-1].decision.id
        yield Step(
            decisions=len(some),
            untold=sum(one.agreement is Agreement.CANNOT and one.fault is None for one in some),
            violations=tuple(violation for one in some for violation in violations(one)),
        )


def _ask_again(tx: Transaction, archive: Archive, past: UUID | None) -> list[Replayed]:
    return replayed(tx, archive, decisions.after(tx, archive.clinic_id, past, DECISIONS))


def violations(one: Replayed) -> Iterator[Violation]:
    if one.fault is not None:
        said = f"the decision on the visit {one.decision.appointment_id}: {'; '.join(one.sentences)}"
        yield Violation(kind=one.fault, subject=one.decision.id, sentence=said)
