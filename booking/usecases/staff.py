"""Members of staff: adding them, and letting them in and out."""

from dataclasses import dataclass
from datetime import timedelta

from booking.domain.errors import InvalidInput, Unauthenticated
from booking.domain.ids import ClinicId, PractitionerId, StaffId
from booking.domain.permission import Action, Caller, Role, permit
from booking.store import clinics, history, staff
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.staff import Session, Staff
from booking.usecases.sweeping import IDLE_SESSION

LONGEST_SESSION = timedelta(hours=12)
_TOUCH_EVERY = timedelta(minutes=1)
ROLES = (Role.PRACTITIONER, Role.RECEPTION, Role.MANAGER)


@dataclass(frozen=True, kw_only=True)
class AddStaff:
    """`password_hash` is an Argon2 hash. A practitioner is named by the slug of the person who treats."""

    login: str
    name: str
    role: Role
    password_hash: str
    practitioner: str | None = None


def add_staff(tx: Transaction, caller: Caller, command: AddStaff) -> Staff:
    """A new member of staff, or a new password for one who is there, which ends their sessions.

    Raises InvalidInput when role and practitioner do not go together.
    """
    permit(caller, Action.MANAGE_STAFF)
    practitioner_id = _practitioner(tx, caller, command)
    now = tx.now()
    known = staff.by_login(tx, caller.clinic_id, command.login)
    if known is not None:
        if (known.role, known.practitioner_id) != (command.role, practitioner_id):
            raise InvalidInput("login", f"{command.login} is already here as {known.role}.")
        staff.set_password(tx, known, command.password_hash)
        history.add_audit(tx, caller, "password_set", known.id, now)
        return known
    added = Staff(
        id=StaffId(new_id()),
        clinic_id=caller.clinic_id,
        login=command.login,
        name=command.name,
        role=command.role,
        practitioner_id=practitioner_id,
        password_hash=command.password_hash,
    )
    staff.add(tx, added, now)
    history.add_audit(tx, caller, "staff_added", added.id, now, role=added.role.value)
    return added


def staff_to_check(tx: Transaction, clinic_id: ClinicId, login: str) -> Staff | None:
    """Whose password is to be compared; None for somebody unknown or no longer active."""
    found = staff.by_login(tx, clinic_id, login)
    return found if found is not None and found.active else None


def begin_session(tx: Transaction, member: Staff, token_hash: str) -> Session:
    """Sign in somebody whose password was right. Raises Unauthenticated when it was changed since it was compared."""
    current = staff.by_login(tx, member.clinic_id, member.login)
    if current is None or not current.active or current.password_hash != member.password_hash:
        raise Unauthenticated("Sign in again.")
    now = tx.now()
    staff.add_session(tx, token_hash, current, now, now + LONGEST_SESSION)
    history.add_audit(tx, caller_of(current, "sign-in"), "signed_in", current.id, now)
    return Session(staff=current, created_at=now, last_seen_at=now, expires_at=now + LONGEST_SESSION)


def session_of(tx: Transaction, token_hash: str) -> Session | None:
    """The session under this hash, unless it is over or was idle for too long."""
    found = staff.session(tx, token_hash)
    now = tx.now()
    if found is None or now >= found.expires_at or now >= found.last_seen_at + IDLE_SESSION:
        return None
    return found


def is_stale(tx: Transaction, session: Session) -> bool:
    """Whether the time at which it was last seen is worth writing down again."""
    return tx.now() >= session.last_seen_at + _TOUCH_EVERY


def touch_session(tx: Transaction, token_hash: str) -> None:
    staff.touch_session(tx, token_hash, tx.now())


def end_session(tx: Transaction, token_hash: str) -> None:
    staff.end_session(tx, token_hash)


def caller_of(member: Staff, channel: str, request_id: str = "") -> Caller:
    return Caller(
        clinic_id=member.clinic_id,
        role=member.role,
        staff_id=member.id,
        practitioner_id=member.practitioner_id,
        channel=channel,
        request_id=request_id,
    )


def _practitioner(tx: Transaction, caller: Caller, command: AddStaff) -> PractitionerId | None:
    if command.role not in ROLES:
        raise InvalidInput("role", "The role is practitioner, reception or manager.")
    if (command.practitioner is not None) != (command.role is Role.PRACTITIONER):
        raise InvalidInput("practitioner", "A practitioner's sign-in, and only theirs, names the practitioner.")
    if command.practitioner is None:
        return None
    people = clinics.practitioners(tx, caller.clinic_id).values()
    found = next((one.id for one in people if one.slug == command.practitioner), None)
    if found is None:
        raise InvalidInput("practitioner", f"There is no practitioner {command.practitioner!r}.")
    return found
