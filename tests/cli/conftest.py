"""A command line with a database of its own, and nothing else in its environment."""

import io
import os
from pathlib import Path

import pytest
import tomli_w

from booking.__main__ import main
from tests.cli.command import Ran, Run
from tests.clinics import dull


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> pytest.MonkeyPatch:
    """Where variables can be set; at first there is a migrated SQLite database and no secret."""
    for name in [name for name in os.environ if name.startswith("BOOKING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BOOKING_DATABASE_URL", sqlite_url)
    return monkeypatch


@pytest.fixture
def run(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process."""

    def run_here(*arguments: str, stdin: str = "") -> Ran:
        environment.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = main(arguments)
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        said = capsys.readouterr()
        return Ran(code=code, out=said.out.splitlines(), err=said.err.splitlines())

    return run_here


@pytest.fixture
def dull_file(tmp_path: Path) -> Path:
    """The dull clinic's file, its licence without end."""
    data = dull()
    del data["practitioner"][0]["credential"][0]["valid_until"]
    path = tmp_path / "clinic.toml"
    path.write_text(tomli_w.dumps(data))
    return path
