"""`booking staff add`."""

import asyncio
from pathlib import Path

import pytest

from booking.domain.permission import Role
from booking.http import passwords
from booking.store.database import Database
from booking.usecases.staff import staff_to_check
from booking.usecases.types import Staff
from booking.usecases.views.catalogue import clinic_by_slug
from tests.cli.command import Run

PASSWORD = "correct horse battery"
RECEPTION = ("staff", "add", "robin", "--name", "Robin Hale", "--role", "reception")
ADA = ("staff", "add", "ada@dull.example", "--name", "Ada Byrne", "--role", "practitioner", "--practitioner", "ada")


@pytest.fixture
def clinic(run: Run, dull_file: Path) -> None:
    run("clinic", "apply", str(dull_file))


def member(url: str, login: str) -> Staff | None:
    database = Database(url, threads=1)
    clinic = database.read_now(clinic_by_slug, "dull")
    found = database.read_now(staff_to_check, clinic.id, login)
    database.close_now()
    return found


@pytest.mark.usefixtures("clinic")
def test_add_takes_the_password_from_a_pipe(run: Run, sqlite_url: str) -> None:
    ran = run(*RECEPTION, stdin=f"{PASSWORD}\nsomething else\n")
    assert (ran.code, ran.out, ran.err) == (0, ["robin may sign in at Dull Clinic as reception."], [])
    robin = member(sqlite_url, "robin")
    assert robin is not None
    assert (robin.name, robin.role, robin.practitioner_id) == ("Robin Hale", Role.RECEPTION, None)
    tried = [asyncio.run(passwords.verify(robin.password_hash, one)) for one in (PASSWORD, f"{PASSWORD}\n")]
    assert tried == [True, False]


@pytest.mark.usefixtures("clinic")
def test_add_again_sets_a_new_password(run: Run, sqlite_url: str) -> None:
    hashes = []
    for password in (PASSWORD, PASSWORD[::-1]):
        assert run(*RECEPTION, stdin=password).code == 0
        hashes.append(getattr(member(sqlite_url, "robin"), "password_hash", ""))
    assert [asyncio.run(passwords.verify(one, PASSWORD)) for one in hashes] == [True, False]


@pytest.mark.usefixtures("clinic")
def test_practitioner_is_named_by_slug(run: Run, sqlite_url: str) -> None:
    assert run(*ADA, stdin=PASSWORD).out == ["ada@dull.example may sign in at Dull Clinic as practitioner."]
    ada = member(sqlite_url, "ada@dull.example")
    assert ada is not None
    assert ada.practitioner_id is not None


@pytest.mark.parametrize("password", ["", "short", "x" * 201], ids=["none", "short", "endless"])
@pytest.mark.usefixtures("clinic")
def test_weak_password_is_refused(run: Run, sqlite_url: str, password: str) -> None:
    ran = run(*RECEPTION, stdin=password)
    assert (ran.code, ran.out, ran.err) == (1, [], ["booking: A password has 12 to 200 characters."])
    assert member(sqlite_url, "robin") is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((*ADA[:-1], "bob"), "There is no practitioner 'bob'."),
        (ADA[:-2], "A practitioner's sign-in, and only theirs, names the practitioner."),
        ((*RECEPTION, "--practitioner", "ada"), "A practitioner's sign-in, and only theirs, names the practitioner."),
        ((*RECEPTION, "--clinic", "none"), "There is no such clinic."),
    ],
    ids=["unknown", "missing", "too-much", "clinic"],
)
@pytest.mark.usefixtures("clinic")
def test_role_and_practitioner_go_together(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    ran = run(*arguments, stdin=PASSWORD)
    assert (ran.code, ran.out, ran.err) == (1, [], [f"booking: {sentence}"])


@pytest.mark.usefixtures("clinic")
def test_login_keeps_its_role(run: Run) -> None:
    run(*RECEPTION, stdin=PASSWORD)
    ran = run(*RECEPTION[:-1], "manager", stdin=PASSWORD)
    assert (ran.code, ran.err) == (1, ["booking: robin is already here as reception."])


@pytest.mark.parametrize("role", ["system", "public", "owner"])
def test_role_nobody_can_sign_in_with_is_a_usage_error(run: Run, role: str) -> None:
    ran = run(*RECEPTION[:-1], role, stdin=PASSWORD)
    assert (ran.code, ran.err[-1].startswith("booking staff add: error: argument --role: invalid choice")) == (2, True)


def test_staff_need_a_clinic(run: Run) -> None:
    ran = run(*RECEPTION, stdin=PASSWORD)
    sentence = "There is no clinic yet: describe one in a file for `booking clinic apply`."
    assert (ran.code, ran.err) == (1, [f"booking: {sentence}"])
