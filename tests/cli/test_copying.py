"""`booking copy`: between the kinds of databases, either way."""

import re
import shutil
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from booking.api.feed_content import feed_bytes
from booking.http.tokens import digest
from booking.store import schema
from booking.store.database import Database, Transaction
from booking.usecases.views.agenda import agenda, feed_state
from tests.cli.command import Run
from tests.cli.test_backup import ensure_clean, keep_booking, opened
from tests.cli.test_database import next_tuesday_at_ten, spoil
from tests.clinics import find_clinic, open_clinic
from tests.store.whole import everything, fill

TOKEN = "of-ada-in-tests"
AUDITED = "Dull Clinic: 6 appointments, 14 claims: no violation; 1 visit at risk, each with a finding."
PUBLIC_URL = "https://booking.example.org"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two databases by url: one with something of everything, which the environment names, and a new one."""

    source: str
    target: str


@pytest.fixture(
    params=[
        "sqlite to sqlite",
        pytest.param("sqlite to postgres", marks=pytest.mark.postgres),
        pytest.param("postgres to sqlite", marks=pytest.mark.postgres),
    ]
)
def pair(
    request: pytest.FixtureRequest, environment: pytest.MonkeyPatch, sqlite_template: Path, tmp_path: Path
) -> Pair:
    def url(kind: str, name: str) -> str:
        if kind == "postgres":
            return str(request.getfixturevalue("postgres_url"))
        return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / name)}"

    source, target = request.param.split(" to ")
    made = Pair(source=url(source, "source.db"), target=url(target, "target.db"))
    environment.setenv("BOOKING_DATABASE_URL", made.source)
    with opened(made.source) as database:
        fill(database, next_tuesday_at_ten(datetime.now(UTC)), digest(TOKEN))
    return made


def calendar(database: Database) -> bytes:
    """Ada's feed."""
    state = database.read_now(feed_state, digest(TOKEN))
    assert state is not None
    return feed_bytes(database.read_now(agenda, state), state, PUBLIC_URL)


def test_copy_holds_the_same_and_audits_clean(run: Run, pair: Pair, environment: pytest.MonkeyPatch) -> None:
    before = everything(pair.source)
    ran = run("copy", "--to", pair.target)
    rows = sum(len(of_table) for name, of_table in before.items() if name != "alembic_version")
    tables = sum(bool(of_table) for name, of_table in before.items() if name != "alembic_version")
    assert (ran.code, ran.err) == (0, [])
    assert re.fullmatch(rf"{rows} rows of {tables} tables copied in \d+\.\d seconds\.", ran.out[0])
    assert ran.out[1:] == [
        AUDITED,
        "The worker does nothing on the copy. Once that is the database in use, run there: booking worker --resume",
    ]
    after = everything(pair.target)
    assert everything(pair.source) == before
    assert {**after, "installation": []} == {**before, "installation": []}
    mine, theirs = before["installation"][0], after["installation"][0]
    assert {**theirs, "epoch": mine["epoch"], "rests_since": None} == mine
    assert (theirs["epoch"] == mine["epoch"], theirs["rests_since"] is None) == (False, False)
    with opened(pair.source) as source, opened(pair.target) as target:
        schema.ensure_servable(target)
        assert calendar(target) == calendar(source)
    environment.setenv("BOOKING_DATABASE_URL", pair.target)
    ensure_clean(run)
    with opened(pair.target) as target:
        find_clinic(target, before["clinic"][0]["id"]).book(next_tuesday_at_ten(datetime.now(UTC)) + timedelta(hours=4))
    ensure_clean(run)


def test_copy_while_others_write_is_of_one_moment(run: Run, pair: Pair, environment: pytest.MonkeyPatch) -> None:
    environment.setattr("booking.store.copying.BATCH", 5)
    environment.setattr("booking.cli.copying.telling", lambda: lambda _: time.sleep(0.005))
    first = everything(pair.source)
    with opened(pair.source) as source:
        over = threading.Event()
        clinic = find_clinic(source, first["clinic"][0]["id"])
        writer = threading.Thread(target=keep_booking, args=(clinic, over))
        writer.start()
        while everything(pair.source)["appointment"] == first["appointment"]:
            time.sleep(0.01)
        ran = run("copy", "--to", pair.target)
        last = everything(pair.source)
        over.set()
        writer.join()
    assert ran.code == 0
    copied = everything(pair.target)
    assert len(first["appointment"]) < len(copied["appointment"]) < len(last["appointment"])
    environment.setenv("BOOKING_DATABASE_URL", pair.target)
    ensure_clean(run)


def test_interrupted_copy_leaves_nothing(run: Run, pair: Pair, environment: pytest.MonkeyPatch) -> None:
    empty = everything(pair.target)

    def interrupt(how_far: str) -> None:
        if int(how_far.split(maxsplit=1)[0]) > 60:
            raise KeyboardInterrupt

    environment.setattr("booking.cli.copying.telling", lambda: interrupt)
    assert (run("copy", "--to", pair.target).code, everything(pair.target)) == (130, empty)
    with opened(pair.target) as target:
        schema.ensure_servable(target)


def test_copy_goes_into_an_empty_database_alone(run: Run, pair: Pair) -> None:
    with opened(pair.target) as target:
        open_clinic(target)
    before = everything(pair.target)
    sentence = "The database to copy into is not empty; it must be made new, with `booking migrate`."
    for url in (pair.target, pair.source):
        ran = run("copy", "--to", url)
        assert (ran.code, ran.out, ran.err) == (1, [], [f"booking: {sentence}"])
    assert everything(pair.target) == before


def test_copy_goes_into_a_migrated_database_alone(run: Run, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = run("copy", "--to", f"sqlite:///{tmp_path / 'new.db'}")
    sentence = (
        f"What is copied into: The database is empty, this program needs {schema.newest()}: run `booking migrate`"
    )
    assert (ran.code, ran.err) == (1, [f"booking: {sentence} first."])


def test_copy_names_what_it_does_not_understand(run: Run, tmp_path: Path) -> None:
    assert run("copy", "--to", "mysql://other").err == ["booking: --to must begin with sqlite:/// or postgresql://"]
    ran = run("copy", "--to", "postgresql://user@127.0.0.1:1/x", "--to-password-file", str(tmp_path / "none"))
    assert ran.err == [f"booking: --to-password-file names a file that cannot be read: {tmp_path}/none"]


@pytest.mark.postgres
def test_password_of_the_copy_is_never_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open sesame\n")
    ran = run("copy", "--to", "postgresql://user@127.0.0.1:1/x", "--to-password-file", str(tmp_path / "password"))
    assert (ran.code, "sesame" in ran.err[0], len(ran.err)) == (1, False, 1)


def test_copy_says_what_the_audit_finds(run: Run, pair: Pair) -> None:
    """What was wrong before is told, and copied as it is."""
    with opened(pair.source) as source:
        source.write_now(forget_claims)
    ran = run("copy", "--to", pair.target)
    assert (ran.code, {line.split()[0] for line in ran.out[1:-2]}) == (1, {"claim-missing"})


def forget_claims(tx: Transaction) -> None:
    tx.connection.execute(text("DELETE FROM claim"))


@pytest.mark.postgres
def test_copy_of_what_breaks_a_guard_is_refused(
    run: Run, sqlite_url: str, postgres_url: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("BOOKING_DATABASE_URL", sqlite_url)
    with opened(sqlite_url) as source:
        fill(source, next_tuesday_at_ten(datetime.now(UTC)))
    empty = everything(postgres_url)
    spoil(
        sqlite_url, "DROP TRIGGER claim_guard_update", "UPDATE claim SET starts_at = (SELECT min(starts_at) FROM claim)"
    )
    with opened(sqlite_url) as source:
        schema.migrate(source)
    ran = run("copy", "--to", postgres_url)
    assert (ran.code, len(ran.err), everything(postgres_url)) == (1, 1, empty)
    assert ran.err[0].startswith("booking: What it holds cannot be: "), ran.err
