"""What a test needs and this machine lacks: a skip with its reason, but a failure where everything must run."""

import os
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skip the test; with CI set in the environment fail it, since there nothing may be left out."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; with CI set nothing is skipped", pytrace=False)
    pytest.skip(reason)


def note(reporter: pytest.TerminalReporter, mark: str, what: str) -> None:
    """Close the run with how many tests were skipped for a reason that contains `mark`."""
    count = sum(mark in str(report.longrepr) for report in reporter.stats.get("skipped", ()))
    if count:
        reporter.write_line(f"NOTE: {count} tests did NOT run: {what}", yellow=True, bold=True)
