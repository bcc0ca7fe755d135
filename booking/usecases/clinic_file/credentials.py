"""What people and sites of the file hold, brought into line."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.ids import CredentialId, PractitionerId, SiteId
from booking.store import credentials
from booking.store.credentials import Held
from booking.store.ids import new_id
from booking.usecases.clinic_file.model import CredentialFile
from booking.usecases.clinic_file.syncing import Sync, told


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whose credentials they are: a practitioner's, or a site's, which has no profession."""

    slug: str
    profession: str | None = None
    practitioner_id: PractitionerId | None = None
    site_id: SiteId | None = None


def sync_credentials(
    sync: Sync, holder: Holder, wanted: Iterable[CredentialFile], current: Iterable[Credential]
) -> bool:
    """Whether anything was changed; what the file no longer names is withdrawn."""
    known, lines = {one.slug: one for one in current}, len(sync.lines)
    for one in wanted:
        before = known.pop(one.slug, None)
        after = _credential(one, holder, before)
        about = f"credential {one.slug} of {holder.slug}"
        if before is None:
            held = Held(practitioner_id=holder.practitioner_id, site_id=holder.site_id, credential=after)
            credentials.add(sync.tx, sync.clinic_id, held)
            sync.note("+", about)
        else:
            _change(sync, about, before, after)
    for gone in known.values():
        if gone.verification is not Verification.WITHDRAWN:
            credentials.set_verification(sync.tx, sync.clinic_id, gone, Verification.WITHDRAWN)
            sync.note("-", f"credential {gone.slug} of {holder.slug}", "withdrawn")
    return len(sync.lines) > lines


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


def _credential(one: CredentialFile, holder: Holder, before: Credential | None) -> Credential:
    """What will be on file: suspensions are added to, and verification stays where the file is silent."""
    holes = dict.fromkeys((*(before.suspensions if before else ()), *one.suspensions))
    same = {each.name: getattr(one, each.name) for each in fields(one) if each.name not in _OWN_WAY}
    return Credential(
        id=before.id if before else CredentialId(new_id()),
        version=before.version if before else 1,
        profession=one.profession or (holder.profession if one.kind in _OF_PROFESSION else None),
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
