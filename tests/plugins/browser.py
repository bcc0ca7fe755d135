"""Tests that use pytest-playwright's `page` are browser tests: marked, and run in the Chromium of this machine."""

import os
import shutil

import pytest

from tests.plugins.missing import missing, note

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
NONE_FOUND = "no Chromium found (install chromium, or set CHROMIUM to its path)"
# No work but ours: without these it looks for updates and calls its makers, which a closed network refuses.
ARGUMENTS = (
    *("--disable-gpu", "--disable-quic", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    executable = find_chromium()
    if executable is None:
        missing(NONE_FOUND)
    # Chromium's own sandbox refuses to start for root, as whom containers and CI run.
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return {**browser_type_launch_args, "executable_path": executable, "args": [*ARGUMENTS, *sandbox]}


def find_chromium() -> str | None:
    """The program named by CHROMIUM, else the first known name on the PATH."""
    wanted = os.environ.get("CHROMIUM")
    return next((path for name in ([wanted] if wanted else NAMES) if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    note(terminalreporter, NONE_FOUND, "no Chromium on this machine")
