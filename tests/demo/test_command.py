"""`booking demo`, as somebody who tries it runs it."""

import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from booking.__main__ import main
from booking.demo.seeding import PASSWORD, STAFF
from booking.store.database import Database
from tests.clinics import open_clinic
from tests.demo.conftest import copied
from tests.plugins.server import free_port

PATIENCE = 30.0  # seconds


def answer(url: str) -> str:
    """What is at the address, as soon as somebody answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answered:  # noqa: S310 -- our own address
                text: str = answered.read().decode()
                return text
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_demo_says_where_it_is_serves_and_stops(demo_folder: Path, tmp_path: Path) -> None:
    folder, port = copied(demo_folder, tmp_path / "demo"), free_port()
    command = [sys.executable, "-m", "booking", "demo", "--data", str(folder), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            page = answer(f"http://127.0.0.1:{port}/book/needle-and-rest")
            process.terminate()
            said = process.communicate(timeout=PATIENCE)[0]
        finally:
            process.kill()
    assert (process.returncode, "Needle &amp; Rest Clinic" in page) == (0, True)
    assert re.findall(r"http://\S+", said) == [
        f"http://127.0.0.1:{port}{path}" for path in ("/book/needle-and-rest", "/sign-in", "/openapi.json")
    ]
    assert re.findall(rf"^ +(\w+) +{PASSWORD}  ", said, re.MULTILINE) == [member.login for member in STAFF]


def test_demo_refuses_the_folder_of_a_real_clinic(tmp_path: Path, sqlite_url: str) -> None:
    database = Database(sqlite_url, threads=1)
    open_clinic(database)
    database.close_now()
    file = Path(sqlite_url.removeprefix("sqlite:///")).rename(tmp_path / "demo.db")
    command = [sys.executable, "-m", "booking", "demo", "--data", str(tmp_path), "--port", str(free_port())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    sentence = f"{file.resolve()} holds no demo, but something else; name another folder with --data DIR."
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"booking: {sentence}\n")


def test_demo_says_at_once_that_its_port_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["demo", "--data", str(tmp_path / "demo"), "--port", str(port)]) == 1
    assert capsys.readouterr() == ("", f"booking: 127.0.0.1 port {port} is already in use.\n")
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_port_is_a_number_that_there_is(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["demo", "--port", port])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.endswith("error: argument --port: a number from 1 to 65535\n")
