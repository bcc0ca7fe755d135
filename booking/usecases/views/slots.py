"""Free times: what can be booked, and what is nearest to what cannot."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from booking.domain.errors import InvalidInput
from booking.domain.ids import DiaryId, PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Action, Caller, permit
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.slot import Diaries, Slot, free_starts, on_grid
from booking.domain.time.span import END, SpanSet, TimeSpan
from booking.domain.time.zone import day_span, local_date
from booking.store import appointments
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.offering import Offer
from booking.usecases.placing import Wanted

LONGEST_SEARCH_DAYS = 62
ALTERNATIVES = 3
_PADDING = timedelta(days=1)
_TINY = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class SlotQuery:
    """Free times on the local days from `first` to `last` of each site, both included, at most 62 days.

    `hold_key` is the hash of the asker's own secret: what they hold themselves counts as free.
    """

    treatment_type: TreatmentTypeId
    first: date
    last: date
    site: SiteId | None = None
    practitioner: PractitionerId | None = None
    regions: frozenset[str] | None = None
    hold_key: str | None = None


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


def list_slots(tx: Transaction, caller: Caller, query: SlotQuery) -> SlotList:
    """Every slot that this caller could book now. Raises InvalidInput for days that run backwards or are too many."""
    permit(caller, Action.SEARCH)
    days = (query.last - query.first).days + 1
    if not 1 <= days <= LONGEST_SEARCH_DAYS:
        raise InvalidInput("to", f"Ask for 1 to {LONGEST_SEARCH_DAYS} days, the first one first.")
    offer = offering.load(tx, caller, query.treatment_type, query.regions, query.practitioner)
    now = tx.now()
    sites = [offer.site(query.site)] if query.site else [one for one in offer.about.sites.values() if one.active]
    found = [slot for site in sites for slot in _at(tx, caller, offer, site, query, now)]
    return SlotList(slots=tuple(sorted(found)), offer=offer)


def alternatives(tx: Transaction, caller: Caller, wanted: Wanted, *, days: int = 7) -> SlotList:
    """The slots nearest in time to what was wanted, at the same site, with anybody; at most three."""
    site = offering.load(tx, caller, wanted.treatment_type, wanted.regions).site(wanted.site)
    day = max(local_date(wanted.start, site.zone), local_date(tx.now(), site.zone))
    query = SlotQuery(
        treatment_type=wanted.treatment_type,
        first=day,
        last=day + timedelta(days=days),
        site=wanted.site,
        regions=wanted.regions,
    )
    listed = list_slots(tx, caller, query)
    nearest = sorted(listed.slots, key=lambda slot: (abs(slot.span.start - wanted.start), slot))
    return replace(listed, slots=tuple(sorted(nearest[:ALTERNATIVES])))


def _at(tx: Transaction, caller: Caller, offer: Offer, site: Site, query: SlotQuery, now: datetime) -> Iterator[Slot]:
    asked = day_span(query.first, query.last, site.zone)
    bookable = asked_and_allowed(caller, offer, asked, now)
    people = [offer.practitioner(query.practitioner)] if query.practitioner else offer.about.people_at(site.id)
    if not bookable:
        return
    rooms = [DiaryId(room.id) for room in offer.about.rooms_at(site.id)]
    own = None if query.hold_key is None else appointments.hold_of(tx, caller.clinic_id, query.hold_key)
    window, but = asked.padded(_PADDING, _PADDING), None if own is None else own.id
    everybody = [*(DiaryId(one.id) for one in people), *rooms]
    taken = offering.taken(tx, caller.clinic_id, everybody, window, now, but)
    for one in people:
        diaries = Diaries(
            there=offer.there(one, site, asked),
            lawful=offer.eligibility(one, site).spans,
            taken=taken[DiaryId(one.id)],
        )
        starts = free_starts(diaries, [taken[room] for room in rooms], offer.treatment) & bookable
        for start in on_grid(starts, site.zone, offer.about.clinic.policy.grid_minutes):
            yield Slot(span=TimeSpan(start, start + offer.treatment.length), site_id=site.id, practitioner_id=one.id)


def asked_and_allowed(caller: Caller, offer: Offer, asked: TimeSpan, now: datetime) -> SpanSet:
    """The starts that were asked for and that policy allows: notice and horizon; for staff only the past is out."""
    policy = offer.about.clinic.policy
    earliest = now if caller.is_staff else now + policy.notice
    latest = END if caller.is_staff else now + policy.horizon + _TINY
    return SpanSet([asked]) & SpanSet([TimeSpan(earliest, latest)])
