"""Storage models, for storage only: a row never leaves `booking.store`.

Every key is `(clinic_id, id)` and foreign keys carry `clinic_id`, so that a row of another clinic cannot be referenced
even by a bug. What SQLModel cannot say about these tables is in `booking.store.guards`.
"""

from booking.store.tables.access import AuditRow, FeedRow, IdempotencyRow, SessionRow, StaffRow
from booking.store.tables.base import metadata, table
from booking.store.tables.clinic import (
    BusyRow,
    ClinicRow,
    ClosureRow,
    DiaryRow,
    EquipmentRow,
    ExtraHoursRow,
    InstallationRow,
    PractitionerRow,
    RoomRow,
    SiteRow,
    TravelRow,
    TreatmentTypeRow,
    WorkingHoursRow,
)
from booking.store.tables.credentials import (
    AdoptionRow,
    CredentialRow,
    CredentialVersionRow,
    OwnerDecisionRow,
    RuleTextRow,
    SuspensionRow,
)
from booking.store.tables.seals import SealedRow, SealRow, UnsealedRow
from booking.store.tables.visits import (
    ONLY_ON_SQLITE,
    AppointmentRow,
    ClaimRow,
    DecisionRow,
    DiaryChangeRow,
    FindingRow,
    PatientRow,
    StatusRow,
)

__all__ = [
    "ONLY_ON_SQLITE",
    "AdoptionRow",
    "AppointmentRow",
    "AuditRow",
    "BusyRow",
    "ClaimRow",
    "ClinicRow",
    "ClosureRow",
    "CredentialRow",
    "CredentialVersionRow",
    "DecisionRow",
    "DiaryChangeRow",
    "DiaryRow",
    "EquipmentRow",
    "ExtraHoursRow",
    "FeedRow",
    "FindingRow",
    "IdempotencyRow",
    "InstallationRow",
    "OwnerDecisionRow",
    "PatientRow",
    "PractitionerRow",
    "RoomRow",
    "RuleTextRow",
    "SealRow",
    "SealedRow",
    "SessionRow",
    "SiteRow",
    "StaffRow",
    "StatusRow",
    "SuspensionRow",
    "TravelRow",
    "TreatmentTypeRow",
    "UnsealedRow",
    "WorkingHoursRow",
    "metadata",
    "table",
]
