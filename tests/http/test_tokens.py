import base64
from dataclasses import replace
from uuid import UUID

import pytest

from booking.domain.ids import AppointmentId, ClinicId
from booking.http.tokens import derive, digest, manage_token, new_secret, read_manage_token
from booking.settings import Settings

SETTINGS = Settings(secret=b"s" * 40)
CLINIC = ClinicId(UUID(int=1))
VISIT = AppointmentId(UUID(int=2))


def test_secrets_differ_and_are_long() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert (len(secrets), {len(secret) for secret in secrets}) == (100, {43})


def test_digest_is_sha256() -> None:
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_manage_token_is_always_the_same_and_says_what_it_is_for() -> None:
    token = manage_token(SETTINGS, CLINIC, VISIT)
    assert token == manage_token(SETTINGS, CLINIC, VISIT)
    assert read_manage_token(SETTINGS, token) == (CLINIC, VISIT)


def test_manage_token_of_another_secret_is_not_read() -> None:
    token = manage_token(SETTINGS, CLINIC, VISIT)
    assert read_manage_token(replace(SETTINGS, secret=b"t" * 40), token) is None


@pytest.mark.parametrize("place", range(0, 64, 7))
def test_manage_token_with_one_bit_changed_is_not_read(place: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(manage_token(SETTINGS, CLINIC, VISIT) + "=="))
    raw[place] ^= 1
    assert read_manage_token(SETTINGS, base64.urlsafe_b64encode(raw).decode().rstrip("=")) is None


@pytest.mark.parametrize("token", ["", "a", "é", "a b", "\ud800", "A" * 86, "A" * 10_000, "===="])
def test_what_is_no_manage_token_is_not_read(token: str) -> None:
    assert read_manage_token(SETTINGS, token) is None


def test_derived_secrets_differ_by_purpose_and_by_where_parts_end() -> None:
    derived = [
        derive(SETTINGS, "hold", "ab", "c"),
        derive(SETTINGS, "hold", "a", "bc"),
        derive(SETTINGS, "hold", "abc"),
        derive(SETTINGS, "feed", "ab", "c"),
        derive(replace(SETTINGS, secret=b"t" * 40), "hold", "ab", "c"),
    ]
    assert len(set(derived)) == 5
    assert derived[0] == derive(SETTINGS, "hold", "ab", "c")
