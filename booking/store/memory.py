"""A bounded memory for what was read at a revision: each value knows the version it was made at, and when it holds.

Whoever asks names the version that is true now, read in the same snapshot, so that nothing in it is ever stale.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")

SIZE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    version: Hashable
    since: datetime | None
    until: datetime | None
    value: Any
    cost: int

    def holds_at(self, now: datetime | None) -> bool:
        if now is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)


class Memory:
    """Keeps the values used last, up to a size in bytes as their keepers tell it. Several threads may use it."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._used = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def recall(self, key: Hashable, version: Hashable, now: datetime | None = None) -> Any:
        """What is kept under the key, if it was made at this version and still holds; else None."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.version != version or not kept.holds_at(now):
                return None
            self._kept.move_to_end(key)
            return kept.value

    def keep(
        self,
        key: Hashable,
        version: Hashable,
        value: Any,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        cost: int = 1024,
    ) -> None:
        """Keep a value, in place of an earlier one under the key; it holds from `since` until just before `until`.

        Those who share a memory do not ask in the order of their clocks: what one saw expire, another must still see.
        What is larger than the whole memory is not kept.
        """
        with self._lock:
            before = self._kept.pop(key, None)
            self._used -= 0 if before is None else before.cost
            if cost > self._size:
                return
            self._kept[key] = _Kept(version, since, until, value, cost)
            self._used += cost
            while self._used > self._size:
                self._used -= self._kept.popitem(last=False)[1].cost

    def get(self, key: Hashable, make: Callable[[], T], *, version: Hashable = None, cost: int = 1024) -> T:
        """The value under the key at this version, made if it is not there; two who ask at once may both make it."""
        found: T | None = self.recall(key, version)
        if found is None:
            found = make()
            self.keep(key, version, found, cost=cost)
        return found

    @property
    def used(self) -> int:
        """The bytes that are kept, as their keepers told."""
        return self._used

    def __len__(self) -> int:
        return len(self._kept)
