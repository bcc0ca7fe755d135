"""Searching free times of a site by ticks, from a memory keyed by revisions.

Everything is read in one snapshot, the revisions first. What a diary has taken is remembered under the diary's
revision, and only until the first of the holds it saw expires; what depends on the description, under the revision of
that. The time of asking and the asker's own hold are applied afterwards and never remembered.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from booking.domain.appointment import Appointment
from booking.domain.availability.frame import Frame, before_closing, hours_mask, open_mask
from booking.domain.availability.search import Lengths, any_of, lawful_starts, starts_of, tidy, without_days
from booking.domain.eligibility import Colleague
from booking.domain.ids import DiaryId, PractitionerId
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.schedule import Hours
from booking.domain.site import Site
from booking.domain.time.ticks import pair_of, ticks_of
from booking.domain.treatment import ANY_ROOM, NO_ROOM
from booking.store import appointments, occupancy
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.store.occupancy import Occupied
from booking.store.revisions import Revisions
from booking.usecases.gathering import diaries_of, equipment_for, rooms_for
from booking.usecases.offering import Offer
from booking.usecases.supervising import colleagues, supervisors_at

_OVERHEAD = 512
"""About what a remembered mask takes besides its bits, in bytes."""


@dataclass(frozen=True, kw_only=True)
class PersonStarts:
    """The starts of one practitioner at one site, as a mask of the frame's window, whenever it is asked."""

    site: Site
    practitioner_id: PractitionerId
    frame: Frame
    mask: int


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """The ticks taken of a diary, and when that stops being so without a change of revision."""

    mask: int
    until: datetime | None


@dataclass(kw_only=True)
class Search:
    """One search at one site, in one snapshot; `own` is the asker's hold, whose time counts as free.

    Staff are not bound by daily limits, nor by gaps.
    """

    tx: Transaction
    offer: Offer
    revisions: Revisions
    site: Site
    frame: Frame
    now: datetime
    staff: bool
    own: Appointment | None = None
    _seen: dict[DiaryId, _Taken] = field(default_factory=dict, init=False)

    def starts(self, people: Sequence[Practitioner]) -> list[PersonStarts]:
        """Where visits can start, for each of these people who can have any."""
        self._look([*diaries_of(people), *diaries_of(self._rooms), *diaries_of(self._devices)])
        allowed = self._things() & self._before_closing()
        if not allowed:
            return []
        lawful, full = self._lawful(people), self._full_days(people)
        found = ((one, self._starts(one, lawful[one.id], allowed, full.get(one.id, ()))) for one in people)
        return [
            PersonStarts(site=self.site, practitioner_id=one.id, frame=self.frame, mask=mask)
            for one, mask in found
            if mask
        ]

    @property
    def until(self) -> datetime | None:
        """When the first of the holds that were seen as taken ends."""
        return min((one.until for one in self._seen.values() if one.until is not None), default=None)

    def _starts(self, one: Practitioner, lawful: int, allowed: int, full: Sequence[int]) -> int:
        there, taken, lengths = self._there(one.id), self._seen[DiaryId(one.id)].mask, self._lengths
        starts = starts_of(there=there, lawful=lawful, taken=taken, allowed=allowed, frame=self.frame, lengths=lengths)
        if self.staff or not starts:
            return starts
        tidied = tidy(starts, there & ~taken, self.frame, self._lengths, self.about.clinic.policy)
        return without_days(tidied, self.frame, full)

    @property
    def about(self) -> Description:
        return self.offer.about

    @cached_property
    def _lengths(self) -> Lengths:
        return Lengths.of(self.offer.treatment)

    @cached_property
    def _rooms(self) -> list[Room]:
        return rooms_for(self.about, self.site.id, self.offer.treatment.needs)

    @cached_property
    def _devices(self) -> list[Equipment]:
        return equipment_for(self.about, self.site.id, self.offer.treatment.needs)

    def _things(self) -> int:
        """The starts at which a room and a device of each kind are free, as far as the treatment needs them."""
        needs, found = self.offer.treatment.needs, self.frame.window.all
        if needs.room != NO_ROOM and (needs.room != ANY_ROOM or self._rooms):
            found &= self._one_of(self._rooms)
        for kind in needs.equipment:
            found &= self._one_of([one for one in self._devices if one.kind == kind])
        return found

    def _one_of(self, things: Iterable[Room | Equipment]) -> int:
        return any_of((self._seen[DiaryId(one.id)].mask for one in things), self.frame, self._lengths)

    def _before_closing(self) -> int:
        minutes, length = self.offer.treatment.needs.ends_before_closing, self._lengths.visit
        if not minutes:
            return self.frame.window.all

        def make() -> int:
            opening = self._open
            if not self.about.timetables[self.site.id].opening:
                opening = 0
                for who in self.about.timetables[self.site.id].people:
                    opening |= self._there(who)
            return before_closing(opening, self.frame, minutes, length)

        return self._remembered(("closing", minutes, length), self.revisions.offer, make)

    @cached_property
    def _open(self) -> int:
        timetable = self.about.timetables[self.site.id]
        return self._remembered(("open",), self.revisions.offer, lambda: open_mask(timetable, self.frame))

    def _there(self, who: PractitionerId) -> int:
        """When the practitioner is there and the site is open."""
        hours = self.about.timetables[self.site.id].people.get(who, Hours())

        def make() -> int:
            return hours_mask(hours, self.frame) & self._open

        return self._remembered(("there", who), self.revisions.offer, make)

    def _lawful(self, people: Sequence[Practitioner]) -> Mapping[PractitionerId, int]:
        """The starts at which the law lets each give the treatment here; what those hold who changed is read at once.

        It is not remembered of whoever may need a supervisor: then it depends on other people's time.
        """
        could = supervisors_at(self.about, self.site, people)
        about = (self.offer.needling, self.offer.born, self._lengths.visit)
        kept = {one.id: None if could else self._recall(DiaryId(one.id), "lawful", *about) for one in people}
        known: dict[PractitionerId, int] = {who: mask for who, mask in kept.items() if mask is not None}
        changed = [one for one in people if one.id not in known]
        self.offer.papers.know([one.id for one in changed])
        others = self._colleagues(could)
        for one in changed:
            alternatives = self.offer.eligibility(one, self.site, others).alternatives
            known[one.id] = mask = lawful_starts(alternatives, self.frame, self._lengths)
            if not could:
                self._keep(DiaryId(one.id), mask, "lawful", *about, cost=_cost(mask))
        return known

    def _colleagues(self, could: Sequence[Practitioner]) -> tuple[Colleague, ...]:
        self._look(diaries_of(could))  # their holds expire, too
        own = None if self.own is None else self.own.id
        window = self.frame.window.span
        return colleagues(self.tx, self.about, self.offer.papers, self.site, could, window, self.now, own)

    def _full_days(self, people: Sequence[Practitioner]) -> Mapping[PractitionerId, Sequence[int]]:
        """The places of the days on which somebody has as many visits as patients may book."""
        treatment = self.offer.treatment
        if self.staff:
            return {}
        limited = [one for one in people if treatment.daily_limit is not None or one.daily_limit is not None]
        if not limited:
            return {}
        but = None if self.own is None else self.own.id
        span = self.frame.window.span
        times = appointments.start_ticks(
            self.tx, self.about.clinic.id, [one.id for one in limited], treatment.id, span, self.now, but
        )
        return {one.id: _full(one, self.offer, self.frame, times.get(one.id, ())) for one in limited}

    def _look(self, diaries: Collection[DiaryId]) -> None:
        """Know what these diaries have taken: those that changed are read, all in two statements."""
        mine = self.own.diaries & set(diaries) if self.own is not None else frozenset()
        for one in diaries:
            kept: _Taken | None = None if one in mine else self._recall(one, "taken")
            if kept is not None:
                self._seen[one] = kept
        unknown = [one for one in diaries if one not in self._seen and one not in mine]
        for diary, occupied in self._occupied(unknown).items():
            self._seen[diary] = taken = self._taken(occupied)
            self._keep(diary, taken, "taken", since=self.now, until=taken.until, cost=_cost(taken.mask))
        if self.own is not None:
            self._seen |= {diary: self._taken(found) for diary, found in self._occupied(mine, self.own).items()}

    def _occupied(self, diaries: Collection[DiaryId], but: Appointment | None = None) -> dict[DiaryId, Occupied]:
        way = self.about.longest_way
        window = self.frame.window.span.padded(way, way)
        hidden = None if but is None else but.id
        return occupancy.occupied(
            self.tx, self.about.clinic.id, diaries, window, self.now, by_site=bool(way), but=hidden
        )

    def _taken(self, found: Occupied) -> _Taken:
        """Claims here as they are, those elsewhere with the way there and back, and absences."""
        mask = self.frame.window.mask(found.away)
        for site_id, packed in found.claimed.items():
            way = 0 if site_id is None else ticks_of(self.about.travel_between(self.site.id, site_id))
            window = self.frame.window
            mask |= window.mask(pair_of(one, way) for one in packed) if way else window.unpacked(packed)
        return _Taken(mask=mask, until=found.until)

    def _recall(self, diary: DiaryId, *what: Hashable) -> Any:
        """What is remembered of a diary at its present revision, while it holds."""
        if not self.tx.is_snapshot:
            return None
        return self.tx.memory.recall(self._key(diary, *what), self._version(diary), self.now)

    def _keep(
        self,
        diary: DiaryId,
        value: object,
        *what: Hashable,
        cost: int,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        if self.tx.is_snapshot:
            key, version = self._key(diary, *what), self._version(diary)
            self.tx.memory.keep(key, version, value, since=since, until=until, cost=cost)

    def _remembered(self, key: Sequence[Hashable], version: Hashable, make: Callable[[], int]) -> int:
        """A mask under its key at this version."""
        if not self.tx.is_snapshot:
            return make()
        return self.tx.memory.get(self._key(*key), make, version=version, cost=_cost(self.frame.window.all))

    def _key(self, *parts: Hashable) -> Hashable:
        return (*parts, self.site.id, self.frame)

    def _version(self, diary: DiaryId) -> Hashable:
        return (self.revisions.offer, self.revisions.by_diary.get(diary))


def _full(one: Practitioner, offer: Offer, frame: Frame, times: Sequence[tuple[int, bool]]) -> list[int]:
    """The places of the full days, by the starts of visits and whether each is of the treatment."""
    full = []
    for place, day in enumerate(frame.asked):
        first, last = frame.window.first + day.start, frame.window.first + day.end
        today = [same for tick, same in times if first <= tick < last]
        counts = ((one.daily_limit, len(today)), (offer.treatment.daily_limit, sum(today)))
        if any(limit is not None and count >= limit for limit, count in counts):
            full.append(place)
    return full


def _cost(mask: int) -> int:
    return _OVERHEAD + mask.bit_length() // 8
