"""Who takes the time that stands in the way of a visit, as far as whoever asks may know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.availability.obstacles import Kind, Obstacle
from booking.domain.ids import AppointmentId, DiaryId
from booking.domain.lifecycle import Status
from booking.domain.permission import Action, Caller, Reach, owns, reach_of
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.time.span import TimeSpan
from booking.store import absences
from booking.store.absences import Absence
from booking.store.claimants import claimants
from booking.store.clinics import Description
from booking.store.database import Transaction
from booking.usecases.gathering import Around

VISIT, HOLD = "visit", "hold"
_ABSENT = frozenset({Kind.AWAY, Kind.NO_ROOM, Kind.NO_EQUIPMENT})
_CLAIMED = frozenset({Kind.CLAIMED, Kind.WAY, Kind.NO_ROOM, Kind.NO_EQUIPMENT, Kind.PATIENT_CLAIMED})


@dataclass(frozen=True, kw_only=True)
class TakenBy:
    """What takes the time of `whose`, which is None for the patient.

    `kind` is VISIT, HOLD, or the kind of an absence: `leave` of a person, `closed` of a room or device. `span` is the
    time of the visit without its buffers, or of the absence. `visit` and `reference` are told of visits that the caller
    may see, `reference` of holds too; a hold lasts until `until`. `supervises` names the colleague who gives the visit,
    where the person only is to be in the room.
    """

    kind: str
    whose: str | None
    span: TimeSpan
    visit: AppointmentId | None = None
    reference: str | None = None
    until: datetime | None = None
    supervises: str | None = None


@dataclass(frozen=True, kw_only=True)
class Takers:
    """What claims and absences there are around a visit that is asked about."""

    caller: Caller
    about: Description
    around: Around
    claimed: Sequence[tuple[DiaryId, Appointment]]
    away: Sequence[Absence]
    names: Mapping[DiaryId, str]

    def of(self, obstacle: Obstacle) -> tuple[TakenBy, ...]:
        """By whom the time is taken that this obstacle is about, in the order of time."""
        found = [*self._absences(obstacle), *self._claims(obstacle)]
        if obstacle.other is not None:
            found.append(self._claim(obstacle.other, None))
        return tuple(sorted(found, key=lambda one: (one.span, one.whose or "")))

    def _absences(self, obstacle: Obstacle) -> Iterator[TakenBy]:
        for one in self.away:
            mine = obstacle.kind in _ABSENT and one.diary_id in obstacle.diaries
            if mine and one.span.overlaps(self.around.claimed):
                yield TakenBy(kind=one.kind, whose=self.names.get(one.diary_id), span=one.span)

    def _claims(self, obstacle: Obstacle) -> Iterator[TakenBy]:
        wanted = self.around.visit if obstacle.kind is Kind.PATIENT_CLAIMED else self.around.claimed
        for diary, visit in self.claimed:
            mine = obstacle.kind in _CLAIMED and diary in obstacle.diaries
            way = self.about.travel_between(self.around.site.id, visit.site_id)
            claim = visit.claim_of(diary)
            if mine and (claim.padded(way, way) if obstacle.kind is Kind.WAY else claim).overlaps(wanted):
                taken = self._claim(visit, self.names.get(diary))
                supervises = self.about.practitioners[visit.practitioner_id].name
                yield replace(taken, supervises=supervises) if diary == visit.supervisor_id else taken

    def _claim(self, visit: Appointment, whose: str | None) -> TakenBy:
        is_held = visit.status is Status.HELD
        own = any(owns(self.caller, one) for one in (visit.practitioner_id, visit.supervisor_id) if one is not None)
        seen = own or reach_of(self.caller, Action.SEE_APPOINTMENT) is Reach.ALL
        return TakenBy(
            kind=HOLD if is_held else VISIT,
            whose=whose,
            span=visit.span,
            visit=visit.id if seen and not is_held else None,
            reference=visit.reference if seen else None,
            until=visit.expires_at if is_held else None,
        )


def takers(
    tx: Transaction, about: Description, around: Around, obstacles: Iterable[Obstacle], caller: Caller
) -> Takers:
    """What this caller may know about these obstacles."""
    diaries = {diary for one in obstacles for diary in one.diaries}
    window = around.claimed.padded(about.longest_way, about.longest_way)
    things: list[Practitioner | Room | Equipment] = [
        *about.practitioners.values(), *about.rooms.values(), *about.equipment.values(),
    ]  # fmt: skip
    return Takers(
        caller=caller,
        about=about,
        around=around,
        claimed=claimants(tx, about.clinic.id, diaries, window, around.now) if diaries else (),
        away=absences.listed(tx, about.clinic.id, diaries, around.claimed) if diaries else (),
        names={DiaryId(one.id): one.name for one in things},
    )
