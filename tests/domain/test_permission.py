"""The whole table of who may do what, written out a second time: a change of it must be meant."""

import pytest

from booking.domain.errors import NotPermitted
from booking.domain.ids import PractitionerId, StaffId
from booking.domain.permission import Action, Role, owns, permit
from tests.domain.factories import an_id, make_caller, make_practitioner

# all: anything of the clinic; own: what belongs to the caller; a dot: not at all.
TABLE = """
                     public  patient  practitioner  reception  manager  system
search               all     all      all           all        all      all
hold                 own     own      .             all        all      all
book                 own     own      .             all        all      all
see_appointment      .       own      own           all        all      all
list_appointments    .       .        own           all        all      all
cancel               .       own      .             all        all      all
move                 .       own      .             all        all      all
reassign             .       .        .             all        all      all
swap                 .       .        .             all        all      all
squeeze_in           .       .        .             all        all      all
find_patients        .       .        .             all        all      all
merge_patients       .       .        .             all        all      all
check_in             .       .        own           all        all      all
treat                .       .        own           all        all      all
answer_request       .       .        own           all        all      all
correct              .       .        .             all        all      all
confirm              .       own      .             all        all      all
annotate             .       .        own           all        all      all
explain_eligibility  .       .        own           all        all      all
explain_slot         .       .        own           all        all      all
see_credentials      .       .        own           .          all      all
manage_credentials   .       .        .             .          all      all
list_findings        .       .        own           all        all      all
list_absences        .       .        own           all        all      all
manage_absences      .       .        own           all        all      all
close_sites          .       .        .             all        all      all
manage_feeds         .       .        own           .          all      all
see_law              .       .        all           all        all      all
decide_grants        .       .        .             .          all      all
manage_clinic        .       .        .             .          all      all
manage_staff         .       .        .             .          all      all
audit                .       .        .             .          all      all
"""
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [
    (Role(role), Action(action), reach)
    for action, *reaches in _ROWS
    for role, reach in zip(_HEAD, reaches, strict=True)
]


def may(role: Role, action: Action, *, own: bool) -> bool:
    try:
        permit(make_caller(role), action, own=own)
    except NotPermitted:
        return False
    return True


@pytest.mark.parametrize(("role", "action", "reach"), CELLS)
def test_permit_follows_the_table(role: Role, action: Action, reach: str) -> None:
    assert may(role, action, own=False) is (reach == "all")
    assert may(role, action, own=True) is (reach in {"all", "own"})


def test_table_has_every_role_and_action() -> None:
    assert {(role, action) for role, action, _ in CELLS} == {(role, action) for role in Role for action in Action}


def test_refusal_names_the_action() -> None:
    with pytest.raises(NotPermitted) as refusal:
        permit(make_caller(Role.RECEPTION), Action.MANAGE_CREDENTIALS, own=True)
    assert refusal.value.code == "not-permitted"
    assert refusal.value.message == "Your role does not allow this (manage credentials)."
    assert refusal.value.details == {"action": "manage_credentials"}


def test_practitioner_owns_what_is_theirs_alone() -> None:
    ada = make_practitioner().id
    assert owns(make_caller(Role.PRACTITIONER, practitioner_id=ada), ada)
    assert not owns(make_caller(Role.PRACTITIONER, practitioner_id=PractitionerId(an_id("ben"))), ada)
    assert not owns(make_caller(Role.RECEPTION), ada)


def test_caller_is_told_by_role_and_person() -> None:
    staff = StaffId(an_id("sam"))
    assert make_caller(Role.RECEPTION, staff_id=staff).actor == f"reception:{staff}"
    assert make_caller(Role.PUBLIC).actor == "public"
    assert [role for role in Role if make_caller(role).is_staff] == [
        Role.PRACTITIONER,
        Role.RECEPTION,
        Role.MANAGER,
        Role.SYSTEM,
    ]
