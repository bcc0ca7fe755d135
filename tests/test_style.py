"""Style and types are tests too, so that `./dev test` says all there is to say."""

import subprocess
import sys

import pytest

from tests.sources import ROOT


@pytest.mark.parametrize("tool", ["ruff format --check", "ruff check --quiet", "mypy --no-error-summary"])
def test_tool_finds_nothing(tool: str) -> None:
    done = subprocess.run([sys.executable, "-m", *tool.split()], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)
