"""Checking the chain of seals, and every row of history against it, some at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from booking.domain.ids import ClinicId
from booking.domain.permission import Action, Caller, permit
from booking.store import seals
from booking.store.database import Transaction
from booking.store.seals import Key, Seal, Written
from booking.usecases.audit import Violation

SEALS = 200
ROWS = 2_000
"""As many are looked at in one transaction, or the rows of one seal."""

LATEST = timedelta(minutes=10)
"""Longer than any transaction lasts: what was written so long before a complete seal is under it or an earlier one."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far the chain has been checked; `complete_at` is when the last of its complete seals so far was made."""

    number: int = 0
    digest: str | None = None
    complete_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Links:
    """Some seals that were checked, with what is wrong; the next ones follow `place`. None are left without seals."""

    seals: tuple[Seal, ...]
    violations: tuple[Violation, ...]
    place: Place


@dataclass(frozen=True, kw_only=True)
class Loose:
    """Some rows under no seal yet; the next ones follow `past`, which is None when there are no more."""

    rows: int
    violations: tuple[Violation, ...]
    past: Key | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The number of the seal a row is under, None if it waits for one, and what is wrong with the row."""

    seal: int | None
    violations: tuple[Violation, ...]


def check_seals(tx: Transaction, caller: Caller, place: Place) -> Links:
    """The next seals after `place`, each row under them included."""
    permit(caller, Action.AUDIT)
    some = _some(seals.after(tx, caller.clinic_id, place.number, SEALS))
    if not some:
        return Links(seals=(), violations=(), place=place)
    members = seals.members(tx, caller.clinic_id, some[0].number, some[-1].number)
    written = seals.written(tx, caller.clinic_id, [key for rows in members.values() for key in rows])
    found: list[Violation] = []
    for seal in some:
        rows = members.get(seal.number, {})
        found += _of_seal(caller.clinic_id, place, seal, rows)
        for key, said in rows.items():
            found += _of_sealed(key, said, seal, written.get(key), place.complete_at)
        complete_at = seal.at if seal.complete else place.complete_at
        place = Place(number=seal.number, digest=seal.digest, complete_at=complete_at)
    return Links(seals=tuple(some), violations=tuple(found), place=place)


def check_unsealed(tx: Transaction, caller: Caller, kind: str, past: Key | None, complete_at: datetime | None) -> Loose:
    """Rows of this kind that no seal covers."""
    permit(caller, Action.AUDIT)
    waiting = seals.unsealed(tx, caller.clinic_id, kind, past, ROWS)
    written = seals.written(tx, caller.clinic_id, waiting)
    found: list[Violation] = []
    for key, row in written.items():
        found += _of_content(key, row)
        if waiting[key]:
            found += _of_age(key, row, complete_at)
        else:
            said = f"this {_called(key)} is under no seal and waits for none: it came in past what guards the record"
            found.append(Violation(kind="record-inserted", subject=key.row_id, sentence=said))
    last = max(waiting) if len(waiting) == ROWS else None
    return Loose(rows=len(waiting), violations=tuple(found), past=last)


def check_decision(tx: Transaction, caller: Caller, decision_id: UUID) -> Standing:
    """One decision that is on record; the chain its seal is in is not checked."""
    permit(caller, Action.AUDIT)
    key = Key(kind="decision", row_id=decision_id, row_number=0)
    written = seals.written(tx, caller.clinic_id, [key])
    number, said = seals.under_a_seal(tx, caller.clinic_id, [key]).get(key, (None, None))
    row = written.get(key)
    found = [] if row is None else list(_of_content(key, row))
    if row is not None and number is not None and row.content != said:
        found.append(_altered(key, number))
    return Standing(seal=number, violations=tuple(found))


def _some(following: list[Seal]) -> list[Seal]:
    """As many of them as ROWS rows are under, at least one."""
    rows, some = 0, list[Seal]()
    for seal in following:
        rows += seal.rows
        if some and rows > ROWS:
            break
        some.append(seal)
    return some


def _of_seal(clinic_id: ClinicId, place: Place, seal: Seal, rows: Mapping[Key, str]) -> Iterator[Violation]:
    if seal.number != place.number + 1:
        which = f"seal {place.number + 1}" if seal.number == place.number + 2 else "seals"
        said = f"{which} between {place.number} and {seal.number} cannot be found"
        yield Violation(kind="seal-missing", subject=clinic_id, sentence=said)
    elif seal.previous != place.digest:
        said = f"seal {seal.number} does not follow seal {place.number} as it is on record"
        yield Violation(kind="seal-broken", subject=clinic_id, sentence=said)
    if seal.digest != seals.digest(clinic_id, seal, rows) or seal.rows != len(rows):
        said = f"seal {seal.number}, or what is written of the {seal.rows} rows under it, is not as it was made"
        yield Violation(kind="seal-altered", subject=clinic_id, sentence=said)


def _of_sealed(
    key: Key, said: str, seal: Seal, row: Written | None, complete_at: datetime | None
) -> Iterator[Violation]:
    if row is None:
        sentence = f"this {_called(key)}, under seal {seal.number}, cannot be found"
        yield Violation(kind="record-missing", subject=key.row_id, sentence=sentence)
        return
    if row.content != said:
        yield _altered(key, seal.number)
    else:
        yield from _of_content(key, row)
        yield from _of_age(key, row, complete_at)


def _altered(key: Key, seal: int) -> Violation:
    sentence = f"this {_called(key)} is not what it was when seal {seal} was made"
    return Violation(kind="record-altered", subject=key.row_id, sentence=sentence)


def _of_content(key: Key, row: Written) -> Iterator[Violation]:
    if row.own is not None and row.own != row.content:
        sentence = f"this {_called(key)} does not come to its own digest"
        yield Violation(kind="record-altered", subject=key.row_id, sentence=sentence)


def _of_age(key: Key, row: Written, complete_at: datetime | None) -> Iterator[Violation]:
    if complete_at is not None and row.at < complete_at - LATEST:
        sentence = (
            f"this {_called(key)} says that it is of {row.at.isoformat()}, but was not there when all was sealed,"
            f" {complete_at.isoformat()}; unless the clock was put right between, it came in later"
        )
        yield Violation(kind="record-backdated", subject=key.row_id, sentence=sentence)


def _called(key: Key) -> str:
    what = key.kind.replace("_", " ")
    return f"{what} {key.row_number}" if key.row_number else what
