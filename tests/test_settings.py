from pathlib import Path

import pytest

from booking.settings import Settings, SettingsInvalid, ensure_secret, from_env


def test_nothing_said_gives_what_a_first_try_needs() -> None:
    assert from_env({}) == Settings()
    assert (Settings().database_url, Settings().public_url) == ("sqlite:///booking.db", "http://127.0.0.1:8000")


def test_everything_said_is_taken() -> None:
    said = from_env({
        "BOOKING_DATABASE_URL": "postgresql://booking@db/booking",
        "BOOKING_SECRET": "s" * 40,
        "BOOKING_PUBLIC_URL": "https://booking.example.com/",
        "BOOKING_HOST": "192.0.2.1",
        "BOOKING_PORT": "9000",
        "BOOKING_WORKERS": "4",
        "BOOKING_THREADS": "6",
        "BOOKING_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1",
        "BOOKING_ACCESS_LOG": "1",
    })  # fmt: skip
    assert said == Settings(
        database_url="postgresql://booking@db/booking",
        secret=b"s" * 40,
        public_url="https://booking.example.com",
        host="192.0.2.1",
        port=9000,
        workers=4,
        threads=6,
        trusted_proxies=("10.0.0.0/8", "127.0.0.1/32"),
        access_log=True,
    )
    assert (said.secure, Settings().secure) == (True, False)


def test_secrets_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s" * 40 + "\n")
    (tmp_path / "password").write_text("p@ss/w:rd\n")
    said = from_env({
        "BOOKING_DATABASE_URL": "postgresql://booking:old@db:5432/booking",
        "BOOKING_DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        "BOOKING_SECRET_FILE": str(tmp_path / "secret"),
    })  # fmt: skip
    assert said.secret == b"s" * 40
    assert said.database_url == "postgresql://booking:p%40ss%2Fw%3Ard@db:5432/booking"


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(secret=b"hidden-secret", database_url="postgresql://a:hidden-password@db/x"))
    assert "hidden" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOOKING_DATABASE_URL", "mysql://db/booking"),
        ("BOOKING_DATABASE_URL", ""),
        ("BOOKING_PUBLIC_URL", "booking.example.com"),
        ("BOOKING_PUBLIC_URL", "https://booking.example.com/path"),
        ("BOOKING_PUBLIC_URL", "ftp://booking.example.com"),
        ("BOOKING_PORT", "0"),
        ("BOOKING_PORT", "65536"),
        ("BOOKING_PORT", "٨٠"),
        ("BOOKING_PORT", "1" * 5_000),
        ("BOOKING_WORKERS", "-1"),
        ("BOOKING_THREADS", "many"),
        ("BOOKING_TRUSTED_PROXIES", "everybody"),
        ("BOOKING_SECRET_FILE", "/nowhere/secret"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsInvalid, match=name):
        from_env({name: value})


def test_password_needs_a_user(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret")
    with pytest.raises(SettingsInvalid, match="user"):
        from_env({
            "BOOKING_DATABASE_URL": "postgresql://db/booking",
            "BOOKING_DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        })  # fmt: skip


@pytest.mark.parametrize("secret", [b"", b"short", b"s" * 31])
def test_secret_that_could_be_guessed_is_refused(secret: bytes) -> None:
    with pytest.raises(SettingsInvalid, match="BOOKING_SECRET"):
        ensure_secret(Settings(secret=secret))
