"""A visit, and its life cycle as one table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.domain.errors import StaleVersion
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
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName
from booking.domain.treatment import Needling, Needs, TreatmentType


class Status(StrEnum):
    HELD = "held"
    BOOKED = "booked"
    CANCELLED = "cancelled"


TRANSITIONS: dict[Status | None, frozenset[Status]] = {
    None: frozenset({Status.HELD, Status.BOOKED}),
    Status.HELD: frozenset({Status.BOOKED}),
    Status.BOOKED: frozenset({Status.CANCELLED}),
    Status.CANCELLED: frozenset(),
}
"""What may follow what; a hold that is released or expires leaves no trace."""

HISTORY: dict[Status | None, frozenset[Status]] = {
    None: frozenset({Status.BOOKED}),
    Status.BOOKED: frozenset({Status.CANCELLED}),
    Status.CANCELLED: frozenset(),
}
"""The same, as the recorded statuses show it: history begins when a visit is booked."""


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
    5545) with a change of time, place, practitioner or status.
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
        """The patient and a supervisor are taken for the visit itself, everybody else for the buffers too."""
        return self.span if diary in {self.patient_id, self.supervisor_id} else self.claimed

    def is_live_hold(self, now: datetime) -> bool:
        return self.status is Status.HELD and self.expires_at is not None and now < self.expires_at


def ensure_follows(current: Status | None, new: Status, version: int) -> None:
    """Raises StaleVersion when `new` may not follow `current`: whoever asks has seen an older state."""
    if new not in TRANSITIONS[current]:
        raise StaleVersion(version)
