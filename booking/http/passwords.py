"""Passwords: hashed with Argon2id, compared where it holds nobody up, the same time for unknown logins."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from booking.domain.errors import InvalidInput

SHORTEST = 12
LONGEST = 200

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(2, "password")  # each hash takes 64 MiB and a core: never more than two at once


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def ensure_strong(password: str) -> None:
    """Raises InvalidInput for a password that is too short to withstand guessing."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput("password", f"A password has {SHORTEST} to {LONGEST} characters.")


async def verify(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; takes as long where there is no hash to compare it with, and says no."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, password_hash, password)


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        _hasher.verify(password_hash or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
