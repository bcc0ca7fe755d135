"""Who and what is away, and which sites are closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from booking.domain.appointment import Appointment
from booking.domain.errors import NotFound, NotPermitted
from booking.domain.ids import DiaryId, SiteId
from booking.domain.permission import Action, Caller, Reach, owns, permit, reach_of
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.site import Site
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, day_span
from booking.store import absences, clinics, closures
from booking.store.absences import Absence
from booking.store.clinics import Description
from booking.store.closures import RecordedClosure
from booking.store.database import Transaction

Whose = Practitioner | Room | Equipment


@dataclass(frozen=True, kw_only=True)
class AbsenceQuery:
    """What touches the local days from `first` to `last`.

    With `whose`, absences of this one practitioner, room or device alone; with `site`, of its rooms and devices and of
    everybody who has hours there, and its closures.
    """

    first: date
    last: date
    whose: DiaryId | None = None
    site: SiteId | None = None


@dataclass(frozen=True, kw_only=True)
class AbsenceView:
    """An absence with whom or what it keeps away; `site` is where a room or a device is."""

    absence: Absence
    whose: Whose
    site: Site | None

    def meets(self, visit: Appointment) -> bool:
        """Whether the visit takes, buffers included, time that is not to be had."""
        return self.absence.diary_id in visit.diaries and self.absence.span.overlaps(visit.claimed)


@dataclass(frozen=True, kw_only=True)
class ClosureView:
    """A closure; `site` is None for that of the whole clinic."""

    closure: RecordedClosure
    site: Site | None

    def meets(self, visit: Appointment) -> bool:
        """Whether the visit, buffers not included, is at the site while it is closed."""
        there = self.site is None or self.site.id == visit.site_id
        return there and any(span.overlaps(visit.span) for span in self.closure.days.span(visit.zone))


@dataclass(frozen=True, kw_only=True)
class AbsenceList:
    """In the order of time."""

    absences: tuple[AbsenceView, ...]
    closures: tuple[ClosureView, ...]


@dataclass(frozen=True, kw_only=True)
class AbsenceChoices:
    """For whom and for what somebody may enter absences: `things` are rooms and devices, by their sites."""

    people: tuple[Practitioner, ...]
    things: tuple[tuple[Site, tuple[Room | Equipment, ...]], ...]
    sites: tuple[Site, ...]


def absence_choices(tx: Transaction, caller: Caller) -> AbsenceChoices:
    """Of what is in use; a practitioner has themselves alone to choose."""
    permit(caller, Action.MANAGE_ABSENCES, own=True)
    about = clinics.described(tx, caller.clinic_id)
    people = tuple(one for one in about.practitioners.values() if one.active)
    if reach_of(caller, Action.MANAGE_ABSENCES) is not Reach.ALL:
        own = tuple(one for one in people if owns(caller, one.id))
        return AbsenceChoices(people=own, things=(), sites=())
    sites = tuple(one for one in about.sites.values() if one.active)
    things = ((one, tuple(about.rooms_at(one.id)) + tuple(about.equipment_at(one.id))) for one in sites)
    return AbsenceChoices(people=people, things=tuple(each for each in things if each[1]), sites=sites)


def list_absences(tx: Transaction, caller: Caller, query: AbsenceQuery) -> AbsenceList:
    """A practitioner sees their own leave, and the closures of all sites.

    Raises NotFound for somebody, something or a site that is unknown, and NotPermitted to a practitioner who asks for
    anybody else.
    """
    permit(caller, Action.LIST_ABSENCES, own=True)
    about = clinics.described(tx, caller.clinic_id)
    known = _known(about)
    whose = _whose(caller, about, known, query)
    found = absences.listed(tx, caller.clinic_id, whose, _around(query))
    shut = closures.listed(tx, caller.clinic_id, query.first, query.last) if query.whose is None else []
    return AbsenceList(
        absences=tuple(_view(about, known, one) for one in found if _touches(query, one.days)),
        closures=tuple(
            ClosureView(closure=one, site=about.sites[one.site_id] if one.site_id else None)
            for one in shut
            if query.site is None or one.site_id in {None, query.site}
        ),
    )


def _around(query: AbsenceQuery) -> TimeSpan:
    """The days of the query by whichever clock: no clock is further from UTC than this."""
    return day_span(query.first, query.last, ZoneName("UTC")).padded(_FURTHEST, _FURTHEST)


_FURTHEST = timedelta(hours=14)


def _touches(query: AbsenceQuery, days: LocalSpan) -> bool:
    return days.first <= query.last and days.last >= query.first


def _known(about: Description) -> dict[DiaryId, Whose]:
    people = {DiaryId(key): one for key, one in about.practitioners.items()}
    rooms = {DiaryId(key): one for key, one in about.rooms.items()}
    return {**people, **rooms, **{DiaryId(key): one for key, one in about.equipment.items()}}


def _whose(caller: Caller, about: Description, known: Mapping[DiaryId, Whose], query: AbsenceQuery) -> set[DiaryId]:
    """Of whom the absences are listed."""
    whose = _wanted(about, known, query)
    if reach_of(caller, Action.LIST_ABSENCES) is Reach.ALL:
        return whose
    own = set() if caller.practitioner_id is None else {DiaryId(caller.practitioner_id)}
    if query.whose is not None and query.whose not in own:
        raise NotPermitted(Action.LIST_ABSENCES)
    return own & whose


def _wanted(about: Description, known: Mapping[DiaryId, Whose], query: AbsenceQuery) -> set[DiaryId]:
    if query.whose is not None:
        if query.whose not in known:
            raise NotFound("practitioner, room or device")
        return {query.whose}
    if query.site is None:
        return set(known)
    if query.site not in about.sites:
        raise NotFound("site")
    things = {key for key, one in known.items() if not isinstance(one, Practitioner) and one.site_id == query.site}
    return things | {DiaryId(one.id) for one in about.people_at(query.site)}


def _view(about: Description, known: Mapping[DiaryId, Whose], absence: Absence) -> AbsenceView:
    whose = known[absence.diary_id]
    site = None if isinstance(whose, Practitioner) else about.sites[whose.site_id]
    return AbsenceView(absence=absence, whose=whose, site=site)
