"""Writers who change, as fast as they can and for so many seconds, everything that free times depend on."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.errors import BookingError
from booking.domain.ids import ClinicId, EquipmentId
from booking.domain.time.local import LocalSpan
from booking.domain.time.zone import instant_after
from booking.store import clinics
from booking.store.database import Database
from booking.usecases.absences import (
    AddLeave,
    CloseEquipment,
    CloseRoom,
    RemoveAbsence,
    add_leave,
    close_equipment,
    close_room,
    remove_absence,
)  # fmt: skip
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.closures import CloseSite, ReopenSite, close_site, reopen_site
from booking.usecases.credentials import SuspendCredential, VerifyCredential, suspend, verify
from booking.usecases.hold import HoldRef, HoldSlot, extend, hold, release
from booking.usecases.move import MoveAppointment, move
from booking.usecases.placing import Wanted
from booking.usecases.sweeping import sweep
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.clinics import SEATTLE_ZONE, DullClinic, contact, find_clinic, open_clinic
from tests.races.cache_clinic import MINE, rich
from tests.races.cache_file import DAY, MONDAY
from tests.races.cache_restore import restore

THREADS = 2
FASTER = 600
"""A second of the run is ten minutes of the clinic's, which is how long a hold lasts."""
BEGINNING = instant_after(MONDAY, 12 * 60 + 40, SEATTLE_ZONE)
"""Twenty minutes before visits of the same day can no longer be booked."""
MOST_SUSPENSIONS = 3
RARELY = 0.06
PAUSE_SECONDS = 0.04
"""At most so long, so that readers come to read what stays the same for a while."""


@dataclass(frozen=True)
class MondayClock:
    """Goes from that Monday on since the moment `began`, in seconds since 1970, the same in every process."""

    began: float

    def __call__(self) -> datetime:
        return BEGINNING + timedelta(seconds=(time.time() - self.began) * FASTER)


@dataclass(frozen=True, kw_only=True)
class Run:
    """Where to write, by which clock, and for how many seconds."""

    url: str
    clinic: ClinicId
    clock: MondayClock
    seconds: float


def write(run: Run) -> Counter[str]:
    """One process: its threads write; how often each kind of thing was done, or why not."""
    database = Database(run.url, threads=THREADS, clock=run.clock)
    clinic = find_clinic(database, run.clinic)
    until = time.time() + run.seconds

    def one(number: int) -> Counter[str]:
        writer = Writer(clinic=clinic, number=number, rng=random.Random(number))  # noqa: S311 -- chance, no secret
        for act in (*writer.daily, *writer.rare):
            writer.do(act)
        while time.time() < until:
            writer.do(writer.next())
            time.sleep(writer.rng.uniform(0, PAUSE_SECONDS))
        return writer.done

    with ThreadPoolExecutor(THREADS) as pool:
        done = sum(pool.map(one, range(THREADS)), Counter[str]())
    database.close_now()
    return done


@dataclass(kw_only=True)
class Writer:
    """One thread: everybody at a clinic at once. Each thing that it made is kept, to be undone."""

    clinic: DullClinic
    number: int
    rng: random.Random
    done: Counter[str] = field(default_factory=Counter)
    held: list[HoldRef] = field(default_factory=list)
    visits: list[Appointment] = field(default_factory=list)
    absences: list[UUID] = field(default_factory=list)
    closures: list[UUID] = field(default_factory=list)

    @property
    def daily(self) -> list[Callable[[], object]]:
        """What concerns a few diaries, as often as it is to be done, each."""
        return [
            *3 * [self.hold, self.book, self.cancel], *3 * [self.hold, self.extend, self.book_held], self.release,
            self.move, self.move, self.leave, self.come_back, self.close_room, self.close_device, self.sweep,
        ]  # fmt: skip

    @property
    def rare(self) -> list[Callable[[], object]]:
        """What makes all that is remembered of no use, or cannot be undone."""
        return [self.apply, self.close_site, self.reopen, self.restore, self.verify, self.suspend]

    def next(self) -> Callable[[], object]:
        return self.rng.choice(self.rare if self.rng.random() < RARELY else self.daily)

    def do(self, act: Callable[[], object]) -> None:
        with suppress(BookingError):
            act()

    def hold(self) -> None:
        key = MINE if self.number == 0 and self.rng.random() < 0.5 else f"key {self.number}"  # only one at a time
        held = self._write(hold, self.clinic.public, HoldSlot(wanted=self._wanted(), hold_key=key))
        self.held.append(HoldRef(hold=held.appointment.id, hold_key=key))

    def extend(self) -> None:
        if self.held:
            self._write(extend, self.clinic.public, self.held[-1])

    def release(self) -> None:
        if self.held:
            self._write(release, self.clinic.public, self.held.pop())

    def book(self) -> None:
        self._book(self._wanted())

    def book_held(self) -> None:
        if self.held:
            self._book(self.held.pop())

    def cancel(self) -> None:
        if self.visits:
            visit = self.visits.pop(self.rng.randrange(len(self.visits)))
            command = CancelAppointment(appointment=visit.id, version=visit.version)
            self._write(cancel, self.clinic.reception, command)

    def move(self) -> None:
        if self.visits:
            visit = self.visits.pop()
            command = MoveAppointment(appointment=visit.id, version=visit.version, start=self._start())
            self.visits.append(visit)
            self.visits[-1] = self._write(move, self.clinic.reception, command).view.appointment

    def leave(self) -> None:
        who = self.clinic.practitioners[self.rng.choice(("ada", "ben", "cleo"))]
        added = self._write(add_leave, self.clinic.manager, AddLeave(practitioner=who, days=self._days()))
        self.absences.append(added.absence.id)

    def close_room(self) -> None:
        room = self.clinic.rooms[self.rng.choice(sorted(self.clinic.rooms))]
        self._close(close_room, CloseRoom(room=room, days=self._days()))

    def close_device(self) -> None:
        device = next(iter(self.clinic.database.read_now(clinics.equipment, self.clinic.id)))
        self._close(close_equipment, CloseEquipment(equipment=EquipmentId(device), days=self._days()))

    def come_back(self) -> None:
        if self.absences:
            self._write(remove_absence, self.clinic.manager, RemoveAbsence(absence=self.absences.pop()))

    def close_site(self) -> None:
        site = self.rng.choice((None, *self.clinic.sites.values()))
        closed = self._write(close_site, self.clinic.manager, CloseSite(site=site, days=self._days()))
        self.closures.append(closed.closure.id)

    def reopen(self) -> None:
        if self.closures:
            self._write(reopen_site, self.clinic.manager, ReopenSite(closure=self.closures.pop()))

    def suspend(self) -> None:
        """Never more often than leaves something to be booked: nothing takes a suspension back."""
        if self.done["suspend"] < MOST_SUSPENSIONS:
            licence = self.clinic.credentials[self.rng.choice(("ada", "ben", "cleo")), "licence"]
            day = MONDAY + self.rng.randrange(4) * DAY
            command = SuspendCredential(credential=licence, reason="a day", first=day, last=day)
            self._write(suspend, self.clinic.manager, command)

    def verify(self) -> None:
        licence = self.clinic.credentials["ben", "licence"]
        self._write(verify, self.clinic.manager, VerifyCredential(credential=licence, source="register"))

    def apply(self) -> None:
        open_clinic(self.clinic.database, self._file())
        self.done["apply_clinic"] += 1

    def restore(self) -> None:
        self._write(restore, self.clinic.id, self.rng.choice((1, 1, 2, 5)))

    def sweep(self) -> None:
        self._write(sweep)

    def _write(self, use_case: Callable[..., Any], *given: Any) -> Any:
        try:
            result = self.clinic.database.write_now(use_case, *given)
        except BookingError as refusal:
            self.done[f"{use_case.__name__}: {refusal.code}"] += 1
            raise
        self.done[use_case.__name__] += 1
        return result

    def _close(self, use_case: Callable[..., Any], command: CloseRoom | CloseEquipment) -> None:
        self.absences.append(self._write(use_case, self.clinic.manager, command).absence.id)

    def _book(self, what: HoldRef | Wanted) -> None:
        command = BookAppointment(contact=contact(f"Patient {self.rng.randrange(20)}"), what=what)
        self.visits.append(self._write(book, self.clinic.reception, command).appointment)

    def _wanted(self) -> Wanted:
        """Mostly what is free just now, so that much is taken; else anything, or what somebody takes meanwhile."""
        kind = self.clinic.treatments[self.rng.choice(("needling", "needling", "upper-back", "electro", "talk"))]
        query = SlotQuery(treatment_type=kind, first=MONDAY, last=MONDAY + 3 * DAY)
        free = self.clinic.database.read_now(list_slots, self.clinic.public, query).slots
        if not free or self.rng.random() < 0.2:
            return Wanted(treatment_type=kind, site=self.clinic.sites["seattle"], start=self._start())
        one = self.rng.choice(free)
        who = self.rng.choice((None, one.practitioner_id))
        return Wanted(treatment_type=kind, site=one.site_id, start=one.span.start, practitioner=who)

    def _start(self) -> datetime:
        day = MONDAY + self.rng.randrange(4) * DAY
        return instant_after(day, self.rng.randrange(9 * 60, 17 * 60, 15), SEATTLE_ZONE).astimezone(UTC)

    def _days(self) -> LocalSpan:
        first: date = MONDAY + self.rng.randrange(4) * DAY
        start = self.rng.choice((None, 600, 720, 840))
        return LocalSpan(first=first, last=first, start_minute=start, end_minute=None if start is None else start + 60)

    def _file(self) -> dict[str, Any]:
        """The clinic's file with other numbers here and there."""
        data, chance = rich(), self.rng.choice
        data["clinic"]["policy"].update(
            notice_minutes=chance((30, 60)),
            grid_minutes=chance((15, 20)),
            smallest_gap_minutes=chance((0, 0, 40)),
            travel_minutes=chance((0, 30, 60)),
        )
        data["treatment"][0].update(minutes=chance((30, 45)), buffer_before=chance((0, 10)))
        data["treatment"][2].update(daily_limit=chance((1, 3)))
        data["site"][0]["room"] = data["site"][0]["room"][: chance((1, 2))]
        data["practitioner"][0]["hours"][0].update(to=chance(("15:00", "17:00")))
        data["practitioner"][1].update(daily_limit=chance((2, 5)))
        data["practitioner"][1]["credential"][0].update(verified=chance((True, False)))
        return data
