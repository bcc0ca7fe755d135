"""`./dev` on machines that have little: what it says, and what it installs when."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.sources import ROOT

COMMANDS = ["demo", "test", "check", "fmt", "bench", "soak", "migrate", "requirements"]
PROGRAM = "import os, sys\nprint('ran', sys.argv[1:], os.getcwd())\n"


def run(script: Path, *arguments: str, cwd: Path = ROOT, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run `script` as ./dev would be, after the statements `before` have changed the interpreter."""
    lines = ["import runpy, sys", before, "del sys.argv[0]", "runpy.run_path(sys.argv[0], run_name='__main__')"]
    command = [sys.executable, "-c", "\n".join(lines), str(script), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def lay_project(folder: Path) -> Path:
    """A project that depends on nothing and whose program says how it was called; gives its ./dev."""
    for name in ("requirements", "booking"):
        (folder / name).mkdir(parents=True)
    (folder / "booking" / "__main__.py").write_text(PROGRAM)
    for name in ("run", "dev"):
        (folder / "requirements" / f"{name}.txt").write_text("# nothing\n")
    return Path(shutil.copy(ROOT / "dev", folder))


def test_script_can_be_read_by_old_pythons() -> None:
    ast.parse((ROOT / "dev").read_text(), feature_version=(3, 7))


def test_help_has_a_line_for_each_command() -> None:
    done = run(ROOT / "dev", "--help")
    assert (done.returncode, re.findall(r"^  (\w+) +\w", done.stdout, re.MULTILINE)) == (0, COMMANDS)


def test_unknown_command_shows_the_help_and_fails() -> None:
    assert (run(ROOT / "dev", "tset").returncode, run(ROOT / "dev").returncode) == (2, 2)


def test_old_python_is_told_what_is_needed() -> None:
    done = run(ROOT / "dev", "test", before="sys.version_info = (3, 9, 2)")
    assert (done.returncode, done.stderr.partition(";")[0]) == (1, "This needs Python 3.11 or newer")


def test_missing_venv_module_is_named_with_its_package(tmp_path: Path) -> None:
    done = run(lay_project(tmp_path), "demo", before="sys.modules['ensurepip'] = None")
    package = f"python3.{sys.version_info.minor}-venv"
    assert (done.returncode, done.stderr.strip().rpartition(" ")[2]) == (1, package)


def test_environment_is_made_once_and_again_when_requirements_change(tmp_path: Path) -> None:
    script = lay_project(tmp_path / "project")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "booking").mkdir(parents=True)
    ran = f"ran ['demo', '--port', '8001'] {elsewhere}"
    first, second = (run(script, "demo", "--port", "8001", cwd=elsewhere) for _ in range(2))
    assert (first.stdout.splitlines()[0], first.stdout.splitlines()[-1]) == (f"Making {script.parent / '.venv'}", ran)
    assert second.stdout == f"{ran}\n"
    (script.parent / "requirements" / "run.txt").write_text("# still nothing\n")
    assert run(script, "migrate", cwd=elsewhere).stdout.startswith("Making ")


def test_bench_names_the_benchmarks_there_are(tmp_path: Path) -> None:
    done = run(lay_project(tmp_path), "bench", "booking")
    assert (done.returncode, done.stderr) == (1, "There is no such benchmark; there are: none yet\n")


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    found = re.findall(r"^([\w.-]+)==(\S+?)(?: ;[^\\]*)? \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(found) == len(re.findall(r"^\w", text, re.MULTILINE)), "every line is a version with a hash"
    return dict(found)


def test_requirements_agree_with_each_other() -> None:
    run_pins, dev_pins = pins("run"), pins("dev")
    assert {name: dev_pins.get(name) for name in run_pins} == run_pins


@pytest.mark.parametrize("name", ["run", "dev"])
def test_requirements_pin_all_that_the_project_names(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["postgres"]]
    if name == "dev":
        named += project["dependency-groups"]["dev"]
    names = {re.split(r"[\[<>=~!; ]", requirement)[0].lower() for requirement in named}
    assert names - set(pins(name)) == set()
