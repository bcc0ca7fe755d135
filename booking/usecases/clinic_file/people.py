"""The people of the file: who they are, when they work, when they are away, what they hold."""

from collections.abc import Mapping
from dataclasses import fields

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.ids import CredentialId, DiaryId, PractitionerId, SiteId
from booking.domain.practitioner import Practitioner
from booking.store import clinics, credentials
from booking.store.credentials import Held
from booking.store.ids import new_id
from booking.usecases.clinic_file.absences import sync_absences
from booking.usecases.clinic_file.model import ClinicFile, CredentialFile, PractitionerFile
from booking.usecases.clinic_file.on_record import Times
from booking.usecases.clinic_file.syncing import Sync, told
from booking.usecases.clinic_file.timetables import as_hours, sync_hours


def apply_practitioners(sync: Sync, file: ClinicFile, sites: Mapping[str, SiteId], before: Times) -> None:
    known = {one.slug: one for one in clinics.practitioners(sync.tx, sync.clinic_id).values()}
    held = credentials.held(sync.tx, sync.clinic_id)
    for wanted in file.practitioners:
        who = _put(sync, known.pop(wanted.slug, None), wanted)
        hours = as_hours(who, wanted.hours, wanted.extra, sites)
        details = sync_hours(sync, (who, None), hours, before.hours_of(who))
        diary = DiaryId(who)
        details += sync_absences(sync, "leave", diary, wanted.leave, file.zones_of(wanted), before.away.get(diary, []))
        sync.changed("practitioner", who, wanted.slug, details)
        _credentials(sync, wanted, who, held.get(who, ()))
    sync.retire("practitioner", known.values())


def _put(sync: Sync, known: Practitioner | None, wanted: PractitionerFile) -> PractitionerId:
    same = {name: getattr(wanted, name) for name in ("slug", "name", "profession", "daily_limit")}
    return PractitionerId(sync.put("practitioner", known, wanted.slug, {**same, "active": True}))


def _credentials(sync: Sync, wanted: PractitionerFile, who: PractitionerId, current: tuple[Held, ...]) -> None:
    known = {one.credential.slug: one.credential for one in current}
    for one in wanted.credentials:
        before = known.pop(one.slug, None)
        after = _credential(one, wanted, before)
        about = f"credential {one.slug} of {wanted.slug}"
        if before is None:
            credentials.add(sync.tx, sync.clinic_id, who, after)
            sync.note("+", about)
        else:
            _change(sync, about, before, after)
        if before != after:
            sync.touch("practitioner", who)
    for gone in known.values():
        if gone.verification is not Verification.WITHDRAWN:
            credentials.set_verification(sync.tx, sync.clinic_id, gone, Verification.WITHDRAWN)
            sync.note("-", f"credential {gone.slug} of {wanted.slug}", "withdrawn")
            sync.touch("practitioner", who)


def _change(sync: Sync, about: str, before: Credential, after: Credential) -> None:
    different = [each.name for each in fields(after) if getattr(before, each.name) != getattr(after, each.name)]
    if not different:
        return
    credentials.replace(sync.tx, sync.clinic_id, after)
    more = [hole for hole in after.suspensions if hole not in before.suspensions]
    for hole in more:
        credentials.suspend(sync.tx, sync.clinic_id, after.id, hole)
    values = {name: getattr(after, name) for name in different if name != "suspensions"}
    sync.note("~", about, *told(values), *map(_suspended, more))


def _suspended(hole: Suspension) -> str:
    return f"suspended from {hole.first}" + (f" to {hole.last}" if hole.last else "")


def _credential(one: CredentialFile, whose: PractitionerFile, before: Credential | None) -> Credential:
    """What will be on file: suspensions are added to, and verification stays where the file is silent."""
    holes = dict.fromkeys((*(before.suspensions if before else ()), *one.suspensions))
    same = {each.name: getattr(one, each.name) for each in fields(one) if each.name not in _OWN_WAY}
    return Credential(
        id=before.id if before else CredentialId(new_id()),
        profession=one.profession or (whose.profession if one.kind in _OF_PROFESSION else None),
        verification=_verification(one, before),
        suspensions=tuple(sorted(holes, key=lambda hole: hole.first)),
        **same,
    )


def _verification(one: CredentialFile, before: Credential | None) -> Verification:
    if one.verified:
        return Verification.VERIFIED
    was = before.verification if before else Verification.PENDING
    taken_back = was is Verification.VERIFIED and one.verified is False
    return Verification.PENDING if taken_back or was is Verification.WITHDRAWN else was


_OWN_WAY = {"profession", "verified", "suspensions"}
_OF_PROFESSION = {"licence", "compact_privilege"}
