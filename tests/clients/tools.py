"""Finds, fetches and compiles the calendar programs outside Python that tests ask."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

from tests.plugins.missing import missing

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "clients"

ICALJS = "ical.js@2.2.1"
ICALJS_SHA512 = "yK/UlPbEs316igb/tjRgbFA8ZV75rCsBJp/hWOatpyaPNlgw0dGDmU+FoicOcwX4xXkeXOkYiOmCqNPFpNPkQg=="


def program(name: str) -> str:
    """The path of an installed program; the test does not go on without it."""
    return shutil.which(name) or missing(f"{name} is not installed")


def output_of(command: Sequence[str | Path], *, seconds: int = 60) -> str:
    """What a program writes, as UTF-8. Raises AssertionError with its complaint when it fails."""
    done = subprocess.run(command, capture_output=True, check=False, timeout=seconds)
    if done.returncode:
        raise AssertionError(f"{command[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


@cache
def libical_table() -> Path:
    """The compiled libical_table.c; compiled again when its text changes."""
    source = HERE / "libical_table.c"
    compiled = CACHE / f"libical_table-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}"
    if compiled.exists():
        return compiled
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        made = Path(scratch) / "libical_table"
        command: list[str | Path] = [program("gcc"), source, "-o", made, "-lical"]
        done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
        if "libical/ical.h" in done.stderr or "-lical" in done.stderr:
            missing("libical's development files are not installed")
        assert done.returncode == 0, done.stderr
        made.replace(compiled)
    return compiled


@cache
def icaljs() -> Path:
    """The module of ical.js, fetched once and only used when it is what it was when these tests were written."""
    archive = CACHE / "ical.js-2.2.1.tgz"
    complaint = "" if archive.exists() else _fetch_icaljs(archive)
    if complaint:
        missing(complaint)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert digest == ICALJS_SHA512, f"{archive} is not the ical.js that was pinned"
    unpacked = CACHE / "ical.js-2.2.1"
    if not unpacked.exists():
        _unpack(archive, unpacked)
    return unpacked / "package" / "dist" / "ical.js"


@cache
def _fetch_icaljs(archive: Path) -> str:
    """Why it cannot be fetched, which is asked once; empty when it is there."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        command = [program("npm"), "pack", ICALJS, "--silent", "--ignore-scripts", "--fetch-retries=1"]
        done = subprocess.run(command, cwd=scratch, capture_output=True, check=False, text=True, timeout=120)
        if done.returncode:
            return f"npm cannot fetch {ICALJS} {done.stderr.strip()}".strip()
        (Path(scratch) / archive.name).replace(archive)
    return ""


def _unpack(archive: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        whole = Path(scratch) / "whole"
        with tarfile.open(archive) as packed:
            for member in packed.getmembers():
                _put(whole, member.name, packed.extractfile(member))
        # Of several test processes the first puts its copy there.
        with suppress(OSError):
            whole.rename(target)


def _put(folder: Path, name: str, content: IO[bytes] | None) -> None:
    """Write one file of an archive; Python learnt to unpack safely by itself only in 3.11.4."""
    place = (folder / name).resolve()
    if content is not None and place.is_relative_to(folder.resolve()):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.read())
