"""The program as a process: what it logs, that it shares its port with nobody, and how it ends."""

import threading
import time

import httpx
import pytest

from booking.domain.errors import DatabaseRefused
from booking.domain.permission import Role
from booking.http.passwords import hash_password
from booking.serving import ensure_free, serve
from booking.settings import Settings, SettingsInvalid
from booking.store.database import Database
from booking.usecases.staff import AddStaff, add_staff
from tests.clinics import open_clinic
from tests.plugins.server import serving

PASSWORD = "correct horse battery"
SECRET = b"s" * 40


def test_it_serves_in_several_processes_and_lets_requests_finish_when_told_to_stop(sqlite_url: str) -> None:
    _clinic_with_reception(sqlite_url)
    answers: list[httpx.Response] = []

    def sign_in(url: str) -> None:
        json = {"login": "reception", "password": PASSWORD}
        answers.append(httpx.post(f"{url}/api/v1/clinics/dull/sessions", json=json, trust_env=False, timeout=30))

    with serving(sqlite_url, BOOKING_WORKERS="2", BOOKING_ACCESS_LOG="1") as served:
        for path in ("/feeds/canary-7f3a.ics", "/b/canary-7f3a", "/nowhere/canary-7f3a?token=canary-7f3a"):
            assert httpx.get(f"{served.url}{path}", trust_env=False).status_code == 404
        with pytest.raises(SettingsInvalid, match="already in use"):
            serve(Settings(database_url=sqlite_url, secret=SECRET, port=int(served.url.rpartition(":")[2])))
        threads = [threading.Thread(target=sign_in, args=(served.url,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        while not answers:
            time.sleep(0.01)
        assert served.stop() == 0
        for thread in threads:
            thread.join()
        log = served.log.read_text()
    assert [answer.status_code for answer in answers] == [201] * 8
    assert "GET /feeds/{name} 404" in log
    assert "canary" not in log
    assert "Traceback" not in log


def test_its_worker_ends_when_it_is_killed_so_that_the_port_is_free(sqlite_url: str) -> None:
    _clinic_with_reception(sqlite_url)
    with serving(sqlite_url) as served:
        port = int(served.url.rpartition(":")[2])
        with pytest.raises(SettingsInvalid):
            ensure_free("127.0.0.1", port)
        served.process.kill()
        served.process.wait()
        give_up = time.monotonic() + 30
        while not _is_free(port):
            assert time.monotonic() < give_up
            time.sleep(0.05)


def _is_free(port: int) -> bool:
    try:
        ensure_free("127.0.0.1", port)
    except SettingsInvalid:
        return False
    return True


def test_it_refuses_a_database_before_it_listens(tmp_path: object) -> None:
    with pytest.raises(DatabaseRefused):
        serve(Settings(database_url=f"sqlite:///{tmp_path}/empty.db", secret=SECRET, port=1))


def _clinic_with_reception(url: str) -> None:
    database = Database(url)
    clinic = open_clinic(database)
    command = AddStaff(login="reception", name="R", role=Role.RECEPTION, password_hash=hash_password(PASSWORD))
    database.write_now(add_staff, clinic.manager, command)
    database.close_now()
