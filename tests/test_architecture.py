"""Who may import whom, and how long a thing may be. Each check is also shown code that it must refuse."""

import ast
import graphlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from tests.sources import ROOT, Import, Source, expect_none, imports, read, sources

MODULE_LINES = 350
FUNCTION_LINES = 40


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What the modules of a folder may import besides one another and the standard library."""

    layers: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()


def layer(layers: str = "", packages: str = "") -> Layer:
    return Layer(layers=frozenset(layers.split()), packages=frozenset(packages.split()))


LAYERS = {
    "domain": layer(),
    "rules": layer(),
    "settings": layer("domain"),
    "store": layer("domain", "sqlmodel sqlalchemy alembic"),
    "usecases": layer("domain store rules"),
    "ical": layer("domain", "icalendar"),
    "wording": layer("domain", "babel"),
    "messages": layer("domain store usecases ical wording settings", "jinja2"),
    "busy": layer("domain store usecases ical settings"),
    "http": layer("domain usecases settings", "litestar msgspec argon2"),
    "api": layer("domain usecases ical wording http settings", "litestar msgspec"),
    "web": layer("domain usecases ical wording http settings", "litestar msgspec jinja2"),
    "dav": layer("domain usecases ical wording http settings", "litestar"),
    "demo": layer("domain store usecases http settings"),
    "cli": layer("domain store usecases rules ical http settings demo app", "tomli_w"),
    "migrations": layer("domain store", "sqlmodel sqlalchemy alembic"),
}
TOP = "app"  # modules directly in booking/ bring everything together
TABLES = "booking.store.tables"
ONLY_IN = {
    "holidays": "booking.domain.time.holidays",
    "tzdata": "booking.domain.time.zone",
    "zoneinfo": "booking.domain.time.zone",
}
# The domain decides from its arguments alone: it reads no clock, draws no lot and touches nothing outside.
IMPURE = frozenset(
    {"asyncio", "http", "io", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "ssl"}
    | {"subprocess", "tempfile", "threading", "time", "urllib"}
)


def layer_of(module: str) -> str:
    """The first folder below `booking`, `migrations`, or TOP for what lies in `booking` itself."""
    parts = module.split(".")
    if parts[0] != "booking":
        return parts[0]
    return parts[1] if len(parts) > 1 and (len(parts) > 2 or parts[1] in LAYERS) else TOP


def import_faults(files: Iterable[Source]) -> list[str]:
    """One line for each import that its place forbids."""
    known = {source.name: source for source in files}
    checked = (
        (source, line, import_fault(source, line, known)) for source in known.values() for line in imports(source)
    )
    return [f"{source.path}:{line.line} {fault}" for source, line, fault in checked if fault]


def import_fault(source: Source, line: Import, known: Mapping[str, Source]) -> str | None:
    mine, target = layer_of(source.name), line.target(known)
    package = target.partition(".")[0]
    if mine not in LAYERS and mine != TOP:
        return f"lies in a folder without a row in LAYERS: {mine}"
    if package == "tests":
        return "imports a test"
    if package in ("booking", "migrations"):
        return own_fault(mine, line, known)
    return foreign_fault(source, target)


def foreign_fault(source: Source, target: str) -> str | None:
    mine, package = layer_of(source.name), target.partition(".")[0]
    if package in ONLY_IN:
        return None if source.name == ONLY_IN[package] else f"{package} is the business of {ONLY_IN[package]} alone"
    if package in sys.stdlib_module_names:
        return f"is not pure: {target}" if mine == "domain" and package in IMPURE else None
    if mine == TOP or package in LAYERS[mine].packages:
        return None
    return f"{mine} may not import {package}"


def own_fault(mine: str, line: Import, known: Mapping[str, Source]) -> str | None:
    target = line.target(known)
    theirs = layer_of(target)
    if line.name is None:
        return f"write from … import …, since import {target} reaches every module of the project"
    if mine not in ("store", "migrations") and (target == "booking.store" or is_table(line, known)):
        return f"{target} would give it the tables, which are private to the store"
    is_version = (line.module, line.name) == ("booking", "__version__")
    if is_version or mine in (theirs, TOP) or theirs in LAYERS[mine].layers:
        return None
    return f"{mine} may not import {theirs}: {target}"


def is_table(line: Import, known: Mapping[str, Source]) -> bool:
    """Whether it reaches the tables, also where another module passes their names on."""
    target = line.target(known)
    if is_below(target, TABLES):
        return True
    passed_on = imports(known[target]) if target in known and target == line.module else ()
    return any(is_table(further, known) for further in passed_on if further.name == line.name)


def is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def local_imports(source: Source) -> list[str]:
    """Imports inside functions and classes hide what a module rests on."""
    scopes = [node for node in ast.walk(source.tree) if isinstance(node, FUNCTIONS | ast.ClassDef)]
    inside = {
        node.lineno for scope in scopes for node in ast.walk(scope) if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return [f"{source.path}:{line} imports locally" for line in sorted(inside)]


FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def cycle(files: Iterable[Source]) -> list[str]:
    """The modules of one import cycle, in order; empty if there is none."""
    known = {source.name: source for source in files}
    graph = {name: {line.target(known) for line in imports(known[name])} & set(known) for name in known}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def long_things(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines > MODULE_LINES:
        yield f"{source.path} has {lines} lines"
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTIONS) and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES:
            yield f"{source.path}:{node.lineno} {node.name} is longer than {FUNCTION_LINES} lines"


def test_imports_follow_the_directions() -> None:
    expect_none(import_faults(sources("booking", "migrations")))


MAY_USE_TABLES = (
    "tests/store/",
    "tests/migrations/",
    "tests/benchmarks/",  # they fill a year in a second
    "tests/races/mutants.py",  # it takes the place of a piece of the store
)


def test_tables_are_used_by_the_stores_own_tests_and_few_others_only() -> None:
    known = {source.name: source for source in sources("booking")}
    others = [test for test in sources("tests") if not test.path.startswith(MAY_USE_TABLES)]
    expect_none(f"{test.path}:{line.line}" for test in others for line in imports(test) if is_table(line, known))


def test_imports_stand_at_the_top() -> None:
    expect_none(fault for source in sources("booking", "migrations", "tests") for fault in local_imports(source))


def test_imports_have_no_cycle() -> None:
    expect_none(cycle(sources("booking")))


def test_modules_and_functions_are_short() -> None:
    expect_none(fault for source in (*sources("booking"), read(ROOT / "dev")) for fault in long_things(source))


def module(name: str, text: str) -> Source:
    return Source(name=name, path=name, text=text)


OTHERS = (
    module("booking.store", ""),
    module(TABLES, ""),
    module(f"{TABLES}.clinic", ""),
    module("booking.store.database", ""),
    module("booking.store.clinics", "from booking.store.tables import ClinicRow"),
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("booking.usecases.book", "from booking.store import tables"),
        ("booking.usecases.book", "from booking.store.tables import ClinicRow"),
        ("booking.usecases.book", "from booking.store.tables.clinic import ClinicRow"),
        ("booking.usecases.book", "from booking.store.clinics import ClinicRow"),
        ("booking.usecases.book", "from booking import store"),
        ("booking.usecases.book", "import booking.store.database"),
        ("booking.usecases.views.day", "from ...store import tables"),
        ("booking.app", "from booking.store import tables"),
        ("booking.web.desk", "from booking.store.database import Database"),
        ("booking.web.desk", "from booking.api import schemas"),
        ("booking.web.desk", "from sqlalchemy import select"),
        ("booking.http.caller", "from booking.app import create_app"),
        ("booking.domain.slot", "from booking.usecases.book import book"),
        ("booking.domain.slot", "import tzdata"),
        ("booking.domain.site", "from holidays import country_holidays"),
        ("booking.app", "import holidays"),
        ("booking.wording.dates", "from zoneinfo import ZoneInfo"),
        ("booking.domain.slot", "import random"),
        ("booking.domain.slot", "if TYPE_CHECKING:\n    from msgspec import Struct"),
        ("booking.store.claims", "from booking.settings import Settings"),
        ("booking.settings", "from booking.store.database import Database"),
        ("booking.managers.book", "import json"),
        ("booking.app", "from tests.sources import read"),
    ],
)
def test_import_fault_is_found(name: str, text: str) -> None:
    assert len(import_faults([*OTHERS, module(name, text)])) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("booking.store.claims", "from booking.store.tables import ClaimRow"),
        ("booking.usecases.book", "from booking.store import clinics"),
        ("booking.domain.time.zone", "import tzdata\nimport zoneinfo"),
        ("booking.domain.time.holidays", "import holidays"),
        ("booking.app", "from booking.store.database import Database\nimport granian"),
        ("migrations.env", "from booking.store.tables import metadata"),
    ],
)
def test_import_in_the_right_direction_passes(name: str, text: str) -> None:
    assert import_faults([*OTHERS, module(name, text)]) == []


def test_local_import_is_found() -> None:
    assert local_imports(module("m", "import a\ndef f():\n    if a:\n        from b import c\n")) == [
        "m:4 imports locally"
    ]


def test_cycle_is_found_through_a_name() -> None:
    files = [module("p", ""), module("p.a", "from p import b"), module("p.b", "from p.a import thing")]
    assert set(cycle(files)) == {"p.a", "p.b"}


def test_long_module_and_function_are_found() -> None:
    text = "async def f():\n" + "    pass\n" * FUNCTION_LINES + "\n" * MODULE_LINES
    assert len(list(long_things(module("m", text)))) == 2
    assert list(long_things(module("m", "def f():\n" + "    pass\n" * (FUNCTION_LINES - 1)))) == []
