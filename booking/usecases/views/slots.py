"""Free times: what can be booked, and what is nearest to what cannot."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from booking.domain.appointment import Appointment
from booking.domain.availability.frame import frame_of
from booking.domain.availability.obstacles import is_too_late_for_today
from booking.domain.errors import InvalidInput, NotFound
from booking.domain.ids import AppointmentId, PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Action, Caller, permit
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.slot import Slot
from booking.domain.time.span import TimeSpan
from booking.domain.time.ticks import instant_of, tick_at, tick_from
from booking.domain.time.zone import day_span, local_date
from booking.store import appointments, clinics
from booking.store.database import Transaction
from booking.store.memory import Memory
from booking.store.revisions import Revisions, revisions
from booking.usecases import offering
from booking.usecases.offering import Offer
from booking.usecases.placing import Wanted
from booking.usecases.searching import PersonStarts, Search
from booking.usecases.views.appointments import ensure_may_see

LONGEST_SEARCH_DAYS = 62
ALTERNATIVES = 3
_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)
_OVERHEAD = 1536
"""About what a remembered answer takes besides its text and its revisions, in bytes."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is looked for, whenever it may be; with anybody and anywhere where that is not said.

    `hold_key` is the hash of the asker's own secret: what they hold themselves counts as free. `moves` is a visit that
    is to be moved: its own time counts as free, and what is looked for is what was agreed for it.
    """

    treatment_type: TreatmentTypeId
    site: SiteId | None = None
    practitioner: PractitionerId | None = None
    regions: frozenset[str] | None = None
    hold_key: str | None = None
    moves: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True)
class SlotQuery(Sought):
    """Free times on the local days from `first` to `last` of each site, both included, at most 62 days."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class SlotList:
    """Slots in the order of time, and the offer they belong to."""

    slots: tuple[Slot, ...]
    offer: Offer

    @property
    def sites(self) -> dict[SiteId, Site]:
        return self.offer.about.sites

    @property
    def practitioners(self) -> dict[PractitionerId, Practitioner]:
        return self.offer.about.practitioners


@dataclass(frozen=True, kw_only=True)
class FreeTimes:
    """The same by person and site, as masks of ticks; `until` is when the first hold that hides some of them ends."""

    people: tuple[PersonStarts, ...]
    offer: Offer
    until: datetime | None = None

    @property
    def listed(self) -> SlotList:
        return SlotList(slots=tuple(sorted(slot for one in self.people for slot in self._slots(one))), offer=self.offer)

    def _slots(self, one: PersonStarts) -> Iterator[Slot]:
        for tick in one.frame.window.ticks(one.mask):
            start = instant_of(tick)
            span = TimeSpan(start, start + self.offer.treatment.length)
            yield Slot(span=span, site_id=one.site.id, practitioner_id=one.practitioner_id)


@dataclass(frozen=True, kw_only=True)
class Written:
    """An answer as it was written, and a name for exactly these bytes."""

    body: bytes
    etag: str


def list_slots(tx: Transaction, caller: Caller, query: SlotQuery) -> SlotList:
    """Every slot that is offered to this caller now; staff may book more: on any five minutes, and earlier today.

    Raises InvalidInput for days that run backwards or are too many.
    """
    return find_times(tx, caller, query).listed


def find_times(tx: Transaction, caller: Caller, query: SlotQuery) -> FreeTimes:
    """The same as masks, for whoever counts or looks for the first."""
    ensure_days(query.first, query.last)
    return Asked(tx, caller, query).find(query.first, query.last)


def write_slots(
    tx: Transaction, caller: Caller, query: SlotQuery, write: Callable[[FreeTimes, Memory], Written]
) -> Written:
    """The same as `write` puts it, remembered for as long as it stays true."""
    ensure_days(query.first, query.last)
    asked = Asked(tx, caller, query)
    if asked.own is not None or not tx.is_snapshot:
        return write(asked.find(query.first, query.last), tx.memory)
    key = ("slots", write, caller.is_staff, replace(query, hold_key=None))
    version = (asked.revisions.offer, asked.revisions.vector, asked.bounds)
    kept: Written | None = tx.memory.recall(key, version, asked.now)
    if kept is not None:
        return kept
    found = asked.find(query.first, query.last)
    written = write(found, tx.memory)
    cost = _OVERHEAD + len(written.body) + len(asked.revisions.vector)
    tx.memory.keep(key, version, written, since=asked.now, until=found.until, cost=cost)
    return written


def named(body: bytes, name: bytes | None = None) -> Written:
    """An answer under the name of its body, or of something shorter that no other body has."""
    return Written(body=body, etag=sha256(body if name is None else name).hexdigest()[:32])


def alternatives(
    tx: Transaction, caller: Caller, wanted: Wanted, *, days: int = 7, moves: Appointment | None = None
) -> SlotList:
    """The three times nearest to what was wanted, at the same site, if it can be with the same practitioner.

    `moves` is the visit that is wanted at another time than its own.
    """
    site = clinics.described(tx, caller.clinic_id).sites.get(wanted.site)
    if site is None:
        raise NotFound("site")
    day = max(local_date(wanted.start, site.zone), local_date(tx.now(), site.zone))
    query = SlotQuery(
        treatment_type=wanted.treatment_type,
        first=day,
        last=day + timedelta(days=days),
        site=wanted.site,
        regions=wanted.regions,
        moves=None if moves is None else moves.id,
    )
    listed = list_slots(tx, caller, query)
    by_start: dict[datetime, Slot] = {}
    others = [slot for slot in listed.slots if moves is None or slot.span != moves.span]
    for slot in others:
        if slot.span.start not in by_start or slot.practitioner_id == wanted.practitioner:
            by_start[slot.span.start] = slot
    nearest = sorted(by_start.values(), key=lambda slot: (abs(slot.span.start - wanted.start), slot))
    return replace(listed, slots=tuple(sorted(nearest[:ALTERNATIVES])))


class Asked:
    """What is sought, with all that decides the answer besides what is free; the days are said when it is searched."""

    def __init__(self, tx: Transaction, caller: Caller, query: Sought) -> None:
        permit(caller, Action.SEARCH)
        self.tx, self.caller, self.query = tx, caller, query
        self.revisions: Revisions = revisions(tx, caller.clinic_id)
        about = clinics.described_at(tx, caller.clinic_id, self.revisions.offer)
        moved = None if query.moves is None else self._to_be_moved(query.moves)
        if moved is None:
            self.offer = offering.offered(tx, caller, about, query.treatment_type, query.regions)
        else:
            self.offer = offering.agreed(tx, caller, moved)
        self.now = tx.now()
        everywhere = [one for one in about.sites.values() if one.active]
        self.sites = everywhere if query.site is None else [self.offer.site(query.site)]
        self.bounds = tuple(self._bounds(site) for site in self.sites)
        self.own = moved or self._own_hold()

    def find(self, first: date, last: date, but: Collection[tuple[SiteId, PractitionerId]] = ()) -> FreeTimes:
        """Free times on these days, without those of people at sites in `but`."""
        people: list[PersonStarts] = []
        until: list[datetime] = []
        for site, (low, high) in zip(self.sites, self.bounds, strict=True):
            wanted = [one for one in self.people(site) if (site.id, one.id) not in but]
            if not wanted:
                continue
            search = self._search(site, first, last)
            for one in search.starts(wanted):
                window = one.frame.window  # no mask may be longer: for staff the last tick lies in another century
                early, late = (min(max(tick - window.first, 0), window.size) for tick in (low, high))
                mask = one.mask & ((1 << late) - 1) >> early << early
                if mask:
                    people.append(replace(one, mask=mask))
            until += [] if search.until is None else [search.until]
        return FreeTimes(people=tuple(people), offer=self.offer, until=min(until, default=None))

    def _search(self, site: Site, first: date, last: date) -> Search:
        return Search(
            tx=self.tx,
            offer=self.offer,
            revisions=self.revisions,
            site=site,
            frame=frame_of(first, last, site.zone, self.offer.about.clinic.policy.grid_minutes),
            now=self.now,
            staff=self.caller.is_staff,
            own=self.own,
        )

    def people(self, site: Site) -> list[Practitioner]:
        """Who may be asked there."""
        if self.query.practitioner is None:
            return self.offer.about.people_at(site.id)
        return [self.offer.practitioner(self.query.practitioner)]

    def _bounds(self, site: Site) -> tuple[int, int]:
        """The first tick at which a visit may start for this caller now, and the tick after the last one."""
        policy, today = self.offer.about.clinic.policy, local_date(self.now, site.zone)
        if self.caller.is_staff:
            return tick_from(self.now), tick_at(day_span(_LATEST, _LATEST, site.zone).end)
        low = tick_from(self.now + policy.notice)
        if is_too_late_for_today(policy, site, self.now):
            low = max(low, tick_from(day_span(today, today, site.zone).end))
        return low, tick_at(self.now + policy.horizon) + 1

    def _to_be_moved(self, visit_id: AppointmentId) -> Appointment:
        visit = appointments.get(self.tx, self.caller.clinic_id, visit_id)
        ensure_may_see(self.caller, Action.MOVE, visit)
        return visit

    def _own_hold(self) -> Appointment | None:
        if self.query.hold_key is None:
            return None
        return appointments.hold_of(self.tx, self.caller.clinic_id, self.query.hold_key)


def ensure_days(first: date, last: date) -> None:
    """Raises InvalidInput for days that run backwards, are too many, or lie in no calendar of ours."""
    if not 1 <= (last - first).days + 1 <= LONGEST_SEARCH_DAYS:
        raise InvalidInput("to", f"Ask for 1 to {LONGEST_SEARCH_DAYS} days, the first one first.")
    if not (first >= _EARLIEST and last < _LATEST):
        raise InvalidInput("from", f"Ask for days from {_EARLIEST} to {_LATEST}.")
