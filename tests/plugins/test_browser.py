"""What happens with a browser, and without one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.plugins.browser import find_chromium

ROOT = Path(__file__).parents[2]
PLUGIN = 'pytest_plugins = ["tests.plugins.browser"]'
ONE_PAGE = "def test_page(page): raise AssertionError('it has been opened')"
ALONE = [option for name in ("cacheprovider", "xdist", "schemathesis", "faker") for option in ("-p", f"no:{name}")]


def test_page_is_one_of_this_machines_chromium(page: Page) -> None:
    page.set_content("<html lang='en'><title>Clinic</title><main><h1>Clinic</h1></main></html>")
    assert page.title() == "Clinic"
    assert Axe().run(page).violations_count == 0


@pytest.mark.parametrize(
    ("ci", "code", "says"),
    [
        ("", 0, "NOTE: 1 tests did NOT run: no Chromium on this machine"),
        (
            "true",
            1,
            "no Chromium found (install chromium, or set CHROMIUM to its path); with CI set nothing is skipped",
        ),
    ],
)
def test_page_without_chromium_is_skipped_or_fails_in_ci(tmp_path: Path, ci: str, code: int, says: str) -> None:
    """In a folder that has this plugin and no other."""
    (tmp_path / "conftest.py").write_text(PLUGIN)
    (tmp_path / "test_page.py").write_text(ONE_PAGE)
    environment = {**os.environ, "CHROMIUM": "no-such-browser", "CI": ci, "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", *ALONE, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert says in done.stdout


def test_find_chromium_takes_the_path_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert find_chromium() == sys.executable
