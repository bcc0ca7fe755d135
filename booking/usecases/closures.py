"""Closures of a site, or of the whole clinic: entered and removed at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from booking.domain.absence import ensure_room_for_more, ensure_some, sound
from booking.domain.errors import NotFound
from booking.domain.ids import AppointmentId, ClinicId, SiteId
from booking.domain.permission import Action, Caller, permit
from booking.domain.site import Site
from booking.domain.time.local import LocalSpan
from booking.store import appointments, clinics, closures, diaries, history
from booking.store.absences import DESK
from booking.store.closures import RecordedClosure
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.cover import recheck_opening
from booking.usecases.idempotent import once


@dataclass(frozen=True, kw_only=True)
class CloseSite:
    """Nobody treats at the site, or anywhere when `site` is None, by each site's own clock."""

    site: SiteId | None
    days: LocalSpan
    reason: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class ReopenSite:
    """Take a closure back; one that the clinic's file names comes again when that is applied again."""

    closure: UUID
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class SiteClosed:
    """The closure, and the booked visits that fall into it, in the order of time: none has been changed."""

    closure: RecordedClosure
    visits: tuple[AppointmentId, ...]


def close_site(tx: Transaction, caller: Caller, command: CloseSite) -> SiteClosed:
    """No new visit is given meanwhile; visits that are booked get a finding. The same closure again adds nothing.

    Raises NotFound for a site that is unknown or no longer in use, InvalidInput for days that cannot be meant.
    """
    permit(caller, Action.CLOSE_SITES)
    days = sound(command.days)

    def act() -> tuple[SiteClosed, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id, exclusive=True)
        sites = _sites(tx, caller.clinic_id, command.site)
        on_record = closures.listed(tx, caller.clinic_id)
        closure = next((one for one in on_record if _says(one) == (command.site, days, command.reason)), None)
        if closure is None:
            ensure_some(days.over([one.zone for one in sites.values()]))
            ensure_room_for_more(len(on_record))
            closure = closures.new(command.site, days, command.reason)
            closures.add(tx, caller.clinic_id, closure)
            _note(tx, caller, closure, "site_closed")
        return _closed(tx, caller.clinic_id, closure), {"closure": str(closure.id)}

    def again(record: Mapping[str, Any]) -> SiteClosed:
        return _closed(tx, caller.clinic_id, closures.get(tx, caller.clinic_id, UUID(record["closure"])))

    return once(tx, caller.clinic_id, command.request, act, again)


def reopen_site(tx: Transaction, caller: Caller, command: ReopenSite) -> None:
    """Findings that the closure caused are closed. Raises NotFound for one that is not on record."""
    permit(caller, Action.CLOSE_SITES)

    def act() -> tuple[None, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id, exclusive=True)
        closure = closures.get(tx, caller.clinic_id, command.closure)
        closures.remove(tx, caller.clinic_id, closure.id)
        _note(tx, caller, closure, "site_reopened")
        return None, {}

    once(tx, caller.clinic_id, command.request, act, lambda _record: None)


def _says(closure: RecordedClosure) -> tuple[SiteId | None, LocalSpan, str] | None:
    return (closure.site_id, closure.days, closure.reason) if closure.origin == DESK else None


def _note(tx: Transaction, caller: Caller, closure: RecordedClosure, deed: str) -> None:
    """Everything that follows a change; the revision last, since what it stands for is remembered."""
    now, days = tx.now(), closure.days
    recheck_opening(tx, caller.clinic_id, now, closure.site_id)
    said = {"first": days.first.isoformat(), "last": days.last.isoformat()}
    minutes = {"start_minute": days.start_minute, "end_minute": days.end_minute}
    where = {"site": None if closure.site_id is None else str(closure.site_id), "origin": closure.origin}
    history.add_audit(tx, caller, deed, closure.id, now, **where, **said, **minutes)
    diaries.raise_offer(tx, caller.clinic_id)


def _closed(tx: Transaction, clinic_id: ClinicId, closure: RecordedClosure) -> SiteClosed:
    sites = _sites(tx, clinic_id, closure.site_id, active=False)
    times = {one.id: closure.days.span(one.zone) for one in sites.values()}
    visits = appointments.booked_after(tx, clinic_id, tx.now(), sites=times)
    meeting = [one.id for one in visits if any(span.overlaps(one.span) for span in times[one.site_id])]
    return SiteClosed(closure=closure, visits=tuple(meeting))


def _sites(tx: Transaction, clinic_id: ClinicId, site_id: SiteId | None, *, active: bool = True) -> dict[SiteId, Site]:
    """The one site, or those in use, or all. Raises NotFound."""
    known = {key: one for key, one in clinics.sites(tx, clinic_id).items() if one.active or not active}
    if site_id is None:
        return known
    if site_id not in known:
        raise NotFound("site")
    return {site_id: known[site_id]}
