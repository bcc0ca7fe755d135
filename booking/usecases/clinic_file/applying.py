"""Making the database say what the file says, in one transaction, and naming each change.

Slugs are identity. What the file no longer names is deactivated, never deleted, and history stays as it is. Applied
twice, the second time changes nothing.
"""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from booking.domain.errors import NotPermitted
from booking.domain.ids import AppointmentId, ClinicId
from booking.domain.permission import Action, Caller, Role, permit
from booking.store import clinics, description, diaries, history, installation
from booking.store.database import Transaction
from booking.store.diaries import Revisions
from booking.store.ids import new_id
from booking.store.installation import Kind
from booking.usecases.clinic_file.covering import CoverChanges, cover_changes, uncovered
from booking.usecases.clinic_file.law import adopt, decide
from booking.usecases.clinic_file.model import AboutClinic, ClinicFile
from booking.usecases.clinic_file.on_record import times
from booking.usecases.clinic_file.people import apply_practitioners
from booking.usecases.clinic_file.places import apply_places
from booking.usecases.clinic_file.syncing import Sync, differences, told
from booking.usecases.cover import recheck

_OWN_WAY = {"policy", "closures", "travel"}


@dataclass(frozen=True, kw_only=True)
class ApplyClinic:
    """`kind` and `uid_domain` are what the database becomes if this is its first use."""

    file: ClinicFile
    kind: Kind
    uid_domain: str


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What was changed, a line for each, the visits that are without cover now, and those whose cover that changed."""

    clinic_id: ClinicId
    changes: tuple[str, ...]
    at_risk: tuple[AppointmentId, ...]
    cover: CoverChanges


def apply_clinic(tx: Transaction, caller: Caller, command: ApplyClinic) -> Applied:
    """Raises ClinicInvalid for rules that are not there to adopt, DatabaseRefused when demo and real would mix.

    Whoever runs the installation may apply any clinic's file, a manager that of their own clinic.
    """
    permit(caller, Action.MANAGE_CLINIC)
    installation.ensure(tx, command.kind, command.uid_domain)
    sync = _clinic(tx, command.file.clinic)
    if caller.role is not Role.SYSTEM and sync.clinic_id != caller.clinic_id:
        raise NotPermitted(Action.MANAGE_CLINIC)
    known = diaries.all_of_kind(tx, sync.clinic_id, "practitioner", "room", "equipment")
    locked = diaries.lock(tx, sync.clinic_id, known)
    now = tx.now()
    adopt(sync, command.file, command.kind)
    decide(sync, command.file)
    before = times(tx, sync.clinic_id)
    sites = apply_places(sync, command.file, before)
    _treatments(sync, command.file)
    apply_practitioners(sync, command.file, sites, before)
    if not sync.lines:
        return Applied(clinic_id=sync.clinic_id, changes=(), at_risk=(), cover=CoverChanges())
    without = uncovered(tx, sync.clinic_id)
    at_risk = recheck(tx, sync.clinic_id, now)
    cover = cover_changes(tx, sync.clinic_id, without, now)
    _raise_revisions(sync, replace(caller, clinic_id=sync.clinic_id), locked, now)
    return Applied(clinic_id=sync.clinic_id, changes=tuple(sync.lines), at_risk=tuple(at_risk), cover=cover)


def _clinic(tx: Transaction, about: AboutClinic) -> Sync:
    """The clinic, made if new, with its lock taken for this transaction alone."""
    own = {each.name: getattr(about, each.name) for each in fields(about) if each.name not in _OWN_WAY}
    values = {**own, **asdict(about.policy)}
    known = clinics.by_slug(tx, about.slug)
    if known is None:
        sync = Sync(tx=tx, clinic_id=ClinicId(new_id()))
        description.add_clinic(tx, sync.clinic_id, values, tx.now())
        sync.note("+", f"clinic {about.slug}")
        return sync
    diaries.lock_clinic(tx, known.id, exclusive=True)
    known = clinics.get(tx, known.id)
    sync = Sync(tx=tx, clinic_id=known.id)
    different = differences(known, values) | differences(known.policy, values)
    if different:
        description.update_clinic(tx, known.id, different)
        sync.note("~", f"clinic {about.slug}", *told(different))
    return sync


def _treatments(sync: Sync, file: ClinicFile) -> None:
    known = {one.slug: one for one in clinics.treatment_types(sync.tx, sync.clinic_id).values()}
    for wanted in file.treatments:
        current = known.pop(wanted.slug, None)
        values = {**asdict(wanted), "active": True}
        version = 1 if current is None else current.version + bool(differences(current, values))
        sync.put("treatment", current, wanted.slug, {**values, "version": version})
    sync.retire("treatment", known.values())


def _raise_revisions(sync: Sync, caller: Caller, locked: Revisions, now: datetime) -> None:
    """Every cached offer and every calendar is looked at again: a description changes rarely, and then much of it."""
    history.add_audit(sync.tx, caller, "clinic_applied", None, now, changes=len(sync.lines))
    touched = {diary: locked[diary] for diary in sync.touched if diary in locked}
    if touched:
        diaries.changed(sync.tx, sync.clinic_id, touched, "clinic_applied", sync.clinic_id, now)
    diaries.raise_offer(sync.tx, sync.clinic_id)
    diaries.raise_display(sync.tx, sync.clinic_id, now)
