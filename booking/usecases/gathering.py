"""The facts that decide a visit, read around one time: who is there and free, what the site has left."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.availability.facts import Candidate, Place, Taken
from booking.domain.ids import AppointmentId, DiaryId, PractitionerId, SiteId
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.site import Site
from booking.domain.time.span import NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import day_span, instant_after, local_date
from booking.domain.treatment import ANY_ROOM, NO_ROOM, Needs
from booking.store import appointments, claims
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.usecases.offering import Offer
from booking.usecases.supervising import colleagues, supervisors_at


@dataclass(frozen=True, kw_only=True)
class Around:
    """The time a visit would take at a site, and the visit `but` whose own time counts as free."""

    site: Site
    visit: TimeSpan
    claimed: TimeSpan
    now: datetime
    but: AppointmentId | None = None

    @property
    def day(self) -> TimeSpan:
        """The local day on which the visit starts."""
        day = local_date(self.visit.start, self.site.zone)
        return day_span(day, day, self.site.zone)

    @property
    def window(self) -> TimeSpan:
        """The day, and as far beyond it as the visit takes time."""
        return TimeSpan(min(self.day.start, self.claimed.start), max(self.day.end, self.claimed.end))


@dataclass(frozen=True, kw_only=True)
class Found:
    """A site and its people around a time."""

    place: Place
    candidates: tuple[Candidate, ...]


def rooms_for(about: Description, site_id: SiteId, needs: Needs) -> list[Room]:
    """The rooms at the site in which a visit with these needs can take place."""
    if needs.room == NO_ROOM:
        return []
    return [room for room in about.rooms_at(site_id) if needs.room == ANY_ROOM or needs.room in room.kinds]


def equipment_for(about: Description, site_id: SiteId, needs: Needs) -> list[Equipment]:
    """The devices at the site of the kinds that are needed."""
    return [one for one in about.equipment_at(site_id) if one.kind in needs.equipment]


def gather(tx: Transaction, offer: Offer, people: Sequence[Practitioner], around: Around) -> Found:
    """The facts about these people, and the rooms and devices that would do, on the day of the visit.

    Read under their locks when something is to be written.
    """
    about, needs, site = offer.about, offer.treatment.needs, around.site
    rooms, devices = rooms_for(about, site.id, needs), equipment_for(about, site.id, needs)
    ids = [*diaries_of(people), *diaries_of(rooms), *diaries_of(devices)]
    taken = _taken(tx, about, ids, around)
    first = local_date(around.day.start, site.zone)
    timetable = about.timetables[site.id]
    place = Place(
        site=site,
        day=around.day,
        opening=timetable.opening_time(first, first + timedelta(days=1)),
        closed=timetable.closed(first, first + timedelta(days=1)),
        closing=timetable.closing(first) if needs.ends_before_closing else None,
        rooms=[(room, taken[DiaryId(room.id)].all) for room in rooms],
        equipment=[(device, taken[DiaryId(device.id)].all) for device in devices],
        has_rooms=bool(about.rooms_at(site.id)),
    )
    return Found(place=place, candidates=tuple(_candidates(tx, offer, people, around, taken)))


def diaries_of(of: Iterable[Practitioner | Room | Equipment]) -> list[DiaryId]:
    """The diaries of these people or things."""
    return [DiaryId(one.id) for one in of]


def _taken(tx: Transaction, about: Description, ids: Collection[DiaryId], around: Around) -> Mapping[DiaryId, Taken]:
    """What is taken of each of these diaries on the day of the visit, and as far around it as ways are long."""
    window = around.window.padded(about.longest_way, about.longest_way)
    claimed = claims.claimed(tx, about.clinic.id, ids, window, around.now, but=around.but)
    away = claims.busy(tx, about.clinic.id, ids, window)
    return {
        one: Taken(
            claimed=SpanSet(span for spans in claimed.get(one, {}).values() for span in spans),
            ways=SpanSet(_ways(about, around.site.id, claimed.get(one, {}))),
            away=away.get(one, NEVER),
        )
        for one in ids
    }


def _ways(about: Description, here: SiteId, claimed: Mapping[SiteId, SpanSet]) -> Iterable[TimeSpan]:
    for site_id, spans in claimed.items():
        way = about.travel_between(here, site_id)
        if way:
            yield from (span.padded(way, way) for span in spans)


def _candidates(
    tx: Transaction,
    offer: Offer,
    people: Sequence[Practitioner],
    around: Around,
    taken: Mapping[DiaryId, Taken],
) -> Iterable[Candidate]:
    clinic_id, site = offer.about.clinic.id, around.site
    ids = [one.id for one in people]
    booked = appointments.booked_time(tx, clinic_id, ids, week_of(around.visit.start, site)) if len(ids) > 1 else {}
    limited = offer.treatment.daily_limit is not None or any(one.daily_limit is not None for one in people)
    counts = appointments.starting_on(tx, clinic_id, ids, around.day, around.now, around.but) if limited else {}
    first = local_date(around.day.start, site.zone)
    offer.papers.know(ids)
    could = supervisors_at(offer.about, site, people)
    others = colleagues(tx, offer.about, offer.papers, site, could, around.window, around.now, around.but)
    for one in people:
        visits = counts.get(one.id, Counter())
        yield Candidate(
            practitioner=one,
            eligibility=offer.eligibility(one, site, others),
            hours=offer.hours(one, site, first, first + timedelta(days=1)),
            taken=taken[DiaryId(one.id)],
            visits=sum(visits.values()),
            of_treatment=visits.get(offer.treatment.id, 0),
            booked=booked.get(PractitionerId(one.id), timedelta()),
        )


def week_of(instant: datetime, site: Site) -> TimeSpan:
    """The week, from Monday at the site, that the instant lies in."""
    day = local_date(instant, site.zone)
    monday = day - timedelta(days=day.weekday())
    return TimeSpan(instant_after(monday, 0, site.zone), instant_after(monday + timedelta(days=7), 0, site.zone))
