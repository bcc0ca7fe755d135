"""Figures that tests measured, shown when the run closes, wherever they were run."""

import pytest

FIGURE = "figure"


def figure(item: pytest.Item, said: str) -> None:
    """Have it shown when the run closes."""
    item.user_properties.append((FIGURE, said))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for several in terminalreporter.stats.values() for report in several]
    said = [value for report in reports for name, value in getattr(report, "user_properties", ()) if name == FIGURE]
    if said:
        terminalreporter.section("figures")
        for line in sorted(set(map(str, said))):
            terminalreporter.write_line(line)
