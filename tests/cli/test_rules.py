"""`booking rules`."""

from pathlib import Path

import pytest
from sqlalchemy import text as sql

from booking.rules import shipped
from booking.store.database import Database
from tests.cli.command import Run
from tests.clinics import open_clinic


def written(folder: Path, text: str, name: str = "mine.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_list_has_a_line_for_each_rule_set(run: Run) -> None:
    ran = run("rules", "list")
    assert (ran.code, [line.split()[0] for line in ran.out[1:]]) == (0, sorted(shipped()))
    assert ran.out[-1].split(maxsplit=4)[2:] == ["high", "2027-05-22", "Washington, United States"]


def test_list_says_what_lies_within_what(run: Run) -> None:
    names = {line.split()[0]: line.split(maxsplit=4)[4] for line in run("rules", "list").out[1:]}
    assert names["GB"] == "United Kingdom (holds under its parts alone)"
    assert names["GB-WLS"] == "Wales, United Kingdom (within GB)"


def test_list_says_what_is_to_be_reviewed_again(run: Run, environment: pytest.MonkeyPatch) -> None:
    text = shipped()["GB-WLS"].replace("review_by = 2027", "review_by = 2026").replace("on = 2026", "on = 2025")
    environment.setattr("booking.rules.shipped", lambda: {"GB-WLS": text})
    assert run("rules", "list").out[1].endswith("Wales, United Kingdom (within GB; to be reviewed again)")


def test_show_reads_it_out(run: Run) -> None:
    ran = run("rules", "show", "US-MT")
    assert (ran.code, ran.out[0]) == (0, "US-MT  Montana, United States")
    assert "  - Physical therapist assistant: prohibited (grant pta)" in ran.out
    assert ran.out[-1] == ("`booking rules show --toml US-MT` prints the text itself, with what its writer noted.")


@pytest.mark.parametrize("jurisdiction", sorted(shipped()))
def test_show_prints_the_text_as_it_is(run: Run, jurisdiction: str) -> None:
    ran = run("rules", "show", "--toml", jurisdiction)
    assert (ran.code, ran.out) == (0, shipped()[jurisdiction].splitlines())


def test_show_names_what_there_is_not(run: Run) -> None:
    ran = run("rules", "show", "XX")
    sentence = "There is no such rule set or file as XX; `booking rules list` names the rule sets there are."
    assert (ran.code, ran.out, ran.err) == (1, [], [f"booking: {sentence}"])


def test_show_reads_a_file_of_ones_own(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, shipped()["US-MT"].replace('name = "Montana', 'name = "My Montana'))
    assert run("rules", "show", path).out[0] == "US-MT  My Montana, United States"


def test_check_counts_the_grants_of_a_sound_file(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, shipped()["US-MT"])
    (line,) = run("rules", "check", path).out
    assert (line.startswith("US-MT, version 2026-11-2"), line.endswith(": well formed, 3 grants.")) == (True, True)


def test_check_names_each_fault_of_each_file(run: Run, tmp_path: Path) -> None:
    text = shipped()["US-MT"].replace('"permitted"', '"allowed"').replace('name = "Montana', 'nmae = "Montana')
    (name,) = (n for n, line in enumerate(text.splitlines(), 1) if line.startswith("nmae"))
    pt, dc = (n for n, line in enumerate(text.splitlines(), 1) if line == 'stance = "allowed"')
    ran = run("rules", "check", written(tmp_path, text), written(tmp_path, "[", "other.toml"))
    assert (ran.code, ran.out) == (1, [])
    assert ran.err[:-1] == [
        "booking: mine.toml: rule set: name is missing",
        f"booking: mine.toml:{pt}: grant \"pt\": stance has an unknown word: 'allowed'",
        f"booking: mine.toml:{dc}: grant \"dc\": stance has an unknown word: 'allowed'",
        f"booking: mine.toml:{name}: rule set: unknown key: 'nmae'",
    ]
    assert ran.err[-1].startswith("booking: other.toml: not TOML: ")


def test_check_holds_files_against_one_another(run: Run, tmp_path: Path) -> None:
    """A part needs its whole: among the files, or as it comes with the program."""
    wales = written(tmp_path, shipped()["GB-WLS"])
    assert run("rules", "check", wales).out[0].endswith(", within GB.")
    nation = shipped()["GB"].replace('jurisdiction = "GB"', 'jurisdiction = "XX"')
    part = written(tmp_path, shipped()["AU-ACT"].replace('within = "AU"', 'within = "XX"'), "part.toml")
    ran = run("rules", "check", part)
    assert (ran.code, ran.err) == (1, ["booking: AU-ACT: it is within XX, of which there is no rule set"])
    ran = run("rules", "check", part, written(tmp_path, nation, "nation.toml"))
    assert (ran.code, [line.partition(",")[0] for line in ran.out]) == (0, ["AU-ACT", "XX"])
    ran = run("rules", "check", part, part)
    assert "booking: AU-ACT: there are two such rule sets" in ran.err


def test_check_refuses_what_is_no_text(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe")
    for one in (path, tmp_path, tmp_path / "none"):
        ran = run("rules", "check", str(one))
        assert (ran.code, ran.err) == (1, [f"booking: {one} cannot be read as text."])


def test_diff_says_what_is_otherwise(run: Run, tmp_path: Path) -> None:
    text = shipped()["US-WA"]
    version = next(line.split('"')[1] for line in text.splitlines() if line.startswith("version"))
    path = written(tmp_path, text.replace("at_least = 325", "at_least = 300").replace("compact = true\n", ""))
    ran = run("rules", "diff", "US-WA", path)
    assert ran.code == 0
    assert ran.out == [
        f"From US-WA (US-WA, version {version}) to {path} (US-WA, version {version}):",
        "",
        "Grant pt, requirement licence",
        "  - A compact privilege does not count. Before: A compact privilege counts as well.",
        "",
        "Grant pt, requirement hours",
        "  - At least: 300 (was: 325).",
    ]
    assert run("rules", "diff", "US-WA", "US-WA").out == [
        f"From US-WA (US-WA, version {version}) to US-WA (US-WA, version {version}): no difference."
    ]
    path = written(tmp_path, text.replace('name = "Washington', 'name = "West Washington'))
    assert "As a whole" in run("rules", "diff", "US-WA", path).out


def test_diff_with_what_a_clinic_has_adopted(run: Run, sqlite_url: str) -> None:
    database = Database(sqlite_url, threads=1)
    open_clinic(database)
    adopted = shipped()["US-WA"].replace("at_least = 325", "at_least = 300")
    with database.engine.begin() as connection:
        connection.execute(sql("DROP TRIGGER IF EXISTS rule_text_no_update"))
        connection.execute(sql("UPDATE rule_text SET body = :body"), {"body": adopted})
    database.close_now()
    ran = run("rules", "diff", "adopted:US-WA", "US-WA")
    assert (ran.code, ran.out[2:]) == (0, ["Grant pt, requirement hours", "  - At least: 325 (was: 300)."])
    assert run("rules", "show", "--toml", "adopted:US-WA", "--clinic", "dull").out == adopted.splitlines()
    ran = run("rules", "diff", "adopted:US-MT", "US-MT")
    assert (ran.code, ran.err) == (1, ["booking: There is no such rule set as US-MT that Dull Clinic has adopted."])
