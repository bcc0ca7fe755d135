"""A practitioner's secret calendar addresses: made, replaced, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, DiaryId, FeedId, PractitionerId
from booking.domain.permission import Action, Caller, Role, owns, permit
from booking.store import clinics, diaries, feeds, history
from booking.store.database import Transaction
from booking.store.feeds import Feed, Privacy
from booking.store.idempotency import RequestKey
from booking.store.ids import new_id
from booking.usecases.idempotent import once


@dataclass(frozen=True, kw_only=True)
class CreateFeed:
    """`token_hash` is the SHA-256 of the secret, which only its owner ever has."""

    practitioner: PractitionerId
    token_hash: str
    label: str = ""
    privacy: Privacy = Privacy.MINIMAL
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class RotateFeed:
    feed: FeedId
    token_hash: str
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class RevokeFeed:
    feed: FeedId
    request: RequestKey | None = None


def create_feed(tx: Transaction, caller: Caller, command: CreateFeed) -> Feed:
    """A new address. Names and treatments in it are for the clinic's manager to allow."""
    permit(caller, Action.MANAGE_FEEDS, own=owns(caller, command.practitioner))
    if command.privacy is Privacy.FULL and caller.role is Role.PRACTITIONER:
        permit(caller, Action.MANAGE_CLINIC)

    def act() -> tuple[Feed, Mapping[str, Any]]:
        if command.practitioner not in clinics.practitioners(tx, caller.clinic_id):
            raise NotFound("practitioner")
        diaries.lock(tx, caller.clinic_id, [DiaryId(command.practitioner)])
        now = tx.now()
        feed = Feed(
            id=FeedId(new_id()),
            clinic_id=caller.clinic_id,
            practitioner_id=command.practitioner,
            label=command.label,
            privacy=command.privacy,
            created_at=now,
            revoked_at=None,
            last_fetched_at=None,
            last_user_agent=None,
        )
        feeds.add(tx, feed, command.token_hash)
        history.add_audit(tx, caller, "feed_created", feed.id, now, privacy=feed.privacy.value)
        return feed, {"feed": str(feed.id)}

    return once(tx, caller.clinic_id, command.request, act, lambda record: _get(tx, caller, UUID(record["feed"])))


def rotate_feed(tx: Transaction, caller: Caller, command: RotateFeed) -> Feed:
    """A new secret for the same feed; the old one stops at once."""

    def act() -> tuple[Feed, Mapping[str, Any]]:
        feed = _own(tx, caller, command.feed)
        feeds.rotate(tx, caller.clinic_id, feed.id, command.token_hash)
        history.add_audit(tx, caller, "feed_rotated", feed.id, tx.now())
        return _own(tx, caller, command.feed), {"feed": str(feed.id)}

    return once(tx, caller.clinic_id, command.request, act, lambda record: _get(tx, caller, UUID(record["feed"])))


def revoke_feed(tx: Transaction, caller: Caller, command: RevokeFeed) -> None:
    """The address stops at once. Revoking it again changes nothing."""

    def act() -> tuple[None, Mapping[str, Any]]:
        feed = _own(tx, caller, command.feed)
        if feed.revoked_at is None:
            now = tx.now()
            feeds.revoke(tx, caller.clinic_id, feed.id, now)
            history.add_audit(tx, caller, "feed_revoked", feed.id, now)
        return None, {}

    once(tx, caller.clinic_id, command.request, act, lambda _record: None)


def list_feeds(tx: Transaction, caller: Caller, practitioner_id: PractitionerId) -> list[Feed]:
    """The addresses in use, without their secrets."""
    permit(caller, Action.MANAGE_FEEDS, own=owns(caller, practitioner_id))
    return feeds.of_practitioner(tx, caller.clinic_id, practitioner_id)


def note_fetch(tx: Transaction, clinic_id: ClinicId, feed_id: FeedId, user_agent: str) -> None:
    """Remember when a program last read the feed, and what it calls itself."""
    feeds.note_fetch(tx, clinic_id, feed_id, tx.now(), user_agent[:200])


def _own(tx: Transaction, caller: Caller, feed_id: FeedId) -> Feed:
    """The feed, locked through its practitioner. Raises NotFound, also for somebody else's."""
    feed = _get(tx, caller, feed_id)
    diaries.lock(tx, caller.clinic_id, [DiaryId(feed.practitioner_id)])
    return feed


def _get(tx: Transaction, caller: Caller, feed_id: UUID) -> Feed:
    feed = feeds.get(tx, caller.clinic_id, FeedId(feed_id))
    if feed is None or not (caller.role is not Role.PRACTITIONER or owns(caller, feed.practitioner_id)):
        raise NotFound("feed")
    permit(caller, Action.MANAGE_FEEDS, own=owns(caller, feed.practitioner_id))
    return feed
