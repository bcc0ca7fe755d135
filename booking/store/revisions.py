"""The revisions of everything a clinic offers, read in one statement: what a cache is keyed by."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, String, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, DiaryId
from booking.store.database import Transaction
from booking.store.tables import ClinicRow, DiaryRow, InstallationRow, table
from booking.store.types import Id

_clinic, _diary, _installation = table(ClinicRow), table(DiaryRow), table(InstallationRow)

OFFERED = ("practitioner", "room", "equipment")
"""The kinds of diaries that bear on free times; a patient's does not."""


@dataclass(frozen=True, kw_only=True)
class Revisions:
    """What a snapshot shows: equal `offer` and `vector`, in one database, are the same facts about free times.

    `offer` names the database, as of its last restore, the clinic and its description; `vector` holds the revision of
    each diary that bears on free times.
    """

    offer: tuple[str, UUID, int]
    vector: str

    @cached_property
    def by_diary(self) -> dict[DiaryId, int]:
        pairs = (one.split(":") for one in self.vector.split(",")) if self.vector else ()
        return {_diary_id(who): int(revision) for who, revision in pairs}


@lru_cache(maxsize=1 << 13)
def _diary_id(text: str) -> DiaryId:
    return DiaryId(UUID(hex=text))


def revisions(tx: Transaction, clinic_id: ClinicId) -> Revisions:
    """The revisions as this snapshot shows them; read them before what they are to name. Raises NotFound."""
    row = tx.connection.execute(_QUERY, {"clinic": clinic_id}).one_or_none()
    if row is None:
        raise NotFound("clinic")
    epoch, offer_revision, vector, now = row
    if now is not None:
        tx.read_at(now)
    return Revisions(offer=(epoch, clinic_id, offer_revision), vector=vector or "")


class _Listed(FunctionElement[str]):
    """`_Listed(id, revision)`: all rows as `id:revision,…`, one text instead of a row for each."""

    inherit_cache = True
    type = String()


@compiles(_Listed, "postgresql")
def _listed_on_postgresql(element: _Listed, compiler: SQLCompiler, **options: object) -> str:
    who, revision = (compiler.process(clause, **options) for clause in element.clauses)
    return f"string_agg({who}::text || ':' || {revision}, ',' ORDER BY {who})"


@compiles(_Listed, "sqlite")
def _listed_on_sqlite(element: _Listed, compiler: SQLCompiler, **options: object) -> str:
    who, revision = (compiler.process(clause, **options) for clause in element.clauses)
    return f"group_concat(hex({who}) || ':' || {revision}, ',')"


class _Now(FunctionElement[Any]):
    """The time by the clock of a server; NULL on SQLite, which has none."""

    inherit_cache = True
    type: TypeEngine[Any] = DateTime(timezone=True)


@compiles(_Now, "postgresql")
def _now_on_postgresql(_element: _Now, _compiler: SQLCompiler, **_options: object) -> str:
    return "clock_timestamp()"


@compiles(_Now, "sqlite")
def _now_on_sqlite(_element: _Now, _compiler: SQLCompiler, **_options: object) -> str:
    return "NULL"


def _query() -> Select[Any]:
    clinic = bindparam("clinic", type_=Id())
    diaries = select(_Listed(_diary.c.id, _diary.c.revision)).where(
        _diary.c.clinic_id == clinic, _diary.c.kind.in_(OFFERED)
    )
    return (
        select(_installation.c.epoch, _clinic.c.offer_revision, diaries.scalar_subquery(), _Now())
        .join_from(_clinic, _installation, _installation.c.id == 1)
        .where(_clinic.c.id == clinic)
    )


_QUERY = _query()
"""Made once: to make it takes as long as to run it, and every search does."""
