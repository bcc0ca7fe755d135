"""The project's Python files as the checks of tests/test_architecture.py and tests/test_conventions.py read them."""

import ast
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file: `name` is its dotted module name, `path` where it is below the root."""

    name: str
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


@dataclass(frozen=True, kw_only=True)
class Import:
    """`import module` (no name), or one name of `from module import name`."""

    line: int
    module: str
    name: str | None = None

    def target(self, known: Container[str]) -> str:
        """The module that is reached: `from booking.store import tables` reaches booking.store.tables."""
        full = f"{self.module}.{self.name}"
        return full if full in known else self.module


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file below these folders of the root, by path."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(read(path) for path in paths)


@cache
def read(path: Path) -> Source:
    below = path.relative_to(ROOT)
    parts = below.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(name=name, path=str(below), text=path.read_text(encoding="utf-8"))


def imports(source: Source) -> Iterator[Import]:
    """All imports wherever they stand, those for type checkers too; a relative one under its full name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(line=node.lineno, module=alias.name)
        elif isinstance(node, ast.ImportFrom):
            module = absolute(source, node)
            for alias in node.names:
                yield Import(line=node.lineno, module=module, name=alias.name)


def absolute(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = source.name if source.path.endswith("__init__.py") else source.name.rpartition(".")[0]
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def expect_none(faults: Iterable[str]) -> None:
    """Fail the test with every fault on a line of its own."""
    if found := list(faults):
        pytest.fail("\n".join(found), pytrace=False)
