"""`booking staff add`: who may sign in."""

import argparse
import getpass
import sys

from booking.cli.common import open_database, operator, say, settings, the_clinic
from booking.domain.errors import InvalidInput
from booking.domain.permission import Role
from booking.http.passwords import ensure_strong, hash_password
from booking.usecases.staff import ROLES, AddStaff, add_staff


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    staff = commands.add_parser("staff", help="add somebody who may sign in, or give them a new password")
    inner = staff.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add = inner.add_parser("add", help="add a member of staff; the password is asked for, or read from a pipe")
    add.add_argument("login", metavar="LOGIN", help="what they sign in with, such as an e-mail address")
    add.add_argument("--name", required=True, help="how others see them")
    add.add_argument("--role", required=True, choices=[str(role) for role in ROLES])
    add.add_argument("--practitioner", metavar="SLUG", help="whose calendar it is, for a practitioner")
    add.add_argument("--clinic", metavar="SLUG", help="which one, when there are several")
    add.set_defaults(run=run_add)


def run_add(arguments: argparse.Namespace) -> int:
    password = _password()
    ensure_strong(password)
    command = AddStaff(
        login=arguments.login,
        name=arguments.name,
        role=Role(arguments.role),
        password_hash=hash_password(password),
        practitioner=arguments.practitioner,
    )
    with open_database(settings()) as database:
        clinic = the_clinic(database, arguments.clinic)
        added = database.write_now(add_staff, operator(clinic), command)
    say(f"{added.login} may sign in at {clinic.name} as {added.role}.")
    return 0


def _password() -> str:
    """Typed twice by a person, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise InvalidInput("password", "The two passwords differ; nothing was changed.")
    return first
