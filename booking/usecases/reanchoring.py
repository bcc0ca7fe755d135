"""What was said by the clock stays so by the clock: visits and absences follow a new time zone database.

A visit is promised by the time on the wall, and leave is said in days; both are kept as instants. When a zone's rules
change, the instants do: absences are computed again, visits are moved as anybody would move them. A visit that cannot
be is left where it is, with a finding. Every step is a transaction of its own, and whoever begins again goes on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from booking.domain.appointment import Appointment
from booking.domain.conflict import Detail
from booking.domain.errors import BookingError, OutsideHours
from booking.domain.ids import ClinicId, DiaryId
from booking.domain.permission import Caller, Role
from booking.domain.promise import CLOCK_CHANGED, Shift, groups
from booking.domain.time.span import TimeSpan
from booking.store import anchors, appointments, claims, clinics, diaries, findings, history
from booking.store.absences import Absence
from booking.store.clinics import Description
from booking.store.database import Database, Transaction
from booking.store.findings import Finding
from booking.usecases.cover import recheck
from booking.usecases.relocating import Target, decide, might_be_touched, relocate

_MOST_NOTED = 500
_MOST_MOVED = 100
"""As many visits are looked after in one transaction."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a transaction did: so many visits kept their instants, were moved, or could not be; absences changed."""

    kept: int = 0
    moved: int = 0
    stuck: int = 0
    absences: int = 0


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is to be done in a clinic: absences of `diaries` first, since visits make way for them."""

    diaries: list[DiaryId]
    has_absences: bool
    kept: list[Appointment]
    groups: list[list[Shift]]


def reanchor(database: Database) -> Iterator[Step]:
    """Do what there is to do, a transaction for each step; when there is nothing, only read."""
    for clinic_id in database.read_now(anchors.clinics):
        plan = database.read_now(_plan, clinic_id)
        for diary in plan.diaries:
            yield database.write_now(_move_absences, clinic_id, diary)
        for first in range(0, len(plan.kept), _MOST_NOTED):
            yield database.write_now(_keep, clinic_id, plan.kept[first : first + _MOST_NOTED])
        for group in plan.groups:
            yield database.write_now(_move_group, clinic_id, group)
        if plan.has_absences:
            yield database.write_now(_settle_absences, clinic_id)


def _plan(tx: Transaction, clinic_id: ClinicId) -> _Plan:
    about, away, now = clinics.described(tx, clinic_id), anchors.absences(tx, clinic_id), tx.now()
    kept, shifts = list[Appointment](), list[Shift]()
    for visit, promise in anchors.visits(tx, clinic_id):
        one = Shift(visit=visit, promise=promise, start=promise.instant())
        if one.start == visit.span.start or one.hull.end <= now:
            kept.append(visit)
        else:
            shifts.append(one)
    told = findings.open_kind(tx, clinic_id, CLOCK_CHANGED)
    return _Plan(
        diaries=sorted({one.diary_id for one in away if _span(about, one) != one.span}),
        has_absences=bool(away),
        kept=kept,
        groups=[
            group
            for group in groups(shifts, about.longest_way, _MOST_MOVED)
            if any(_is_news(tx, clinic_id, one, told.get(one.visit.id)) for one in group)
        ],
    )


def _is_news(tx: Transaction, clinic_id: ClinicId, one: Shift, told: Finding | None) -> bool:
    """Whether there is more to do than was done when the finding was opened, as far as can be seen without a lock."""
    if told is None:
        return True
    try:
        decide(tx, _system(clinic_id), one.visit, _target(one), tx.now())
    except BookingError as refusal:
        return _detail(one, refusal) != told.detail
    return True


def _keep(tx: Transaction, clinic_id: ClinicId, visits: Sequence[Appointment]) -> Step:
    """The instants that they have are right, or do not matter any more."""
    anchors.note_visits(tx, clinic_id, visits)
    told, now = findings.open_kind(tx, clinic_id, CLOCK_CHANGED), tx.now()
    findings.close_many(tx, clinic_id, [told[one.id].id for one in visits if one.id in told], now)
    return Step(kept=len(visits))


def _move_group(tx: Transaction, clinic_id: ClinicId, group: Sequence[Shift]) -> Step:
    """Move one after another; those that are left are perhaps in each other's way."""
    diaries.lock_clinic(tx, clinic_id)
    diaries.lock(tx, clinic_id, set().union(*(might_be_touched(tx, clinic_id, one.visit) for one in group)))
    tried = [(one, _refusal(tx, clinic_id, one)) for one in group]
    refused = [(one, refusal) for one, refusal in tried if refusal is not None]
    if len(refused) > 1 and _swap(tx, clinic_id, [one for one, _why in refused]):
        refused = []
    _tell(tx, clinic_id, refused)
    return Step(moved=len(group) - len(refused), stuck=len(refused))


def _swap(tx: Transaction, clinic_id: ClinicId, shifts: Sequence[Shift]) -> bool:
    """Move all of them at once, each to where another one may have been; or none."""
    with anchors.all_or_nothing(tx) as whole:
        for one in shifts:
            claims.release(tx, clinic_id, one.visit.id)
        done = all(_refusal(tx, clinic_id, one) is None for one in shifts)
        if not done:
            whole.rollback()
    return done


def _refusal(tx: Transaction, clinic_id: ClinicId, one: Shift) -> BookingError | None:
    """Why it stays where it is; None when it was moved, or somebody else changed it meanwhile."""
    if appointments.get(tx, clinic_id, one.visit.id) != one.visit:
        return None
    try:
        relocate(tx, _system(clinic_id), one.visit.id, one.visit.version, _target(one))
    except BookingError as refusal:
        return refusal
    return None


def _tell(tx: Transaction, clinic_id: ClinicId, refused: Iterable[tuple[Shift, BookingError]]) -> None:
    """Each visit has one finding, with the reason that holds now."""
    told, now = findings.open_kind(tx, clinic_id, CLOCK_CHANGED), tx.now()
    for one, refusal in refused:
        detail, known = _detail(one, refusal), told.get(one.visit.id)
        if known is None:
            findings.open_one(tx, clinic_id, one.visit.id, CLOCK_CHANGED, detail, now)
        elif known.detail != detail:
            findings.restate(tx, clinic_id, {known.id: detail})


def _detail(one: Shift, refusal: BookingError) -> Detail:
    promised = {"promised": one.promise.wall.isoformat(timespec="minutes"), "zone": one.promise.zone}
    return {**promised, "code": refusal.code, "reason": refusal.message}


def _target(one: Shift) -> Target:
    """Raises OutsideHours when there is no such time."""
    if one.start is None:
        raise OutsideHours("The clock skips that time on that day.")
    return Target(start=one.start)


def _move_absences(tx: Transaction, clinic_id: ClinicId, diary_id: DiaryId) -> Step:
    """Give the absences of a diary the instants of their days. What follows for visits is looked at afterwards."""
    diaries.lock_clinic(tx, clinic_id)
    about, locked, now = clinics.described(tx, clinic_id), diaries.lock(tx, clinic_id, [diary_id]), tx.now()
    moved = [(one, _span(about, one)) for one in anchors.absences(tx, clinic_id, diary_id)]
    moved = [(one, span) for one, span in moved if span != one.span]
    for one, span in moved:
        anchors.move_absence(tx, clinic_id, one, span)
        there = {"from": _instants(one.span), "to": _instants(span)}
        history.add_audit(tx, _system(clinic_id), "absence_moved", one.id, now, **there)
    if moved:
        diaries.changed(tx, clinic_id, locked, "absence_moved", diary_id, now)
    return Step(absences=len(moved))


def _settle_absences(tx: Transaction, clinic_id: ClinicId) -> Step:
    """All are where they should be, and so are the visits that could be moved: see what speaks against any of them."""
    diaries.lock_clinic(tx, clinic_id, exclusive=True)
    about = clinics.described(tx, clinic_id)
    recheck(tx, clinic_id, tx.now())
    anchors.note_absences(
        tx, clinic_id, [one for one in anchors.absences(tx, clinic_id) if _span(about, one) == one.span]
    )
    return Step()


def _span(about: Description, absence: Absence) -> TimeSpan:
    """The instants of its days; those it has, if the clock skips all of it now."""
    return next(iter(absence.days.over(about.zones_of(absence.diary_id))), absence.span)


def _instants(span: TimeSpan) -> list[str]:
    return [span.start.isoformat(), span.end.isoformat()]


def _system(clinic_id: ClinicId) -> Caller:
    return Caller(clinic_id=clinic_id, role=Role.SYSTEM, channel="worker")
