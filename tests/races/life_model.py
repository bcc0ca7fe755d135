"""Replay what was acknowledged, diary by diary.

The revisions of a diary are its serial order and `diary_change` keeps them; the versions of a visit are its. So each
diary is replayed alone against a plain model: whatever overlapped, was unlawful, was lost or was done twice at the
moment it was acknowledged is found, and no clock has to be trusted for it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.ids import AppointmentId, DiaryId
from booking.domain.lifecycle import Status
from booking.domain.time.span import TimeSpan
from tests.races.life import Told

DECIDED = frozenset({"held", "booked", "moved"})
"""What is asked of the law, hours and leave when it is done; what is undone only where its time is taken again."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A line of `diary_change`."""

    diary: DiaryId
    revision: int
    what: str
    subject: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class State:
    """A visit as it was at one version, the one before, and by what it became so; `makes_way` left its time for it."""

    visit: Appointment
    before: Appointment | None
    what: str
    makes_way: AppointmentId | None = None

    @property
    def touched(self) -> frozenset[DiaryId]:
        """The diaries that say that it changed."""
        left = self.before.diaries if self.before is not None and self.what == "moved" else frozenset()
        return self.visit.diaries | left

    @property
    def said(self) -> str:
        """What they say."""
        return self.what if self.what in {"moved", "extended", "confirmed", "annotated"} else self.visit.status

    def is_decided(self, now: datetime) -> bool:
        if self.what == "undone" and self.before is not None:
            return self.visit.takes_time and not self.before.takes_time and self.visit.span.end > now
        return self.what in DECIDED


@dataclass(kw_only=True)
class Diary:
    """The model of one diary: what takes its time, until when if it is a hold, and when nothing new may be in it."""

    id: DiaryId
    taken: dict[UUID, tuple[TimeSpan, datetime | None]] = field(default_factory=dict)
    shut: dict[tuple[str, UUID, int], TimeSpan] = field(default_factory=dict)
    coming: dict[UUID, list[State]] = field(default_factory=lambda: defaultdict(list))

    def give_up(self, key: str, keys: Mapping[UUID, str]) -> None:
        """A browser holds one time: an earlier hold under its key is given up for a new one."""
        earlier = [one for one, (_, until) in self.taken.items() if until is not None and keys.get(one) == key]
        for one in earlier:
            del self.taken[one]

    def become(self, state: State, now: datetime) -> Iterator[str]:
        """Do the change, and say what cannot have been true when it was acknowledged."""
        visit, before = state.visit, self.taken.pop(state.visit.id, None)
        if state.makes_way is not None:
            self.taken.pop(state.makes_way, None)
        if self.id not in visit.diaries or not visit.takes_time:
            return
        was_held = state.before is not None and state.before.status is Status.HELD and self.id in state.before.diaries
        if was_held and (before is None or before[1] is None or before[1] <= now):
            yield f"{state.what}: a hold that was gone"
        span = visit.claim_of(self.id)
        live = (one for one, until in self.taken.values() if until is None or until > now)
        if any(one.overlaps(span) for one in live):
            yield f"{state.what}: overlapping when acknowledged"
        if self.id == visit.practitioner_id and state.is_decided(now):
            yield from (f"{state.what}: in {why}" for (why, *_), time in self.shut.items() if time.overlaps(visit.span))
        self.taken[visit.id] = (span, visit.expires_at if visit.status is Status.HELD else None)


class Record:
    """All that was acknowledged, to be found again for each change, and what is wrong with it by itself."""

    def __init__(self, told: Iterable[Told]) -> None:
        self.told = list(told)
        self.wrong = Counter[str]()
        self.keys = {one.subject: one.key for one in self.told if one.key}
        self.merges = {one.subject: one for one in self.told if one.what == "patients_merged"}
        self.states = self._states()
        others = [one for one in self.told if not one.visits and one.what != "patients_merged"]
        self.others: dict[tuple[str, UUID], list[Told]] = defaultdict(list)
        for one in sorted(others, key=lambda one: -one.version):
            self.others[one.what, one.subject].append(one)

    def _states(self) -> dict[AppointmentId, list[State]]:
        """Every visit as it was told to be, in the order of its versions, each of them told once."""
        found: dict[AppointmentId, dict[int, State]] = defaultdict(dict)
        for told in self.told:
            if told.what != "patients_merged":
                for visit in told.visits:
                    before = found[visit.id].get(visit.version)
                    if before is not None and (before.visit, told.what) != (visit, "confirmed"):
                        self.wrong[f"{told.what}: a version that another change had made"] += 1
                    state = State(visit=visit, before=None, what=told.what, makes_way=told.makes_way)
                    found[visit.id][visit.version] = state
        for told in self.merges.values():
            for visit in told.visits:
                if visit.version not in found[visit.id]:
                    found[visit.id][visit.version] = State(visit=visit, before=None, what="merged")
        return {one: list(_one_after_another(states)) for one, states in found.items()}

    def diaries(self) -> dict[DiaryId, Diary]:
        """Of each diary what is to come, by visit."""
        made: dict[DiaryId, Diary] = {}
        for visit, states in self.states.items():
            for state in states:
                for diary in state.touched if state.what != "merged" else ():
                    made.setdefault(diary, Diary(id=diary)).coming[visit].append(state)
        return made


def _one_after_another(states: Mapping[int, State]) -> Iterator[State]:
    before: Appointment | None = None
    for version in sorted(states):
        one = states[version]
        if one.what == "walked in":  # booked and arrived in one transaction
            before = replace(one.visit, status=Status.BOOKED, version=version - 1)
            yield State(visit=before, before=None, what="booked")
        yield replace(one, before=before, what="arrived" if one.what == "walked in" else one.what)
        before = one.visit


def replay(changes: Iterable[Change], told: Iterable[Told]) -> tuple[Counter[str], dict[DiaryId, Diary]]:
    """What was wrong, by its kind, and every diary as the replay leaves it."""
    record = Record(told)
    wrong, diaries = record.wrong, record.diaries()
    for change in sorted(changes, key=lambda one: (one.diary, one.revision)):
        diary = diaries.setdefault(change.diary, Diary(id=change.diary))
        wrong.update(_done(change, diary, record))
    wrong.update(f"lost: {state.what}" for diary in diaries.values() for state in _left(diary))
    wrong.update(f"lost: {one.what}" for several in record.others.values() for one in several)
    return wrong, diaries


def _left(diary: Diary) -> Iterator[State]:
    for states in diary.coming.values():
        yield from states


def _done(change: Change, diary: Diary, record: Record) -> Iterator[str]:
    if change.what == "clinic_applied":
        return
    if change.what == "released":
        diary.taken.pop(change.subject, None)
    elif change.what == "patients_merged":
        yield from _merged(change, diary, record)
    elif (change.what, change.subject) in record.others:
        yield from _shut_or_opened(change, diary, record)
    else:
        yield from _changed(change, diary, record)


def _changed(change: Change, diary: Diary, record: Record) -> Iterator[str]:
    """A visit of the diary's is as the next of its versions says."""
    if change.what == Status.HELD and change.subject in record.keys:
        held = AppointmentId(change.subject)
        diary.give_up(record.keys[held], record.keys)
        if diary.id not in record.states[held][0].touched:  # it only gave an earlier hold up, and may come here yet
            return
    if not diary.coming[change.subject]:
        yield f"{change.what} without anybody being told"
        return
    state = diary.coming[change.subject].pop(0)
    if state.said != change.what:
        yield f"{change.what} where {state.said} was told"
    yield from diary.become(state, change.at)


def _shut_or_opened(change: Change, diary: Diary, record: Record) -> Iterator[str]:
    several = record.others[change.what, change.subject]
    if not several:
        yield f"{change.what} without anybody being told"
        return
    told = several.pop()
    if told.time is None:
        diary.shut.pop(("leave_added", change.subject, 0), None)
    else:
        diary.shut[change.what, change.subject, told.version] = told.time


def _merged(change: Change, diary: Diary, record: Record) -> Iterator[str]:
    """All visits of the one who is gone are those of the one who is left, at their times."""
    told = record.merges.get(change.subject)
    if told is None:
        yield "patients_merged without anybody being told"
        return
    for visit in told.visits:
        if diary.id == told.gone:
            diary.taken.pop(visit.id, None)
        elif diary.id == told.subject and visit.takes_time:
            diary.taken[visit.id] = (visit.claim_of(diary.id), None)
    if diary.id == told.gone and diary.taken:
        yield "patients_merged: visits that stayed with the one who is gone"


def last_states(told: Iterable[Told]) -> tuple[dict[UUID, Appointment], Counter[str]]:
    """Every visit as it was last told to be, and what is wrong with how it came there: each version is one change."""
    wrong, found = Counter[str](), dict[UUID, Appointment]()
    for visit, states in Record(told).states.items():
        found[visit] = states[-1].visit
        if [one.visit.version for one in states] != list(range(1, len(states) + 1)):
            wrong["a version that nobody was told of"] += 1
    return found, wrong
