"""Race everything against everything, then replay what was acknowledged, diary by diary.

The revisions of a diary are its serial order and `diary_change` keeps them, so each diary is replayed alone against a
plain model: whatever overlapped, was unlawful or was lost at the moment it was acknowledged is found, and no clock has
to be trusted for it.
"""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.errors import BookingError
from booking.domain.ids import ClinicId, DiaryId
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import local_date
from booking.store.database import Database
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldRef, HoldSlot, hold, release
from booking.usecases.move import MoveAppointment, move
from booking.usecases.sweeping import sweep
from tests.clinics import SEATTLE_ZONE, DullClinic, at, contact, find_clinic

THREADS = 8
FASTER = 600
"""A second of the run is ten minutes of the clinic's, so that holds expire while they race."""


@dataclass(frozen=True)
class FastClock:
    """Runs from the moment `began`, in seconds since 1970, the same in every process."""

    began: float

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.began + (time.time() - self.began) * FASTER, UTC)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a process is to do: so many operations by each thread, on these days."""

    url: str
    clinic: ClinicId
    clock: FastClock
    days: list[date]
    operations: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """What a client was told is done. `version` orders the suspensions of one credential, a visit's own its moves."""

    what: str
    subject: UUID
    visit: Appointment | None = None
    key: str = ""
    day: date | None = None
    version: int = 0


@dataclass(kw_only=True)
class Log:
    acknowledged: list[Acknowledged] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


@dataclass(kw_only=True)
class Client:
    """One thread: somebody who books, holds, moves, cancels, and now and then suspends."""

    clinic: DullClinic
    days: list[date]
    suspensions: list[tuple[str, date]]
    key: str
    rng: random.Random
    log: Log = field(default_factory=Log)
    held: Appointment | None = None
    visits: list[Appointment] = field(default_factory=list)

    def act(self) -> None:
        what = self.rng.choices(
            (self.hold, self.book, self.book_held, self.cancel, self.move, self.release, self.suspend, self.sweep),
            (25, 20, 20, 12, 13, 4, 3, 3),
        )[0]
        began = time.perf_counter()
        try:
            what()
            answer = "done"
        except BookingError as refusal:
            answer = refusal.code
        self.log.answers[f"{what.__name__}: {answer}"] += 1
        self.log.seconds.append(time.perf_counter() - began)

    def hold(self) -> None:
        command = HoldSlot(wanted=self._wanted(), hold_key=self.key)
        self.held = self.clinic.database.write_now(hold, self.clinic.public, command).appointment
        self._done("held", self.held.id, visit=self.held, key=self.key)

    def book(self) -> None:
        self._book(BookAppointment(contact=self._contact(), what=self._wanted()))

    def book_held(self) -> None:
        if self.held is not None:
            ref, self.held = HoldRef(hold=self.held.id, hold_key=self.key), None
            self._book(BookAppointment(contact=self._contact(), what=ref))

    def cancel(self) -> None:
        if self.visits:
            visit = self.visits.pop(self.rng.randrange(len(self.visits)))
            command = CancelAppointment(appointment=visit.id, version=visit.version)
            self.clinic.database.write_now(cancel, self.clinic.reception, command)
            self._done("cancelled", visit.id)

    def move(self) -> None:
        if self.visits:
            place, wanted = self.rng.randrange(len(self.visits)), self._wanted()
            visit = self.visits[place]
            command = MoveAppointment(
                appointment=visit.id, version=visit.version, start=wanted.start, practitioner=wanted.practitioner
            )
            found = self.clinic.database.write_now(move, self.clinic.reception, command)
            if found.changed:
                self.visits[place] = found.view.appointment
                self._done("moved", visit.id, visit=found.view.appointment)

    def release(self) -> None:
        if self.held is not None:
            ref, self.held = HoldRef(hold=self.held.id, hold_key=self.key), None
            self.clinic.database.write_now(release, self.clinic.public, ref)

    def suspend(self) -> None:
        if self.suspensions:
            who, day = self.suspensions.pop()
            licence = self.clinic.credentials[who, "licence"]
            command = SuspendCredential(credential=licence, reason="a day", first=day, last=day)
            changed = self.clinic.database.write_now(suspend, self.clinic.manager, command)
            self._done("credential_suspended", licence, day=day, version=changed.held.credential.version)

    def sweep(self) -> None:
        self.clinic.database.write_now(sweep)

    def _book(self, command: BookAppointment) -> None:
        visit = self.clinic.database.write_now(book, self.clinic.public, command).appointment
        self.visits.append(visit)
        self._done("booked", visit.id, visit=visit)

    def _wanted(self) -> Any:
        start = at(self.rng.choice(self.days), self.rng.randrange(9, 13), self.rng.choice((0, 15, 30, 45)))
        return self.clinic.wanted(start, self.rng.choice((None, *self.clinic.practitioners)))

    def _contact(self) -> Any:
        return contact(f"Patient {self.rng.randrange(12)}")

    def _done(self, what: str, subject: UUID, **more: Any) -> None:
        self.log.acknowledged.append(Acknowledged(what=what, subject=subject, **more))


def work(run: Run) -> list[Log]:
    """One process: its threads race, and all they were told is answered."""
    database = Database(run.url, threads=THREADS, clock=run.clock)
    clinic = find_clinic(database, run.clinic)
    pairs = [(who, day) for who in clinic.practitioners for day in run.days]
    random.Random(run.clock.began).shuffle(pairs)  # noqa: S311 -- the same in both processes
    meeting = threading.Barrier(THREADS)

    def race(number: int) -> Log:
        seed = run.number * THREADS + number
        mine = pairs[seed :: 2 * THREADS][:1]
        rng = random.Random(seed)  # noqa: S311 -- chance, no secret
        client = Client(clinic=clinic, days=run.days, suspensions=mine, key=f"key {seed}", rng=rng)
        meeting.wait()
        for _ in range(run.operations):
            client.act()
        return client.log

    with ThreadPoolExecutor(THREADS) as pool:
        logs = list(pool.map(race, range(THREADS)))
    database.close_now()
    return logs


@dataclass(frozen=True, kw_only=True)
class Change:
    """A line of `diary_change`."""

    diary: DiaryId
    revision: int
    what: str
    subject: UUID
    at: datetime


@dataclass(kw_only=True)
class Diary:
    """The model of one diary: what takes its time, until when if it is a hold, and the days of no licence."""

    id: DiaryId
    taken: dict[UUID, tuple[TimeSpan, datetime | None]] = field(default_factory=dict)
    suspended: set[date] = field(default_factory=set)

    def give_up(self, key: str, keys: Mapping[UUID, str]) -> None:
        """A browser holds one time: an earlier hold under its key is given up for a new one."""
        earlier = [one for one, (_, until) in self.taken.items() if until is not None and keys.get(one) == key]
        for one in earlier:
            del self.taken[one]

    def faults(self, change: Change, told: Acknowledged) -> Iterator[str]:
        """Do the change, and say what cannot have been true when it was acknowledged."""
        visit = told.visit
        if change.what == "credential_suspended":
            assert told.day is not None
            self.suspended.add(told.day)
        elif change.what in {"cancelled", "released"}:
            if self.taken.pop(change.subject, None) is None and change.what == "cancelled":
                yield "cancelled what was not there"
        elif visit is not None and self.id in visit.diaries:
            yield from self._take(change, visit)
        elif change.what == "moved" and self.taken.pop(change.subject, None) is None:
            yield "left what was not there"

    def _take(self, change: Change, visit: Appointment) -> Iterator[str]:
        before, span = self.taken.pop(visit.id, None), visit.claim_of(self.id)
        was_held = change.what == "booked" and visit.version > 1 and self.id != visit.patient_id
        if was_held != (before is not None and before[1] is not None and before[1] > change.at):
            yield "booked a hold that was gone"
        live = (one for one, until in self.taken.values() if until is None or until > change.at)
        if any(one.overlaps(span) for one in live):
            yield "overlapping when acknowledged"
        if self.id == visit.practitioner_id and local_date(visit.span.start, SEATTLE_ZONE) in self.suspended:
            yield "unlawful when acknowledged"
        self.taken[visit.id] = (span, visit.expires_at if change.what == "held" else None)


@dataclass(kw_only=True)
class Told:
    """All that was acknowledged, to be found again for each change."""

    acknowledged: list[Acknowledged]

    def __post_init__(self) -> None:
        self.keys = {one.subject: one.key for one in self.acknowledged if one.key}
        self._others = {(one.what, one.subject): one for one in self.acknowledged}
        self._suspensions: dict[UUID, list[Acknowledged]] = defaultdict(list)
        for one in sorted(self.acknowledged, key=lambda one: -one.version):
            if one.what == "credential_suspended":
                self._suspensions[one.subject].append(one)
        self._moves: dict[tuple[UUID, DiaryId], list[Acknowledged]] = defaultdict(list)
        for states in self._visits().values():
            for before, after in pairwise(states):
                for diary in _touched(before, after):
                    self._moves[after.subject, diary].append(after)

    def _visits(self) -> dict[UUID, list[Acknowledged]]:
        """What was told of each visit, in the order of its versions."""
        found = defaultdict[UUID, list[Acknowledged]](list)
        for one in self.acknowledged:
            if one.visit is not None:
                found[one.subject].append(one)
        return {subject: sorted(told, key=_version) for subject, told in found.items()}

    def of(self, change: Change) -> Acknowledged | None:
        """Suspensions of a credential come in the order of its versions; a release tells its client nothing."""
        if change.what == "credential_suspended":
            return self._suspensions[change.subject].pop() if self._suspensions[change.subject] else None
        if change.what == "released":
            return Acknowledged(what="released", subject=change.subject)
        if change.what == "moved":
            moves = self._moves[change.subject, change.diary]
            return moves.pop(0) if moves else None
        return self._others.get((change.what, change.subject))

    @property
    def unseen_moves(self) -> int:
        """How many moves were told of which one of their diaries knows nothing."""
        return sum(map(len, self._moves.values()))


def _version(told: Acknowledged) -> int:
    return 0 if told.visit is None else told.visit.version


def _touched(before: Acknowledged, after: Acknowledged) -> frozenset[DiaryId]:
    """The diaries that a move leaves or takes; none when it is no move."""
    if after.what != "moved" or before.visit is None or after.visit is None:
        return frozenset()
    return before.visit.diaries | after.visit.diaries


def replay(changes: Iterable[Change], acknowledged: list[Acknowledged]) -> tuple[Counter[str], dict[DiaryId, Diary]]:
    """What was wrong, by its kind, and every diary as the replay leaves it."""
    told, diaries, wrong = Told(acknowledged=acknowledged), dict[DiaryId, Diary](), Counter[str]()
    ordered = sorted(changes, key=lambda one: (one.diary, one.revision))
    for change in ordered:
        diary = diaries.setdefault(change.diary, Diary(id=change.diary))
        answer = told.of(change)
        if answer is None:
            wrong[f"{change.what} without anybody being told"] += 1
            continue
        if change.what == "held":
            diary.give_up(answer.key, told.keys)
        wrong.update(diary.faults(change, answer))
    wrong.update(f"lost: {one.what}" for one in _lost(acknowledged, ordered))
    wrong["lost: moved"] += told.unseen_moves
    return wrong, diaries


def _lost(acknowledged: list[Acknowledged], changes: Iterable[Change]) -> list[Acknowledged]:
    """What was acknowledged, moves aside, and left no trace in one of the diaries it concerns."""
    seen = {(one.what, one.subject, one.diary) for one in changes}
    subjects = {(what, subject) for what, subject, _ in seen}
    return [
        one
        for one in acknowledged
        if one.what != "moved"
        and (
            (one.what, one.subject) not in subjects
            or (one.visit and any((one.what, one.subject, diary) not in seen for diary in one.visit.diaries))
        )
    ]
