"""The pages in this process, with a clinic behind them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from booking.domain.permission import Role
from booking.http.passwords import hash_password
from booking.http.tokens import digest, manage_token, new_secret
from booking.settings import Settings
from booking.store.database import Database
from booking.usecases.staff import AddStaff, add_staff, begin_session
from booking.usecases.types import Staff
from booking.usecases.views.appointments import AppointmentView
from tests.clinics import DullClinic, dull, open_clinic
from tests.plugins.database import Clock
from tests.plugins.prepared import prepared
from tests.plugins.program import program
from tests.web.browsing import Browser

PASSWORD = "a dull password"
SETTINGS = Settings(secret=b"s" * 40, public_url="http://testserver.local")
PASSWORD_HASH = hash_password(PASSWORD)
CAST = {
    "ada": (Role.PRACTITIONER, "ada"),
    "ben": (Role.PRACTITIONER, "ben"),
    "reception": (Role.RECEPTION, None),
    "manager": (Role.MANAGER, None),
}


@dataclass(frozen=True, kw_only=True)
class Site:
    """The dull clinic with Ada and Ben, its staff by login, and as many browsers as a test asks for."""

    clinic: DullClinic
    staff: dict[str, Staff]
    client: TestClient[Any]

    def browser(self) -> Browser:
        return Browser(self.client)

    def signed_in(self, login: str) -> Browser:
        """A browser that has the session of a member of staff."""
        browser, token = self.browser(), new_secret()
        self.clinic.database.write_now(begin_session, self.staff[login], digest(token))
        browser.cookies.set("session", token)
        return browser

    def link(self, visit: AppointmentView) -> str:
        """The private address of a visit."""
        return f"/b/{manage_token(SETTINGS, self.clinic.id, visit.appointment.id)}"


@contextmanager
def open_site(database: Database) -> Iterator[Site]:
    clinic, staff = prepared(database, "site", _with_staff)
    with program(SETTINGS, database) as started:
        yield Site(clinic=replace(clinic, database=database), staff=staff, client=started.client)


@pytest.fixture
def site(sqlite: Database) -> Iterator[Site]:
    with open_site(sqlite) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests of a module, none of which minds what the others did."""
    path = tmp_path_factory.mktemp("shared") / "test.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", clock=Clock())
    with open_site(database) as opened:
        yield opened
    database.close_now()


def _with_staff(database: Database) -> tuple[DullClinic, dict[str, Staff]]:
    clinic = open_clinic(database, dull(ben={"name": "Ben Ode"}))
    return clinic, {login: _staff(clinic, login, role, treats) for login, (role, treats) in CAST.items()}


def _staff(clinic: DullClinic, login: str, role: Role, treats: str | None) -> Staff:
    command = AddStaff(login=login, name=login.title(), role=role, password_hash=PASSWORD_HASH, practitioner=treats)
    return clinic.database.write_now(add_staff, clinic.manager, command)
