"""The chain of seals over a clinic's history: what waits, what is under which seal, and what it said when sealed.

A seal covers rows by naming them, never by an order of ids or times: two transactions that overlap commit in another
order than they began, and what one seal did not see yet is under the next.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, delete, func, insert, select

from booking.domain.ids import ClinicId
from booking.store import history
from booking.store.database import Transaction
from booking.store.queueing import SEALED_BY_KEY
from booking.store.tables import SealedRow, SealRow, UnsealedRow, metadata, table

KINDS = tuple(SEALED_BY_KEY)
"""What is sealed, by the names of the tables."""

_seal, _sealed, _unsealed = table(SealRow), table(SealedRow), table(UnsealedRow)


@dataclass(frozen=True, kw_only=True, order=True)
class Key:
    """A row of history: its table, the id in its key and the number there, 0 if there is none."""

    kind: str
    row_id: UUID
    row_number: int


@dataclass(frozen=True, kw_only=True)
class Seal:
    """A link of the chain; its first has number 1."""

    number: int
    previous: str | None
    rows: int
    complete: bool
    at: datetime
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A row as it lies there: what it says comes to `content`; `own` is the digest it carries, if its table has one."""

    content: str
    own: str | None
    at: datetime


def lock(tx: Transaction, clinic_id: ClinicId) -> None:
    """Let nobody else lengthen the clinic's chain. On SQLite the transaction itself is the lock."""
    if tx.connection.dialect.name == "postgresql":
        lowest = int.from_bytes(clinic_id.bytes[12:], "big", signed=True)
        tx.connection.execute(select(func.pg_advisory_xact_lock(_LOCKS, lowest)))


_LOCKS = 7092


def clinics_waiting(tx: Transaction) -> list[ClinicId]:
    """The clinics with rows that wait for a seal."""
    return [ClinicId(one) for one in tx.connection.execute(select(_unsealed.c.clinic_id).distinct()).scalars()]


def waiting(tx: Transaction, clinic_id: ClinicId, most: int) -> list[Key]:
    query = select(_unsealed).where(_unsealed.c.clinic_id == clinic_id).limit(most)
    rows = tx.connection.execute(query.order_by(_unsealed.c.kind, _unsealed.c.row_id, _unsealed.c.row_number))
    return [Key(kind=row.kind, row_id=row.row_id, row_number=row.row_number) for row in rows]


def no_longer_waiting(tx: Transaction, clinic_id: ClinicId, keys: Iterable[Key]) -> None:
    for kind, rows in _by_kind(keys).items():
        those = (_unsealed.c.clinic_id == clinic_id) & (_unsealed.c.kind == kind)
        for number in {one.row_number for one in rows}:
            ids = sorted(one.row_id for one in rows if one.row_number == number)
            numbered = (_unsealed.c.row_number == number) & _unsealed.c.row_id.in_(ids)
            tx.connection.execute(delete(_unsealed).where(those, numbered))


def head(tx: Transaction, clinic_id: ClinicId) -> Seal | None:
    """The last seal."""
    query = select(_seal).where(_seal.c.clinic_id == clinic_id).order_by(_seal.c.number.desc()).limit(1)
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else _as_seal(row)


def after(tx: Transaction, clinic_id: ClinicId, number: int, most: int) -> list[Seal]:
    """The seals that follow the one of this number, in their order."""
    query = select(_seal).where(_seal.c.clinic_id == clinic_id, _seal.c.number > number)
    rows = tx.connection.execute(query.order_by(_seal.c.number).limit(most))
    return [_as_seal(row) for row in rows.mappings()]


def members(tx: Transaction, clinic_id: ClinicId, first: int, last: int) -> dict[int, dict[Key, str]]:
    """What is under the seals from `first` to `last`, both included: each row with what it said when it was sealed."""
    query = select(_sealed).where(_sealed.c.clinic_id == clinic_id, _sealed.c.seal.between(first, last))
    found: dict[int, dict[Key, str]] = {}
    for row in tx.connection.execute(query):
        key = Key(kind=row.kind, row_id=row.row_id, row_number=row.row_number)
        found.setdefault(row.seal, {})[key] = row.digest
    return found


def under_a_seal(tx: Transaction, clinic_id: ClinicId, keys: Collection[Key]) -> dict[Key, tuple[int, str]]:
    """Those of the rows that a seal covers already: the number of the seal, and what they said when it was made."""
    found = {}
    for kind, rows in _by_kind(keys).items():
        ids = sorted({one.row_id for one in rows})
        query = select(_sealed).where(
            _sealed.c.clinic_id == clinic_id, _sealed.c.kind == kind, _sealed.c.row_id.in_(ids)
        )
        for row in tx.connection.execute(query):
            key = Key(kind=kind, row_id=row.row_id, row_number=row.row_number)
            found[key] = (row.seal, row.digest)
    return {key: found[key] for key in keys if key in found}


def add(tx: Transaction, clinic_id: ClinicId, new: Seal, rows: Mapping[Key, str]) -> Seal:
    """Put the rows under a seal, with what each of them says; answers it with its digest."""
    made = replace(new, digest=digest(clinic_id, new, rows))
    tx.connection.execute(insert(_seal).values(clinic_id=clinic_id, **asdict(made)))
    tx.connection.execute(
        insert(_sealed),
        [{"clinic_id": clinic_id, "seal": made.number, "digest": said, **asdict(key)} for key, said in rows.items()],
    )
    return made


def digest(clinic_id: ClinicId, seal: Seal, rows: Mapping[Key, str]) -> str:
    """The digest that a seal with these rows must have, whatever digest it carries."""
    said = sorted((key.kind, str(key.row_id), key.row_number, rows[key]) for key in rows)
    return history.digest(
        {
            "clinic_id": clinic_id, "number": seal.number, "previous": seal.previous, "complete": seal.complete,
            "at": seal.at, "rows": said,
        }
    )  # fmt: skip


def written(tx: Transaction, clinic_id: ClinicId, keys: Iterable[Key]) -> dict[Key, Written]:
    """What the rows say; one that is not there is not in the answer."""
    found: dict[Key, Written] = {}
    for kind, wanted in _by_kind(keys).items():
        those, (row_id, number) = metadata.tables[kind], SEALED_BY_KEY[kind]
        ids = sorted({one.row_id for one in wanted})
        query = select(those).where(those.c.clinic_id == clinic_id, those.c[row_id].in_(ids))
        for row in tx.connection.execute(query).mappings():
            key = Key(kind=kind, row_id=row[row_id], row_number=0 if number is None else row[number])
            found[key] = _read(row)
    return found


def unsealed(tx: Transaction, clinic_id: ClinicId, kind: str, past: Key | None, most: int) -> dict[Key, bool]:
    """Rows of this kind that no seal covers, in the order of keys, those past this one: whether each waits for one."""
    those, (row_id, number) = metadata.tables[kind], SEALED_BY_KEY[kind]
    query = (
        select(those.c[row_id], *([] if number is None else [those.c[number]]), _unsealed.c.kind)
        .select_from(those)
        .outerjoin(_sealed, _same(_sealed, those, kind))
        .outerjoin(_unsealed, _same(_unsealed, those, kind))
        .where(those.c.clinic_id == clinic_id, _sealed.c.kind.is_(None))
    )
    order = [those.c[row_id]] if number is None else [those.c[row_id], those.c[number]]
    if past is not None:
        later = those.c[row_id] > past.row_id
        again = [] if number is None else [(those.c[row_id] == past.row_id) & (those.c[number] > past.row_number)]
        query = query.where(later.self_group() | again[0] if again else later)
    rows: Sequence[Any] = tx.connection.execute(query.order_by(*order).limit(most)).all()
    return {
        Key(kind=kind, row_id=row[0], row_number=0 if number is None else row[1]): row[-1] is not None for row in rows
    }


def _same(other: Table, those: Table, kind: str) -> Any:
    row_id, number = SEALED_BY_KEY[kind]
    return and_(
        other.c.clinic_id == those.c.clinic_id,
        other.c.kind == kind,
        other.c.row_id == those.c[row_id],
        other.c.row_number == (0 if number is None else those.c[number]),
    )


def _read(row: Mapping[Any, Any]) -> Written:
    values = {str(name): value for name, value in row.items()}
    own = values.pop("digest", None)
    return Written(content=history.digest(values), own=own, at=values["at"])


def _by_kind(keys: Iterable[Key]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for one in keys:
        found.setdefault(one.kind, []).append(one)
    return found


def _as_seal(row: Mapping[Any, Any]) -> Seal:
    return Seal(**{name: row[name] for name in ("number", "previous", "rows", "complete", "at", "digest")})
