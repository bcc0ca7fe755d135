"""A credential's life, and what it means for the visits that rest on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from booking.domain.credential import Credential, Suspension, Verification, ensure_forward
from booking.domain.errors import NotFound
from booking.domain.ids import AppointmentId, CredentialId, DiaryId, PractitionerId, SiteId
from booking.domain.permission import Action, Caller, owns, permit
from booking.domain.time.zone import begun_everywhere
from booking.store import credentials, diaries, history
from booking.store.credentials import Held
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.cover import recheck, unlawful
from booking.usecases.idempotent import once


@dataclass(frozen=True, kw_only=True)
class VerifyCredential:
    """The clinic has made sure: `source` says where it looked, such as the address of the public register."""

    credential: CredentialId
    source: str
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class SuspendCredential:
    """Nothing may rest on it on the local days from `first` (today, wherever it is earliest, when None) to `last`."""

    credential: CredentialId
    reason: str
    first: date | None = None
    last: date | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class CredentialChanged:
    """The credential as it is now, and the visits without cover that it may bear on.

    They are its holder's, and all of the clinic's when a site holds it.
    """

    held: Held
    at_risk: tuple[AppointmentId, ...]


def verify(tx: Transaction, caller: Caller, command: VerifyCredential) -> CredentialChanged:
    """From now on it counts. Doing it twice changes nothing more."""

    def write(held: Held) -> None:
        verified = replace(held.credential, verification=Verification.VERIFIED)
        if verified != held.credential:
            credentials.replace(tx, caller.clinic_id, verified)

    return _change(tx, caller, command, "credential_verified", write, source=command.source)


def suspend(tx: Transaction, caller: Caller, command: SuspendCredential) -> CredentialChanged:
    """A hole in its validity; visits that fall into it get a finding in the same transaction, none is cancelled.

    Raises InvalidInput when `last` is before `first`.
    """

    def write(held: Held) -> None:
        first = command.first or begun_everywhere(tx.now())
        ensure_forward(first, command.last, "last", "A suspension")
        hole = Suspension(first=first, last=command.last, reason=command.reason)
        if hole not in held.credential.suspensions:
            credentials.suspend(tx, caller.clinic_id, held.credential.id, hole)

    return _change(tx, caller, command, "credential_suspended", write, reason=command.reason)


def of_practitioner(tx: Transaction, caller: Caller, practitioner_id: PractitionerId) -> list[Credential]:
    """What somebody holds. Raises NotPermitted unless it is the caller's own or the caller manages credentials."""
    permit(caller, Action.SEE_CREDENTIALS, own=owns(caller, practitioner_id))
    held = credentials.held(tx, caller.clinic_id, [practitioner_id]).get(practitioner_id, ())
    return [one.credential for one in held]


def of_site(tx: Transaction, caller: Caller, site_id: SiteId) -> list[Credential]:
    """What a site holds. Raises NotPermitted unless the caller manages credentials."""
    permit(caller, Action.MANAGE_CREDENTIALS)
    return list(credentials.of_sites(tx, caller.clinic_id).get(site_id, ()))


def _change(
    tx: Transaction,
    caller: Caller,
    command: VerifyCredential | SuspendCredential,
    action: str,
    write: Callable[[Held], None],
    **detail: str,
) -> CredentialChanged:
    permit(caller, Action.MANAGE_CREDENTIALS)

    def act() -> tuple[CredentialChanged, Mapping[str, Any]]:
        people = _holders(_held(tx, caller, command.credential))
        diaries.lock_clinic(tx, caller.clinic_id, exclusive=people is None)
        locked = diaries.lock(tx, caller.clinic_id, map(DiaryId, people or ()))
        write(_held(tx, caller, command.credential))
        now = tx.now()
        at_risk = recheck(tx, caller.clinic_id, now, people)
        history.add_audit(tx, caller, action, command.credential, now, **detail)
        if people is None:
            diaries.raise_offer(tx, caller.clinic_id)
        else:
            diaries.changed(tx, caller.clinic_id, locked, action, command.credential, now)
        changed = CredentialChanged(held=_held(tx, caller, command.credential), at_risk=tuple(at_risk))
        return changed, {}

    def again(_record: Mapping[str, Any]) -> CredentialChanged:
        held = _held(tx, caller, command.credential)
        at_risk = unlawful(tx, caller.clinic_id, tx.now(), _holders(held))
        return CredentialChanged(held=held, at_risk=tuple(at_risk))

    return once(tx, caller.clinic_id, command.request, act, again)


def _holders(held: Held) -> list[PractitionerId] | None:
    """Whose visits may rest on it; None for a site's, on which those of anybody may."""
    return None if held.practitioner_id is None else [held.practitioner_id]


def _held(tx: Transaction, caller: Caller, credential_id: CredentialId) -> Held:
    held = credentials.one(tx, caller.clinic_id, credential_id)
    if held is None:
        raise NotFound("credential")
    return held
