"""Secret calendar addresses, kept as hashes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update

from booking.domain.ids import ClinicId, FeedId, PractitionerId
from booking.store.database import Transaction
from booking.store.tables import FeedRow, table

_feed = table(FeedRow)


class Privacy(StrEnum):
    """How much a feed tells: whoever runs the calendar it is read into sees it too."""

    BUSY = "busy"
    MINIMAL = "minimal"
    INITIALS = "initials"
    FULL = "full"


@dataclass(frozen=True, kw_only=True)
class Feed:
    id: FeedId
    clinic_id: ClinicId
    practitioner_id: PractitionerId
    label: str
    privacy: Privacy
    created_at: datetime
    revoked_at: datetime | None
    last_fetched_at: datetime | None
    last_user_agent: str | None


def by_token(tx: Transaction, token_hash: str) -> Feed | None:
    """The feed behind a secret, unless it was revoked."""
    query = select(_feed).where(_feed.c.token_hash == token_hash, _feed.c.revoked_at.is_(None))
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _as_feed(row)


def get(tx: Transaction, clinic_id: ClinicId, feed_id: FeedId) -> Feed | None:
    query = select(_feed).where(_feed.c.clinic_id == clinic_id, _feed.c.id == feed_id)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _as_feed(row)


def of_practitioner(tx: Transaction, clinic_id: ClinicId, practitioner_id: PractitionerId) -> list[Feed]:
    """The feeds in use, the oldest first."""
    query = select(_feed).where(
        _feed.c.clinic_id == clinic_id, _feed.c.practitioner_id == practitioner_id, _feed.c.revoked_at.is_(None)
    )
    return [_as_feed(row) for row in tx.connection.execute(query.order_by(_feed.c.id))]


def add(tx: Transaction, feed: Feed, token_hash: str) -> None:
    tx.connection.execute(
        insert(_feed).values(
            clinic_id=feed.clinic_id,
            id=feed.id,
            practitioner_id=feed.practitioner_id,
            token_hash=token_hash,
            label=feed.label,
            privacy=feed.privacy.value,
            created_at=feed.created_at,
        )
    )


def rotate(tx: Transaction, clinic_id: ClinicId, feed_id: FeedId, token_hash: str) -> None:
    """The old secret is worth nothing from here on."""
    _set(tx, clinic_id, feed_id, token_hash=token_hash, last_fetched_at=None, last_user_agent=None)


def revoke(tx: Transaction, clinic_id: ClinicId, feed_id: FeedId, now: datetime) -> None:
    _set(tx, clinic_id, feed_id, revoked_at=now)


def note_fetch(tx: Transaction, clinic_id: ClinicId, feed_id: FeedId, now: datetime, user_agent: str) -> None:
    _set(tx, clinic_id, feed_id, last_fetched_at=now, last_user_agent=user_agent)


def _set(tx: Transaction, clinic_id: ClinicId, feed_id: FeedId, **values: Any) -> None:
    query = update(_feed).where(_feed.c.clinic_id == clinic_id, _feed.c.id == feed_id)
    tx.connection.execute(query.values(values))


def _as_feed(row: Row[Any]) -> Feed:
    return Feed(
        id=FeedId(row.id),
        clinic_id=ClinicId(row.clinic_id),
        practitioner_id=PractitionerId(row.practitioner_id),
        label=row.label,
        privacy=Privacy(row.privacy),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        last_fetched_at=row.last_fetched_at,
        last_user_agent=row.last_user_agent,
    )
