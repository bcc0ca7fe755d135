"""What use cases take and give, for callers who may not reach into the store."""

from booking.store.absences import Absence
from booking.store.agendas import AgendaEntry
from booking.store.closures import RecordedClosure
from booking.store.credentials import Held
from booking.store.database import Database, Transaction
from booking.store.feeds import Feed, Privacy
from booking.store.findings import Finding
from booking.store.idempotency import RequestKey
from booking.store.installation import Installation
from booking.store.memory import Memory
from booking.store.owner_decisions import RecordedDecision
from booking.store.staff import Session, Staff

__all__ = [
    "Absence",
    "AgendaEntry",
    "Database",
    "Feed",
    "Finding",
    "Held",
    "Installation",
    "Memory",
    "Privacy",
    "RecordedClosure",
    "RecordedDecision",
    "RequestKey",
    "Session",
    "Staff",
    "Transaction",
]
