"""Claims, which are exclusive, and busy time, which only keeps new visits away."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, insert, or_, select, update

from booking.domain.appointment import Appointment
from booking.domain.ids import AppointmentId, ClinicId, DiaryId, SiteId
from booking.domain.time.span import SpanSet, TimeSpan
from booking.store.database import Transaction
from booking.store.tables import AppointmentRow, BusyRow, ClaimRow, table
from booking.store.types import Instant, Meets

_claim = table(ClaimRow)
_busy = table(BusyRow)
_appointment = table(AppointmentRow)

SWEEP_GRACE_SECONDS = 60
"""The sweeper waits this long after an expiry, longer than any transaction may wait with an older clock reading."""


def claimed(
    tx: Transaction,
    clinic_id: ClinicId,
    diaries: Collection[DiaryId],
    window: TimeSpan,
    now: datetime,
    *,
    but: AppointmentId | None = None,
) -> dict[DiaryId, dict[SiteId, SpanSet]]:
    """What is claimed in the window in each diary, by site.

    Holds that have expired by `now`, and the visit `but`, are free.
    """
    query = select(_claim.c.diary_id, _claim.c.site_id, _claim.c.starts_at, _claim.c.ends_at).where(
        _claim.c.clinic_id == clinic_id,
        _claim.c.diary_id.in_(sorted(diaries)),
        Meets(_claim.c.starts_at, _claim.c.ends_at, _at("a", window.start), _at("b", window.end)),
        or_(_claim.c.expires_at.is_(None), _claim.c.expires_at > now),
    )
    if but is not None:
        query = query.where(_claim.c.appointment_id != but)
    found: dict[DiaryId, dict[SiteId, list[TimeSpan]]] = {}
    for row in tx.connection.execute(query):
        at_site = found.setdefault(DiaryId(row.diary_id), {}).setdefault(SiteId(row.site_id), [])
        at_site.append(TimeSpan(row.starts_at, row.ends_at))
    return {diary: {site: SpanSet(spans) for site, spans in sites.items()} for diary, sites in found.items()}


def busy(
    tx: Transaction, clinic_id: ClinicId, diaries: Collection[DiaryId], window: TimeSpan
) -> dict[DiaryId, SpanSet]:
    """Absences in the window in each diary: leave, rooms and devices that are closed."""
    query = select(_busy.c.diary_id, _busy.c.starts_at, _busy.c.ends_at).where(
        _busy.c.clinic_id == clinic_id,
        _busy.c.diary_id.in_(sorted(diaries)),
        _busy.c.ends_at > window.start,
        _busy.c.starts_at < window.end,
    )
    found: dict[DiaryId, list[TimeSpan]] = {}
    for row in tx.connection.execute(query):
        found.setdefault(DiaryId(row.diary_id), []).append(TimeSpan(row.starts_at, row.ends_at))
    return {diary: SpanSet(spans) for diary, spans in found.items()}


def hand_over(tx: Transaction, clinic_id: ClinicId, gone: DiaryId, kept: DiaryId) -> None:
    """Let all that is claimed of one diary be claimed of the other instead. A guard refuses what overlaps."""
    mine = (_claim.c.clinic_id == clinic_id) & (_claim.c.diary_id == gone)
    tx.connection.execute(update(_claim).where(mine).values(diary_id=kept))


def insert_for(tx: Transaction, clinic_id: ClinicId, visit: Appointment, diaries: Iterable[DiaryId]) -> None:
    """Claim the visit's time in these diaries. A guard refuses what overlaps."""
    rows = [
        {
            "clinic_id": clinic_id,
            "appointment_id": visit.id,
            "diary_id": diary,
            "site_id": visit.site_id,
            "starts_at": visit.claim_of(diary).start,
            "ends_at": visit.claim_of(diary).end,
            "expires_at": visit.expires_at,
        }
        for diary in sorted(diaries)
    ]
    tx.connection.execute(insert(_claim), rows)


def set_expiry(tx: Transaction, clinic_id: ClinicId, visit: AppointmentId, expires_at: datetime | None) -> int:
    """Let the claims of a hold last until then, or for good; answers how many there still were."""
    mine = (_claim.c.clinic_id == clinic_id) & (_claim.c.appointment_id == visit)
    return tx.connection.execute(update(_claim).where(mine).values(expires_at=expires_at)).rowcount


def release(tx: Transaction, clinic_id: ClinicId, visit: AppointmentId) -> None:
    """Give the visit's time back."""
    tx.connection.execute(delete(_claim).where(_claim.c.clinic_id == clinic_id, _claim.c.appointment_id == visit))


def drop_expired(tx: Transaction, clinic_id: ClinicId, locked: Collection[DiaryId], now: datetime) -> None:
    """Delete claims of expired holds in diaries that this transaction has locked, so that the guard lets others in."""
    tx.connection.execute(
        delete(_claim).where(
            _claim.c.clinic_id == clinic_id, _claim.c.diary_id.in_(sorted(locked)), _claim.c.expires_at <= now
        )
    )


def is_any_over(tx: Transaction, before: datetime) -> bool:
    """Whether a sweep would find a hold that expired before then, or claims of one."""
    claimed = select(_claim.c.diary_id).where(_claim.c.expires_at <= before)
    holds = select(_appointment.c.id).where(_appointment.c.expires_at <= before)
    return any(tx.connection.execute(query.limit(1)).first() is not None for query in (claimed, holds))


def sweep(tx: Transaction, before: datetime, limit: int = 500) -> int:
    """Tidy away holds that expired before then: claims first, then holds without claims. Waits for nobody.

    No revision moves: an expired claim has not counted since its expiry.
    """
    due = (
        select(_claim.c.clinic_id, _claim.c.appointment_id, _claim.c.diary_id)
        .where(_claim.c.expires_at <= before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    for row in tx.connection.execute(due).all():
        key = (_claim.c.clinic_id == row.clinic_id) & (_claim.c.appointment_id == row.appointment_id)
        tx.connection.execute(delete(_claim).where(key, _claim.c.diary_id == row.diary_id))
    claims_left = select(_claim.c.diary_id).where(
        _claim.c.clinic_id == _appointment.c.clinic_id, _claim.c.appointment_id == _appointment.c.id
    )
    holds = (
        select(_appointment.c.clinic_id, _appointment.c.id)
        .where(_appointment.c.status == "held", _appointment.c.expires_at <= before, ~claims_left.exists())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    over = tx.connection.execute(holds).all()
    for hold in over:
        one = (_appointment.c.clinic_id == hold.clinic_id) & (_appointment.c.id == hold.id)
        tx.connection.execute(delete(_appointment).where(one, _appointment.c.status == "held"))
    return len(over)


def _at(name: str, instant: datetime) -> BindParameter[datetime]:
    return bindparam(name, instant, type_=Instant())
