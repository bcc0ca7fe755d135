"""`booking rules`."""

from pathlib import Path

import pytest

from booking.rules import shipped
from tests.cli.command import Run


def test_list_has_a_line_for_each_rule_set(run: Run) -> None:
    ran = run("rules", "list")
    assert (ran.code, [line.split()[0] for line in ran.out[1:]]) == (0, sorted(shipped()))
    assert ran.out[-1].split(maxsplit=4) == ["US-WA", "2026-11-22", "high", "2027-05-22", "Washington, United States"]


@pytest.mark.parametrize("jurisdiction", sorted(shipped()))
def test_show_prints_the_text_as_it_is(run: Run, jurisdiction: str) -> None:
    ran = run("rules", "show", jurisdiction)
    assert (ran.code, ran.out) == (0, shipped()[jurisdiction].splitlines())


def test_show_names_what_there_is_not(run: Run) -> None:
    ran = run("rules", "show", "XX")
    sentence = "There is no such rule set as XX; `booking rules list` names those there are."
    assert (ran.code, ran.out, ran.err) == (1, [], [f"booking: {sentence}"])


def test_check_counts_the_grants_of_a_sound_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(shipped()["US-MT"], encoding="utf-8")
    assert run("rules", "check", str(path)).out == ["US-MT, version 2026-11-22: well formed, 3 grants."]


def test_check_names_each_fault(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = shipped()["US-MT"].replace('"permitted"', '"allowed"').replace('name = "Montana', 'nmae = "Montana')
    path.write_text(text, encoding="utf-8")
    ran = run("rules", "check", str(path))
    assert (ran.code, ran.out) == (1, [])
    assert ran.err == [
        "booking: mine.toml: rule set: name is missing",
        "booking: mine.toml:25: grant \"pt\": stance has an unknown word: 'allowed'",
        "booking: mine.toml:61: grant \"dc\": stance has an unknown word: 'allowed'",
        "booking: mine.toml:7: rule set: unknown key: 'nmae'",
    ]


def test_check_refuses_what_is_no_text(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe")
    for one in (path, tmp_path, tmp_path / "none"):
        ran = run("rules", "check", str(one))
        assert (ran.code, ran.err) == (1, [f"booking: {one} cannot be read as text."])
