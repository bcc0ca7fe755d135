"""Clients who do whatever can be done to an appointment from its hold to its end, and remember what they were told.

Each thread is somebody with a name of their own, in a process with others who see the same visits as they do.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.errors import BookingError
from booking.domain.ids import AppointmentId, PatientId, StaffId
from booking.domain.lifecycle import LIFE, Status, Step
from booking.domain.permission import Caller, Role
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import local_date
from booking.store import appointments, patients
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.usecases.absences import AddLeave, RemoveAbsence, add_leave, remove_absence
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.confirming import ConfirmVisit, confirm
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldRef, HoldSlot, extend, hold, release
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.merging import MergePatients, merge_patients
from booking.usecases.move import MoveAppointment, move
from booking.usecases.notes import Annotate, annotate
from booking.usecases.reassign import ReassignAppointment, reassign
from booking.usecases.squeeze import Shortened, SqueezeIn, squeeze_in
from booking.usecases.swap import SwapAppointments, swap
from booking.usecases.undoing import UndoStep, undo
from booking.usecases.views.appointments import DayQuery, list_appointments
from booking.usecases.walk_in import WalkIn, walk_in
from tests.clinics import SEATTLE_ZONE, DullClinic, at, contact
from tests.races.law_changes import LawChanges

FASTER = 300
"""A second of the run is five minutes of the clinic's, so that holds expire while they race."""
PATIENTS = 40
MOVABLE = frozenset({Status.BOOKED, Status.REQUESTED})


@dataclass(frozen=True)
class FastClock:
    """It is `opens` when the computer's clock says `began`, in every process, and then goes faster than that."""

    began: float
    opens: datetime

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.opens.timestamp() + (time.time() - self.began) * FASTER, UTC)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a client was told is done: `visits` as they are by it; for a leave or a suspension `time`, when it is.

    `version` orders the suspensions of one credential, `makes_way` is the visit that a swapped one takes the time of.
    """

    what: str
    subject: UUID
    visits: tuple[Appointment, ...] = ()
    key: str = ""
    time: TimeSpan | None = None
    version: int = 0
    gone: PatientId | None = None
    makes_way: AppointmentId | None = None


@dataclass(kw_only=True)
class Log:
    told: list[Told] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


@dataclass(kw_only=True)
class Board:
    """The visits as those of one process last saw them."""

    visits: dict[AppointmentId, Appointment] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def put(self, seen: Collection[Appointment]) -> None:
        with self._turn:
            for one in seen:
                if one.id not in self.visits or self.visits[one.id].version < one.version:
                    self.visits[one.id] = one

    def those(self, statuses: Collection[Status], day: date | None = None) -> list[Appointment]:
        """The visits that are so, on the day if one is given."""
        with self._turn:
            known = list(self.visits.values())
        found = [one for one in known if one.status in statuses]
        return [one for one in found if local_date(one.span.start, SEATTLE_ZONE) == day] if day else found


@dataclass(kw_only=True)
class Client:
    """One thread, which acts at random."""

    clinic: DullClinic
    clock: Callable[[], datetime]
    board: Board
    number: int
    rng: random.Random
    law: LawChanges
    meeting: threading.Barrier
    rounds: int = 0
    log: Log = field(default_factory=Log)
    held: Appointment | None = None
    leaves: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = f"key {self.number}"
        self.staff = StaffId(new_id())
        self.merges = [(f"Patient {2 * self.number + 1}", f"Patient {2 * self.number}")]
        self.suspensions = [self.rng.choice(sorted(self.clinic.practitioners))][: self.number % 3 == 0]

    @property
    def desk(self) -> Caller:
        return self.clinic.caller(Role.RECEPTION, staff_id=self.staff)

    @property
    def manager(self) -> Caller:
        return self.clinic.caller(Role.MANAGER, staff_id=self.staff)

    def act(self, weights: Mapping[str, float]) -> None:
        what = self.rng.choices(list(weights), list(weights.values()))[0]
        began = time.perf_counter()
        try:
            getattr(self, what)()
            answer = "done"
        except BookingError as refusal:
            answer = refusal.code
        self.log.answers[f"{what}: {answer}"] += 1
        self.log.seconds.append(time.perf_counter() - began)

    def hold(self) -> None:
        command = HoldSlot(wanted=self._wanted(), hold_key=self.key)
        self.held = self.clinic.database.write_now(hold, self.clinic.public, command).appointment
        self.log.told.append(Told(what="held", subject=self.held.id, visits=(self.held,), key=self.key))

    def extend(self) -> None:
        if self.held:
            longer = self.clinic.database.write_now(extend, self.clinic.public, self._hold()).appointment
            self.held = longer
            self.log.told.append(Told(what="extended", subject=longer.id, visits=(longer,), key=self.key))

    def release(self) -> None:
        if self.held:
            ref, self.held = self._hold(), None
            self.clinic.database.write_now(release, self.clinic.public, ref)

    def book(self) -> None:
        at_the_desk = self.rng.random() < 0.6
        caller = self.desk if at_the_desk else self.clinic.public
        what = BookAppointment(contact=self._contact(), what=self._wanted(soon=at_the_desk))
        self._told("booked", self.clinic.database.write_now(book, caller, what).appointment)

    def book_held(self) -> None:
        if self.held:
            ref, self.held = self._hold(), None
            what = BookAppointment(contact=self._contact(), what=ref)
            self._told("booked", self.clinic.database.write_now(book, self.clinic.public, what).appointment)

    def cancel(self) -> None:
        if visit := self._one({*MOVABLE, Status.ARRIVED}):
            command = CancelAppointment(appointment=visit.id, version=visit.version)
            done = self.clinic.database.write_now(cancel, self.desk, command)
            self._told("cancelled", done.appointment, based_on=visit.version)

    def move(self) -> None:
        if visit := self._one(MOVABLE):
            self._move(visit, self._start(), practitioner=self._anybody())

    def move_into_another(self) -> None:
        """Onto its own time, or that of a visit which may be moving too."""
        if visit := self._one(MOVABLE):
            there = self._one(MOVABLE) or visit
            start = there.span.start + timedelta(minutes=self.rng.choice((-15, 0, 15)))
            self._move(visit, start, practitioner=there.practitioner_id)

    def make_longer(self) -> None:
        if visit := self._one(MOVABLE):
            self._move(visit, visit.span.start, minutes=self.rng.choice((25, 45, 60)))

    def reassign(self) -> None:
        if visit := self._one(MOVABLE):
            who = self.rng.choice((None, *self.clinic.practitioners.values()))
            command = ReassignAppointment(appointment=visit.id, version=visit.version, practitioner=who)
            done = self.clinic.database.write_now(reassign, self.desk, command)
            self._told("moved", done.appointment, based_on=visit.version)

    def swap(self) -> None:
        one, other = self._one(MOVABLE), self._one(MOVABLE)
        if one and other and one.id != other.id:
            command = SwapAppointments(one=one.id, version=one.version, other=other.id, other_version=other.version)
            done = self.clinic.database.write_now(swap, self.desk, command)
            self._told("moved", done.one.appointment, based_on=one.version, makes_way=other.id)
            self._told("moved", done.other.appointment, based_on=other.version)

    def squeeze(self) -> None:
        if visit := self._one(MOVABLE):
            half = visit.agreed.minutes // 10 * 5
            neighbour = Shortened(appointment=visit.id, version=visit.version, minutes=half)
            wanted = self.clinic.wanted(visit.span.start + timedelta(minutes=half + 5), None, minutes=5)
            command = SqueezeIn(contact=self._contact(), wanted=wanted, neighbour=neighbour)
            done = self.clinic.database.write_now(squeeze_in, self.desk, command)
            self._told("moved", done.neighbour.appointment, based_on=visit.version)
            self._told("booked", done.booked.appointment)

    def walk_in(self) -> None:
        command = WalkIn(
            name=f"Walker {self.number} {len(self.log.told)}",
            treatment_type=self.clinic.treatments["needling"],
            site=self.clinic.sites["seattle"],
        )
        self._told("walked in", self.clinic.database.write_now(walk_in, self.desk, command).appointment)

    def step(self) -> None:
        """Whatever may come next today, now and then entered in error."""
        chosen = self.rng.choice((Step.CHECK_IN, Step.START, Step.COMPLETE, Step.RECORD_NO_SHOW))
        step = Step.ENTER_IN_ERROR if self.rng.random() < 0.03 else chosen
        if visit := self._one(LIFE[step].before, self._today()):
            command = TakeStep(appointment=visit.id, version=visit.version, step=step)
            done = self.clinic.database.write_now(take_step, self.manager, command)
            self._told(str(LIFE[step].after), done.appointment, based_on=visit.version)

    def undo(self) -> None:
        if visit := self._one(set(Status) - {Status.BOOKED, Status.HELD, Status.REQUESTED}):
            command = UndoStep(appointment=visit.id, version=visit.version)
            done = self.clinic.database.write_now(undo, self.manager, command)
            self._told("undone", done.appointment, based_on=visit.version)

    def confirm(self) -> None:
        if (visit := self._one({Status.BOOKED})) and visit.confirmed_at is None:
            command = ConfirmVisit(appointment=visit.id, version=visit.version)
            done = self.clinic.database.write_now(confirm, self.desk, command)
            self._told("confirmed", done.appointment, based_on=visit.version)

    def annotate(self) -> None:
        if visit := self._one(set(Status) - {Status.HELD}):
            note = f"{self.number} {len(self.log.told)}"
            command = Annotate(appointment=visit.id, version=visit.version, note=note)
            done = self.clinic.database.write_now(annotate, self.desk, command)
            self._told("annotated", done.appointment, based_on=visit.version)

    def merge(self) -> None:
        if self.merges:
            gone, kept = self.merges[-1]
            both = [
                self.clinic.database.write_now(patients.find_or_add, self.clinic.id, contact(name), self.clock())
                for name in (gone, kept)  # by themselves: whoever merges locks the clinic before anything else
            ]
            told = self.clinic.database.write_now(_merged, self.desk, *both)
            self.merges.pop()
            self.log.told.append(told)
            self.board.put(told.visits)

    def leave(self) -> None:
        day = self.rng.choice(self._days())
        minute = self.rng.randrange(8, 16) * 60
        days = LocalSpan(first=day, last=day, start_minute=minute, end_minute=minute + 60)
        self._leave(self.rng.choice(sorted(self.clinic.practitioners)), days)

    def meet(self) -> None:
        """All at one moment, on a day that is empty yet: half of them book Ada, the others send her away."""
        self.rounds += 1
        day = self._days(self.rounds + 1)[-1]
        self.meeting.wait()
        if self.number % 2:
            hour = 60 * (8 + self.number)
            self._leave("ada", LocalSpan(first=day, last=day, start_minute=hour, end_minute=hour + 60))
        else:
            wanted = self.clinic.wanted(at(day, 9 + self.number))
            what = BookAppointment(contact=contact(f"Patient {self.number}"), what=wanted)
            self._told("booked", self.clinic.database.write_now(book, self.desk, what).appointment)

    def _leave(self, name: str, days: LocalSpan) -> None:
        who = self.clinic.practitioners[name]
        command = AddLeave(practitioner=who, days=days, reason=f"{self.number} {len(self.log.told)}")
        absence = self.clinic.database.write_now(add_leave, self.clinic.manager, command).absence
        self.leaves.append(absence.id)
        self.log.told.append(Told(what="leave_added", subject=absence.id, time=absence.span))

    def come_back(self) -> None:
        if self.leaves:
            absence = self.leaves.pop()
            command = RemoveAbsence(absence=absence)
            self.clinic.database.write_now(remove_absence, self.clinic.manager, command)
            self.log.told.append(Told(what="leave_removed", subject=absence))

    def suspend(self) -> None:
        if self.suspensions:
            day, who = self._days()[-1], self.suspensions.pop()
            licence = self.clinic.credentials[who, "licence"]
            command = SuspendCredential(credential=licence, reason=self.key, first=day, last=day)
            held = self.clinic.database.write_now(suspend, self.clinic.manager, command).held.credential
            time = TimeSpan(at(day, 0), at(day, 0) + timedelta(days=1))
            self.log.told.append(Told(what="credential_suspended", subject=licence, time=time, version=held.version))

    def change_law(self) -> None:
        self.law.change(self.rng)

    def seal(self) -> None:
        self.law.seal()

    def sweep(self) -> None:
        self.law.sweep()

    def look(self) -> None:
        """See what those of other processes have done."""
        day = self.rng.choice(self._days())
        seen = self.clinic.database.read_now(list_appointments, self.desk, DayQuery(first=day, last=day))
        self.board.put([one.appointment for one in seen if one.appointment.status is not Status.HELD])

    def _move(self, visit: Appointment, start: datetime, **more: Any) -> None:
        command = MoveAppointment(appointment=visit.id, version=visit.version, start=start, **more)
        done = self.clinic.database.write_now(move, self.desk, command)
        if done.changed:
            self._told("moved", done.view.appointment, based_on=visit.version)

    def _told(self, what: str, visit: Appointment, based_on: int | None = None, **more: Any) -> None:
        """Remember it, unless it says that all was so already."""
        self.board.put([visit])
        if based_on is None or visit.version == based_on + 1:
            self.log.told.append(Told(what=what, subject=visit.id, visits=(visit,), **more))

    def _one(self, statuses: Collection[Status], day: date | None = None) -> Appointment | None:
        found = self.board.those(statuses, day)
        return self.rng.choice(found) if found else None

    def _hold(self) -> HoldRef:
        assert self.held is not None
        return HoldRef(hold=self.held.id, hold_key=self.key)

    def _today(self) -> date:
        return local_date(self.clock(), SEATTLE_ZONE)

    def _days(self, many: int = 3) -> list[date]:
        """Today and the next working days."""
        days = (self._today() + timedelta(days=number) for number in range(2 * many + 2))
        return [day for day in days if day.weekday() < 5][:many]

    def _start(self, *, soon: bool = True) -> datetime:
        """Within hours, which patients can no longer book, or on any of the days."""
        if soon and self.rng.random() < 0.5:
            now = self.clock()
            began = now - timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
            return began + timedelta(minutes=15 * self.rng.randrange(1, 10))
        return at(self.rng.choice(self._days()), self.rng.randrange(9, 17), self.rng.choice((0, 15, 30, 45)))

    def _wanted(self, *, soon: bool = False) -> Any:
        who = self.rng.choice((None, None, *sorted(self.clinic.practitioners)))
        wanted = self.clinic.wanted(self._start(soon=soon), who)
        return self.law.elsewhere(wanted) if who == "dee" else wanted

    def _anybody(self) -> Any:
        return self.rng.choice((None, *self.clinic.practitioners.values()))

    def _contact(self) -> Any:
        return contact(f"Patient {self.rng.randrange(PATIENTS)}")


def _merged(tx: Transaction, caller: Caller, gone: PatientId, kept: PatientId) -> Told:
    """Merge, and tell how all visits of the one who is left are then."""
    merge_patients(tx, caller, MergePatients(gone=gone, kept=kept))
    visits = appointments.all_of_patient(tx, caller.clinic_id, kept)
    return Told(what="patients_merged", subject=kept, visits=tuple(visits), gone=gone)
