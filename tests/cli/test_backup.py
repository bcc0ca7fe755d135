"""`booking backup` and `restore`, on both databases."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from alembic import command as alembic
from sqlalchemy import text

from booking.cli.backup import CLIENT
from booking.domain.errors import BookingError
from booking.store import guards, schema
from booking.store.database import Database, Transaction
from booking.store.installation import Kind
from booking.usecases.book import BookAppointment, book
from tests.cli.command import Ran, Run
from tests.cli.test_database import next_tuesday_at_ten, spoil
from tests.clinics import DullClinic, contact, open_clinic
from tests.postgres import Address
from tests.store.whole import Rows, everything, fill, lasting

HELD = "Dull Clinic with 5 appointments"
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def live(request: pytest.FixtureRequest, environment: pytest.MonkeyPatch) -> str:
    """The database that the environment names, on each kind, and no wait for servers that nobody runs."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    environment.setenv("BOOKING_DATABASE_URL", url)
    environment.setattr("booking.cli.backup.SLUG_SECONDS", 0.0)
    if request.param == "postgres":
        environment.setenv(CLIENT, str(request.getfixturevalue("postgres_client")))
    return url


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url, threads=2)
    yield database
    database.close_now()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@contextmanager
def filled(url: str) -> Iterator[DullClinic]:
    with opened(url) as database:
        yield fill(database, next_tuesday_at_ten(datetime.now(UTC)))


def change(clinic: DullClinic) -> None:
    clinic.book(next_tuesday_at_ten(datetime.now(UTC)) + timedelta(hours=4), patient="After The Backup")


def ensure_clean(run: Run) -> None:
    for audit in (["audit"], ["audit", "--decisions"]):
        ran = run(*audit)
        assert (ran.code, ran.out[0].endswith("no violation.") or "no violation; " in ran.out[0]) == (0, True), ran.out


def restore(run: Run, file: Path) -> Ran:
    return run("restore", str(file), "--replace", "--yes")


def test_backup_is_restored_as_it_was(run: Run, live: str, tmp_path: Path) -> None:
    file = tmp_path / "of today.backup"
    with filled(live) as clinic:
        before = everything(live)
        backed_up = run("backup", str(file))
        change(clinic)
    assert (backed_up.code, backed_up.err) == (0, [])
    told = rf"{re.escape(str(file))}: \d+\.\d MB, revision {schema.newest()}, in \d+\.\d seconds\."
    assert re.fullmatch(told, backed_up.out[0])
    restored = restore(run, file)
    assert (restored.code, restored.err) == (0, [])
    assert restored.out[1] == f"The database holds {HELD}, as they were at the backup."
    after = everything(live)
    assert lasting(after) == lasting(before)
    assert (len(before["session"]), after["session"]) == (1, [])
    assert after["installation"][0]["epoch"] != before["installation"][0]["epoch"]
    ensure_clean(run)


def test_backup_is_for_nobody_else_to_read_and_leaves_nothing_beside_it(run: Run, live: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with filled(live):
        run("backup", str(folder / "a"))
    assert (names(folder), (folder / "a").stat().st_mode & 0o777) == (["a"], 0o600)


def test_backup_overwrites_nothing_unasked(run: Run, live: str, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("precious")
    with filled(live):
        ran = run("backup", str(file))
        assert (ran.code, ran.err) == (1, [f"booking: {file} is there already; --force writes over it."])
        assert file.read_text() == "precious"
        assert run("backup", str(file), "--force").code == 0
    assert restore(run, file).code == 0


def test_backup_says_where_it_cannot_write(run: Run, live: str, tmp_path: Path) -> None:
    with filled(live):
        ran = run("backup", str(tmp_path / "none" / "file"))
        assert ran.err == [f"booking: {tmp_path}/none/file cannot be written: No such file or directory."]
        assert run("backup", str(tmp_path), "--force").err == [f"booking: {tmp_path} is a folder; name a file in it."]


def test_backup_of_nothing_is_refused(run: Run, live: str, tmp_path: Path) -> None:
    ran = run("backup", str(tmp_path / "file"))
    assert (ran.code, ran.err) == (1, ["booking: The database has never been used; there is nothing to back up."])


def test_backup_while_others_write_is_of_one_moment(
    run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("booking.store.backup_sqlite.PAGES", 5)
    environment.setattr("booking.cli.backup.telling", lambda: lambda _: time.sleep(0.01))
    with filled(live) as clinic:
        over = threading.Event()
        writer = threading.Thread(target=keep_booking, args=(clinic, over))
        first = len(everything(live)["appointment"])
        writer.start()
        while len(everything(live)["appointment"]) == first:
            time.sleep(0.01)
        ran = run("backup", str(tmp_path / "file"))
        last = len(everything(live)["appointment"])
        over.set()
        writer.join()
    assert ran.code == 0
    assert restore(run, tmp_path / "file").code == 0
    ensure_clean(run)
    assert first < len(everything(live)["appointment"]) < last


def keep_booking(clinic: DullClinic, over: threading.Event) -> None:
    start = next_tuesday_at_ten(datetime.now(UTC))
    for number in range(10_000):
        if over.is_set():
            return
        wanted = clinic.wanted(start + timedelta(days=14 + number // 8, hours=number % 8), practitioner=None)
        command = BookAppointment(contact=contact(f"Writer {number}"), what=wanted)
        with suppress(BookingError):  # the days nobody works
            clinic.database.write_now(book, clinic.reception, command)


def interrupting(at_last: str) -> Callable[[], Callable[[str], None]]:
    """Progress that is interrupted as soon as it is as far as this, after what was checked."""

    def telling() -> Callable[[str], None]:
        said: list[str] = []

        def tell(how_far: str) -> None:
            said.append(how_far)
            if at_last in how_far and (at_last != "pages" or "checking" in said):
                raise KeyboardInterrupt

        return tell

    return telling


def test_interrupted_backup_leaves_no_file(
    run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with filled(live):
        for at_last in ("pages" if live.startswith("sqlite") else "kB", "checking"):
            environment.setattr("booking.cli.backup.telling", interrupting(at_last))
            if at_last == "pages":
                environment.setattr("booking.cli.backup.telling", lambda: interrupt)
            assert (run("backup", str(folder / "file")).code, names(folder)) == (130, [])


def interrupt(_how_far: str) -> NoReturn:
    raise KeyboardInterrupt


def test_interrupted_restore_changes_nothing(
    run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    with filled(live) as clinic:
        run("backup", str(tmp_path / "file"))
        change(clinic)
    before = everything(live)
    environment.setattr("booking.store.backup_sqlite.PAGES", 5)
    for at_last in ("checking", "pages") if live.startswith("sqlite") else ("diary", "putting it in place"):
        environment.setattr("booking.cli.backup.telling", interrupting(at_last))
        assert (restore(run, tmp_path / "file").code, everything(live)) == (130, before)
    assert [name for name in names(tmp_path) if name.startswith(".")] == []


KILLED = """
import os, signal, sys
from booking import __main__
from booking.cli import backup
from booking.store import backup_sqlite

said = []

def tell(how_far):
    said.append(how_far)
    if how_far == "putting it in place" or (how_far.endswith(" pages") and "checking" in said):
        os.kill(os.getpid(), signal.SIGKILL)

backup_sqlite.PAGES = 5
backup.telling = lambda: tell
__main__.main(sys.argv[1:])
"""


def test_killed_restore_leaves_the_database_whole(run: Run, live: str, tmp_path: Path) -> None:
    with filled(live) as clinic:
        run("backup", str(tmp_path / "file"))
        change(clinic)
    before = everything(live)
    command = [sys.executable, "-c", KILLED, "restore", str(tmp_path / "file"), "--replace", "--yes"]
    done = subprocess.run(command, check=False)
    assert (done.returncode, everything(live)) == (-signal.SIGKILL, before)
    assert restore(run, tmp_path / "file").code == 0
    ensure_clean(run)


def test_restore_asks_before_it_replaces_a_clinic(run: Run, live: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    with filled(live):
        run("backup", str(file))
    before = everything(live)
    ran = run("restore", str(file))
    sentence = f"The database holds {HELD}; --replace puts the backup in their place."
    assert (ran.code, ran.out, ran.err) == (1, [], [f"booking: {sentence}"])
    for said in ("", "yes\n", "no\n"):
        ran = run("restore", str(file), "--replace", stdin=said)
        assert (ran.code, ran.err) == (1, ["booking: Nothing was changed."])
        assert ran.out[0] == f"This replaces what the database holds, {HELD}, by {file}."
    assert everything(live) == before
    assert run("restore", str(file), "--replace", stdin="replace\n").code == 0


def test_restore_into_an_empty_database_asks_nothing(
    run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    with filled(live):
        before = everything(live)
        run("backup", str(tmp_path / "file"))
    if live.startswith("sqlite"):
        other = f"sqlite:///{tmp_path / 'other.db'}"
    else:
        server: Address = request.getfixturevalue("postgres_server")
        other = server.create_database(f"other_{os.getpid()}")
    environment.setenv("BOOKING_DATABASE_URL", other)
    ran = run("restore", str(tmp_path / "file"))
    assert (ran.code, ran.err) == (0, [])
    assert lasting(everything(other)) == lasting(before)
    ensure_clean(run)
    if not other.startswith("sqlite"):
        server.drop_database(f"other_{os.getpid()}")


def take_back_one_revision(url: str) -> None:
    """What an earlier program would have left, guards included."""
    with opened(url) as database, database.engine.execution_options(write=True).begin() as connection:
        config = schema._config(connection)
        config.attributes["guards"] = False
        guards.drop(connection)
        alembic.downgrade(config, "-1")
        guards.create(connection)


def test_older_backup_is_migrated(run: Run, live: str, tmp_path: Path) -> None:
    with filled(live):
        before = everything(live)
    take_back_one_revision(live)
    ran = run("backup", str(tmp_path / "file"))
    assert (ran.code, f"revision {schema.newest()}" in ran.out[0]) == (0, False)
    for _ in ("over an older one", "over a new one"):
        assert restore(run, tmp_path / "file").code == 0
        assert lasting(everything(live)) == lasting(before)
        ensure_clean(run)


def refused(run: Run, live: str, file: Path, before: Rows) -> str:
    """The sentence of a restore that changes nothing."""
    ran = restore(run, file)
    assert (ran.code, ran.out, len(ran.err), everything(live)) == (1, [], 1, before)
    return ran.err[0].removeprefix(f"booking: {file} ")


def test_what_is_no_backup_is_refused(run: Run, live: str, tmp_path: Path) -> None:
    with filled(live):
        before = everything(live)
    (tmp_path / "text").write_text("This is a text.")
    sentence = "is no backup: neither a SQLite database nor an archive of pg_dump."
    assert refused(run, live, tmp_path / "text", before) == sentence
    assert refused(run, live, tmp_path / "none", before) == "cannot be read: No such file or directory."
    assert refused(run, live, tmp_path, before) == "cannot be read: Is a directory."


def test_truncated_backup_is_refused(run: Run, live: str, tmp_path: Path) -> None:
    with filled(live):
        run("backup", str(tmp_path / "file"))
        before = everything(live)
    whole = (tmp_path / "file").read_bytes()
    for part in (0.2, 0.5, 0.8, 0.99):
        (tmp_path / "part").write_bytes(whole[: int(len(whole) * part)])
        said = refused(run, live, tmp_path / "part", before)
        assert said.startswith(("cannot be read: ", "is damaged: ")), said


def test_newer_backup_is_refused(run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    with filled(live) as clinic:
        clinic.database.write_now(be_at, "9999")
        ran = run("backup", str(tmp_path / "file"))
        assert ran.err == ["booking: The database is at revision 9999, which is newer than this program: update it."]
        with environment.context() as newer_program:
            newer_program.setattr("booking.store.schema.is_known", lambda _: True)
            assert run("backup", str(tmp_path / "file")).code == 0
        clinic.database.write_now(be_at, schema.newest())
    sentence = "is at revision 9999, which is newer than this program: update it."
    assert refused(run, live, tmp_path / "file", everything(live)) == sentence


def be_at(tx: Transaction, revision: str) -> None:
    tx.connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def be_of(tx: Transaction, kind: Kind) -> None:
    tx.connection.execute(text("UPDATE installation SET kind = :kind"), {"kind": kind.value})


def test_backup_of_the_other_kind_is_refused(run: Run, live: str, tmp_path: Path, sqlite_template: Path) -> None:
    with filled(live):
        before = everything(live)
    if live.startswith("sqlite"):
        (tmp_path / "other").write_bytes(b"PGDMP\x01\x10")
        other, mine = "PostgreSQL", "SQLite"
    else:
        shutil.copy(sqlite_template, tmp_path / "other")
        other, mine = "SQLite", "PostgreSQL"
    said = refused(run, live, tmp_path / "other", before)
    assert said.startswith(f"is a backup of a {other} database, and BOOKING_DATABASE_URL names one of {mine}: ")


def test_demo_never_replaces_a_clinic(run: Run, live: str, tmp_path: Path) -> None:
    with filled(live) as clinic:
        before = everything(live)
        clinic.database.write_now(be_of, Kind.DEMO)
        run("backup", str(tmp_path / "file"))
        clinic.database.write_now(be_of, Kind.REAL)
    ran = restore(run, tmp_path / "file")
    sentence = "The backup holds the demo, and the database a real clinic."
    assert (ran.code, ran.err, everything(live)) == (1, [f"booking: {sentence}"], before)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("DROP TRIGGER claim_guard_insert", "is damaged: the guard claim_guard_insert is missing."),
        ("DELETE FROM site", "is damaged: rows refer to others that are not there."),
        ("DROP TABLE alembic_version", "is no backup of this program's database."),
    ],
)
def test_damaged_sqlite_file_is_refused(run: Run, sqlite_url: str, tmp_path: Path, damage: str, sentence: str) -> None:
    with filled(sqlite_url):
        before = everything(sqlite_url)
        run("backup", str(tmp_path / "file"))
    spoil(f"sqlite:///{tmp_path / 'file'}", damage)
    assert refused(run, sqlite_url, tmp_path / "file", before) == sentence


def test_database_of_another_program_is_not_written_over(
    run: Run, sqlite_url: str, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    with filled(sqlite_url):
        run("backup", str(tmp_path / "file"))
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    environment.setenv("BOOKING_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    sentence = "The database is another program's; name a file of its own in BOOKING_DATABASE_URL."
    ran = restore(run, tmp_path / "file")
    assert (ran.code, ran.err) == (1, [f"booking: {sentence}"])


def by_hand(url: str, file: Path) -> None:
    """What an operator makes who does not know `booking backup`."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("VACUUM INTO ?", (str(file),))
    else:
        address = url.replace("postgresql+psycopg", "postgresql")
        subprocess.run([f"{os.environ[CLIENT]}/pg_dump", "--format=custom", f"--file={file}", address], check=True)


def test_backup_that_was_made_by_hand_is_restored(run: Run, live: str, tmp_path: Path) -> None:
    with filled(live) as clinic:
        by_hand(live, tmp_path / "by hand")
        before = everything(live)
        change(clinic)
    assert restore(run, tmp_path / "by hand").code == 0
    assert lasting(everything(live)) == lasting(before)
    ensure_clean(run)


def test_worker_is_let_work_again(run: Run, live: str, tmp_path: Path) -> None:
    with filled(live):
        run("backup", str(tmp_path / "file"))
    assert run("worker", "--resume").out == ["The worker was not resting; nothing was changed."]
    restore(run, tmp_path / "file")
    since = everything(live)["installation"][0]["rests_since"].isoformat(timespec="seconds")
    fault = f"FAULT   the database was restored or copied at {since}: look at it, then run `booking worker --resume`"
    assert fault in run("doctor").out
    assert run("worker", "--resume").out == ["The worker works again."]
    assert [line for line in run("doctor").out if "restored" in line] == []


def program(folder: Path, name: str, body: str) -> None:
    """A program that does what these lines of a shell say."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


@pytest.mark.postgres
def test_missing_and_old_programs_are_told(
    run: Run, postgres_url: str, postgres_server: Address, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    with filled(postgres_url):
        before = everything(postgres_url)
    environment.setenv("BOOKING_DATABASE_URL", postgres_url)
    major, old = postgres_server.major(), tmp_path / "old"
    install = (
        f"install the client programs of PostgreSQL {major} or newer (the package postgresql-client-{major} on Debian"
        " and Ubuntu), or name the folder that they are in with --client."
    )
    environment.setenv("PATH", str(tmp_path))
    file = tmp_path / "file"
    ran = run("backup", str(file))
    assert (ran.code, ran.err) == (1, [f"booking: pg_dump and pg_restore are not on PATH: {install}"])
    ran = run("backup", str(file), "--client", str(old))
    assert (ran.code, ran.err) == (1, [f"booking: pg_dump and pg_restore are not in {old}: {install}"])
    for name in ("pg_dump", "pg_restore"):
        program(old, name, f"echo '{name} (PostgreSQL) {major - 1}.2 (Debian {major - 1}.2-1)'")
    environment.setenv(CLIENT, str(old))
    ran = run("backup", str(file))
    older = f"{old}/pg_dump is of PostgreSQL {major - 1} and cannot read a server of {major}"
    assert (ran.code, ran.err) == (1, [f"booking: {older}: {install}"])
    assert (sorted(names(tmp_path)), everything(postgres_url)) == (["old", "test.db"], before)


@pytest.mark.postgres
def test_password_is_on_no_command_line_and_never_said(
    run: Run, postgres_url: str, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    with filled(postgres_url):
        pass
    environment.setenv("BOOKING_DATABASE_URL", postgres_url.replace("://postgres@", "://postgres:open%20sesame@"))
    client, seen = tmp_path / "client", tmp_path / "seen"
    program(client, "pg_restore", "exit 1")
    program(
        client,
        "pg_dump",
        'if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 99.1"; exit; fi\n'
        f'echo "$@" > {seen}; echo "$PGPASSWORD" > {seen}.password\n'
        'echo "pg_dump: error: connection to server failed." >&2; exit 1',
    )
    ran = run("backup", str(tmp_path / "file"), "--client", str(client))
    sentence = "booking: pg_dump failed: pg_dump: error: connection to server failed."
    assert (ran.code, ran.out, ran.err) == (1, [], [sentence])
    assert seen.with_suffix(".password").read_text() == "open sesame\n"
    told = seen.read_text()
    assert ("sesame" in told, "--dbname=postgresql://postgres@127.0.0.1" in told) == (False, True)
    assert not (tmp_path / "file").exists()


def test_progress_is_told_in_the_meantime(run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    environment.setattr("booking.cli.common.TELL_EVERY_SECONDS", -1.0)
    with filled(live):
        err = run("backup", str(tmp_path / "file")).err
    assert err[-1] == "… checking"
    assert re.fullmatch(r"… (\d+ of \d+ pages|\d+ kB)", err[0])


def test_clinic_without_visits_is_put_back(run: Run, live: str, tmp_path: Path) -> None:
    with opened(live) as database:
        open_clinic(database)
    run("backup", str(tmp_path / "file"))
    assert restore(run, tmp_path / "file").out[1] == (
        "The database holds Dull Clinic with 0 appointments, as they were at the backup."
    )
