"""A visit, and what was agreed for it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from booking.domain.ids import (
    AppointmentId,
    DiaryId,
    EquipmentId,
    PatientId,
    PractitionerId,
    RoomId,
    SiteId,
    TreatmentTypeId,
)
from booking.domain.lifecycle import TAKES_TIME, Status
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName
from booking.domain.treatment import TICK_MINUTES, Needling, Needs, TreatmentType

_TICK = timedelta(minutes=TICK_MINUTES)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was agreed when the time was taken; editing a treatment type never changes it."""

    treatment_type_id: TreatmentTypeId
    treatment_name: str
    treatment_version: int
    minutes: int
    buffer_before: int
    buffer_after: int
    regions: frozenset[str]
    techniques: frozenset[str]
    needs: Needs
    price: int | None
    currency: str | None
    sides: frozenset[str] = frozenset()
    adjunct: bool = False

    @property
    def needling(self) -> Needling:
        return Needling(regions=self.regions, techniques=self.techniques, sides=self.sides, adjunct=self.adjunct)

    @classmethod
    def now(cls, treatment: TreatmentType, regions: frozenset[str]) -> "Agreed":
        return cls(
            treatment_type_id=treatment.id,
            treatment_name=treatment.name,
            treatment_version=treatment.version,
            minutes=treatment.minutes,
            buffer_before=treatment.buffer_before,
            buffer_after=treatment.buffer_after,
            regions=regions,
            techniques=treatment.techniques,
            needs=treatment.needs,
            price=treatment.price,
            currency=treatment.currency,
            sides=treatment.sides,
            adjunct=treatment.adjunct,
        )


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A visit of one patient to one practitioner. A hold is an appointment without a patient and with an expiry.

    `supervisor_id` is the colleague whom the law wants in the room. `version` rises with any change, `sequence` (RFC
    5545) with a change of time, place, practitioner or status. `ended_at` is when a fulfilled visit was over,
    `confirmed_at` when the patient said to come; `note` is the staff's, and
    `booked_by` who booked it for the patient, if it was somebody else. `is_history` marks what another system has kept
    and was over when it came here: it never took time here, and nobody here has decided it.
    """

    id: AppointmentId
    status: Status
    site_id: SiteId
    practitioner_id: PractitionerId
    room_id: RoomId | None
    patient_id: PatientId | None
    span: TimeSpan
    zone: ZoneName
    agreed: Agreed
    version: int
    sequence: int
    reference: str
    equipment_ids: frozenset[EquipmentId] = frozenset()
    supervisor_id: PractitionerId | None = None
    expires_at: datetime | None = None
    held_since: datetime | None = None
    ended_at: datetime | None = None
    confirmed_at: datetime | None = None
    note: str = ""
    booked_by: str | None = None
    is_history: bool = False

    @property
    def claimed(self) -> TimeSpan:
        """The time taken from practitioner, room and equipment, buffers included."""
        before, after = self.agreed.buffer_before, self.agreed.buffer_after
        return self.span.padded(timedelta(minutes=before), timedelta(minutes=after))

    @property
    def diaries(self) -> frozenset[DiaryId]:
        """Everybody and everything whose time it takes."""
        who = (self.practitioner_id, self.supervisor_id, self.room_id, self.patient_id, *self.equipment_ids)
        return frozenset(DiaryId(one) for one in who if one is not None)

    def claim_of(self, diary: DiaryId) -> TimeSpan:
        """The patient and a supervisor are taken for the visit itself, everybody else for the buffers too.

        A visit that ended early gives back what it did not need, on the five minutes.
        """
        whole = self.span if diary in {self.patient_id, self.supervisor_id} else self.claimed
        if self.ended_at is None or self.ended_at >= self.span.end:
            return whole
        unused = self.span.end - max(_next_tick(self.ended_at), self.span.start + _TICK)
        return TimeSpan(whole.start, whole.end - max(unused, timedelta()))

    @property
    def takes_time(self) -> bool:
        return self.status in TAKES_TIME and not self.is_history

    def is_live_hold(self, now: datetime) -> bool:
        return self.status is Status.HELD and self.expires_at is not None and now < self.expires_at


def _next_tick(instant: datetime) -> datetime:
    """The instant, or else the next multiple of five minutes."""
    return instant + (_EPOCH - instant) % _TICK
