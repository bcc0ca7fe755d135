"""The `booking` command as tests run it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run answered: its exit code, and the lines of its two outputs."""

    code: int
    out: list[str]
    err: list[str]


Run = Callable[..., Ran]
"""`run("audit", "--clinic", "dull", stdin="…")`."""
