"""On which line of a TOML text a table or a key stands, which the standard library's reader does not tell.

It goes by what its reader has accepted. A path is made of names and of numbers from 0, such as
`("grant", 0, "require", 2, "say")`. Within an inline table the line is the one on which the table begins.
"""

import re
from collections import Counter
from collections.abc import Mapping

from booking.domain.reading import Path

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_KEY = re.compile(r"\s*([\w\-.\"' ]+?)\s*=(.*)")
_NAME = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_TOKEN = re.compile(r"\"\"\"|'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*|[\[\]{}]")


def line_of(path: Path, lines: Mapping[Path, int]) -> int | None:
    """The line of the path, or of the nearest thing around it that has one."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), None)


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of each table, key and inline table of a list."""
    found: dict[Path, int] = {}
    lists: Counter[Path] = Counter()
    table: Path = ()
    key: Path = ()
    depth, quote, begun = 0, "", 0
    for number, line in enumerate(text.split("\n"), 1):
        value = line
        if not depth and not quote:
            if header := _HEADER.match(line):
                table = _entered(header[2], lists, listed=header[1] == "[[")
                found.setdefault(table, number)
            written = None if header else _KEY.match(line)
            if written is None:
                continue
            key, value, begun = (*table, *_names(written[1])), written[2], 0
            found.setdefault(key, number)
        depth, quote, tables = _read(value, depth, quote)
        for nth in range(begun, begun + tables):
            found.setdefault((*key, nth), number)
        begun += tables
    return found


def _names(dotted: str) -> list[str]:
    return ["".join(parts) for parts in _NAME.findall(dotted)]


def _entered(dotted: str, lists: Counter[Path], *, listed: bool) -> Path:
    """The table a header begins: in each list of tables on the way, the last one there is."""
    names = _names(dotted)
    path: Path = ()
    for nth, name in enumerate(names, 1):
        path = (*path, name)
        if listed and nth == len(names):
            lists[path] += 1
        if lists[path]:
            path = (*path, lists[path] - 1)
    return path


def _read(value: str, depth: int, quote: str) -> tuple[int, str, int]:
    """Goes on with a value: how many brackets and which quotes are open then, and how many tables of a list begin."""
    begun = 0
    for mark in _TOKEN.findall(value):
        if mark in ('"""', "'''"):
            quote = "" if quote == mark else quote or mark
        elif not quote and mark in "[{":
            begun += mark == "{" and depth == 1
            depth += 1
        elif not quote and mark in "]}":
            depth -= 1
    return depth, quote, begun
