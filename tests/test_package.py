"""What is installed: the wheel holds all that the program needs, and works without the rest of the repository."""

import os
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from booking import __version__
from booking.store import schema
from tests.sources import ROOT

INFO = f"dry_needling_booking-{__version__}.dist-info"
LEFT_BEHIND = {"__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built with what is installed, as `pip install --no-build-isolation` does; nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.iterdir()))


def files_below(folder: str, there: str) -> set[str]:
    """The files of a folder of the repository, as they are called in the wheel."""
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and not LEFT_BEHIND & set(path.parts))
    return {f"{there}/{path.relative_to(ROOT / folder)}" for path in found}


def test_wheel_holds_the_program_its_migrations_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    about = {f"{INFO}/{name}" for name in ("METADATA", "WHEEL", "entry_points.txt", "licenses/LICENSE", "RECORD")}
    assert (
        set(wheel.namelist())
        == files_below("booking", "booking") | files_below("migrations", "booking/_migrations") | about
    )


@pytest.mark.parametrize(
    "file",
    [
        "booking/_migrations/env.py",
        "booking/demo/clinic.toml",
        "booking/rules/US-WA.toml",
        "booking/web/static/app.css",
        "booking/web/templates/base.html",
    ],
)
def test_wheel_holds_what_is_no_python_module_as_it_is(wheel: zipfile.ZipFile, file: str) -> None:
    assert wheel.read(file) == (ROOT / file.replace("booking/_migrations", "migrations")).read_bytes()


def test_wheel_brings_the_command_and_says_what_it_needs(wheel: zipfile.ZipFile) -> None:
    assert "booking = booking.__main__:main" in wheel.read(f"{INFO}/entry_points.txt").decode().splitlines()
    metadata = message_from_bytes(wheel.read(f"{INFO}/METADATA"))
    assert (metadata["Requires-Python"], metadata["License-Expression"]) == (">=3.11", "Apache-2.0")
    assert metadata.get_payload(decode=True) == (ROOT / "README.md").read_bytes()


def test_program_works_from_the_wheel_alone(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "installed"),
        "BOOKING_DATABASE_URL": f"sqlite:///{tmp_path / 'booking.db'}",
    }
    script = "import booking, booking.__main__ as m; print(booking.__file__, flush=True); m.main(['migrate'])"
    command = [sys.executable, "-P", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    place = tmp_path / "installed" / "booking" / "__init__.py"
    assert (done.stdout, done.stderr) == (f"{place}\nThe database is at revision {schema.newest()}.\n", "")
