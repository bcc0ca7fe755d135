"""In which order the files of tests are begun: those that take long first, so that all processes end together.

It needs `--no-loadscope-reorder`, as `./dev test` has it: else pytest-xdist begins with the files of most tests.
"""

import pytest

LONG = (
    "tests/races/test_life.py",
    "tests/races/test_interrupted.py",
    "tests/races/test_races.py",
    "tests/test_style.py",
    "tests/clients/test_programs.py",
    "tests/races/test_offered_is_bookable.py",
    "tests/races/test_cache_after_use_cases.py",
    "tests/store/test_schema.py",
    "tests/demo/test_command.py",
    "tests/races/test_cache.py",
    "tests/test_dev.py",
    "tests/races/test_mutants.py",
    "tests/usecases/test_clinic_file_many.py",
    "tests/oracle/test_offered_times.py",
    "tests/plugins/test_browser.py",
    "tests/store/test_plans.py",
    "tests/cli/test_running.py",
    "tests/test_serving.py",
    "tests/usecases/test_why_not.py",
    "tests/api/test_contract.py",
    "tests/journeys/test_every_page.py",
    "tests/journeys/test_staff.py",
)
"""By how long they take; whichever is not among them takes little."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with browser tests last, because Playwright's event loop goes on in the thread that has run one."""
    browsing = {file_of(item) for item in items if item.get_closest_marker("browser")}
    places = {file: place for place, file in enumerate(LONG)}
    items.sort(key=lambda item: (file_of(item) in browsing, places.get(file_of(item), len(LONG))))


def file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
