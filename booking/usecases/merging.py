"""Two records of one person become one; its visits stay what they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.errors import InvalidInput, PatientsOverlap, StaleVersion
from booking.domain.ids import DiaryId, PatientId
from booking.domain.patient import Patient
from booking.domain.permission import Action, Caller, permit
from booking.store import appointments, claims, diaries, history, patients
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.idempotent import once


@dataclass(frozen=True, kw_only=True)
class MergePatients:
    """`gone` is the same person as `kept`, and is known as that from now on."""

    gone: PatientId
    kept: PatientId
    request: RequestKey | None = None


def merge_patients(tx: Transaction, caller: Caller, command: MergePatients) -> Patient:
    """The one who is left. Merging again what is merged changes nothing.

    Raises InvalidInput for one person twice, and PatientsOverlap with the references of the visits that one person
    cannot both have: cancel or move one of them first. Raises StaleVersion when another visit came in between.
    """
    permit(caller, Action.MERGE_PATIENTS)
    if command.gone == command.kept:
        raise InvalidInput("kept", "That is the same record.")

    def act() -> tuple[Patient, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id, exclusive=True)  # whoever books asks who comes before any diary
        _ensure_merged(tx, caller, command)
        return _patient(tx, caller, command.kept), {"patient": str(command.kept)}

    def again(record: Mapping[str, Any]) -> Patient:
        return _patient(tx, caller, PatientId(UUID(record["patient"])))

    return once(tx, caller.clinic_id, command.request, act, again)


def _patient(tx: Transaction, caller: Caller, patient_id: PatientId) -> Patient:
    return patients.get_many(tx, caller.clinic_id, [patient_id])[patient_id]


def _ensure_merged(tx: Transaction, caller: Caller, command: MergePatients) -> None:
    seen = _visits(tx, caller, command.gone)
    locked = diaries.lock(tx, caller.clinic_id, {DiaryId(command.gone), DiaryId(command.kept)}.union(*_diaries(seen)))
    if patients.is_merged(tx, caller.clinic_id, command.kept):
        raise InvalidInput("kept", "That record was merged into another itself.")
    if not patients.is_merged(tx, caller.clinic_id, command.gone):
        theirs = _visits(tx, caller, command.gone)
        if _diaries(theirs) != _diaries(seen):
            raise StaleVersion
        _merge(tx, caller, command, theirs)
        diaries.changed(tx, caller.clinic_id, locked, "patients_merged", command.kept, tx.now(), calendar=True)


def _visits(tx: Transaction, caller: Caller, patient_id: PatientId) -> list[Appointment]:
    return appointments.all_of_patient(tx, caller.clinic_id, patient_id)


def _diaries(visits: Iterable[Appointment]) -> list[frozenset[DiaryId]]:
    """Of each visit whose time is taken."""
    return [one.diaries for one in visits if one.takes_time]


def _merge(tx: Transaction, caller: Caller, command: MergePatients, theirs: Sequence[Appointment]) -> None:
    clinic_id, now = caller.clinic_id, tx.now()
    _ensure_apart(theirs, _visits(tx, caller, command.kept))
    for visit in theirs:
        mine = replace(visit, patient_id=command.kept, version=visit.version + 1)
        appointments.update_from(tx, clinic_id, visit, mine, now)
    claims.hand_over(tx, clinic_id, DiaryId(command.gone), DiaryId(command.kept))
    patients.merge(tx, clinic_id, command.gone, command.kept)
    history.add_audit(tx, caller, "patients_merged", command.kept, now, gone=str(command.gone), visits=len(theirs))


def _ensure_apart(theirs: Sequence[Appointment], others: Sequence[Appointment]) -> None:
    clashing = {
        reference
        for one in theirs
        for other in others
        if one.takes_time and other.takes_time and one.span.overlaps(other.span)
        for reference in (one.reference, other.reference)
    }
    if clashing:
        raise PatientsOverlap(sorted(clashing))
