"""The identities of things, as types of their own so that one cannot be taken for another."""

from typing import NewType
from uuid import UUID

ClinicId = NewType("ClinicId", UUID)
SiteId = NewType("SiteId", UUID)
RoomId = NewType("RoomId", UUID)
EquipmentId = NewType("EquipmentId", UUID)
PractitionerId = NewType("PractitionerId", UUID)
CredentialId = NewType("CredentialId", UUID)
TreatmentTypeId = NewType("TreatmentTypeId", UUID)
PatientId = NewType("PatientId", UUID)
AppointmentId = NewType("AppointmentId", UUID)
StaffId = NewType("StaffId", UUID)
FeedId = NewType("FeedId", UUID)
DiaryId = NewType("DiaryId", UUID)
"""The id of a practitioner, room, piece of equipment or patient, seen as the one whose time is claimed."""
