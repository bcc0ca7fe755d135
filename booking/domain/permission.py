"""Who may do what: one table, asked first by every use case."""

from dataclasses import dataclass
from enum import StrEnum

from booking.domain.errors import NotPermitted
from booking.domain.ids import AppointmentId, ClinicId, PractitionerId, StaffId


class Role(StrEnum):
    PUBLIC = "public"
    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    RECEPTION = "reception"
    MANAGER = "manager"
    SYSTEM = "system"


class Action(StrEnum):
    SEARCH = "search"
    HOLD = "hold"
    BOOK = "book"
    SEE_APPOINTMENT = "see_appointment"
    LIST_APPOINTMENTS = "list_appointments"
    CANCEL = "cancel"
    MOVE = "move"
    REASSIGN = "reassign"
    SWAP = "swap"
    SQUEEZE_IN = "squeeze_in"
    FIND_PATIENTS = "find_patients"
    MERGE_PATIENTS = "merge_patients"
    CHECK_IN = "check_in"
    TREAT = "treat"
    ANSWER_REQUEST = "answer_request"
    CORRECT = "correct"
    CONFIRM = "confirm"
    ANNOTATE = "annotate"
    EXPLAIN_ELIGIBILITY = "explain_eligibility"
    EXPLAIN_SLOT = "explain_slot"
    SEE_CREDENTIALS = "see_credentials"
    MANAGE_CREDENTIALS = "manage_credentials"
    LIST_FINDINGS = "list_findings"
    LIST_ABSENCES = "list_absences"
    MANAGE_ABSENCES = "manage_absences"
    CLOSE_SITES = "close_sites"
    MANAGE_FEEDS = "manage_feeds"
    SEE_LAW = "see_law"
    DECIDE_GRANTS = "decide_grants"
    MANAGE_CLINIC = "manage_clinic"
    MANAGE_STAFF = "manage_staff"
    AUDIT = "audit"


class Reach(StrEnum):
    """How far a permission goes: to what is one's own, or to everything of the clinic."""

    OWN = "own"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks, by which door.

    `practitioner_id` is set for a practitioner, `appointment_id` for a patient who came by the link of that visit;
    `actor` is what history will say.
    """

    clinic_id: ClinicId
    role: Role
    staff_id: StaffId | None = None
    practitioner_id: PractitionerId | None = None
    appointment_id: AppointmentId | None = None
    channel: str = "api"
    request_id: str = ""

    @property
    def actor(self) -> str:
        return f"{self.role}:{self.staff_id}" if self.staff_id else str(self.role)

    @property
    def is_staff(self) -> bool:
        return self.role in _STAFF


_STAFF = frozenset({Role.PRACTITIONER, Role.RECEPTION, Role.MANAGER, Role.SYSTEM})
_OWN, _ALL = Reach.OWN, Reach.ALL

PERMISSIONS: dict[Role, dict[Action, Reach]] = {
    Role.PUBLIC: {Action.SEARCH: _ALL, Action.HOLD: _OWN, Action.BOOK: _OWN},
    Role.PATIENT: {
        Action.SEARCH: _ALL, Action.HOLD: _OWN, Action.BOOK: _OWN, Action.SEE_APPOINTMENT: _OWN, Action.CANCEL: _OWN,
        Action.MOVE: _OWN, Action.CONFIRM: _OWN,
    },
    Role.PRACTITIONER: {
        Action.SEARCH: _ALL, Action.SEE_APPOINTMENT: _OWN, Action.LIST_APPOINTMENTS: _OWN,
        Action.EXPLAIN_ELIGIBILITY: _OWN, Action.EXPLAIN_SLOT: _OWN, Action.SEE_CREDENTIALS: _OWN,
        Action.LIST_FINDINGS: _OWN, Action.LIST_ABSENCES: _OWN, Action.MANAGE_ABSENCES: _OWN, Action.MANAGE_FEEDS: _OWN,
        Action.CHECK_IN: _OWN, Action.TREAT: _OWN, Action.ANSWER_REQUEST: _OWN, Action.ANNOTATE: _OWN,
        Action.SEE_LAW: _ALL,
    },
    Role.RECEPTION: {
        Action.SEARCH: _ALL, Action.HOLD: _ALL, Action.BOOK: _ALL, Action.SEE_APPOINTMENT: _ALL,
        Action.CHECK_IN: _ALL, Action.TREAT: _ALL, Action.ANSWER_REQUEST: _ALL, Action.CORRECT: _ALL,
        Action.REASSIGN: _ALL, Action.SWAP: _ALL, Action.SQUEEZE_IN: _ALL, Action.FIND_PATIENTS: _ALL,
        Action.MERGE_PATIENTS: _ALL,
        Action.CONFIRM: _ALL, Action.ANNOTATE: _ALL, Action.LIST_APPOINTMENTS: _ALL, Action.CANCEL: _ALL,
        Action.MOVE: _ALL, Action.EXPLAIN_ELIGIBILITY: _ALL,
        Action.LIST_FINDINGS: _ALL, Action.LIST_ABSENCES: _ALL, Action.MANAGE_ABSENCES: _ALL,
        Action.CLOSE_SITES: _ALL, Action.EXPLAIN_SLOT: _ALL, Action.SEE_LAW: _ALL,
    },
    Role.MANAGER: dict.fromkeys(Action, _ALL),
    Role.SYSTEM: dict.fromkeys(Action, _ALL),
}  # fmt: skip


def reach_of(caller: Caller, action: Action) -> Reach | None:
    """How far the caller may do this; None when not at all."""
    return PERMISSIONS[caller.role].get(action)


def may(caller: Caller, action: Action, *, own: bool = False) -> bool:
    """Whether the caller may do this; `own` says that the thing belongs to the caller."""
    reach = reach_of(caller, action)
    return reach is Reach.ALL or (reach is Reach.OWN and own)


def permit(caller: Caller, action: Action, *, own: bool = False) -> None:
    """Raises NotPermitted unless the caller may do this."""
    if not may(caller, action, own=own):
        raise NotPermitted(action)


def owns(caller: Caller, practitioner_id: PractitionerId) -> bool:
    """Whether the caller is this very practitioner."""
    return caller.practitioner_id is not None and caller.practitioner_id == practitioner_id
