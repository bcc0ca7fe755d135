"""Who could supervise whom at a site: the colleagues, and when they are there and when they are free."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from booking.domain.eligibility import Colleague
from booking.domain.ids import AppointmentId, DiaryId, SiteId
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.span import END, NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import local_date
from booking.store import claims
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.usecases.papers import Papers


def supervisors_at(about: Description, site: Site, people: Iterable[Practitioner]) -> list[Practitioner]:
    """Everybody at the site where its law may ask for a supervisor of any of these people; else nobody.

    Whoever books for these people locks all of them: whether one is there or free decides whether it is lawful.
    """
    supervised = about.supervised.get(site.jurisdiction, frozenset())
    if not supervised or not any(one.profession in supervised for one in people):
        return []
    return about.people_at(site.id)


def colleagues(
    tx: Transaction,
    about: Description,
    papers: Papers,
    site: Site,
    could: Sequence[Practitioner],
    window: TimeSpan,
    now: datetime,
    but: AppointmentId | None = None,
) -> tuple[Colleague, ...]:
    """These people as supervisors during the window; outside it they are not there. The visit `but` leaves them free.

    Who treats somebody at the site is there, and who is claimed at another site is on the way for as long as it takes.
    """
    if not could:
        return ()
    ids = [DiaryId(one.id) for one in could]
    papers.know([one.id for one in could])
    around = window.padded(about.longest_way, about.longest_way)
    claimed = claims.claimed(tx, about.clinic.id, ids, around, now, but=but)
    booked = claims.claimed(tx, about.clinic.id, ids, around, END, but=but)  # nobody goes elsewhere for a mere hold
    away = claims.busy(tx, about.clinic.id, ids, window)
    first, last = local_date(window.start, site.zone), local_date(window.end, site.zone)
    timetable, whole = about.timetables[site.id], SpanSet([window])
    found = []
    for one in could:
        diary = DiaryId(one.id)
        there = timetable.hours(one.id, first, last) & whole
        present = there - away.get(diary, NEVER) - _elsewhere(about, site.id, booked.get(diary, {}))
        free = present - SpanSet(span for spans in claimed.get(diary, {}).values() for span in spans)
        papers_of = tuple(held.credential for held in papers.of(one.id))
        found.append(Colleague(practitioner=one, credentials=papers_of, present=present, free=free))
    return tuple(found)


def _elsewhere(about: Description, here: SiteId, claimed: Mapping[SiteId, SpanSet]) -> SpanSet:
    ways = {site: about.travel_between(here, site) for site in claimed if site != here}
    return SpanSet(span.padded(way, way) for site, way in ways.items() for span in claimed[site])
