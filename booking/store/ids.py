"""New identities: UUIDv7, ordered by time, strictly increasing inside one process."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562), the twelve bits after the milliseconds used as a finer clock (method 3)."""
    global _last  # noqa: PLW0603 -- the one counter of the process
    nanoseconds = time.time_ns()
    stamp = (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 << 12) // 1_000_000
    with _lock:
        _last = stamp = max(stamp, _last + 1)
    high = (stamp >> 12 << 16) | 0x7000 | (stamp & 0xFFF)
    low = 1 << 63 | int.from_bytes(os.urandom(8), "big") & (1 << 62) - 1
    return UUID(int=high << 64 | low)
