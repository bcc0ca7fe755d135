"""What credentials said at each of their versions: a decision that rests on one can be replayed for ever."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select, tuple_

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.ids import ClinicId, CredentialId
from booking.store.database import Transaction
from booking.store.tables import CredentialVersionRow, table

TEXTS = ("slug", "kind", "profession", "jurisdiction", "number", "home")
DAYS = ("valid_from", "valid_until")
WORDS = ("regions", "techniques")

_version = table(CredentialVersionRow)


def keep_version(tx: Transaction, clinic_id: ClinicId, credential: Credential) -> None:
    """Put on record what the credential says now. No version of it may have been kept before."""
    key = {"clinic_id": clinic_id, "credential_id": credential.id, "version": credential.version}
    tx.connection.execute(insert(_version).values(**key, body=_as_body(credential), at=tx.now()))


def as_of(
    tx: Transaction, clinic_id: ClinicId, versions: Iterable[tuple[CredentialId, int]]
) -> dict[CredentialId, Credential]:
    """What each of these credentials said at that version; one that is not on record is left out."""
    pairs = tuple_(_version.c.credential_id, _version.c.version).in_(sorted(versions))
    rows = tx.connection.execute(select(_version).where(_version.c.clinic_id == clinic_id, pairs))
    return {CredentialId(row.credential_id): _from_body(row) for row in rows}


def _as_body(credential: Credential) -> dict[str, Any]:
    """The credential as JSON can hold it, by the names of its fields."""
    words = {name: getattr(credential, name) for name in WORDS}
    return {
        **{name: getattr(credential, name) for name in TEXTS},
        **{name: _day_text(getattr(credential, name)) for name in DAYS},
        **{name: None if some is None else sorted(some) for name, some in words.items()},
        "verification": credential.verification.value,
        "attributes": dict(credential.attributes),
        "suspensions": [
            {"first": _day_text(hole.first), "last": _day_text(hole.last), "reason": hole.reason}
            for hole in credential.suspensions
        ],
    }


def _from_body(row: Row[Any]) -> Credential:
    body: Mapping[str, Any] = row.body
    holes = [{**hole, "first": _day(hole["first"]), "last": _day(hole["last"])} for hole in body["suspensions"]]
    said: dict[str, Any] = {
        **{name: body[name] for name in TEXTS},
        **{name: _day(body[name]) for name in DAYS},
        **{name: None if body[name] is None else frozenset(body[name]) for name in WORDS},
    }
    return Credential(
        id=CredentialId(row.credential_id),
        **said,
        verification=Verification(body["verification"]),
        attributes=body["attributes"],
        suspensions=tuple(Suspension(**hole) for hole in holes),
        version=row.version,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
