import asyncio

import pytest

from booking.domain.errors import InvalidInput
from booking.http.passwords import ensure_strong, hash_password, verify


def test_password_is_verified_and_nothing_else() -> None:
    hashed = hash_password("correct horse battery")
    asked = [(hashed, "correct horse battery"), (hashed, "correct horse"), (None, "correct horse battery"), ("x", "x")]

    async def answers() -> list[bool]:
        return [await verify(one, password) for one, password in asked]

    assert asyncio.run(answers()) == [True, False, False, False]
    assert hashed.startswith("$argon2id$")


def test_unknown_logins_password_is_not_the_one_it_is_compared_with() -> None:
    assert asyncio.run(verify(None, "nobody has this password")) is False


@pytest.mark.parametrize("password", ["", "short", "eleven char", "x" * 201])
def test_weak_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        ensure_strong(password)


def test_twelve_characters_are_enough() -> None:
    ensure_strong("twelve chars")
