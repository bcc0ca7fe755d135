"""Reading one TOML table: each key is given out once, and whatever is wrong is noted rather than raised.

A value that is wrong or missing is replaced by a harmless one, so that reading goes on and all faults are found in
one pass; nobody gets to see such a value, because a text with faults is refused.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

T = TypeVar("T")
Path = tuple[str | int, ...]
"""Where something stands in a text: names of keys and, in lists, numbers from 0."""

_NAMES: dict[type, str] = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    date: "a date, such as 2026-11-22",
    list: "a list",
    dict: "a table",
}
_NO_DAY = date(2000, 1, 1)


def _nowhere(_path: Path) -> str:
    """For a text whose lines are not known."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table being read. `place` names it in a fault; `left` holds what nobody has asked for yet.

    `path` is where it stands in its text, and `line` what a fault at a path begins with, such as "line 12: ".
    """

    place: str
    left: dict[str, Any]
    faults: list[str]
    path: Path = ()
    line: Callable[[Path], str] = _nowhere

    def fault(self, sentence: str, key: str | None = None) -> None:
        """Notes a fault of the table, or of one of its keys."""
        at = self.path if key is None else (*self.path, key)
        self.faults.append(f"{self.line(at)}{self.place}: {sentence}")

    def take(self, key: str, kind: type[T]) -> T | None:
        """The value of `key`, or None when it is missing or of another type."""
        value = self.left.pop(key, None)
        if value is None:
            return None
        if type(value) is not kind:  # true is no number, and a date with a time is no date
            self.fault(f"{key} must be {_NAMES[kind]}", key)
            return None
        return value

    def _needed(self, key: str, kind: type[T], instead: T) -> T:
        if key not in self.left:
            self.fault(f"{key} is missing", key)
        value = self.take(key, kind)
        return instead if value is None else value

    def text(self, key: str) -> str:
        value = self._needed(key, str, "?")
        if not value.strip():
            self.fault(f"{key} is empty", key)
        return value

    def maybe_text(self, key: str) -> str | None:
        return self.text(key) if key in self.left else None

    def matching(self, key: str, pattern: str, like: str) -> str:
        """A text of a certain shape; `like` is an example."""
        faults = len(self.faults)
        value = self.text(key)
        if len(self.faults) == faults and not re.fullmatch(pattern, value):
            self.fault(f"{key} must look like {like}, not {value!r}", key)
        return value

    def word(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of the words in `allowed`; `default` when there is none, which is a fault without a default."""
        if default is not None and key not in self.left:
            return default
        value = self._needed(key, str, min(allowed))
        if value not in allowed:
            self.fault(f"{key} has an unknown word: {value!r}", key)
            return min(allowed)
        return value

    def words(self, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of words, which is not empty when it is there, in order and without repeats."""
        if key not in self.left:
            return ()
        values = self.left.pop(key)
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            self.fault(f"{key} must be a list of one or more words", key)
            return ()
        if len(set(values)) < len(values):
            self.fault(f"{key} names a word twice", key)
        for value in values:
            if allowed is not None and value not in allowed:
                self.fault(f"{key} has an unknown word: {value!r}", key)
        return tuple(values)

    def whole(self, key: str) -> int:
        """A whole number of at least one."""
        value = self._needed(key, int, 1)
        if value < 1:
            self.fault(f"{key} must be one or more", key)
        return value

    def maybe_whole(self, key: str) -> int | None:
        return self.whole(key) if key in self.left else None

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.take(key, bool)
        return default if value is None else value

    def day(self, key: str) -> date:
        return self._needed(key, date, _NO_DAY)

    def table(self, key: str) -> "Table | None":
        value = self.take(key, dict)
        return None if value is None else self._inner(value, f"{self.place}, {key}", key)

    def named_tables(self, key: str) -> "list[tuple[str, Table]]":
        """The tables in the table of `key`, with their names."""
        outer = self.table(key)
        inner = [] if outer is None else [(name, outer.table(name)) for name in list(outer.left)]
        return [(name, table) for name, table in inner if table is not None]

    def tables(self, key: str, called: str) -> list["Table"]:
        """The tables of a list, each placed as what it is `called` and its id or slug, or else its number."""
        values = self.take(key, list) or []
        if not all(isinstance(value, dict) for value in values):
            self.fault(f"{key} must be a list of tables", key)
            return []
        return [self._inner(value, f"{called} {_label(value, n + 1)}", key, n) for n, value in enumerate(values)]

    def _inner(self, value: Mapping[str, Any], place: str, *at: str | int) -> "Table":
        return Table(place=place, left=dict(value), faults=self.faults, path=(*self.path, *at), line=self.line)

    def close(self) -> None:
        """Names every key nobody asked for: most often it is a word misspelt."""
        for key in self.left:
            self.fault(f"unknown key: {key!r}", key)


def _label(value: Mapping[str, Any], number: int) -> str:
    name = value.get("id", value.get("slug"))
    return f'"{name}"' if isinstance(name, str) else str(number)
