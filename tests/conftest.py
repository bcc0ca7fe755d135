"""What every test folder shares."""

import os
import sys

import pytest

# Tests start hundreds of processes. What one has compiled the next need not, even where that is usually not kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

pytest_plugins = [
    "tests.plugins.browser",
    "tests.plugins.order",
    "tests.plugins.postgres",
    "tests.plugins.prepared",
    "tests.plugins.database",
    "tests.plugins.program",
    "tests.plugins.figures",
]


@pytest.fixture(scope="session")
def base_url() -> str | None:
    """Where the pages of browser tests are; a folder whose tests have a server gives its own."""
    # Here, because pytest-playwright's fixture of this name, which pytest warns of, comes after those of plugins.
    return None
