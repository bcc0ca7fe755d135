"""Secrets: drawn, hashed, derived."""

import base64
import binascii
import hashlib
import hmac
import secrets
from uuid import UUID

from booking.domain.ids import AppointmentId, ClinicId
from booking.settings import Settings

_ID = 16
_MANAGE = 2 * _ID + hashlib.sha256().digest_size


def new_secret() -> str:
    """256 bits nobody can guess, as text that is safe in an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The SHA-256 of a secret in hexadecimal, which is all that is ever stored of it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def derive(settings: Settings, purpose: str, *parts: str) -> str:
    """A secret that is the same whenever it is derived from the same parts for the same purpose."""
    return _text(_mac(settings, purpose, *(part.encode() for part in parts)))


def manage_token(settings: Settings, clinic_id: ClinicId, appointment_id: AppointmentId) -> str:
    """What lets its bearer see, move and cancel this appointment; always the same, for every message to repeat."""
    ids = clinic_id.bytes + appointment_id.bytes
    return _text(ids + _mac(settings, "manage", ids))


def read_manage_token(settings: Settings, token: str) -> tuple[ClinicId, AppointmentId] | None:
    """Which appointment the token is for; None for a token that was not made here."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    ids, mac = raw[: 2 * _ID], raw[2 * _ID :]
    if len(raw) != _MANAGE or not hmac.compare_digest(mac, _mac(settings, "manage", ids)):
        return None
    return ClinicId(UUID(bytes=ids[:_ID])), AppointmentId(UUID(bytes=ids[_ID:]))


def _mac(settings: Settings, purpose: str, *parts: bytes) -> bytes:
    """Each part is preceded by its length, so that no two lists of parts are the same bytes."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose.encode(), *parts))
    return hmac.digest(settings.secret, message, "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
