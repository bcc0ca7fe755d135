"""The command as a whole: what there is, and how a refusal is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from booking import __version__
from tests.cli.command import Run

COMMANDS = [
    ["demo"], ["serve"], ["worker"], ["migrate"], ["doctor"], ["audit"], ["backup"], ["restore"], ["copy"],
    ["clinic", "apply"], ["clinic", "export"],
    ["staff", "add"], ["rules", "list"], ["rules", "show"], ["rules", "check"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_has_help(run: Run, command: list[str]) -> None:
    ran = run(*command, "--help")
    assert (ran.code, ran.out[0].startswith(f"usage: booking {' '.join(command)} ")) == (0, True)


def test_version(run: Run) -> None:
    assert run("--version").out == [f"booking {__version__}"]


@pytest.mark.parametrize("arguments", [[], ["bok"], ["clinic"], ["rules", "lst"]], ids=" ".join)
def test_unknown_command_is_a_usage_error(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out, ran.err[0].startswith("usage: booking")) == (2, [], True)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///{folder}/none/booking.db", "The database cannot be opened: unable to open database file."),
        ("sqlite:///{folder}/text.db", "The database cannot be opened: file is not a database."),
        ("sqlite:booking.db", "BOOKING_DATABASE_URL is no address of a database."),
        ("mysql://localhost", "BOOKING_DATABASE_URL must begin with sqlite:/// or postgresql://"),
    ],
    ids=["no-folder", "no-database", "no-address", "no-such-kind"],
)
@pytest.mark.parametrize("command", [["migrate"], ["audit"], ["serve"], ["worker"], ["clinic", "export"]], ids=" ".join)
def test_database_that_cannot_be_opened_is_told_in_a_sentence(
    run: Run, environment: pytest.MonkeyPatch, tmp_path: Path, command: list[str], url: str, sentence: str
) -> None:
    (tmp_path / "text.db").write_text("This is a text, and no database at all.")
    environment.setenv("BOOKING_DATABASE_URL", url.format(folder=tmp_path))
    environment.setenv("BOOKING_SECRET", "a secret for the tests, forty letters it has")
    ran = run(*command)
    assert (ran.code, ran.out, ran.err) == (1, [], [f"booking: {sentence}"])


@pytest.mark.postgres
def test_server_that_does_not_answer_is_told_without_its_password(run: Run, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOOKING_DATABASE_URL", "postgresql://someone:password-of-someone@127.0.0.1:1/booking")
    ran = run("audit")
    assert (ran.code, ran.out, len(ran.err)) == (1, [], 1)
    assert ran.err[0].startswith("booking: The database cannot be opened: ")
    assert "password-of-someone" not in ran.err[0]


def test_reader_who_leaves_early_is_no_fault() -> None:
    command = [sys.executable, "-m", "booking", "rules", "show", "US-WA"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert (process.wait(), said) == (1, "")
