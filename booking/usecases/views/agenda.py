"""A practitioner's calendar as a feed shows it: first what it depends on, then, if that moved, what is in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.domain.clinic import Clinic
from booking.domain.ids import AppointmentId
from booking.domain.practitioner import Practitioner
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import instant_after, local_date
from booking.store import agendas
from booking.store.agendas import AgendaEntry
from booking.store.database import Transaction
from booking.store.feeds import Feed
from booking.store.installation import Installation

PAST = timedelta(days=30)
AHEAD = timedelta(days=365)
CANCELLED_KEPT = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class FeedState:
    """All that a feed's content depends on; equal states have equal content. `day` is today at the clinic."""

    feed: Feed
    epoch: str
    calendar_revision: int
    display_revision: int
    day: date
    is_stale: bool


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """`last_changed` is when anything in it last changed, names included."""

    clinic: Clinic
    practitioner: Practitioner
    installation: Installation
    entries: tuple[AgendaEntry, ...]
    display_changed_at: datetime


def uid_of(appointment_id: AppointmentId, installation: Installation) -> str:
    """The UID of a visit in every calendar, the same for life: neither part of it ever changes."""
    return f"{appointment_id}@{installation.uid_domain}"


def feed_state(tx: Transaction, token_hash: str) -> FeedState | None:
    """None for a secret that opens nothing: unknown, rotated or revoked, or of somebody who no longer treats."""
    found = agendas.state(tx, token_hash)
    if found is None:
        return None
    now = tx.now()
    fetched = found.feed.last_fetched_at
    return FeedState(
        feed=found.feed,
        epoch=found.epoch,
        calendar_revision=found.calendar_revision,
        display_revision=found.display_revision,
        day=local_date(now, found.zone),
        is_stale=fetched is None or now >= fetched + timedelta(minutes=10),
    )


def window_of(state: FeedState) -> tuple[date, date]:
    """The first and the last local day that the feed shows."""
    return state.day - PAST, state.day + AHEAD


def agenda(tx: Transaction, state: FeedState) -> Agenda:
    """What the feed shows on the days of its window, cancelled visits for 30 days after they were cancelled."""
    about = agendas.about(tx, state.feed)
    first, last = window_of(state)
    window = TimeSpan(
        instant_after(first, 0, about.clinic.zone), instant_after(last + timedelta(days=1), 0, about.clinic.zone)
    )
    kept_since = instant_after(state.day - CANCELLED_KEPT, 0, about.clinic.zone)
    return Agenda(
        clinic=about.clinic,
        practitioner=about.practitioner,
        installation=about.installation,
        display_changed_at=about.display_changed_at,
        entries=tuple(agendas.entries(tx, state.feed, window, kept_since)),
    )
