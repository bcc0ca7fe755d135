"""PostgreSQL's own programs, pg_dump and pg_restore: where they are, how they are run, what they say."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url

from booking.store.backup import BackupRefused, Tell

TELL_EVERY_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Client:
    """The two programs of one release, whose major version is `major`."""

    pg_dump: str
    pg_restore: str
    major: int


def find_client(folder: Path | None, least: int = 0) -> Client:
    """The programs in that folder, or on PATH. Raises BackupRefused when they are missing, or older than `least`."""
    which = f"PostgreSQL {least} or newer" if least else "PostgreSQL"
    package = f"postgresql-client-{least}" if least else "postgresql-client"
    install = (
        f"install the client programs of {which} (the package {package} on Debian and Ubuntu),"
        " or name the folder that they are in with --client"
    )
    found = [shutil.which(name, path=None if folder is None else str(folder)) for name in ("pg_dump", "pg_restore")]
    if found[0] is None or found[1] is None:
        where = "on PATH" if folder is None else f"in {folder}"
        raise BackupRefused(f"pg_dump and pg_restore are not {where}: {install}.")
    major = _major(found[0])
    if major < least:
        raise BackupRefused(f"{found[0]} is of PostgreSQL {major} and cannot read a server of {least}: {install}.")
    return Client(pg_dump=found[0], pg_restore=found[1], major=major)


def _major(program: str) -> int:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 -- the operator's own program
    except OSError as error:
        raise BackupRefused(f"{program} does not run: {error.strerror}.") from error
    version = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    if version is None:
        raise BackupRefused(f"{program} does not say its version: {_last_line(done.stderr)}")
    return int(version[1])


def dump(client: Client, url: str, namespace: str, part: Path, tell: Tell) -> None:
    """Write an archive of the schema `namespace`: one snapshot, which keeps nobody from writing.

    The password is told in the environment, where only this account can read it, and never asked for.
    """
    address, secret = _without_password(url)
    command = [
        *(client.pg_dump, "--format=custom", "--no-owner", "--no-privileges", "--no-password"),
        *(f'--schema="{namespace}"', f"--file={part}", f"--dbname={address}"),
    ]
    with _running(command, secret) as (process, said):
        while process.poll() is None:
            tell(f"{part.stat().st_size // 1024} kB")
            try:
                process.wait(TELL_EVERY_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        _ensure_done(process, said, "pg_dump failed")


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address as libpq reads it, and the variable that gives its password, if it has one."""
    parts = make_url(url)
    password = parts.password or parts.query.get("password")
    shown = parts.set(drivername="postgresql").difference_update_query(["password"])
    shown = shown._replace(password=None)
    return shown.render_as_string(hide_password=False), {} if password is None else {"PGPASSWORD": str(password)}


def ensure_readable(client: Client, file: Path) -> None:
    """Raises BackupRefused unless the whole archive can be read."""
    with _running([client.pg_restore, "--file=-", str(file)], {}) as (process, said):
        process.communicate()
        _ensure_done(process, said, f"{file} cannot be read")


def rows(client: Client, file: Path, table: str) -> Iterator[bytes]:
    """The rows of a table: first the names of the columns with commas between, then lines as COPY writes them.

    Nothing when the archive has no such table. Raises BackupRefused when it cannot be read.
    """
    command = [client.pg_restore, "--data-only", f"--table={table}", "--file=-", str(file)]
    with _running(command, {}, subprocess.PIPE) as (process, said):
        assert process.stdout is not None  # noqa: S101 -- it was asked for
        yield from _copied(process.stdout)
        for _ in process.stdout:
            pass
        process.wait()
        _ensure_done(process, said, f"{file} cannot be read")


_COPY = re.compile(rb'COPY [\w."]+ \(([\w", ]+)\) FROM stdin;\n')
_CHUNK = 1 << 16


def _copied(output: IO[bytes]) -> Iterator[bytes]:
    begun = next((found for line in output if (found := _COPY.fullmatch(line))), None)
    if begun is None:
        return
    yield begun[1]
    chunk: list[bytes] = []
    size = 0
    for line in output:
        if line == b"\\.\n":
            break
        chunk.append(line)
        size += len(line)
        if size > _CHUNK:
            yield b"".join(chunk)
            chunk, size = [], 0
    yield b"".join(chunk)


@contextmanager
def _running(
    command: Sequence[str], secret: dict[str, str], output: int = subprocess.DEVNULL
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The program and what it says of errors; it does not outlive this."""
    environment = {**os.environ, "LC_ALL": "C", **secret}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 -- the operator's own program
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=said, env=environment
        )
        with process:
            try:
                yield process, said
            finally:
                process.kill()


def _ensure_done(process: subprocess.Popen[bytes], said: IO[bytes], what: str) -> None:
    if process.returncode:
        said.seek(0)
        raise BackupRefused(f"{what}: {_last_line(said.read().decode(errors='replace'))}")


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[0].rstrip(".") + "." if lines else "it does not say why."
