"""Counting attempts, so that guessing takes too long to be worth it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from booking.domain.errors import RateLimited


class Throttle:
    """At most `limit` attempts under a key in `seconds` from the first one, counted in this process.

    It remembers the last `size` keys, so that whoever makes keys up cannot fill the memory.
    """

    def __init__(
        self, limit: int, seconds: float, *, size: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._seconds, self._size, self._clock = limit, seconds, size, clock
        self._counted: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._turn = threading.Lock()

    def take(self, key: str) -> None:
        """Count one attempt. Raises RateLimited, with the seconds to wait, when there were too many."""
        with self._turn:
            now = self._clock()
            began, count = self._counted.get(key, (now, 0))
            if now >= began + self._seconds:
                began, count = now, 0
            if count >= self._limit:
                wait = ceil(began + self._seconds - now)
                raise RateLimited("Too many attempts; try again later.", retry_after=wait)
            self._counted[key] = (began, count + 1)
            self._counted.move_to_end(key)
            if len(self._counted) > self._size:
                self._counted.popitem(last=False)

    def give_back(self, key: str) -> None:
        """The last attempt was a good one, and does not count."""
        with self._turn:
            began, count = self._counted.get(key, (0.0, 0))
            if count:
                self._counted[key] = (began, count - 1)
